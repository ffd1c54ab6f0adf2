"""What people call the steps, agencies, kinds, channels and facts of the lab, in the language in force."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from salur.agencies.queries import agency_names
from salur.cases.words import CHANNELS, said
from salur.insight.lab.hurts_tally import HAND_OVER
from salur.insight.lab.timeline import OPEN
from salur.sop.document.model import SopDocument

_FACTS = {
    "case.opened": _("The report comes in"),
    "case.verified": _("The report is verified"),
    "case.referred": _("The report is handed to an agency"),
    "case.arbiter_called": _("The arbiter is called"),
    "case.held": _("The clocks stop"),
    "case.resumed": _("The clocks go on"),
    "case.horizon_set": _("The horizon is set"),
    "case.milestone_reached": _("A milestone is reached"),
    "case.reviewed": _("The progress is reviewed"),
    "case.followed_up": _("The follow-up is recorded"),
    "case.evidence_added": _("Evidence is added"),
    "case.closing_proposed": _("The closing is proposed"),
    "case.closing_refused": _("The closing is refused"),
    "case.closed": _("The report is closed"),
    "case.reopened": _("The report is reopened"),
    "message.joined": _("The citizen writes again"),
    "reply.drafted:question": _("A question is drafted"),
    "reply.drafted:progress": _("Progress news is drafted"),
    "reply.drafted:answer": _("The answer is drafted"),
    "reply.submitted:question": _("A question is laid before the approver"),
    "reply.submitted:progress": _("Progress news is laid before the approver"),
    "reply.submitted:answer": _("The answer is laid before the approver"),
    "reply.returned:question": _("A question is returned for changes"),
    "reply.returned:progress": _("Progress news is returned for changes"),
    "reply.returned:answer": _("The answer is returned for changes"),
    "reply.approved:question": _("A question is approved"),
    "reply.approved:progress": _("Progress news is approved"),
    "reply.approved:answer": _("The answer is approved"),
    "dispatch.sent:question": _("A question goes out"),
    "dispatch.sent:progress": _("Progress news goes out"),
    "dispatch.sent:answer": _("The answer goes out"),
    "dispatch.failed:question": _("A question comes back undelivered"),
    "dispatch.failed:progress": _("Progress news comes back undelivered"),
    "dispatch.failed:answer": _("The answer comes back undelivered"),
    OPEN: _("Still open"),
}


class Names:
    """The names for one government and its documents: of two that know a code, the earlier in the list names it."""

    def __init__(self, government_id: int, documents: list[SopDocument]) -> None:
        self._documents = documents
        self._agencies: Mapping[object, str] = dict(agency_names(government_id))

    def step(self, code: str) -> str:
        """An obligation, or the handing on of a case, which no obligation measures."""
        for document in self._documents:
            for one in document.obligations:
                if one.code == code:
                    return one.name.of(get_language() or "id")
        return gettext("Handing the report on") if code == HAND_OVER else code

    def actor(self, code: str) -> str:
        """An actor of the documents."""
        for document in self._documents:
            if code in document.actors:
                return document.actors[code].name.of(get_language() or "id")
        return code

    def agency(self, agency_id: int | str | None) -> str:
        """An agency; a case may be with none."""
        return gettext("No agency yet") if agency_id is None else self._agencies.get(agency_id, str(agency_id))

    def kind(self, code: str) -> str:
        """A kind of case."""
        for document in self._documents:
            for kind, rule in document.kinds.items():
                if kind == code:
                    return rule.name.of(get_language() or "id")
        return code

    def horizon(self, code: str) -> str:
        """A horizon."""
        for document in self._documents:
            for horizon, rule in document.horizons.items():
                if horizon == code:
                    return rule.name.of(get_language() or "id")
        return code

    def channel(self, code: str) -> str:
        """A channel."""
        return said(CHANNELS, code)

    def pause(self, code: str) -> str:
        """A reason for a pause."""
        for document in self._documents:
            if code in document.pauses:
                return document.pauses[code].name.of(get_language() or "id")
        return code

    def fact(self, node: str) -> str:
        """A place on the process map."""
        return gettext(_FACTS[node]) if node in _FACTS else node
