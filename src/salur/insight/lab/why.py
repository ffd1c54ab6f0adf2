"""Why the verdict on an obligation differs between two documents. Pure."""

from collections.abc import Callable, Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Obligation
from salur.sop.document.said import Said, _
from salur.worktime.spans import Span

Reason = tuple[str, ...]
"""A code and what it is filled with: plain data, so that it can be counted."""


def reasons_for(
    code: str,
    own: SopDocument,
    draft: SopDocument,
    *,
    kind: str,
    channel: str,
    paused: frozenset[str],
    reopened: bool,
    was_there: bool,
    is_there: bool,
) -> tuple[Reason, ...]:
    """Every rule by which the documents differ that can have moved the verdict of this obligation.

    `paused` are the reasons the case was held for, `reopened` whether it was; the flags tell on which side the
    obligation stands in this case.
    """
    old, new = _rule(own, code), _rule(draft, code)
    if old is None:
        return (("new_obligation",),)
    if new is None:
        return (("obligation_dropped",),)
    if not (was_there and is_there):
        found = tuple(_binding(old, new))
        if found:
            return found
    found = (
        *_limit(old, new, own, draft, kind, channel),
        *_binding(old, new),
        *_clock(old, new),
        *_pauses(old, new, own, draft, paused),
        *_answer(old, own, draft, kind),
        *_reopening(old, own, draft, reopened=reopened),
    )
    return found or (("elsewhere",),)


def reason_said(reason: Reason, pause_name: Callable[[str], str]) -> Said:
    """A reason as a sentence; `pause_name` gives what people call a reason for a pause."""
    code, *filled = reason
    text = _SENTENCES[code]
    if code in ("limit", "answer_limit"):
        return Said(text, {"was": span_said(Span.parse(filled[0])), "now": span_said(Span.parse(filled[1]))})
    return Said(text, {"reason": pause_name(filled[0])} if filled else {})


def span_said(span: Span) -> Said:
    """A span as people say it."""
    return Said(_SPANS[span.unit], {"amount": span.amount})


_SENTENCES = {
    "new_obligation": _("the obligation did not exist"),
    "obligation_dropped": _("the obligation no longer exists"),
    "binds": _("it now binds other kinds or horizons"),
    "starts_on": _("other facts start it"),
    "met_by": _("other facts fulfil it"),
    "limit": _("the limit changed from %(was)s to %(now)s"),
    "limit_kind": _("the limit is taken from elsewhere"),
    "service_hours": _("the service hours of the channel changed"),
    "clock": _("its clock starts and counts differently"),
    "pause_gone": _("a pause for %(reason)s no longer stops the clock"),
    "pause_new": _("a pause for %(reason)s now stops the clock"),
    "pause_ends": _("a pause for %(reason)s ends with other facts"),
    "answer_limit": _("the answer it works for is due differently: %(now)s instead of %(was)s"),
    "review": _("review or promise may lie further away or less far"),
    "closed_time": _("the time between closing and reopening counts differently"),
    "elsewhere": _("another rule of the document moved it"),
}
_SPANS = {
    "working_days": _("%(amount)s working days"),
    "working_hours": _("%(amount)s working hours"),
    "calendar_days": _("%(amount)s calendar days"),
}


def _rule(document: SopDocument, code: str) -> Obligation | None:
    return next((one for one in document.obligations if one.code == code), None)


def _binding(old: Obligation, new: Obligation) -> Iterator[Reason]:
    if (old.kinds, old.horizons) != (new.kinds, new.horizons):
        yield ("binds",)
    if old.starts_on != new.starts_on:
        yield ("starts_on",)
    if old.met_by != new.met_by:
        yield ("met_by",)


def _limit(
    old: Obligation, new: Obligation, own: SopDocument, draft: SopDocument, kind: str, channel: str
) -> Iterator[Reason]:
    was, now = _span(old, own, kind, channel), _span(new, draft, kind, channel)
    if was is not None and now is not None:
        if was != now:
            yield ("limit", str(was), str(now))
    elif old.within != new.within or (was is None) != (now is None):
        yield ("limit_kind",)
    if "first_response" in (old.within, new.within) and _hours(own, channel) != _hours(draft, channel):
        yield ("service_hours",)
    if new.within in ("review_on", "promised_on") and own.horizons != draft.horizons:
        yield ("review",)


def _span(rule: Obligation, document: SopDocument, kind: str, channel: str) -> Span | None:
    if isinstance(rule.within, Span):
        return rule.within
    if rule.within == "answer_limit":
        return document.answer_limit(kind)
    if rule.within == "first_response" and channel in document.channels:
        return document.channels[channel].first_response
    return None


def _hours(document: SopDocument, channel: str) -> object:
    rule = document.channels.get(channel)
    return rule and rule.service_hours


def _clock(old: Obligation, new: Obligation) -> Iterator[Reason]:
    if old.clock != new.clock:
        yield ("clock",)


def _pauses(
    old: Obligation, new: Obligation, own: SopDocument, draft: SopDocument, paused: frozenset[str]
) -> Iterator[Reason]:
    for reason in sorted(paused):
        was, now = _stops(old, own, reason), _stops(new, draft, reason)
        if was and not now:
            yield ("pause_gone", reason)
        elif now and not was:
            yield ("pause_new", reason)
        elif was and own.pauses[reason].resumed_by != draft.pauses[reason].resumed_by:
            yield ("pause_ends", reason)


def _stops(rule: Obligation, document: SopDocument, reason: str) -> bool:
    return reason in document.pauses and (rule.paused_for is None or reason in rule.paused_for)


def _answer(old: Obligation, own: SopDocument, draft: SopDocument, kind: str) -> Iterator[Reason]:
    """An agency's obligation is never due later than the answer it works for."""
    was, now = own.answer_limit(kind), draft.answer_limit(kind)
    if old.clock == "agency" and was != now:
        yield ("answer_limit", str(was), str(now))


def _reopening(old: Obligation, own: SopDocument, draft: SopDocument, *, reopened: bool) -> Iterator[Reason]:
    if reopened and old.clock == "citizen" and own.closure.closed_time_counts != draft.closure.closed_time_counts:
        yield ("closed_time",)
