"""A long horizon is not a drawer: owner, plan, promise and review, and somebody bound to each. Pure."""

from collections.abc import Iterator
from typing import get_args

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import HorizonRule, Obligation
from salur.sop.document.said import _
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.proofs.promises import working_days
from salur.sop.vocabulary import DEMANDS, HORIZONS, span_said
from salur.sop.words import LONGER_HORIZONS, Demand
from salur.worktime.spans import Span

_A_YEAR = Span(366, "calendar_days")

_REVIEWED_FROM = frozenset({"case.horizon_set", "case.reviewed", "case.reopened"})
"""A report that is reopened keeps its horizon: without a review it would stay scheduled, and nobody be bound."""


def horizons(document: SopDocument) -> Iterator[Problem]:
    """Missing horizons, and longer ones in which a case could be forgotten."""
    for horizon, term in HORIZONS.items():
        if horizon not in document.horizons:
            yield error(f"horizons.{horizon}", _("The %(horizon)s is missing."), horizon=term)
    short = document.horizons.get("short")
    if short is not None and (short.requires or short.plans or short.review_within or short.promised_within):
        yield error(
            "horizons.short",
            _("A short-term report is answered at once: it can have no plan, promised date or review."),
        )
    for horizon in LONGER_HORIZONS:
        rule = document.horizons.get(horizon)
        if rule is not None:
            yield from _demands(f"horizons.{horizon}", rule, horizon)
            yield from _distances(f"horizons.{horizon}", rule, horizon)
            yield from _bound(document, horizon)
    yield from _order(document)


def _demands(here: str, rule: HorizonRule, horizon: str) -> Iterator[Problem]:
    for demand in get_args(Demand):
        if demand not in rule.requires:
            yield error(
                f"{here}.requires",
                _("The %(horizon)s does not require the %(demand)s: a report could be forgotten there."),
                horizon=HORIZONS[horizon],
                demand=DEMANDS[demand],
            )
    if not rule.plans:
        yield error(
            f"{here}.plans",
            _("The %(horizon)s names no plan in which a report may stand, so none could be chosen."),
            horizon=HORIZONS[horizon],
        )


def _distances(here: str, rule: HorizonRule, horizon: str) -> Iterator[Problem]:
    term, promised, review = HORIZONS[horizon], rule.promised_within, rule.review_within
    if review is None:
        yield error(
            f"{here}.review_within",
            _("The %(horizon)s does not say how soon a report is looked at again: it is no drawer."),
            horizon=term,
        )
    if promised is None:
        yield error(
            f"{here}.promised_within",
            _("The %(horizon)s does not say how far away a promised date may lie."),
            horizon=term,
        )
    if review is not None and working_days(review) > working_days(_A_YEAR):
        yield warning(
            f"{here}.review_within",
            _("On the %(horizon)s a report is looked at less than once a year (%(within)s)."),
            horizon=term,
            within=span_said(review),
        )
    if review is not None and promised is not None and working_days(review) > working_days(promised):
        yield warning(
            f"{here}.review_within",
            _("On the %(horizon)s the review (%(review)s) may come after the promised date (%(promised)s)."),
            horizon=term,
            review=span_said(review),
            promised=span_said(promised),
        )


def _bound(document: SopDocument, horizon: str) -> Iterator[Problem]:
    for kind, limit in document.kinds.items():
        if not any(_reviews(rule) and rule.binds(kind, horizon) for rule in document.obligations):
            yield error(
                f"horizons.{horizon}",
                _(
                    "Nobody is bound to review a report of the kind “%(kind)s” (%(horizon)s): add an obligation within "
                    "review_on that starts on case.horizon_set, case.reviewed and case.reopened and is met by "
                    "case.reviewed."
                ),
                kind=limit.name,
                horizon=HORIZONS[horizon],
            )
        if not any(_keeps_the_date(rule) and rule.binds(kind, horizon) for rule in document.obligations):
            yield error(
                f"horizons.{horizon}",
                _(
                    "Nobody is bound to the promised date of a report of the kind “%(kind)s” (%(horizon)s): add an "
                    "obligation within promised_on that starts on case.horizon_set."
                ),
                kind=limit.name,
                horizon=HORIZONS[horizon],
            )


def _reviews(rule: Obligation) -> bool:
    starts = {matcher.event for matcher in rule.starts_on}
    met = {matcher.event for matcher in rule.met_by}
    return rule.within == "review_on" and starts >= _REVIEWED_FROM and "case.reviewed" in met


def _keeps_the_date(rule: Obligation) -> bool:
    return rule.within == "promised_on" and any(matcher.event == "case.horizon_set" for matcher in rule.starts_on)


def _order(document: SopDocument) -> Iterator[Problem]:
    medium, long = document.horizons.get("medium"), document.horizons.get("long")
    if medium is None or long is None or medium.promised_within is None or long.promised_within is None:
        return
    if working_days(medium.promised_within) >= working_days(long.promised_within):
        yield warning(
            "horizons.long.promised_within",
            _("The long term (%(long)s) reaches no further than the medium term (%(medium)s)."),
            long=span_said(long.promised_within),
            medium=span_said(medium.promised_within),
        )
