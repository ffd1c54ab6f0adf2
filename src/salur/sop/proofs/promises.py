"""What the citizen is promised: an answer for every kind on every horizon, and nothing that takes longer. Pure."""

from collections.abc import Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Obligation
from salur.sop.document.said import _
from salur.sop.proofs.coming import only_by_answer, starts_by
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.vocabulary import CHANNELS, HORIZONS, KINDS, span_said, word
from salur.worktime.spans import Span

_HOURS_A_DAY = 7.5
"""37.5 hours in five days (Perpres 21/2023)."""

_FRIDAY = 5

_WORKING_SHARE = 5 / 7
"""Working days in a calendar day."""


def promises(document: SopDocument) -> Iterator[Problem]:
    """Kinds without a limit or an answer, and limits longer than the answer they work for."""
    for kind, said in KINDS.items():
        if kind not in document.kinds:
            yield error(
                f"kinds.{kind}",
                _("The kind “%(kind)s” is missing: a report of this kind would have no answer limit."),
                kind=said,
            )
            continue
        for horizon, term in HORIZONS.items():
            if not any(answers_from_the_start(rule, kind, horizon) for rule in document.obligations):
                yield error(
                    f"kinds.{kind}",
                    _(
                        "Nobody is bound to answer a report of the kind “%(kind)s” (%(horizon)s): add an obligation on "
                        "the citizen clock that starts on case.opened and is met by dispatch.sent with purpose "
                        "[answer] alone."
                    ),
                    kind=said,
                    horizon=term,
                )
    yield from _longer_than_the_answer(document)
    yield from _never_attended(document)


def _never_attended(document: SopDocument) -> Iterator[Problem]:
    # Service hours are hours of working days: a promise that waits for a Sunday would never be due.
    for channel, rule in document.channels.items():
        if rule.service_hours is not None and not any(rule.service_hours[:_FRIDAY]):
            yield error(
                f"channels.{channel}.service_hours",
                _(
                    "The channel %(channel)s is attended on no day from Monday to Friday, so its promise could never "
                    "be counted: give it hours on a working day, or leave them away."
                ),
                channel=word(CHANNELS, channel),
            )


def answers_from_the_start(rule: Obligation, kind: str, horizon: str) -> bool:
    """Whether the obligation promises an answer to a case of this kind and horizon from its opening."""
    return (
        rule.clock == "citizen"
        and only_by_answer(rule)
        and rule.binds(kind, horizon)
        and starts_by(rule, "case.opened")
    )


def working_days(span: Span) -> float:
    """How many working days a span is about; only to compare spans of different units."""
    if span.unit == "working_hours":
        return span.amount / _HOURS_A_DAY
    return span.amount * _WORKING_SHARE if span.unit == "calendar_days" else span.amount


def _longer_than_the_answer(document: SopDocument) -> Iterator[Problem]:
    for place, rule in enumerate(document.obligations):
        # After an answer the citizen's first promise is kept: what starts only then works for no earlier limit.
        if not isinstance(rule.within, Span) or all(matcher.after_answer for matcher in rule.starts_on):
            continue
        limits = [limit for kind, limit in document.kinds.items() if not rule.kinds or kind in rule.kinds]
        shortest = min(limits, key=lambda limit: working_days(limit.answer_within), default=None)
        if shortest is not None and working_days(rule.within) > working_days(shortest.answer_within):
            yield warning(
                f"obligations[{place}].within",
                _(
                    "“%(name)s” may take %(within)s, longer than the answer it works for: “%(kind)s” is answered "
                    "within %(limit)s."
                ),
                name=rule.name,
                within=span_said(rule.within),
                kind=shortest.name,
                limit=span_said(shortest.answer_within),
            )
    shortest = min(document.kinds.values(), key=lambda limit: working_days(limit.answer_within))
    for channel, promise in document.channels.items():
        if working_days(promise.first_response) > working_days(shortest.answer_within):
            yield warning(
                f"channels.{channel}.first_response",
                _(
                    "The first response on %(channel)s may take %(within)s, longer than the answer: “%(kind)s” is "
                    "answered within %(limit)s."
                ),
                channel=word(CHANNELS, channel),
                within=span_said(promise.first_response),
                kind=shortest.name,
                limit=span_said(shortest.answer_within),
            )
