"""What officers type about a case: every field checked once, in the words of the SOP that the case stays on."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency, Function
from salur.agencies.queries import agencies_of, functions
from salur.cases import words
from salur.cases.closing import OUTCOMES
from salur.cases.correct import voidable
from salur.cases.evidence import EvidenceFile
from salur.cases.handle import KINDS
from salur.cases.schedule import HORIZONS
from salur.desk import journal
from salur.desk.forms import DeskForm, after_today, area, choices, day
from salur.desk.stand import Stand
from salur.intake.file_types import ACCEPT, MAX_BYTES, safe_name, type_of
from salur.publishing.replies import PURPOSES
from salur.sop.document.rules import HorizonRule
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS
from salur.sop.words import PLANS as PLAN_CODES

_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s+(.+)")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\s+(.+)")


class CaseForm(DeskForm):
    """A form about one case. `intro` stands above its fields."""

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        self.stand, self.case = stand, stand.case
        super().__init__(*args, **kwargs)

    @property
    def intro(self) -> str:
        """What has to be known before the fields are filled in; "" for nothing."""
        return ""

    def offer(self, name: str, options: Iterable[tuple[Any, Any]]) -> None:
        """Set what one of the choice fields offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(options)


class VerifyForm(CaseForm):
    """Complete and ours."""

    note = area(_("Note for colleagues"), _("Optional. Citizens do not see it."), required=False, rows=2)


class ReferForm(CaseForm):
    """Which agency, and for which reason of the SOP. The first choice of an agency is no hand-over and needs none."""

    agency = forms.TypedChoiceField(label=_("Hand over to"), coerce=int)
    reason = forms.ChoiceField(label=_("Reason"))
    note = area(_("Note for the agency"), _("What the agency should know. Citizens do not see it."), required=False)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        agencies: list[Agency] = agencies_of(self.case.government_id)
        # The button beside a suggestion names the agency by the code that the reading carries.
        by_code = {one.code: str(one.pk) for one in agencies}
        if self.is_bound and (code := self.data.get("agency_code")):
            self.data = {**dict(self.data.items()), "agency": by_code.get(code, "")}
        elif code := self.initial.get("agency_code"):
            self.initial["agency"] = by_code.get(code, "")
        self.offer("agency", [("", _("Choose an agency")), *self.places(agencies)])
        if self.case.agency_id is None:
            del self.fields["reason"]
        elif stand.document is not None:
            reasons = stand.document.handover.reasons
            self.offer("reason", [("", _("Choose a reason")), *((one.code, said(one.name)) for one in reasons)])

    def places(self, agencies: list[Agency]) -> list[tuple[int, str]]:
        """Where the case may go: to any other agency."""
        return [(one.pk, one.name) for one in agencies if one.pk != self.case.agency_id]


class ArbitrateForm(ReferForm):
    """As handing over; the arbiter may also leave the case where it lies."""

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        self.fields["agency"].label = _("The matter is handled by")

    def places(self, agencies: list[Agency]) -> list[tuple[int, str]]:
        """Any agency; the present one first, and marked."""
        here = [(one.pk, f"{one.name} ({gettext('has it now')})") for one in agencies if one.pk == self.case.agency_id]
        return here + super().places(agencies)


class ClassifyForm(CaseForm):
    """Kind and function."""

    kind = forms.ChoiceField(
        label=_("Kind of report"),
        choices=choices(KINDS, words.KINDS),
        help_text=_("The kind decides by when the citizen has an answer."),
    )
    function = forms.ChoiceField(label=_("Government function"), required=False)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        known: list[Function] = functions()
        # A function that is known can be corrected, never forgotten.
        unknown = [] if self.case.function_id else [("", _("Not known yet"))]
        self.offer("function", [*unknown, *((one.pk, one.name) for one in known)])


class HorizonForm(CaseForm):
    """How long the matter will take; what takes longer has all that the SOP demands for it."""

    horizon = forms.ChoiceField(
        label=_("Handling"),
        choices=choices(HORIZONS, words.HORIZONS),
        widget=forms.RadioSelect,
        help_text=_(
            "Short: settled within the SOP's days. Medium: needs a budget or works of this or next year. "
            "Long: needs a plan over several years."
        ),
    )
    reason = area(
        _("Why it is handled so"),
        _("The citizens are told this text. Needed when the handling or the promised date changes."),
        required=False,
        rows=2,
        longest=1_000,
    )
    owner = forms.CharField(label=_("Person or unit in charge"), required=False, max_length=160)
    plan = forms.ChoiceField(label=_("Plan it stands in"), required=False)
    plan_reference = forms.CharField(
        label=_("Reference in the plan"),
        required=False,
        max_length=200,
        help_text=_("For example: RKPD 2027, page or activity code."),
    )
    promised_on = day(_("Promised date"), _("By this day the matter is done. The citizens see it."), required=False)
    review_on = day(_("Next review"), _("On that day the citizens are told how far it is."), required=False)
    milestones = area(
        _("Milestones"),
        _("One a line: date and name, such as 31-03-2027 Contract signed. The citizens see them."),
        required=False,
        rows=4,
        longest=4_000,
    )

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        allowed: set[str] = {plan for rule in self._rules().values() for plan in rule.plans} or set(PLAN_CODES)
        named = [(code, _capital(in_words(PLANS[code]))) for code in PLAN_CODES if code in allowed]
        self.offer("plan", [("", _("None")), *named])
        self.fields["plan"].help_text = self._which_plan()
        rules = self._rules()
        if self.is_bound:
            rules = {name: rule for name, rule in rules.items() if name == self.data.get("horizon")}
        for demand in {demand for rule in rules.values() for demand in rule.requires}:
            self.fields[demand].required = True
            self.fields[demand].error_messages["required"] = gettext("The SOP demands this for the chosen handling.")

    def _rules(self) -> dict[str, HorizonRule]:
        document = self.stand.document
        return {str(name): rule for name, rule in document.horizons.items()} if document else {}

    def _which_plan(self) -> str:
        lines = [
            f"{said(rule.name)}: {', '.join(in_words(PLANS[code]) for code in rule.plans)}."
            for rule in self._rules().values()
            if rule.plans
        ]
        return " ".join(lines)

    def clean_promised_on(self) -> date | None:
        """A promise lies ahead; a short-term case has none."""
        return after_today(self.cleaned_data["promised_on"]) if self.data.get("horizon") != "short" else None

    def clean_review_on(self) -> date | None:
        """A review lies ahead; a short-term case has none."""
        return after_today(self.cleaned_data["review_on"]) if self.data.get("horizon") != "short" else None

    def clean_milestones(self) -> list[tuple[str, date]]:
        """Every line a date and a name. Raises ValidationError that names the line."""
        lines = [line.strip() for line in self.cleaned_data["milestones"].splitlines()]
        return [_milestone(line) for line in lines if line]

    def clean(self) -> dict[str, Any]:
        """What the SOP demands for the chosen horizon is there, each complaint beside its field."""
        found = super().clean() or {}
        rule = self._rules().get(str(found.get("horizon", "")))
        plan = found.get("plan")
        if rule and plan and rule.plans and plan not in rule.plans:
            self.add_error("plan", gettext("The SOP does not name this plan for the chosen handling."))
        if self._changes(found) and not found.get("reason", "").strip():
            self.add_error("reason", gettext("Say why: the citizens are told."))
        return found

    def _changes(self, found: dict[str, Any]) -> bool:
        """Whether the citizens are told of it: another horizon, or another date than the one promised."""
        promised = self.stand.state.promised_on if self.stand.state else None
        moved = promised is not None and found.get("promised_on", promised) != promised
        return found.get("horizon") not in (None, self.case.horizon) or (moved and found.get("horizon") != "short")


def _milestone(line: str) -> tuple[str, date]:
    if year_first := _YEAR_FIRST.fullmatch(line):
        year, month, on, name = year_first.groups()
    elif day_first := _DAY_FIRST.fullmatch(line):
        on, month, year, name = day_first.groups()
    else:
        raise forms.ValidationError(
            gettext("Write a date and a name, such as 31-03-2027 Contract signed, instead of: %(line)s")
            % {"line": line[:80]}
        )
    try:
        return name.strip()[:120], date(int(year), int(month), int(on))
    except ValueError as error:
        raise forms.ValidationError(gettext("No such day: %(line)s") % {"line": line[:80]}) from error


class MilestoneForm(CaseForm):
    """Which milestone was reached."""

    name = forms.ChoiceField(label=_("Milestone"))
    note = area(_("What was done"), _("Citizens do not see it."), required=False, rows=2)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        waiting = [one for one in stand.state.milestones if one.reached_at is None] if stand.state else []
        self.offer("name", [(one.name, f"{one.name} ({formats.date_format(one.on, 'j M Y')})") for one in waiting])


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


class EvidenceForm(CaseForm):
    """A photograph or a document that shows the work."""

    file = forms.FileField(
        label=_("Photograph or document"),
        help_text=_("JPEG, PNG, WebP, HEIC or PDF, at most 5 MB. Take a photograph of your own at the place."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    note = forms.CharField(
        label=_("What it shows"), required=False, max_length=200, help_text=_("Where and when, in a few words.")
    )

    def clean_file(self) -> EvidenceFile:
        """The file with a safe name and the type that its content shows. Raises ValidationError."""
        file: UploadedFile = self.cleaned_data["file"]
        name = (file.name or "")[:60]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(gettext("%(name)s is larger than 5 MB.") % {"name": name})
        content = file.read()
        content_type = type_of(content)
        if content_type is None:
            raise forms.ValidationError(
                gettext("%(name)s is no photograph (JPEG, PNG, WebP, HEIC) and no PDF file.") % {"name": name}
            )
        return EvidenceFile(safe_name(file.name or "", content_type), content_type, content)


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

    outcome = forms.ChoiceField(label=_("Outcome"))
    reason = area(_("Reason"), _("The citizens are told this text."), rows=3)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        self.offer("outcome", [(code, words.OUTCOMES[code]) for code in OUTCOMES])

    @property
    def intro(self) -> str:
        """What the SOP demands for each outcome, so that nobody learns it by being refused."""
        if self.stand.document is None:
            return ""
        rules = self.stand.document.closure
        lines = []
        for code in OUTCOMES:
            demands = []
            if code in rules.evidence:
                demands.append(gettext("needs evidence in the report"))
            if code in rules.second_person:
                demands.append(gettext("is confirmed by a second person"))
            if code in rules.citizen_confirms:
                demands.append(gettext("only by the citizen's word or silence"))
            if demands:
                lines.append(f"{words.OUTCOMES[code]}: {', '.join(demands)}.")
        return " ".join(lines)


class ConfirmForm(CaseForm):
    """What another person proposed."""

    @property
    def intro(self) -> str:
        """Outcome and reason of the proposal."""
        proposal = self.stand.state.closing_proposed if self.stand.state else None
        if proposal is None:
            return ""
        outcome = words.said(words.OUTCOMES, proposal.outcome)
        return gettext("Proposed outcome: %(outcome)s. Reason: %(reason)s") % {
            "outcome": outcome,
            "reason": proposal.reason,
        }


class RefuseForm(ConfirmForm):
    """Why the case stays open."""

    reason = area(_("Why it stays open"), _("For colleagues. Citizens do not see it."), rows=3)


class VoidForm(CaseForm):
    """Which entry was a mistake, and what is wrong with it."""

    entry = forms.TypedChoiceField(label=_("Entry"), coerce=int)
    reason = area(_("What is wrong with it"), _("For colleagues. The entry stays readable, struck out."), rows=3)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        entries = [fact for fact in voidable(stand.facts) if fact.actor != stand.actor]
        self.offer("entry", [(fact.seq, self._shown(fact.seq)) for fact in entries])

    def _shown(self, seq: int) -> str:
        fact = next(fact for fact in self.stand.facts if fact.seq == seq)
        line = journal.lines([fact], {}, self.stand.document)[0]
        at = formats.date_format(timezone.localtime(line.at), "j M Y H:i")
        return f"{at}: {line.words}" + (f" ({line.note[:60]})" if line.note else "")


class ReasonForm(CaseForm):
    """Only a reason."""

    reason = area(_("Reason"), rows=3)


def said(text: Any) -> str:
    """A text of the SOP in the language of the screen."""
    return str(text.of(get_language() or "id"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
