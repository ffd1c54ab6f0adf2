"""What officers type: every field checked once, with its explanation beside it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency, Function, Member, Role
from salur.agencies.queries import agencies_of, agency_names, functions
from salur.cases import words
from salur.cases.handle import HORIZONS, KINDS, OUTCOMES
from salur.cases.models import Case
from salur.kernel import clock
from salur.publishing.replies import PURPOSES

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


class CaseForm(DeskForm):
    """A form about one case."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.case = case
        super().__init__(*args, **kwargs)


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


class VerifyForm(CaseForm):
    """Complete and ours."""

    note = area(_("Note for colleagues"), _("Optional. Citizens do not see it."), required=False, rows=2)


class ReferForm(CaseForm):
    """Which agency, why."""

    agency = forms.TypedChoiceField(label=_("Hand over to"), coerce=int)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=choices(("mandate", "location", "wrong_agency", "returned", "other"), words.REFERRAL_REASONS),
    )
    note = area(
        _("Note for the agency"),
        _("What the agency should know. Needed when you choose another reason."),
        required=False,
        rows=3,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        agencies: list[Agency] = agencies_of(case.government_id)
        rest = [(one.pk, one.name) for one in agencies if one.pk != case.agency_id]
        if self.is_bound and (code := self.data.get("agency_code")):
            # The button beside a suggestion names the agency by the code that the reading carries.
            chosen = [str(one.pk) for one in agencies if one.code == code]
            self.data = {**dict(self.data.items()), "agency": chosen[0] if chosen else ""}
        self.fields["agency"].choices = [("", _("Choose an agency")), *rest]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Another reason has to be explained."""
        found = super().clean() or {}
        if found.get("reason") == "other" and not found.get("note", "").strip():
            self.add_error("note", gettext("Explain the reason here."))
        return found


class ClassifyForm(CaseForm):
    """Kind and function."""

    kind = forms.ChoiceField(
        label=_("Kind of report"),
        choices=choices(KINDS, words.KINDS),
        help_text=_("The kind decides by when the citizen has an answer."),
    )
    function = forms.ChoiceField(label=_("Government function"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        known: list[Function] = functions()
        # A function that is known can be corrected, never forgotten.
        unknown = [] if case.function_id else [("", _("Not known yet"))]
        self.fields["function"].choices = [*unknown, *((one.pk, one.name) for one in known)]  # type: ignore[attr-defined]  # a choice field


class HorizonForm(CaseForm):
    """How long the matter will take; what takes longer has an owner, a plan and a date."""

    horizon = forms.ChoiceField(
        label=_("Handling"),
        choices=choices(HORIZONS, words.HORIZONS),
        widget=forms.RadioSelect,
        help_text=_(
            "Short: settled within the SOP's days. Medium: needs a budget or works of this or next year. "
            "Long: needs a plan over several years."
        ),
    )
    owner = forms.CharField(
        label=_("Person or unit in charge"),
        required=False,
        max_length=160,
        help_text=_("Needed for medium and long term."),
    )
    plan_reference = forms.CharField(
        label=_("Plan it stands in"),
        required=False,
        max_length=200,
        help_text=_("Needed for medium and long term. For example: RKPD 2027, page or activity code."),
    )
    review_on = day(
        _("Next review"),
        _("Needed for medium and long term. On that day the citizens are told how far it is."),
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """A long horizon is not a drawer: three fields are demanded unless the short one is chosen."""
        super().__init__(*args, case=case, **kwargs)
        if not self.is_bound or self.data.get("horizon") in ("medium", "long"):
            for name in ("owner", "plan_reference", "review_on"):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = gettext("Medium and long term need this.")

    def clean_review_on(self) -> date | None:
        """A review lies ahead; a short-term case has none."""
        return after_today(self.cleaned_data["review_on"]) if self.data.get("horizon") != "short" else None


class ReviewForm(CaseForm):
    """What the review found."""

    note = area(_("How far it is"), _("The citizens are told this text."))
    next_review_on = day(_("Next review"), _("A date after today."))

    def clean_next_review_on(self) -> date | None:
        """A review lies ahead."""
        return after_today(self.cleaned_data["next_review_on"])


class FollowUpForm(CaseForm):
    """What will be done."""

    note = area(_("What will be done, by whom, by when"), _("For colleagues. Citizens do not see it."))


class DraftForm(CaseForm):
    """An answer, progress news, or a question."""

    purpose = forms.ChoiceField(
        label=_("What it is"),
        choices=choices(PURPOSES, words.PURPOSES),
        help_text=_("An answer settles the matter. After a question the deadlines wait for the citizen."),
    )
    text = area(
        _("Text for the citizen"), _("It goes out to everyone in this report once an approver has released it."), rows=7
    )


class CloseForm(CaseForm):
    """How it ended."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=choices(OUTCOMES, words.OUTCOMES))
    reason = area(_("Reason"), _("The citizens are told this text."), rows=3)


class ReasonForm(CaseForm):
    """Only a reason."""

    reason = area(_("Reason"), rows=3)


class ReviseForm(DeskForm):
    """A returned draft, written anew."""

    text = area(_("Text for the citizen"), rows=9)


class ReturnForm(DeskForm):
    """What has to be changed."""

    note = area(_("What has to be changed"), rows=3)


class CounterForm(DeskForm):
    """What a citizen says at the counter."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
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
    spoken_at = forms.DateTimeField(
        label=_("When the citizen spoke"),
        help_text=_("The deadlines count from here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    anonymous = forms.BooleanField(label=_("Keep the name from everybody (anonymous)"), required=False)
    confidential = forms.BooleanField(label=_("Do not publish the report (confidential)"), required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = [(one.code, one.name) for one in agencies_of(member.government_id)]
        self.fields["text"].widget.attrs["autofocus"] = True
        self.fields["agency"].choices = [("", _("Not known yet")), *agencies]  # type: ignore[attr-defined]  # a choice field

    def clean_spoken_at(self) -> Any:
        """Nobody spoke tomorrow, and nobody waits two months at a counter; two minutes too fast are forgiven."""
        said = self.cleaned_data["spoken_at"]
        if said > clock.now() + timedelta(minutes=2):
            raise forms.ValidationError(gettext("This lies in the future: correct the date or the time."))
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


ROLES = {
    "operator": _("Operator: handles reports of the agency"),
    "approver": _("Approver: releases answers of the agency"),
    "coordinator": _("Coordinator: distributes the reports of the government"),
    "administrator": _("Administrator: officers and faults"),
}
