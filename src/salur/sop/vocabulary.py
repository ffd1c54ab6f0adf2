"""How the fixed words of an SOP document and its spans are said to people. Pure."""

from collections.abc import Iterable, Mapping

from salur.channels.registry import PLATFORMS
from salur.sop.document.said import Said, _
from salur.sop.words import CITIZEN, SYSTEM
from salur.worktime.spans import Span

KINDS: Mapping[str, Said] = {
    "complaint": Said(_("complaint")),
    "supervisory_complaint": Said(_("supervisory complaint")),
    "aspiration": Said(_("aspiration")),
    "information_request": Said(_("information request")),
}
HORIZONS: Mapping[str, Said] = {
    "short": Said(_("short term")),
    "medium": Said(_("medium term")),
    "long": Said(_("long term")),
}
ROLES: Mapping[str, Said] = {
    "operator": Said(_("operator")),
    "approver": Said(_("approver")),
    "coordinator": Said(_("coordinator")),
    "publisher": Said(_("publisher")),
    "leader": Said(_("leader")),
    "auditor": Said(_("auditor")),
    "administrator": Said(_("administrator")),
}
PURPOSES: Mapping[str, Said] = {
    "acknowledgement": Said(_("receipt")),
    "question": Said(_("question")),
    "progress": Said(_("progress report")),
    "answer": Said(_("answer")),
    "notice": Said(_("notice")),
}
OUTCOMES: Mapping[str, Said] = {
    "answered": Said(_("answered")),
    "completed": Said(_("completed")),
    "silence": Said(_("closed by silence")),
    "archived": Said(_("archived")),
    "incomplete": Said(_("incomplete")),
}
CLOCKS: Mapping[str, Said] = {
    "citizen": Said(_("the citizen's clock")),
    "agency": Said(_("the agency's clock")),
}
ANSWERS_IN: Mapping[str, Said] = {
    "same": Said(_("where the citizen spoke")),
    "private_first": Said(_("in private first")),
    "public_only": Said(_("in public only")),
}
DEMANDS: Mapping[str, Said] = {
    "owner": Said(_("person in charge")),
    "plan": Said(_("plan")),
    "plan_reference": Said(_("plan reference")),
    "promised_on": Said(_("promised date")),
    "review_on": Said(_("review date")),
}
PLANS: Mapping[str, Said] = {
    "apbd": Said(_("APBD")),
    "apbd_change": Said(_("APBD change")),
    "rkpd": Said(_("RKPD")),
    "renstra": Said(_("Renstra")),
    "rpjmd": Said(_("RPJMD")),
    "other_government": Said(_("budget of another government")),
}
LIMITS: Mapping[str, Said] = {
    "answer_limit": Said(_("the answer limit of the kind")),
    "first_response": Said(_("the first response of the channel")),
    "review_on": Said(_("the review date")),
    "promised_on": Said(_("the promised date")),
}
SYMBOLS: Mapping[str, Said] = {
    "start": Said(_("start")),
    "process": Said(_("process")),
    "decision": Said(_("decision")),
    "end": Said(_("end")),
}
TEMPLATES: Mapping[str, Said] = {
    "acknowledgement": Said(_("receipt")),
    "question": Said(_("question")),
    "progress": Said(_("progress report")),
    "answer": Said(_("answer")),
    "scheduled": Said(_("answer of a scheduled case")),
    "referred": Said(_("notice of handing on")),
    "closed_by_silence": Said(_("notice of closing by silence")),
    "closed_as_incomplete": Said(_("notice of closing as incomplete")),
    "rescheduled": Said(_("notice of another horizon")),
}
_WITHIN_A_SENTENCE = {
    "web": _("website"),
    "counter": _("service counter"),
    "email": _("e-mail"),
    "phone": _("telephone"),
}
CHANNELS: Mapping[str, Said] = {
    name: Said(_WITHIN_A_SENTENCE.get(name, one.guide.label)) for name, one in PLATFORMS.items()
}
LANES: Mapping[str, Said] = {CITIZEN: Said(_("the citizen")), SYSTEM: Said(_("the system"))}
WEEKDAYS: Mapping[str, Said] = {
    "mon": Said(_("Mon")),
    "tue": Said(_("Tue")),
    "wed": Said(_("Wed")),
    "thu": Said(_("Thu")),
    "fri": Said(_("Fri")),
    "sat": Said(_("Sat")),
    "sun": Said(_("Sun")),
}
EVENTS: Mapping[str, Said] = {
    "case.opened": Said(_("the report is opened")),
    "case.classified": Said(_("the kind is corrected")),
    "case.referred": Said(_("the report is handed on")),
    "case.arbiter_called": Said(_("the arbiter is called")),
    "case.verified": Said(_("the report is verified")),
    "case.held": Said(_("the clocks are stopped")),
    "case.resumed": Said(_("the clocks go on")),
    "case.horizon_set": Said(_("the horizon is set")),
    "case.milestone_reached": Said(_("a milestone is reached")),
    "case.reviewed": Said(_("progress is reviewed")),
    "case.followed_up": Said(_("the follow-up is recorded")),
    "case.evidence_added": Said(_("evidence is added")),
    "case.closing_proposed": Said(_("closing is proposed")),
    "case.closed": Said(_("the report is closed")),
    "case.reopened": Said(_("the report is reopened")),
    "message.joined": Said(_("the citizen writes again")),
    "reply.drafted": Said(_("a reply is drafted")),
    "reply.submitted": Said(_("a reply is laid before the approver")),
    "reply.approved": Said(_("a reply is approved")),
    "reply.returned": Said(_("a reply is returned")),
    "dispatch.sent": Said(_("a reply is sent")),
    "dispatch.failed": Said(_("sending fails")),
    "dispatch.uncertain": Said(_("sending is uncertain")),
}

_SPANS = {
    "working_days": (_("%(amount)s working day"), _("%(amount)s working days")),
    "working_hours": (_("%(amount)s working hour"), _("%(amount)s working hours")),
    "calendar_days": (_("%(amount)s calendar day"), _("%(amount)s calendar days")),
}


def span_said(span: Span) -> Said:
    """A span in words, such as "3 working days" and "1 working day"."""
    one, many = _SPANS[span.unit]
    return Said(one if span.amount == 1 else many, {"amount": span.amount, "unit": span.unit})


def word(words: Mapping[str, Said], code: str) -> Said:
    """The words for a code; the code itself where it is none of the fixed ones."""
    return words.get(code) or quoted(code)


def quoted(value: object) -> Said:
    """A name, text, number or `Words` as the document has it, as a sentence of its own."""
    return Said("%(text)s", {"text": value})


def joined(parts: Iterable[Said]) -> Said:
    """Several things one after another: "a, b, c"; a line where there is none."""
    whole: Said | None = None
    for part in parts:
        whole = part if whole is None else Said("%(first)s, %(rest)s", {"first": whole, "rest": part})
    return whole or Said("–")
