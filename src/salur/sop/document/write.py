"""Writing an SOP document: the canonical form, and edits that leave every other byte as it was. Pure."""

import copy
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from salur.sop.document.layout import inline, literal, section_of
from salur.sop.document.marked_yaml import MarkedYaml, Path, Place, UnreadableYaml, name_of, read
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.document.schema import fields_at

_FACTS = frozenset({"starts_on", "met_by", "resumed_by"})
_HEADER = re.compile(r"[|>][0-9+-]*([ \t]+#[^\r\n]*)?")
_NOTHING = object()


class CannotEdit(ValueError):
    """The text cannot be changed in this place; `said` is the sentence for people. Nothing was changed."""

    def __init__(self, text: str, **params: object) -> None:
        self.said = Said(text, params)
        super().__init__(str(self.said))


def dump(document: SopDocument) -> str:
    """The one canonical text of a document, which `load` reads back as an equal one.

    Fields stand in the order of the schema, those equal to their default are left out; letters stay letters.
    """
    written = ""
    for name, value in _short(document.model_dump(exclude_defaults=True)).items():
        grouped = isinstance(value, dict | list) and any(
            isinstance(one, dict | list) for one in (value.values() if isinstance(value, dict) else value)
        )
        written += ("\n" if grouped and written else "") + section_of(name, value)
    return written


def set_section(text: str, section: str, value: Any) -> str:
    """The text with one field of the document replaced by the canonical form of `value`; None takes it out.

    Every other byte stays, comments and line ends included; comments inside the field go. A field that was not there
    comes behind the one that precedes it in the schema. A value that is there already changes no byte. `value` is
    plain data. The text need not be a valid SOP, but readable YAML.

    Raises UnreadableYaml, and CannotEdit where the change would touch something else.
    """
    marked, value = _editable(text), _plain(value)
    wanted = dict(marked.data)
    wanted.pop(section, None) if value is None else wanted.update({section: value})
    if _same(marked.data.get(section), value):
        return text
    if marked.places[()].flow or not marked.data:
        # A document inside one pair of braces has no lines of its own to keep.
        changed = "".join(section_of(name, one) for name, one in wanted.items())
    elif section in marked.data:
        changed = _replaced(text, marked.places[section,], section, value)
    else:
        changed = _inserted(text, marked, section, value)
    return _verified(changed, wanted, (section,))


def set_value(text: str, path: Path, value: Any) -> str:
    """The text with one value replaced in place; every other byte stays. None takes the value out.

    A path that is not there yet is added, and a list or mapping is replaced, by writing its section anew as
    `set_section` does. An emptied mapping goes with its last field. A value that is there already changes no byte.

    Raises UnreadableYaml, CannotEdit.
    """
    marked, value = _editable(text), _plain(value)
    if not path or not isinstance(path[0], str):
        raise CannotEdit(_("name the field that is to be changed"))
    old, place = _at(marked.data, path), marked.places.get(path)
    if (None if old is _NOTHING else old) == value or (old is not _NOTHING and _same(old, value)):
        return text
    wanted = copy.deepcopy(marked.data)
    _put(wanted, path, value)
    scalar = isinstance(value, str | int)
    if place is not None and place.kind == "scalar" and scalar:
        changed = _in_place(text, marked, path, place, value)
        if _reads_as(changed, wanted):
            return changed
    return set_section(text, path[0], wanted.get(path[0]))


def _editable(text: str) -> MarkedYaml:
    marked = read(text)
    if not isinstance(marked.data, dict):
        raise CannotEdit(_("the text is no list of fields; nothing can be changed in it field by field"))
    return marked


def _short(value: Any, name: str = "") -> Any:
    """A fact of which only the kind is asked is written as its kind."""
    if isinstance(value, dict):
        if name in _FACTS and set(value) == {"event"}:
            return value["event"]
        return {key: _short(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_short(one, name) for one in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int) else str(value)


def _same(one: Any, other: Any) -> bool:
    """Whether `load` takes two pieces of data for the same: the space around a text does not count."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return type(one) is type(other) and bool(one == other)


def _at(data: Any, path: Path) -> Any:
    for step in path:
        inside = isinstance(data, dict) if isinstance(step, str) else isinstance(data, list) and 0 <= step < len(data)
        if not inside or (isinstance(step, str) and step not in data):
            return _NOTHING
        data = data[step]
    return data


def _put(data: Any, path: Path, value: Any) -> None:
    """Puts a value into plain data. Raises CannotEdit where the way leads through something else."""
    step, rest = path[0], path[1:]
    if isinstance(step, str) if isinstance(data, list) else not (isinstance(data, dict) and isinstance(step, str)):
        raise CannotEdit(_("there is no place for %(field)s here"), field=name_of(path))
    if isinstance(step, int) and not 0 <= step <= len(data):
        raise CannotEdit(_("the list has %(count)s items; add the next one at its end"), count=len(data))
    there = step in data if isinstance(step, str) else step < len(data)
    if rest:
        if not there or data[step] is None:
            fresh: Any = [] if isinstance(rest[0], int) else {}
            data.append(fresh) if isinstance(data, list) and not there else data.__setitem__(step, fresh)
        _put(data[step], rest, value)
        if value is None and data[step] == {}:
            del data[step]
    elif value is None:
        if there:
            del data[step]
    elif isinstance(data, list) and not there:
        data.append(value)
    else:
        data[step] = value


def _reads_as(text: str, wanted: Any) -> bool:
    try:
        return _same(read(text).data, wanted)
    except UnreadableYaml:
        return False


def _verified(text: str, wanted: Any, path: Path) -> str:
    try:
        if _same(read(text).data, wanted):
            return text
    except UnreadableYaml as error:
        raise CannotEdit(error.flaws[0].said.text, **error.flaws[0].said.params) from error
    raise CannotEdit(
        _("%(field)s cannot be changed without touching the fields around it; edit the text"), field=name_of(path)
    )


def _line_end(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _rest_of_line(text: str, at: int) -> int:
    """Where the line ends on which `at` stands, its line end not included."""
    found = re.compile(r"[^\r\n]*").match(text, at)
    return found.end() if found else at


def _margin(text: str, at: int) -> str:
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return before if not before.strip(" ") else ""


def _written(text: str, section: str, value: Any, margin: str) -> str:
    """The section without its last line end, as it stands in this text."""
    lines = section_of(section, value).removesuffix("\n").split("\n")
    return _line_end(text).join([lines[0], *(margin + line if line else line for line in lines[1:])])


def _replaced(text: str, place: Place, section: str, value: Any) -> str:
    start = place.key or 0
    margin, end = _margin(text, start), _rest_of_line(text, place.end)
    if value is not None:
        return text[:start] + _written(text, section, value, margin) + text[end:]
    after = re.compile(r"\r?\n").match(text, end)
    return text[: start - len(margin)] + text[after.end() if after else end :]


def _inserted(text: str, marked: MarkedYaml, section: str, value: Any) -> str:
    order = fields_at(())
    rank = order.index(section) if section in order else len(order)
    before = [name for name in marked.data if (order.index(name) if name in order else len(order)) <= rank]
    first = marked.places[(before or list(marked.data))[-1 if before else 0],]
    margin = _margin(text, first.key or 0)
    written = _written(text, section, value, margin)
    if before:
        end = _rest_of_line(text, first.end)
        return text[:end] + _line_end(text) + margin + written + text[end:]
    start = first.key or 0
    return text[:start] + written + _line_end(text) + margin + text[start:]


def _in_place(text: str, marked: MarkedYaml, path: Path, place: Place, value: str | int | bool) -> str:
    flow = any(marked.places[path[:depth]].flow for depth in range(len(path)))
    header = _HEADER.match(text, place.start) if place.style in ("|", ">") else None
    remark = (header[1] or "") if header else ""
    tail = text[place.end :]
    if isinstance(value, str) and literal(value) and not flow:
        if not header:  # what stands behind a value of one line, stands behind the | now
            end = _rest_of_line(text, place.end)
            remark, tail = text[place.end : end], text[end:]
        written = _block(text, value, place, remark)
    else:
        written = inline(value, flow=flow) + remark
    gap = " " if place.start == place.end and text[place.start - 1 : place.start] in (":", "-") else ""
    return text[: place.start] + gap + written + tail


def _block(text: str, value: str, place: Place, remark: str) -> str:
    begin = place.start if place.key is None else place.key
    line = text[text.rfind("\n", 0, begin) + 1 : begin]
    column = len(line) if place.key is not None else len(line) - len(line.lstrip(" "))
    lines = [" " * (column + 2) + one if one else one for one in value.rstrip("\n").split("\n")]
    return _line_end(text).join(["|" + remark, *lines])
