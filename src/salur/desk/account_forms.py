"""The form by which an account is connected, built from what its platform says it needs."""

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency, Member
from salur.agencies.queries import agencies_of
from salur.channels.guide import Entry, Guide
from salur.channels.models import Account
from salur.desk.forms import CLASSES, DeskForm

CHOSEN_HERE = ("verify_token", "hook_secret")
"""Secrets of our own choice: made here where nothing is filled in, and shown again to be entered at the platform."""
INWARD = frozenset(
    {
        "api_key",
        "app_secret",
        "consumer_secret",
        "hook_secret",
        "hs_token",
        "instagram_app_secret",
        "signing_secret",
        "verify_token",
    }
)
"""Secrets with which the other side proves itself to us: while one is changed, old and new are both believed."""
INWARD_AT = {"sms": frozenset({"auth_token"}), "tiktok": frozenset({"client_secret"})}
"""Others that sign what comes from these platforms alone."""
WITHOUT_INTERFACE = frozenset({"email", "open311", "phone", "webhook"})
"""What is connected without an address on the web that we call."""
HERE = ("127.0.0.1", "localhost", "::1")


def inward(platform: str, guide: Guide) -> list[Entry]:
    """The secrets of a platform that stay good beside a new one for a while."""
    names = INWARD | INWARD_AT.get(platform, frozenset())
    return [entry for entry in guide.entries if entry.secret and entry.name in names]


class AccountForm(DeskForm):
    """What a platform needs, field by field; a secret that is left empty stays what it was.

    After `is_valid`: `address`, `settings` and `credentials` as `channels/connect` takes them.
    """

    agency = forms.ChoiceField(label=_("Agency that answers for the account"))

    def __init__(
        self, data: Any, *, platform: str, guide: Guide, member: Member, account: Account | None = None
    ) -> None:
        super().__init__(data)
        self.guide, self.account = guide, account
        agencies = agencies_of(member.government_id)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ChoiceField)
        agency.choices = [(one.pk, one.name) for one in agencies]
        agency.initial = account.agency_id if account else member.agency_id
        self._agencies: dict[str, Agency] = {str(one.pk): one for one in agencies}
        for entry in guide.entries:
            self.fields[entry.name] = self._field(entry)
        self.fields["link"] = forms.URLField(
            label=_("Public link of the account"),
            help_text=_(
                "Where citizens see it, such as https://www.instagram.com/name. Shown on the page of channels."
            ),
            required=False,
            max_length=300,
            assume_scheme="https",
            initial=account.link if account else "",
        )
        if platform not in WITHOUT_INTERFACE:
            self.fields["api_base"] = self._api_base()
        _dress(self)

    def _api_base(self) -> forms.Field:
        return forms.CharField(
            label=_("Address of the platform's interface"),
            help_text=_(
                "Only for a test server or a proxy: https, or http on this machine. Empty for the platform itself."
            ),
            required=False,
            max_length=300,
            initial=self.account.settings.get("api_base", "") if self.account else "",
        )

    def basic(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [field for field in self.visible_fields() if field.name != "api_base"]

    def advanced(self) -> list[forms.BoundField]:
        """The fields that hardly anybody needs; they are folded away."""
        return [field for field in self.visible_fields() if field.name == "api_base"]

    def _field(self, entry: Entry) -> forms.Field:
        known = self._known(entry)
        kept = entry.secret and bool(known)
        required = entry.required and not kept and entry.name not in CHOSEN_HERE
        common: dict[str, Any] = {"label": gettext(entry.label), "required": required}
        common["help_text"] = " ".join(filter(None, (entry.help and gettext(entry.help), self._said_of(entry, kept))))
        if entry.choices:
            choices = [(value, gettext(label)) for value, label in entry.choices]
            return forms.ChoiceField(choices=choices, initial=known or entry.default, **common)
        field = forms.CharField(max_length=4000, initial="" if entry.secret else known or entry.default, **common)
        if entry.secret:
            field.widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
        if entry.address and self.account is not None:
            field.disabled = True
        return field

    def _known(self, entry: Entry) -> str:
        if self.account is None:
            return ""
        if entry.address:
            return self.account.address
        if entry.secret:
            return str((self.account.credentials or {}).get(entry.name, ""))
        return str(self.account.settings.get(entry.name, ""))

    def _said_of(self, entry: Entry, kept: bool) -> str:
        if kept:
            return gettext("Leave it empty to keep the present one.")
        return gettext("Leave it empty to have one made.") if entry.name in CHOSEN_HERE else ""

    def clean(self) -> dict[str, Any]:
        """Hold every filled field against the platform's own pattern."""
        answers = super().clean() or {}
        for entry in self.guide.entries:
            value = str(answers.get(entry.name) or "").strip()
            if value and entry.pattern and not re.fullmatch(entry.pattern, value):
                example = gettext(entry.help) if entry.help else ""
                self.add_error(entry.name, gettext("This does not look right.") + (f" {example}" if example else ""))
        return answers

    def clean_api_base(self) -> str:
        """Hold it against the rule by which every call is made: a token never travels in the open."""
        value = str(self.cleaned_data["api_base"]).strip().rstrip("/")
        try:
            parts = urlsplit(value)
            decent = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
            decent = decent and bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)
        except ValueError:
            decent = False
        if value and not decent:
            raise forms.ValidationError(gettext("It must begin with https://, or with http:// on this machine."))
        return value

    @property
    def agency_chosen(self) -> Agency:
        """The agency that answers for it."""
        return self._agencies[self.cleaned_data["agency"]]

    @property
    def address(self) -> str:
        """The account's address at its platform."""
        return next(self._value(entry) for entry in self.guide.entries if entry.address)

    @property
    def settings(self) -> dict[str, Any]:
        """What is no secret; settings that no field names (set on the command line) stay."""
        named = {
            entry.name: self._value(entry) for entry in self.guide.entries if not entry.secret and not entry.address
        }
        if "api_base" in self.fields:
            named["api_base"] = self.cleaned_data.get("api_base", "")
        known = dict(self.account.settings) if self.account else {}
        return {key: value for key, value in {**known, **named}.items() if value != ""}

    @property
    def credentials(self) -> dict[str, str]:
        """The secrets that were filled in, and those of our own choice that had to be made."""
        given = {entry.name: self._value(entry) for entry in self.guide.entries if entry.secret}
        for entry in self.guide.entries:
            if entry.name in CHOSEN_HERE and not given[entry.name] and not self._known(entry):
                given[entry.name] = secrets.token_urlsafe(24)
        return {key: value for key, value in given.items() if value}

    def _value(self, entry: Entry) -> str:
        return str(self.cleaned_data.get(entry.name) or "").strip()


class CustodiansForm(DeskForm):
    """The two officers who answer for an account."""

    first = forms.ChoiceField(label=_("First custodian"), required=False)
    second = forms.ChoiceField(label=_("Second custodian"), required=False)

    def __init__(self, data: Any, *, people: list[Member], custodians: list[Member]) -> None:
        super().__init__(data)
        self._people = {str(one.pk): one for one in people}
        choices = [("", gettext("nobody yet")), *((one.pk, f"{one.name}, {one.agency.short_name}") for one in people)]
        for place, name in enumerate(("first", "second")):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.initial = custodians[place].pk if len(custodians) > place else ""
        _dress(self)

    def clean(self) -> dict[str, Any]:
        """Two people, so that one may be away."""
        answers = super().clean() or {}
        if answers.get("first") and answers.get("first") == answers.get("second"):
            self.add_error("second", gettext("This officer is the first custodian already: choose another one."))
        return answers

    @property
    def chosen(self) -> list[Member]:
        """The custodians, each once."""
        keys = dict.fromkeys(self.cleaned_data[name] for name in ("first", "second"))
        return [self._people[key] for key in keys if key]


class RotateForm(DeskForm):
    """A new value for a secret with which the platform proves itself; the old one stays valid for some days."""

    name = forms.ChoiceField(label=_("Secret"))
    secret = forms.CharField(
        label=_("New value"), max_length=4000, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    days = forms.IntegerField(label=_("Days for which the old one stays valid"), min_value=0, max_value=30, initial=7)

    def __init__(self, data: Any, *, entries: list[Entry]) -> None:
        super().__init__(data)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(entry.name, gettext(entry.label)) for entry in entries]
        self._patterns = {entry.name: entry.pattern for entry in entries}

    def clean(self) -> dict[str, Any]:
        """Hold the new value against the platform's own pattern."""
        answers = super().clean() or {}
        pattern = self._patterns.get(str(answers.get("name")), "")
        if answers.get("secret") and pattern and not re.fullmatch(pattern, answers["secret"].strip()):
            self.add_error("secret", gettext("This does not look right."))
        return answers


def _dress(form: forms.Form) -> None:
    """Fields that came in after the form was made wear the same clothes as the others."""
    for field in form.fields.values():
        kind = getattr(field.widget, "input_type", "text")
        field.widget.attrs.setdefault("class", CLASSES.get(kind, "form-control"))
