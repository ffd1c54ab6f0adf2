"""The form by which an account is connected, built from what its platform says it needs."""

import json
import re
import secrets
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency, Member
from salur.agencies.queries import agencies_of
from salur.channels import queries
from salur.channels.guide import Entry, Guide
from salur.channels.models import Account
from salur.desk.account_hosts import NOT_NEEDED, callable_address, fits, host_in, is_outside, names_host, names_place
from salur.desk.forms import CLASSES, DeskForm
from salur.desk.officer import may

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
ASK_AN_ADMINISTRATOR = _(
    "No public server was found under this name. A server in a network of one's own is connected by an administrator."
)


def inward(platform: str, guide: Guide) -> list[Entry]:
    """The secrets of a platform that stay good beside a new one for a while."""
    names = INWARD | INWARD_AT.get(platform, frozenset())
    return [entry for entry in guide.entries if entry.secret and entry.name in names]


class AccountForm(DeskForm):
    """What a platform needs, field by field; a secret that is left empty stays what it was.

    Which machines are called for the account an administrator alone decides: for others those fields of an account
    that is there are shown and locked, and those of a new one take public machines only. What was set elsewhere, such
    as on the command line, is never refused as long as it is left as it is.
    After `is_valid`: `address`, `settings` and `credentials` as `channels/connect` takes them.
    """

    agency = forms.ChoiceField(label=_("Agency that answers for the account"))

    def __init__(
        self, data: Any, *, platform: str, guide: Guide, member: Member, account: Account | None = None
    ) -> None:
        super().__init__(data)
        self.platform, self.guide, self.account = platform, guide, account
        self.administrator = may(member, "administer")
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
        if platform not in WITHOUT_INTERFACE and (self.administrator or self._set("api_base")):
            self.fields["api_base"] = self._api_base()
        _dress(self)

    def _api_base(self) -> forms.Field:
        field = forms.CharField(
            label=_("Address of the platform's interface"),
            help_text=_(
                "Only for a test server or a proxy: https, or http on this machine. Empty for the platform itself."
            ),
            required=False,
            max_length=300,
            initial=self._set("api_base"),
        )
        return field if self.administrator else _locked(field)

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
            if known and known not in dict(choices):
                choices.append((known, known))
            return forms.ChoiceField(choices=choices, initial=known or entry.default, **common)
        field = forms.CharField(max_length=4000, initial="" if entry.secret else known or entry.default, **common)
        if entry.secret:
            field.widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
        if entry.address and self.account is not None:
            field.disabled = True
            return field
        return _locked(field) if self._is_locked(entry) else field

    def _is_locked(self, entry: Entry) -> bool:
        if self.administrator or not names_place(entry):
            return False
        return self.account is not None or entry.name in NOT_NEEDED

    def _known(self, entry: Entry) -> str:
        if self.account is None:
            return ""
        if entry.address:
            return self.account.address
        if entry.secret:
            return str((self.account.credentials or {}).get(entry.name, ""))
        return self._set(entry.name)

    def _set(self, name: str) -> str:
        """A setting of the account as a line of text; one that is no text as the command line would take it."""
        value = self.account.settings.get(name) if self.account else None
        if value is None or isinstance(value, str):
            return value or ""
        return " ".join(map(str, value)) if isinstance(value, list) else json.dumps(value)

    def _said_of(self, entry: Entry, kept: bool) -> str:
        if kept:
            return gettext("Leave it empty to keep the present one.")
        return gettext("Leave it empty to have one made.") if entry.name in CHOSEN_HERE else ""

    def clean(self) -> dict[str, Any]:
        """Hold every filled field against the platform's own pattern and the rule of who names which machine."""
        answers = super().clean() or {}
        for entry in self.guide.entries:
            value = str(answers.get(entry.name) or "").strip()
            if value and not fits(entry, value, administrator=self.administrator):
                self.add_error(entry.name, self._refusal(entry, value))
            elif value and self.account is None and self._must_be_outside(entry) and not is_outside(host_in(value)):
                self.add_error(entry.name, ASK_AN_ADMINISTRATOR)
        for name in [one for one in self.errors if self._is_unchanged(one)]:
            del self.errors[name]
            answers[name] = str(self[name].initial or "")
        if self.account is None and not self.errors:
            self._refuse_a_second(self.address)
        return answers

    def _refusal(self, entry: Entry, value: str) -> str:
        if names_host(entry) and not self.administrator and fits(entry, value, administrator=True):
            return str(ASK_AN_ADMINISTRATOR)
        example = gettext(entry.help) if entry.help else ""
        return gettext("This does not look right.") + (f" {example}" if example else "")

    def _must_be_outside(self, entry: Entry) -> bool:
        """Whether a machine is held against the rule; that of an account's own name only if no other is called."""
        if self.administrator or not names_host(entry):
            return False
        others = (one.name for one in self.guide.entries if names_host(one) and not one.address)
        return not entry.address or not any(self.cleaned_data.get(name) for name in others)

    def _is_unchanged(self, name: str) -> bool:
        """Whether a field of an account that is there was sent back as it was shown."""
        if self.account is None or name in (NON_FIELD_ERRORS, "agency"):
            return False
        return self.fields[name].disabled or str(self[name].data or "").strip() == str(self[name].initial or "").strip()

    def _refuse_a_second(self, address: str) -> None:
        """Another account of this name would write over the one that is there, with the machines it calls."""
        if any((one.platform, one.address) == (self.platform, address) for one in queries.accounts()):
            name = next(entry.name for entry in self.guide.entries if entry.address)
            self.add_error(name, gettext("This account is connected already: change it on its own page."))

    def clean_api_base(self) -> str:
        """Hold it against the rule by which every call is made: a token never travels in the open."""
        value = str(self.cleaned_data["api_base"]).strip().rstrip("/")
        if value and not callable_address(value):
            raise forms.ValidationError(gettext("It must begin with https://, or with http:// on this machine."))
        return value

    @property
    def agency_chosen(self) -> Agency:
        """The agency that answers for it."""
        return self._agencies[self.cleaned_data["agency"]]

    @property
    def address(self) -> str:
        """The account's address at its platform."""
        return next(self._value(entry.name) for entry in self.guide.entries if entry.address)

    @property
    def settings(self) -> dict[str, Any]:
        """What is no secret; what was left as it is, or is named by no field (the command line), stays exactly so."""
        names = [entry.name for entry in self.guide.entries if not entry.secret and not entry.address]
        known = dict(self.account.settings) if self.account else {}
        for name in names + ["api_base"] * ("api_base" in self.fields):
            value = self._value(name)
            if name not in known or value != self._set(name).strip():
                known[name] = value
        return {key: value for key, value in known.items() if value != ""}

    @property
    def credentials(self) -> dict[str, str]:
        """The secrets that were filled in, and those of our own choice that had to be made."""
        given = {entry.name: self._value(entry.name) for entry in self.guide.entries if entry.secret}
        for entry in self.guide.entries:
            if entry.name in CHOSEN_HERE and not given[entry.name] and not self._known(entry):
                given[entry.name] = secrets.token_urlsafe(24)
        return {key: value for key, value in given.items() if value}

    def _value(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()


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


def _locked(field: forms.Field) -> forms.Field:
    """The field as somebody sees it who may not change it; what the browser sends for it is not looked at."""
    field.disabled = True
    field.help_text = gettext("Only an administrator changes this.")
    return field


def _dress(form: forms.Form) -> None:
    """Fields that came in after the form was made wear the same clothes as the others."""
    for field in form.fields.values():
        kind = getattr(field.widget, "input_type", "text")
        field.widget.attrs.setdefault("class", CLASSES.get(kind, "form-control"))
