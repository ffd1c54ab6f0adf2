"""Static proofs on an SOP document: what would leave a citizen without an answer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from salur.sop.document import EventMatcher, Obligation, SopDocument
from salur.sop.wording import placeholders, stray_braces
from salur.sop.words import AT_ONCE, CASE_KINDS, EVENTS, HORIZONS, LONGER_HORIZONS, PLACEHOLDERS


@dataclass(frozen=True)
class Problem:
    """One finding. An error stops signing, a warning does not; `field` is written as `obligations[2].within`."""

    severity: Literal["error", "warning"]
    field: str
    message: str


def check(document: SopDocument) -> list[Problem]:
    """All findings on a document, errors first, else in the order of the document. Empty: it may be signed."""
    found = [*_kinds(document), *_obligations(document), *_pauses(document), *_horizons(document), *_texts(document)]
    return sorted(found, key=lambda problem: problem.severity != "error")


def _kinds(document: SopDocument) -> Iterator[Problem]:
    for kind in CASE_KINDS:
        if kind not in document.kinds:
            yield Problem("error", f"kinds.{kind}", "is missing: a case of this kind would have no answer limit")
            continue
        for horizon in HORIZONS:
            if not any(
                rule.answers_the_citizen and _from_the_start(rule, kind, horizon) for rule in document.obligations
            ):
                yield Problem(
                    "error",
                    f"kinds.{kind}",
                    f"has no obligation to answer on the {horizon} horizon: add one on the citizen clock that starts "
                    "on case.opened and is met by dispatch.sent with purpose [answer]",
                )


def _from_the_start(rule: Obligation, kind: str, horizon: str) -> bool:
    return rule.binds(kind, horizon) and any(matcher.event == "case.opened" for matcher in rule.starts_on)


def _obligations(document: SopDocument) -> Iterator[Problem]:
    for place, rule in enumerate(document.obligations):
        here = f"obligations[{place}]"
        for name, matchers in (("starts_on", rule.starts_on), ("met_by", rule.met_by)):
            yield from _matchers(f"{here}.{name}", matchers)
        if all(matcher.event == "case.closed" for matcher in rule.starts_on):
            yield Problem("error", f"{here}.starts_on", "starts only when the case closes, which ends every obligation")
        if all(_never_comes(matcher, document) for matcher in rule.met_by):
            yield Problem("error", f"{here}.met_by", "can never be met: none of these facts can come after its start")
        if rule.within == "review_on":
            for matcher in rule.starts_on:
                if matcher.event not in ("case.horizon_set", "case.reviewed"):
                    yield Problem(
                        "error", f"{here}.within", f"review_on has no date on {matcher.event}: give a span instead"
                    )


def _matchers(field: str, matchers: tuple[EventMatcher, ...]) -> Iterator[Problem]:
    for place, matcher in enumerate(matchers):
        if matcher.event not in EVENTS:
            yield Problem("error", f"{field}[{place}]", f"names no fact of a case: {matcher.event}")
        elif matcher.purpose and not matcher.event.startswith(("reply.", "dispatch.")):
            yield Problem("error", f"{field}[{place}].purpose", f"{matcher.event} has no purpose: delete it")


def _never_comes(matcher: EventMatcher, document: SopDocument) -> bool:
    if matcher.event in ("case.held", "case.resumed"):
        return not document.pause_reasons
    return matcher.event == "case.opened" or matcher.event not in EVENTS


def _pauses(document: SopDocument) -> Iterator[Problem]:
    for place, reason in enumerate(document.pause_reasons):
        yield from _matchers(f"pause_reasons[{place}].resumed_by", reason.resumed_by)


def _horizons(document: SopDocument) -> Iterator[Problem]:
    for horizon in HORIZONS:
        if horizon not in document.horizons:
            yield Problem("error", f"horizons.{horizon}", "is missing")
    for horizon in LONGER_HORIZONS:
        rule = document.horizons.get(horizon)
        if rule is None:
            continue
        for demand in ("owner", "plan_reference", "review_on"):
            if demand not in rule.requires:
                severity: Literal["error", "warning"] = "error" if demand == "review_on" else "warning"
                yield Problem(severity, f"horizons.{horizon}.requires", f"does not demand {demand}")
        if rule.review_within is None:
            yield Problem("error", f"horizons.{horizon}.review_within", "is missing: a long horizon is not a drawer")
        for kind in document.kinds:
            if not any(_reviews(rule, kind, horizon) for rule in document.obligations):
                yield Problem(
                    "error",
                    f"horizons.{horizon}",
                    f"has no review for {kind}: add an obligation within review_on that starts on case.horizon_set "
                    "and case.reviewed",
                )


def _reviews(rule: Obligation, kind: str, horizon: str) -> bool:
    events = {matcher.event for matcher in rule.starts_on}
    return rule.within == "review_on" and rule.binds(kind, horizon) and {"case.horizon_set", "case.reviewed"} <= events


def _texts(document: SopDocument) -> Iterator[Problem]:
    for code, template in document.templates.items():
        texts = {"id": template.text.id, "en": template.text.en}
        for language, text in texts.items():
            field = f"templates.{code}.text.{language}"
            for name in placeholders(text):
                if name not in PLACEHOLDERS:
                    known = ", ".join(sorted(PLACEHOLDERS))
                    yield Problem("error", field, f"{{{name}}} is no known placeholder; use one of {known}")
            if stray_braces(text):
                yield Problem("error", field, "has a brace without its partner")
        if set(placeholders(texts["id"])) != set(placeholders(texts["en"])):
            yield Problem("warning", f"templates.{code}.text", "fills different places in Indonesian and in English")
    acknowledgement = document.templates.get("acknowledgement")
    if acknowledgement is None or acknowledgement.purpose != "acknowledgement":
        yield Problem("error", "templates", "has no acknowledgement: every new report is answered with one at once")
        return
    for name in placeholders(acknowledgement.text.id + acknowledgement.text.en):
        if name in PLACEHOLDERS - AT_ONCE:
            known = ", ".join(sorted(AT_ONCE))
            yield Problem("error", "templates.acknowledgement", f"{{{name}}} is not known so early; use one of {known}")
