"""Reads a YAML text into plain data and remembers where each value stands. Pure."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from salur.sop.document.said import Said, _
from salur.sop.document.syntax import said_of

LARGEST = 400_000
"""Characters. A signed SOP of many pages is under a fifth of this; more is a mistake or an attack."""

DEEPEST = 30
"""Mappings and lists within one another. A document needs eight; the reader's time grows with the square of it."""

_NUMBER = re.compile(r"-?[1-9][0-9]{0,17}|0")
_INVISIBLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_CODED = 4 * LARGEST

Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and positions in lists, counted from 0."""


@dataclass(frozen=True)
class Flaw:
    """One thing wrong in a text: the line (from 1, 0 where the whole text is meant), the field, and the sentence."""

    line: int
    field: str
    said: Said


class UnreadableYaml(Exception):
    """The text is no YAML that we accept; `flaws` says where and why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("; ".join(f"line {flaw.line}: {flaw.said}" for flaw in self.flaws))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its line from 1, and from which character of the text to which (exclusive), counted from 0.

    `key` is where its key begins, for a value of a mapping. `style` is that of a scalar: "" plain, or one of ' " | >.
    `flow` tells a collection written with { or [.
    """

    line: int
    start: int
    end: int
    key: int | None
    kind: Literal["scalar", "mapping", "list"]
    style: str = ""
    flow: bool = False


@dataclass(frozen=True)
class MarkedYaml:
    """Plain data (mappings, lists, texts, whole numbers, booleans, None) and the place of every path in it."""

    data: Any
    places: dict[Path, Place] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of a path; for a path that is not in the text, the line of its nearest parent."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path].line if path in self.places else 1

    def line_at(self, written: str) -> int:
        """The line of a field written as `name_of` writes it, such as `obligations[2].within`, or of its parent."""
        lines = {name_of(path): place.line for path, place in self.places.items()}
        while written and written not in lines:
            written = written[: max(written.rfind("."), written.rfind("["), 0)]
        return lines.get(written, 1)


def name_of(path: Path) -> str:
    """A path as people read it: `obligations[2].within`."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def decoded(raw: bytes) -> str:
    """The text of a file, byte for byte: line ends and a byte order mark stay. Raises UnreadableYaml."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _whole(_("the file is written in UTF-16; save it as UTF-8 and try again"))
    if len(raw) > _LONGEST_CODED:
        raise _whole(
            _("the file has %(size)s bytes, which is far more than an SOP needs; at most %(most)s characters are read"),
            size=len(raw),
            most=LARGEST,
        )
    if b"\0" in raw:
        raise _whole(_("this is no text file; export the SOP as YAML text and give that file"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = Said(_("this line has a character that is not written in UTF-8; save the file as UTF-8 and try again"))
        raise UnreadableYaml([Flaw(line, "", said)]) from error


def read(text: str) -> MarkedYaml:
    """Reads one YAML document.

    Keys are always text, `yes` and `on` are text and not truth, dates stay text. Refused, because an official cannot
    see what they do: keys written twice, anchors and aliases, tags, control characters.

    Raises UnreadableYaml.
    """
    if len(text) > LARGEST:
        raise _whole(_("the text has %(size)s characters; at most %(most)s are read"), size=len(text), most=LARGEST)
    if found := _INVISIBLE.search(text):
        said = Said(_("an invisible character stands here that no text may have (U+%(code)s); delete it"), _code(found))
        raise UnreadableYaml([Flaw(text.count("\n", 0, found.start()) + 1, "", said)])
    reading = _Reading(text)
    try:
        data = reading.document()
    except yaml.MarkedYAMLError as error:
        # What is opened and not closed, or begun and no field, shows only later; people look for where it began.
        begun = re.search("simple key|quoted scalar|flow (sequence|mapping)", error.context or "")
        mark = (error.context_mark if begun else None) or error.problem_mark
        line = min(mark.line, text.rstrip().count("\n")) + 1 if mark else 1
        stopped: Any = error.problem_mark
        rest = text.removeprefix("\ufeff")[stopped.index :] if stopped else ""
        raise UnreadableYaml([Flaw(line, "", said_of(error.context or "", error.problem or "", rest))]) from error
    if reading.flaws:
        raise UnreadableYaml(reading.flaws)
    return MarkedYaml(data, reading.places)


def _whole(sentence: str, **params: object) -> UnreadableYaml:
    return UnreadableYaml([Flaw(0, "", Said(sentence, params))])


def _code(found: re.Match[str]) -> dict[str, str]:
    return {"code": f"{ord(found[0]):04X}"}


class _Reading:
    """One pass over the events of the parser; nothing is built from them but plain data."""

    def __init__(self, text: str) -> None:
        self._text = text
        # The parser takes a byte order mark off and does not count it.
        self._shift = int(text.startswith("\ufeff"))
        self._events = _events(text)
        self.places: dict[Path, Place] = {}
        self.flaws: list[Flaw] = []

    def document(self) -> Any:
        """The data of the one document. Raises yaml.MarkedYAMLError and UnreadableYaml."""
        event = next(self._events)
        while not isinstance(event, yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                raise _whole(_("the text is empty; write the SOP document"))
            event = next(self._events)
        data = self._value(next(self._events), (), None)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            said = Said(_("a second document begins here (after ---); one file holds one SOP, so delete what follows"))
            raise UnreadableYaml([*self.flaws, Flaw(_line(after), "", said)])
        return data

    def _value(self, event: yaml.Event, path: Path, key: yaml.Event | None) -> Any:
        self._refuse_shorthand(event, path)
        if len(path) > DEEPEST:
            said = Said(_("lists and fields stand more than %(most)s deep within one another"), {"most": DEEPEST})
            raise UnreadableYaml([*self.flaws, Flaw(_line(event), name_of(path[:3]), said)])
        line, at = _line(key or event), None if key is None else self._at(key.start_mark)
        start = self._at(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            end = self._end_of(event)
            self.places[path] = Place(line, start, end, at, "scalar", event.style or "")
            return self._scalar(event, path)
        # Put in before its parts, so that places stand in the order of the text; the end is known only after them.
        kind: Literal["mapping", "list"] = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
        flow = bool(getattr(event, "flow_style", False))
        self.places[path] = Place(line, start, start, at, kind, flow=flow)
        data, end = self._mapping(path, start) if kind == "mapping" else self._list(path, start)
        self.places[path] = Place(line, start, end, at, kind, flow=flow)
        return data

    def _mapping(self, path: Path, start: int) -> tuple[dict[str, Any], int]:
        plain: dict[str, Any] = {}
        end = start
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                said = Said(_("a field name must be one word; a text that begins with { or [ needs quotes"))
                raise UnreadableYaml([*self.flaws, Flaw(_line(key), name_of(path), said)])
            self._refuse_shorthand(key, path)
            inner = (*path, key.value)
            if key.value in plain:
                said = Said(
                    _("is written twice, first on line %(first)s; keep one of the two"),
                    {"first": self.places[inner].line},
                )
                self.flaws.append(Flaw(_line(key), name_of(inner), said))
                kept, self.places = self.places, {}
                self._value(next(self._events), inner, key)
                self.places = kept
                continue
            plain[key.value] = self._value(next(self._events), inner, key)
            end = self.places[inner].end
        return plain, self._closed(key, end)

    def _list(self, path: Path, start: int) -> tuple[list[Any], int]:
        plain: list[Any] = []
        end = start
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            inner = (*path, len(plain))
            plain.append(self._value(event, inner, None))
            end = self.places[inner].end
        return plain, self._closed(event, end)

    def _closed(self, event: yaml.Event, end: int) -> int:
        # The end of a block is only noticed at what follows it; that of { } and [ ] is a character of its own.
        start, after = self._at(event.start_mark), self._at(event.end_mark)
        return after if after > start else end

    def _end_of(self, event: yaml.ScalarEvent) -> int:
        start, end = self._at(event.start_mark), self._at(event.end_mark)
        # The blank lines after a block are layout.
        return start + len(self._text[start:end].rstrip()) if event.style in ("|", ">") else end

    def _at(self, mark: Any) -> int:
        return int(mark.index) + self._shift

    def _refuse_shorthand(self, event: yaml.Event, path: Path) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            said = Said(
                _("a word that begins with & or * is YAML shorthand, which is not read; write it out or quote it")
            )
        elif getattr(event, "tag", None):
            said = Said(_("a word that begins with ! is a YAML tag, which is not read; put the text in quotes"))
        else:
            return
        raise UnreadableYaml([*self.flaws, Flaw(_line(event), name_of(path), said)])

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> str | int | bool | None:
        text: str = event.value
        if found := _INVISIBLE.search(text):
            said = Said(_("has an invisible character that no text may have (U+%(code)s); delete it"), _code(found))
            self.flaws.append(Flaw(_line(event), name_of(path), said))
        # A style (quotes, | or >) says that the writer means text.
        if event.style:
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        # Only a number that is written as numbers are: 007 and 1_000 stay text and lose no digit.
        return int(text) if _NUMBER.fullmatch(text) else text


def _line(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


def _events(text: str) -> Iterator[yaml.Event]:
    parser = yaml.CSafeLoader(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()
