"""What a form of the editor says, as plain data for the document's text."""

import re
from typing import Any

from django.http import QueryDict

from salur.desk.sop_editor.shapes import LIMITS, Field, fields_of
from salur.sop.document.values import Words
from salur.sop.words import UNNAMED
from salur.worktime.hours import WEEKDAYS

_WHOLE = re.compile(r"-?[0-9]{1,10}")
_PLACE = re.compile(r"[0-9]{1,4}")
MOST_ITEMS = 300
"""Rows of one list that are read from a form. A text that has more is not shown in the editor."""


def read(shape: Field, form: QueryDict, name: str) -> Any:
    """The value of a field, None where it says what its default says: the text then does not name it at all."""
    value = _read(shape, form, name)
    left_out = not shape.required and not shape.optional and (value in ([], {}) or value == shape.default)
    return None if left_out else value


def _read(shape: Field, form: QueryDict, name: str) -> Any:
    match shape.shape:
        case "text" | "date":
            return _text(form, name) or (None if shape.optional or not shape.required else "")
        case "choice":
            return _text(form, name) or (None if shape.optional else "")
        case "number":
            written = _text(form, name)
            return int(written) if _WHOLE.fullmatch(written) else written
        case "flag":
            return bool(form.get(name))
        case "lines":
            return [line.strip() for line in _text(form, name).splitlines() if line.strip()]
        case "choices":
            return _choices(shape, form, name)
        case "words":
            said = {language: _text(form, f"{name}-{language}") for language in ("id", "en")}
            return said if any(said.values()) or not shape.optional else None
        case "span":
            return _span(form, name, shape.optional)
        case "within":
            limit = _text(form, f"{name}-limit")
            return limit if limit in LIMITS else _span(form, name, False)
        case "hours":
            return _hours(form, name)
        case "group":
            return _group(shape, form, name)
        case "items":
            return _items(shape, form, name)


def _text(form: QueryDict, name: str) -> str:
    return str(form.get(name) or "").replace("\r\n", "\n").replace("\x00", "").strip()


def _choices(shape: Field, form: QueryDict, name: str) -> list[str] | None:
    if shape.optional and form.get(f"{name}-all"):
        return None
    return [str(one) for one in form.getlist(name) if one]


def _span(form: QueryDict, name: str, optional: bool) -> str | None:
    amount, unit = _text(form, f"{name}-amount"), _text(form, f"{name}-unit")
    if not amount:
        return None if optional else ""
    return f"{amount} {unit}".strip()


def _hours(form: QueryDict, name: str) -> dict[str, list[str]] | None:
    written = {day: _text(form, f"{name}-{day}") for day in WEEKDAYS}
    week = {day: [part.strip() for part in text.split(",") if part.strip()] for day, text in written.items() if text}
    return week or None


def _group(shape: Field, form: QueryDict, name: str) -> dict[str, Any] | None:
    if shape.optional and not form.get(f"{name}-present"):
        return None
    return _part(shape, form, name)


def _part(shape: Field, form: QueryDict, name: str) -> dict[str, Any]:
    said = {one.name: read(one, form, f"{name}-{one.name}") for one in fields_of(shape.type, shape.name)}
    return {key: value for key, value in said.items() if value is not None}


def _rows(form: QueryDict, name: str) -> range:
    count = _text(form, f"{name}-count")
    return range(min(int(count), MOST_ITEMS) if count.isdecimal() and len(count) < 6 else 0)


def _items(shape: Field, form: QueryDict, name: str) -> Any:
    numbers = _rows(form, name)
    if shape.type is Words:
        words = Field("", "words", True)
        return [read(words, form, f"{name}-{number}-words") for number in numbers]
    parts = [_part(shape, form, f"{name}-{number}") for number in numbers]
    if not shape.keyed:
        return parts
    keys = [_text(form, f"{name}-{number}-key") for number in numbers]
    return {key or f"{UNNAMED}{number}": part for number, (key, part) in enumerate(zip(keys, parts, strict=True))}


def keys_twice(shape: Field, form: QueryDict, name: str) -> set[str]:
    """Codes that stand over two items of a mapping: one would swallow the other."""
    keys = [_text(form, f"{name}-{number}-key") for number in _rows(form, name)]
    return {key for key in keys if keys.count(key) > 1} if shape.keyed else set()


def change(data: Any, deed: str) -> Any:
    """A list or mapping after one deed of the screen, such as `add:obligations-2-escalation`, `up:steps-3`.

    Deeds are add, remove, up and down; the place is the name of the input. What does not fit changes nothing.
    """
    what, _, name = deed.partition(":")
    steps = [part for part in name.split("-") if part]
    if not steps:
        return data
    return _changed(data, steps[1:], what)


def _changed(data: Any, steps: list[str], what: str) -> Any:
    if what == "add" and not steps:
        return _added(data)
    if not steps:
        return data
    head, rest = steps[0], steps[1:]
    if isinstance(data, list) and _PLACE.fullmatch(head) and int(head) < len(data):
        place = int(head)
        if not rest and what != "add":
            return _moved(data, place, what)
        return [_changed(one, rest, what) if number == place else one for number, one in enumerate(data)]
    if isinstance(data, dict):
        if _PLACE.fullmatch(head) and int(head) < len(data):
            key = list(data)[int(head)]
            if not rest and what == "remove":
                return {name: one for name, one in data.items() if name != key}
            return {name: _changed(one, rest, what) if name == key else one for name, one in data.items()}
        return {**data, head: _changed(data.get(head), rest, what)}
    if data is None and what == "add":
        return _changed({}, steps, what)
    return data


def _added(data: Any) -> Any:
    if not isinstance(data, dict | list | None):
        return data
    if isinstance(data, dict):
        number = next(number for number in range(1, len(data) + 2) if f"{UNNAMED}{number}" not in data)
        return {**data, f"{UNNAMED}{number}": {}}
    return [*(data or []), {}]


def _moved(rows: list[Any], place: int, what: str) -> list[Any]:
    rows = list(rows)
    if what == "remove":
        del rows[place]
    elif what == "up" and place > 0:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    elif what == "down" and place + 1 < len(rows):
        rows[place + 1], rows[place] = rows[place], rows[place + 1]
    return rows
