"""The form by which an account is connected, built from what its platform says it needs."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency, Member
from salur.agencies.queries import agencies_of
from salur.channels.guide import Entry, Guide
from salur.channels.models import Account

CHOSEN_HERE = ("verify_token", "hook_secret")
"""Secrets of our own choice: made here where nothing is filled in, and shown again to be entered at the platform."""


class AccountForm(forms.Form):
    """What a platform needs, field by field; a secret that is left empty stays what it was.

    After `is_valid`: `address`, `settings` and `credentials` as `channels/connect` takes them.
    """

    agency = forms.ChoiceField(label=_("Agency that answers for the account"))

    def __init__(self, data: Any, *, guide: Guide, member: Member, account: Account | None = None) -> None:
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


class CustodiansForm(forms.Form):
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

    @property
    def chosen(self) -> list[Member]:
        """The custodians, each once."""
        keys = dict.fromkeys(self.cleaned_data[name] for name in ("first", "second"))
        return [self._people[key] for key in keys if key]


class RotateForm(forms.Form):
    """A new value for a secret that signs what the platform sends; the old one stays valid beside it for some days."""

    name = forms.ChoiceField(label=_("Secret"))
    secret = forms.CharField(
        label=_("New value"), max_length=4000, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    days = forms.IntegerField(label=_("Days for which the old one stays valid"), min_value=0, max_value=30, initial=7)

    def __init__(self, data: Any, *, guide: Guide) -> None:
        super().__init__(data)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(entry.name, gettext(entry.label)) for entry in guide.entries if entry.secret]
