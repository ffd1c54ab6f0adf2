"""The rules of a document as tables for the paper. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import ClosureRule, Obligation, Rung
from salur.sop.printing.seal import Seal
from salur.sop.printing.words import (
    WORDS,
    actor_words,
    channel_words,
    date_words,
    inline,
    instant_words,
    limit_words,
    limits_of,
    listed,
    matcher_words,
    span_words,
    spans_words,
)
from salur.worktime.hours import Week


@dataclass(frozen=True)
class TextTable:
    """A table of texts: its title, the heads of its columns, how wide they are to each other, its rows."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(document: SopDocument, seal: Seal) -> list[TextTable]:
    """The rules of a document in the order of the paper; a part that the document leaves out is left out."""
    found = [
        _table("kinds", (2, 3), ((rule.name.id, span_words(rule.answer_within)) for rule in document.kinds.values())),
        _table("actors", (2, 2, 3), _actors(document)),
        _table("obligations", (0.5, 2.6, 1.7, 1.7, 2.1, 2.6, 2.1, 2.6, 2.9), _obligations(document)),
        _table("channels", (2, 2, 4, 2), _channels(document)),
        _table("pauses", (3, 4), _pauses(document)),
        _table("handover", (2, 6), _handover(document)),
        _table("closure", (2, 6), _closure(document)),
        _table("horizons", (1.6, 3, 2.4, 1.8, 1.8), _horizons(document)),
        _table("accounts", (2, 6), _accounts(document)),
        _table("templates", (1.6, 1.4, 4, 4), _templates(document)),
        _table("revisions", (1, 2, 8), _revisions(document)),
        _table("signing", (2, 6), _signing(seal)),
    ]
    return [table for table in found if table.rows]


def _table(section: str, widths: tuple[float, ...], rows: Iterator[tuple[str, ...]]) -> TextTable:
    words = WORDS[section]
    return TextTable(words["title"], tuple(words["columns"]), widths, tuple(rows))


def _actors(document: SopDocument) -> Iterator[tuple[str, ...]]:
    words = WORDS["actors"]
    for actor in document.actors.values():
        scope = words["government_wide" if actor.government_wide else "own_agency"]
        yield actor.name.id, words["roles"][actor.role], words["named"] % {"scope": scope} if actor.named else scope


def _obligations(document: SopDocument) -> Iterator[tuple[str, ...]]:
    for number, rule in enumerate(document.obligations, start=1):
        yield (
            str(number),
            rule.name.id,
            actor_words(document, rule.actor),
            _bound(document, rule),
            listed(map(matcher_words, rule.starts_on)),
            listed(map(matcher_words, rule.met_by)),
            _limit(document, rule),
            _counting(document, rule),
            listed(_rung(document, number, rung) for number, rung in enumerate(rule.escalation, start=1)),
        )


def _bound(document: SopDocument, rule: Obligation) -> str:
    words = WORDS["obligations"]
    kinds = [document.kinds[kind].name.id if kind in document.kinds else kind for kind in rule.kinds]
    said = [*kinds, *(words["horizons"][name] for name in rule.horizons)]
    return listed(said or [words["all_kinds"]])


def _limit(document: SopDocument, rule: Obligation) -> str:
    limits = limits_of(document, rule)
    if not limits:
        return limit_words(document, rule)
    return str(WORDS["obligations"][str(rule.within)]) % {"limits": spans_words(limits)}


def _counting(document: SopDocument, rule: Obligation) -> str:
    words = WORDS["obligations"]
    if rule.paused_for is None:
        pauses = words["paused_all"] if document.pause_reasons else words["paused_none"]
    elif not rule.paused_for:
        pauses = words["paused_none"]
    else:
        names = [document.pauses[code].name.id if code in document.pauses else code for code in rule.paused_for]
        pauses = words["paused_some"] % {"reasons": inline(names)}
    return f"{words[rule.clock]}; {pauses}"


def _rung(document: SopDocument, number: int, rung: Rung) -> str:
    name = "rung" if rung.after.amount else "at_once"
    fields = {"n": number, "after": span_words(rung.after), "to": actor_words(document, rung.to)}
    return str(WORDS["obligations"][name]) % fields


def _channels(document: SopDocument) -> Iterator[tuple[str, ...]]:
    for code, rule in document.channels.items():
        hours = _week(rule.service_hours) if rule.service_hours else WORDS["channels"]["office_hours"]
        yield (
            channel_words(code),
            span_words(rule.first_response),
            hours,
            WORDS["channels"]["answer_in"][rule.answer_in],
        )


def _week(week: Week) -> str:
    """The hours of a week; days with the same hours that follow each other stand together."""
    groups: list[tuple[list[str], str]] = []
    for name, hours in zip(WORDS["channels"]["days"], week, strict=True):
        said = inline(str(interval) for interval in hours) if hours else ""
        if groups and groups[-1][1] == said:
            groups[-1][0].append(name)
        else:
            groups.append(([name], said))
    named = ((f"{days[0]}-{days[-1]}" if len(days) > 1 else days[0], said) for days, said in groups if said)
    return listed(f"{days} {said}" for days, said in named)


def _pauses(document: SopDocument) -> Iterator[tuple[str, ...]]:
    for reason in document.pause_reasons:
        resumed = [*map(matcher_words, reason.resumed_by), WORDS["obligations"]["events"]["case.resumed"]]
        yield reason.name.id, listed(dict.fromkeys(resumed))


def _handover(document: SopDocument) -> Iterator[tuple[str, ...]]:
    words, rule = WORDS["handover"], document.handover
    yield words["reasons"], listed(reason.name.id for reason in rule.reasons)
    yield words["limit"], words["limit_is"] % {"n": rule.bounce_limit}
    yield words["arbiter"], actor_words(document, rule.arbiter)


def _closure(document: SopDocument) -> Iterator[tuple[str, ...]]:
    words, rule = WORDS["closure"], document.closure
    yield words["after_answer"], _closes(rule.after_answer)
    yield words["after_question"], _closes(rule.after_question)
    for name, outcomes in (
        ("evidence", rule.evidence),
        ("second_person", rule.second_person),
        ("citizen_confirms", rule.citizen_confirms),
    ):
        if outcomes:
            yield words[name], inline(words["outcomes"][outcome] for outcome in outcomes)
    yield words["reopened"], words["time_counts" if rule.closed_time_counts else "time_stands"]


def _closes(rule: ClosureRule) -> str:
    words = WORDS["closure"]
    fields = {"within": span_words(rule.within), "outcome": words["outcomes"][rule.closes_as]}
    return str(words["closes"]) % fields


def _horizons(document: SopDocument) -> Iterator[tuple[str, ...]]:
    words, none = WORDS["horizons"], WORDS["paper"]["none"]
    for rule in document.horizons.values():
        yield (
            rule.name.id,
            inline(words["demands"][demand] for demand in rule.requires),
            inline(words["plans"][plan] for plan in rule.plans),
            span_words(rule.promised_within) if rule.promised_within else none,
            span_words(rule.review_within) if rule.review_within else none,
        )


def _accounts(document: SopDocument) -> Iterator[tuple[str, ...]]:
    words, rules = WORDS["accounts"], document.official_accounts
    custody, posting, response = rules.custody, rules.posting, rules.response
    yield words["custody"], words["custody_is"] % {"actor": actor_words(document, custody.actor), "n": custody.at_least}
    people = {name: actor_words(document, getattr(posting, name)) for name in ("drafted_by", "approved_by")}
    yield words["posting"], words["posting_is"] % {**people, "within": span_words(posting.within)}
    if posting.without_approval:
        yield words["without_approval"], listed(kind.id for kind in posting.without_approval)
    fields = {"actor": actor_words(document, response.actor), "within": span_words(response.within)}
    yield words["response"], words["response_is"] % fields
    if rules.principles:
        yield words["principles"], inline(rules.principles)
    if rules.forbidden:
        yield words["forbidden"], listed(_numbered(rules.forbidden))


def _numbered(texts: Sequence[str]) -> Iterator[str]:
    return (f"{number}. {text}" for number, text in enumerate(texts, start=1))


def _templates(document: SopDocument) -> Iterator[tuple[str, ...]]:
    purposes, names = WORDS["obligations"]["purposes"], WORDS["templates"]["names"]
    for code, template in document.templates.items():
        name = names.get(code, code)
        yield name, purposes[template.purpose], template.text.id.strip(), template.text.en.strip()


def _revisions(document: SopDocument) -> Iterator[tuple[str, ...]]:
    for revision in sorted(document.revisions, key=lambda one: one.version):
        yield str(revision.version), date_words(revision.date), revision.summary


def _signing(seal: Seal) -> Iterator[tuple[str, ...]]:
    words = WORDS["signing"]
    if seal.signed_at:
        yield words["signed_by"], seal.signed_by
        yield words["signed_at"], instant_words(seal.signed_at, seal.timezone)
        if seal.in_force_from:
            yield words["in_force"], date_words(seal.in_force_from)
        yield words["address"], seal.address
    yield words["hash"], seal.sha256
