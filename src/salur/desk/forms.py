"""What officers type: every field checked once, with its explanation beside it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Member, Role
from salur.agencies.queries import agencies_of, agency_names
from salur.cases import words
from salur.cases.handle import KINDS
from salur.kernel import clock
from salur.publishing.preview import Preview
from salur.sop.escalate import named_actors

CLASSES = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}


def choices(codes: tuple[str, ...], said: dict[str, Any]) -> list[tuple[str, Any]]:
    """Codes with their words, for a select."""
    return [(code, said[code]) for code in codes]


class DeskForm(forms.Form):
    """A form in the clothes of the UI kit. Errors and explanations are tied to their field."""

    use_required_attribute = False  # the server says what is missing, in words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "text")
            field.widget.attrs.setdefault("class", CLASSES.get(kind, "form-control"))


def day(label: Any, help_text: Any, *, required: bool = True) -> forms.DateField:
    """A date with the browser's calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def area(
    label: Any, help_text: Any = "", *, required: bool = True, rows: int = 4, longest: int = 10_000
) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=longest, widget=widget)


def after_today(chosen: date | None) -> date | None:
    """The date itself. Raises ValidationError unless it lies in the future."""
    if chosen and chosen <= timezone.localdate():
        raise forms.ValidationError(gettext("Choose a date after today."))
    return chosen


def moment(label: Any, help_text: Any, *, required: bool = True) -> forms.DateTimeField:
    """A date and a time, to the minute, with the browser's calendar; read in the officer's time zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, required=required, widget=widget)


def not_ahead(chosen: datetime | None) -> datetime | None:
    """The instant itself, at the latest now: two minutes too fast are forgiven.

    Raises ValidationError for one that lies in the future.
    """
    if chosen and chosen > clock.now() + timedelta(minutes=2):
        raise forms.ValidationError(gettext("This lies in the future: correct the date or the time."))
    return chosen and min(chosen, clock.now())


def answer_place() -> forms.ChoiceField:
    """Where an answer is said; taken out of its form where there is nothing to choose."""
    return forms.ChoiceField(
        label=_("Where to answer"),
        required=False,
        choices=[("same", _("Where the citizen wrote")), ("private_first", _("In private"))],
        help_text=_("In private only that citizen reads it. Choose it where the answer names people or addresses."),
        widget=forms.RadioSelect,
    )


class ReviseForm(DeskForm):
    """A returned draft, written anew. `ways` tells how it would go out."""

    text = area(_("Text for the citizen"), rows=9)
    answer_in = answer_place()

    def __init__(self, *args: Any, ways: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        if not ways.choice:
            del self.fields["answer_in"]


class ReturnForm(DeskForm):
    """What has to be changed."""

    note = area(_("What has to be changed"), rows=3)


COUNTER_CHANNELS = (("counter", _("At the counter")), ("phone", _("By telephone")))


class CounterForm(DeskForm):
    """What a citizen says at the counter."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("How the citizen speaks to you"), widget=forms.RadioSelect)
    text = area(_("What the citizen says"), _("In their own words: what, where, since when."), rows=6, longest=20_000)
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    phone = forms.CharField(
        label=_("Telephone or WhatsApp"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=200)
    agency = forms.ChoiceField(
        label=_("Agency"), required=False, help_text=_("Leave it open if you are not sure: Salur suggests one.")
    )
    kind = forms.ChoiceField(
        label=_("Kind of report"), required=False, choices=[("", _("Let Salur suggest")), *choices(KINDS, words.KINDS)]
    )
    spoken_at = moment(_("When the citizen spoke"), _("The deadlines count from here."))
    anonymous = forms.BooleanField(label=_("Keep the name from everybody (anonymous)"), required=False)
    confidential = forms.BooleanField(label=_("Do not publish the report (confidential)"), required=False)

    def __init__(self, *args: Any, member: Member, channels: Collection[str], **kwargs: Any) -> None:
        """`channels` are those of counter and phone that the agency has; with one alone there is nothing to choose."""
        super().__init__(*args, **kwargs)
        agencies = [(one.code, one.name) for one in agencies_of(member.government_id)]
        offered = [(name, label) for name, label in COUNTER_CHANNELS if name in channels]
        self.fields["channel"].choices = offered  # type: ignore[attr-defined]  # a choice field
        self.fields["channel"].initial = offered[0][0] if offered else None
        if len(offered) < 2:
            del self.fields["channel"]
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["agency"].choices = [("", _("Not known yet")), *agencies]  # type: ignore[attr-defined]  # a choice field

    def clean_spoken_at(self) -> datetime:
        """Nobody spoke tomorrow, and nobody waits two months at a counter."""
        said: datetime = self.cleaned_data["spoken_at"]
        not_ahead(said)
        if said < clock.now() - timedelta(days=60):
            raise forms.ValidationError(gettext("This is more than sixty days ago: correct the date."))
        return said


class MemberForm(DeskForm):
    """A new officer."""

    name = forms.CharField(label=_("Name"), max_length=120)
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("Letters, digits and @ . + - _"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    agency = forms.TypedChoiceField(label=_("Agency"), coerce=int)
    role = forms.ChoiceField(label=_("Role"))
    position = forms.ChoiceField(
        label=_("Position in the SOP"),
        required=False,
        help_text=_("Only for a leader whom the SOP calls by position, such as the regional secretary."),
    )
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least 10 characters, not a common word. Hand it over in person."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = agency_names(member.government_id)
        self.fields["agency"].choices = [("", _("Choose an agency")), *rows]  # type: ignore[attr-defined]  # a choice field
        self.fields["role"].choices = [(code, ROLES[code]) for code in Role.values]  # type: ignore[attr-defined]  # a choice field
        self.positions = named_actors(member.government)
        language = (get_language() or "id")[:2]
        named = [(code, one.name.of(language)) for code, one in self.positions.items()]
        self.fields["position"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """A position is held by an officer of the role that the SOP gives it."""
        answers = super().clean() or self.cleaned_data
        place = self.positions.get(answers.get("position", ""))
        if place is not None and answers.get("role") != place.role:
            self.add_error("position", gettext("This position is held by another role: choose the role leader."))
        return answers


ROLES = {
    "operator": _("Operator: handles reports of the agency"),
    "approver": _("Approver: releases answers of the agency"),
    "leader": _("Leader: signs the SOP and is called on when a deadline has passed"),
    "coordinator": _("Coordinator: distributes the reports of the government"),
    "administrator": _("Administrator: officers and faults"),
}
