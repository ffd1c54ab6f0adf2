"""An SOP document laid out for reading: sections of facts, lists and tables, in the language in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext

from salur.sop.document.model import SopDocument
from salur.sop.document.paper import Step
from salur.sop.document.rules import Obligation, Rung
from salur.sop.document.values import Part, Words
from salur.sop.field_words import FIELDS, Value, actor_said, horizon_said, kind_said, step_said, value_said
from salur.sop.saying import in_words
from salur.sop.vocabulary import CHANNELS, TEMPLATES, span_said, word

Row = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One part of the document.

    `facts` are pairs of name and value, `lists` pairs of a name and its lines; a table has a `head` and `rows`, the
    first cell of which names the row.
    """

    code: str
    title: str
    facts: tuple[Row, ...] = ()
    lists: tuple[tuple[str, Sequence[str]], ...] = ()
    head: Row = ()
    rows: tuple[Row, ...] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows with the name of its column beside every cell, for screens too narrow for a table."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


def sections(document: SopDocument) -> list[Section]:
    """The whole document in the order of the paper: identity, actors, rules, templates, second half, steps."""
    return [
        _identity(document),
        _actors(document),
        _kinds(document),
        _channels(document),
        _obligations(document),
        _table(document, "pause_reasons", ("name", "resumed_by"), document.pause_reasons),
        _handover(document),
        _closure(document),
        _horizons(document),
        _templates(document),
        _accounts(document),
        _steps(document),
        _table(document, "revisions", ("version", "date", "summary"), document.revisions),
    ]


def _words(value: Value) -> str:
    return value if isinstance(value, str) else in_words(value)


def _label(part: str, field: str) -> str:
    return in_words(FIELDS[part][field])


def _value(part: Part, field: str, document: SopDocument) -> str:
    return _words(value_said(type(part).__name__, field, getattr(part, field), document))


def _facts(part: Part, fields: Sequence[str], document: SopDocument) -> Iterator[Row]:
    for field in fields:
        if said := _value(part, field, document):
            yield _label(type(part).__name__, field), said


def _title(code: str) -> str:
    return _label("SopDocument", code)


def _table(document: SopDocument, code: str, fields: Sequence[str], parts: Sequence[Part]) -> Section:
    head = tuple(_label(type(parts[0]).__name__, field) for field in fields) if parts else ()
    rows = tuple(tuple(_value(part, field, document) for field in fields) for part in parts)
    return Section(code, _title(code), head=head, rows=rows)


def _named_table(
    document: SopDocument, code: str, parts: Mapping[Any, Part], fields: Sequence[str], first: str, names: Sequence[str]
) -> Section:
    """A table of a mapping: the name of each entry, then these fields of it."""
    kind = type(next(iter(parts.values()))).__name__ if parts else ""
    head = (first, *(_label(kind, field) for field in fields)) if parts else ()
    rows = tuple(
        (name, *(_value(part, field, document) for field in fields))
        for name, part in zip(names, parts.values(), strict=True)
    )
    return Section(code, _title(code), head=head, rows=rows)


def _identity(document: SopDocument) -> Section:
    facts = [
        *_facts(document, ("number", "title", "unit", "version"), document),
        *_facts(document.dates, ("created", "revised", "effective"), document),
        *_facts(document.approver, ("position", "name", "rank", "employee_number"), document),
    ]
    blocks = ("legal_basis", "qualifications", "related", "equipment", "warnings", "records")
    lists = tuple((_title(block), getattr(document, block)) for block in blocks if getattr(document, block))
    return Section("identity", gettext("Identity"), facts=tuple(facts), lists=lists)


def _actors(document: SopDocument) -> Section:
    return _table(document, "actors", ("name", "role", "government_wide", "named"), tuple(document.actors.values()))


def _kinds(document: SopDocument) -> Section:
    names = [in_words(kind_said(kind, document)) for kind in document.kinds]
    return _named_table(document, "kinds", document.kinds, ("answer_within",), gettext("Kind of report"), names)


def _channels(document: SopDocument) -> Section:
    names = [in_words(word(CHANNELS, channel)) for channel in document.channels]
    fields = ("first_response", "service_hours", "answer_in")
    return _named_table(document, "channels", document.channels, fields, gettext("Channel"), names)


def _horizons(document: SopDocument) -> Section:
    names = [in_words(horizon_said(horizon, document)) for horizon in document.horizons]
    fields = ("requires", "plans", "promised_within", "review_within")
    return _named_table(document, "horizons", document.horizons, fields, gettext("Horizon"), names)


def _templates(document: SopDocument) -> Section:
    lists = tuple(
        (in_words(word(TEMPLATES, code)), (template.text.id, template.text.en))
        for code, template in document.templates.items()
    )
    return Section("templates", _title("templates"), lists=lists)


def _obligations(document: SopDocument) -> Section:
    fields = ("name", "actor", "within", "clock", "starts_on", "met_by")
    plain = _table(document, "obligations", fields, document.obligations)
    rows = tuple(
        (*row, _ladder(obligation, document)) for row, obligation in zip(plain.rows, document.obligations, strict=True)
    )
    return Section(plain.code, plain.title, head=(*plain.head, _label("Obligation", "escalation")), rows=rows)


def _ladder(obligation: Obligation, document: SopDocument) -> str:
    return "; ".join(_rung(rung, document) for rung in obligation.escalation) or "–"


def _rung(rung: Rung, document: SopDocument) -> str:
    actor = in_words(actor_said(rung.to, document))
    if rung.after.amount == 0:
        return gettext("once it is late: %(actor)s") % {"actor": actor}
    return gettext("after %(span)s: %(actor)s") % {"span": in_words(span_said(rung.after)), "actor": actor}


def _handover(document: SopDocument) -> Section:
    rules = document.handover
    reasons = [_of(reason.name) for reason in rules.reasons]
    facts = tuple(_facts(rules, ("bounce_limit", "arbiter"), document))
    return Section("handover", _title("handover"), facts=facts, lists=((_label("Handover", "reasons"), reasons),))


def _closure(document: SopDocument) -> Section:
    closure = document.closure
    silences = [
        (_label("Closure", name), f"{_value(rule, 'within', document)}: {_value(rule, 'closes_as', document)}")
        for name, rule in (("after_answer", closure.after_answer), ("after_question", closure.after_question))
    ]
    other = ("evidence", "second_person", "citizen_confirms", "closed_time_counts")
    return Section("closure", _title("closure"), facts=(*silences, *_facts(closure, other, document)))


def _accounts(document: SopDocument) -> Section:
    rules = document.official_accounts
    facts = [
        (f"{_label('OfficialAccounts', name)}: {label}", said)
        for name, part, fields in (
            ("custody", rules.custody, ("actor", "at_least")),
            ("posting", rules.posting, ("drafted_by", "approved_by", "within")),
            ("response", rules.response, ("actor", "within")),
        )
        for label, said in _facts(part, fields, document)
    ]
    lists = [
        (_label("Posting", "without_approval"), [_of(kind) for kind in rules.posting.without_approval]),
        (_label("OfficialAccounts", "principles"), rules.principles),
        (_label("OfficialAccounts", "forbidden"), rules.forbidden),
    ]
    shown = tuple((name, lines) for name, lines in lists if lines)
    return Section("official_accounts", _title("official_accounts"), facts=tuple(facts), lists=shown)


def _steps(document: SopDocument) -> Section:
    fields = ("activity", "symbol", "actors", "completeness", "output", "note")
    plain = _table(document, "steps", fields, document.steps)
    extra = [(_time(step, document), _arrows(step, document)) for step in document.steps]
    rows = tuple(
        (str(number), *row, *more) for number, (row, more) in enumerate(zip(plain.rows, extra, strict=True), 1)
    )
    head = (gettext("No."), *plain.head, _label("Step", "time"), _label("Step", "next"))
    return Section(plain.code, plain.title, head=head, rows=rows)


def _time(step: Step, document: SopDocument) -> str:
    limits = [
        _value(obligation, "within", document)
        for obligation in document.obligations
        if obligation.code in step.obligations
    ]
    return "; ".join(filter(None, (step.time, *dict.fromkeys(limits))))


def _arrows(step: Step, document: SopDocument) -> str:
    return "; ".join(
        f"{_of(branch.when)}: {in_words(step_said(branch.to, document))}"
        if branch.when
        else in_words(step_said(branch.to, document))
        for branch in step.next
    )


def _of(words: Words) -> str:
    return words.of(get_language() or "id")


def plain(value: Any) -> str:
    """A value of a difference in words: sentences translated, texts as they stand."""
    return _words(value)
