"""Labels and choices for a form of the editor, in the language of the screen."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from salur.desk.sop_editor.labels import label_of, word_of
from salur.desk.sop_editor.shapes import LIMITS, Field, Node, Option, fields_of, section_field
from salur.sop.document.model import SopDocument
from salur.sop.words import EVENTS, NO_OFFICERS
from salur.worktime.hours import WEEKDAYS
from salur.worktime.spans import UNITS

Pairs = list[tuple[str, str]]
CODES = re.compile(r"\b(?:" + "|".join(map(re.escape, (*UNITS, *LIMITS, *EVENTS))) + r")\b")
STEPS = re.compile(r"([a-z_]\w*)|\[(\d+)\]")


def dress(node: Node, data: Mapping[str, Any]) -> Node:
    """Give a node and all below it their labels and choices; `data` is the whole document, for what names its parts."""
    node.label = label_of(node.kind.part, node.kind.name)
    node.options = _options(node, data)
    for child in node.children:
        dress(child, data)
    for number, item in enumerate(node.items, start=1):
        for child in item.children:
            dress(child, data)
        item.label = _title(item, node.kind.name, number)
    return node


def _options(node: Node, data: Mapping[str, Any]) -> list[Option]:
    shape, value = node.kind.shape, node.value
    if shape in ("choice", "choices"):
        pairs = _sources(node.kind.source, data) if node.kind.source else _words(node.kind.name, node.kind.choices)
        chosen = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)} if value else set()
        strangers = [(code, gettext("%(code)s (unknown)") % {"code": code}) for code in chosen - {c for c, _ in pairs}]
        if isinstance(value, list | tuple):  # in the order in which the text has them
            pairs.sort(key=lambda pair: list(value).index(pair[0]) if pair[0] in chosen else len(value))
        return [Option(code, label, code in chosen) for code, label in [*pairs, *strangers]]
    if shape in ("span", "within"):
        unit = _span_of(value)[1]
        return [Option(code, word_of("unit", code), code == unit) for code in UNITS]
    return []


def where_of(place: str, data: Mapping[str, Any]) -> str:
    """A place of the document as the screen calls it: `obligations[2].within` is "Obligations 3, Limit"."""
    section = place.partition(".")[0].partition("[")[0]
    if section not in SopDocument.model_fields:
        return place
    field: Field = section_field(section)
    said = [label_of(field.part, field.name)]
    for name, number in STEPS.findall(place[len(section) :]):
        below = fields_of(field.type, field.name) if field.shape in ("group", "items") else ()
        inner = next((one for one in below if one.name == name), None)
        if number:
            said[-1] += f" {int(number) + 1}"
        elif field.keyed and field.name == section and len(said) == 1:
            part = (data.get(section) or {}).get(name)
            said.append(_said(part, "") or word_of(section, name))
        elif inner is not None:
            field = inner
            said.append(label_of(field.part, field.name))
    return ", ".join(said)


def on_screen(sentence: str) -> str:
    """A sentence about the document with the words of the screen in place of the codes of its text."""
    return CODES.sub(_word_for, sentence)


def _word_for(code: re.Match[str]) -> str:
    name = code[0]
    return word_of("unit", name) if name in UNITS else f"“{word_of('limit' if name in LIMITS else 'event', name)}”"


def limits_of(node: Node) -> list[Option]:
    """What may stand in place of a span."""
    return [Option(code, word_of("limit", code), node.value == code) for code in LIMITS]


def hours_of(node: Node) -> list[tuple[str, str, str]]:
    """Weekday, its name, and the hours written for it."""
    week = node.value if isinstance(node.value, dict) else {}
    return [(day, word_of("day", day), ", ".join(map(str, week.get(day) or []))) for day in WEEKDAYS]


def amount_of(node: Node) -> str:
    """The number of a span as it is written."""
    return _span_of(node.value)[0]


def brief_of(node: Node) -> str:
    """A time limit or an actor in a few words; "" for every other field."""
    chosen = next((one.label for one in node.options if one.chosen), "")
    if node.kind.shape in ("span", "within"):
        limit = next((one.label for one in limits_of(node) if one.chosen), "")
        return limit or (f"{amount_of(node)} {chosen}" if amount_of(node) else "")
    return chosen if node.kind.source == "actors" else ""


def _span_of(value: Any) -> tuple[str, str]:
    if not isinstance(value, str) or value in LIMITS:
        return "", UNITS[0]
    amount, _, unit = value.strip().partition(" ")
    unit = unit.strip()
    return amount, unit if unit in UNITS else f"{unit}s" if f"{unit}s" in UNITS else UNITS[0]


def _words(field: str, codes: Iterable[str]) -> Pairs:
    return [(code, word_of(field, code)) for code in codes]


def _sources(source: str, data: Mapping[str, Any]) -> Pairs:
    if source == "events":
        return _words("event", sorted(EVENTS))
    if source == "lanes":
        return [*_sources("actors", data), *_words("lane", sorted(NO_OFFICERS))]
    part = data.get(source)
    if isinstance(part, dict):
        return [(code, _said(one, code)) for code, one in part.items()]
    rows = [one for one in part or [] if isinstance(one, dict) and one.get("code")]
    numbered = source == "steps"
    return [
        (one["code"], f"{number}. {_said(one, one['code'])}" if numbered else _said(one, one["code"]))
        for number, one in enumerate(rows, start=1)
    ]


def _said(part: Any, code: str) -> str:
    language = "en" if (get_language() or "id").startswith("en") else "id"
    names = [part.get(name) for name in ("name", "activity")] if isinstance(part, dict) else []
    return next((str(one.get(language) or code) for one in names if isinstance(one, dict)), code)


def _chosen(node: Node) -> str:
    label = next((one.label for one in node.options if one.chosen), "")
    return label.partition(". ")[2] if node.kind.source == "steps" else label


def _title(item: Node, field: str, number: int) -> str:
    part = item.value if isinstance(item.value, dict) else {"event": item.value}
    named = _said(part, "") or (str(part["id"]) if isinstance(part.get("id"), str) else "")
    named = named or next((_chosen(child) for child in item.children if child.kind.name in ("event", "to")), "")
    for name in ("code", "version"):
        named = named or str(part.get(name) or "")
    if item.key and not _said(part, ""):
        named = word_of(field, item.key)
    return f"{number}. {named}" if named else gettext("%(n)s. new") % {"n": number}
