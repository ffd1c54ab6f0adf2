"""What officers type about a case: every field checked once, in the words of the SOP that the case stays on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency, Function
from salur.agencies.queries import agencies_of, functions
from salur.cases import words
from salur.cases.closing import OUTCOMES
from salur.cases.correct import voidable
from salur.cases.handle import KINDS
from salur.channels.ports import Attachment
from salur.desk import journal
from salur.desk.forms import DeskForm, answer_place, area, choices, moment, not_ahead
from salur.desk.stand import Stand
from salur.intake.file_types import ACCEPT
from salur.intake.uploads import attachment_of
from salur.publishing.preview import preview
from salur.publishing.replies import PURPOSES


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


class DoneForm(CaseForm):
    """About something that may be noted later than it was done."""

    happened_at = moment(
        _("When it was done"),
        _("Leave this empty if it is done just now. A time in the past counts for the deadline; both times are kept."),
        required=False,
    )
    field_order = ("name", "note", "happened_at")

    def clean_happened_at(self) -> datetime | None:
        """Neither tomorrow nor before there was a report."""
        done = not_ahead(self.cleaned_data["happened_at"])
        if done and done < self.case.opened_at.replace(second=0, microsecond=0):
            opened = formats.date_format(timezone.localtime(self.case.opened_at), "j F Y H:i")
            raise forms.ValidationError(gettext("The report was opened only on %(opened)s.") % {"opened": opened})
        return done


class VerifyForm(DoneForm):
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


class FollowUpForm(DoneForm):
    """What will be done."""

    note = area(_("What will be done, by whom, by when"), _("For colleagues. Citizens do not see it."))


class HoldForm(CaseForm):
    """Why the clocks stop though nobody was asked anything."""

    note = area(_("What happened"), _("For colleagues, in a few words. Citizens do not see it."), rows=2, longest=500)


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

    def clean_file(self) -> Attachment:
        """The file with a safe name and the type that its content shows. Raises ValidationError."""
        return attachment_of(self.cleaned_data["file"])


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
    answer_in = answer_place()
    can_look = True

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        said = self.data if self.is_bound else self.initial
        text, purpose, answer_in = (str(said.get(name, "")) for name in ("text", "purpose", "answer_in"))
        self.ways = preview(self.case, text, purpose, answer_in)
        if not self.ways.choice:
            del self.fields["answer_in"]
        else:
            self.initial.setdefault("answer_in", "same" if self.ways.in_public else "private_first")


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
