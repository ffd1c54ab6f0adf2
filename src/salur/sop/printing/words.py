"""The words of the paper: limits, dates, names of what the document knows by code. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from salur.channels.registry import PLATFORMS
from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher, Obligation
from salur.sop.words import CITIZEN, SYSTEM
from salur.worktime.spans import UNITS, Span

WORDS: dict[str, dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text(encoding="utf-8"))
"""By section and name; the section `flow` has its texts in both languages."""
WORDS["channels"]["names"] = {name: one.guide.label for name, one in PLATFORMS.items()} | WORDS["channels"]["names"]


def flow_word(name: str, language: str) -> str:
    """A word of the flow table; Indonesian for every language code but English ("en", "en-gb")."""
    texts: dict[str, str] = WORDS["flow"][name]
    return texts["en" if language.partition("-")[0] == "en" else "id"]


def listed(texts: Iterable[str]) -> str:
    """Each text on a line of its own; a dash where there is none."""
    return "\n".join(texts) or WORDS["paper"]["none"]


def inline(texts: Iterable[str]) -> str:
    """The texts with commas between; a dash where there is none."""
    return ", ".join(texts) or WORDS["paper"]["none"]


def span_words(span: Span, language: str = "id") -> str:
    """A limit with its unit: "3 hari kerja"."""
    return _amounts((str(span.amount),), span.unit, language)


def _amounts(amounts: tuple[str, ...], unit: str, language: str) -> str:
    name = f"one_{unit}" if amounts == ("1",) else unit
    between = flow_word("or", language) if len(amounts) == 2 else "/"
    return flow_word(name, language) % {"n": between.join(amounts)}


def spans_words(spans: Iterable[Span], language: str = "id") -> str:
    """Several limits in one breath: "5/14/60 hari kerja"; every unit by itself, shortest first.

    Two amounts have a word between them: "1/3" would be read as a third.
    """
    distinct = set(spans)
    by_unit = [(unit, sorted(span.amount for span in distinct if span.unit == unit)) for unit in UNITS]
    said = [_amounts(tuple(map(str, amounts)), unit, language) for unit, amounts in by_unit if amounts]
    return flow_word("or", language).join(said)


def date_words(day: date) -> str:
    """A date as an official writes it: 2 Januari 2025."""
    return f"{day.day} {WORDS['paper']['months'][day.month - 1]} {day.year}"


def instant_words(instant: datetime, timezone: str) -> str:
    """An aware instant on the wall clock of a zone, with the zone's Indonesian name."""
    local = instant.astimezone(ZoneInfo(timezone))
    zone = WORDS["paper"]["zones"].get(timezone) or local.tzname() or timezone
    return str(WORDS["paper"]["instant"]) % {
        "date": date_words(local.date()),
        "time": f"{local:%H.%M}",
        "zone": zone,
    }


def actor_words(document: SopDocument, code: str, language: str = "id") -> str:
    """The name of an actor, the citizen and the system among them; an unknown code stays as it is."""
    if code in (CITIZEN, SYSTEM) and code not in document.actors:
        return flow_word(code, language)
    actor = document.actors.get(code)
    return actor.name.of(language) if actor else code


def channel_words(code: str) -> str:
    """The name of a channel; an unknown code stays as it is."""
    return str(WORDS["channels"]["names"].get(code, code))


def limit_words(document: SopDocument, obligation: Obligation, language: str = "id") -> str:
    """What an obligation prints as time: its span, or where its limit stands."""
    within = obligation.within
    if isinstance(within, Span):
        return span_words(within, language)
    if within in ("review_on", "promised_on"):
        return flow_word(within, language)
    spans = limits_of(document, obligation)
    if within == "answer_limit":
        name = "by_kind"
    elif spans:
        name = "by_channel"
    else:
        return flow_word("no_channel", language)
    said = spans_words(spans, language)
    return said if len(spans) == 1 else flow_word(name, language) % {"limits": said}


def limits_of(document: SopDocument, obligation: Obligation) -> set[Span]:
    """The spans behind `answer_limit` (of the kinds the obligation binds) and `first_response`."""
    if obligation.within == "answer_limit":
        bound = (rule for kind, rule in document.kinds.items() if not obligation.kinds or kind in obligation.kinds)
        return {rule.answer_within for rule in bound}
    if obligation.within == "first_response":
        return {rule.first_response for rule in document.channels.values()}
    return set()


def matcher_words(matcher: EventMatcher) -> str:
    """Which fact counts, in words an official reads; an unknown event stays as it is."""
    words = WORDS["obligations"]
    said: str = words["events"].get(matcher.event, matcher.event)
    if matcher.purpose:
        purposes = inline(words["purposes"][one] for one in matcher.purpose)
        said = words["with_purpose"] % {"event": said, "purposes": purposes}
    return str(words["after_answer"] % {"event": said}) if matcher.after_answer else said
