"""Reads a YAML text into plain data and remembers on which line each field stands. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

LARGEST = 1_000_000
"""Characters. A signed SOP of many pages is under a tenth of this; more is a mistake or an attack."""

_NUMBER = re.compile(r"-?[1-9][0-9]{0,17}|0")

Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and positions in lists, counted from 0."""


@dataclass(frozen=True)
class Flaw:
    """One thing wrong in a text: the line (from 1, 0 where the whole text is meant), the field, and plain words."""

    line: int
    field: str
    message: str


class UnreadableYaml(Exception):
    """The text is no YAML that we accept; `flaws` says where and why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("; ".join(f"line {flaw.line}: {flaw.message}" for flaw in self.flaws))


@dataclass(frozen=True)
class MarkedYaml:
    """Plain data (mappings, lists, texts, whole numbers, booleans, None) and the line of every path in it."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of a path; for a path that is not in the text, the line of its nearest parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_at(self, written: str) -> int:
        """The line of a field written as `name_of` writes it, such as `obligations[2].within`."""
        return next((line for path, line in self.lines.items() if name_of(path) == written), 1)


def name_of(path: Path) -> str:
    """A path as people read it: `obligations[2].within`."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def read(text: str) -> MarkedYaml:
    """Reads one YAML document.

    Keys are always text, `yes` and `on` are text and not truth, dates stay text. Refused, because an official cannot
    see what they do: keys written twice, anchors and aliases, tags.

    Raises UnreadableYaml.
    """
    if len(text) > LARGEST:
        raise UnreadableYaml([Flaw(0, "", f"the text has {len(text):,} characters; at most {LARGEST:,} are read")])
    try:
        node = _Composer(text).get_single_node()
    except yaml.YAMLError as error:
        raise UnreadableYaml([_flaw_of(error, text)]) from error
    except RecursionError as error:
        raise UnreadableYaml([Flaw(0, "", "the text is nested too deeply")]) from error
    if node is None:
        raise UnreadableYaml([Flaw(0, "", "the text is empty; write the SOP document")])
    lines: dict[Path, int] = {}
    flaws: list[Flaw] = []
    data = _plain(node, (), lines, flaws)
    if flaws:
        raise UnreadableYaml(flaws)
    return MarkedYaml(data, lines)


class _Composer(yaml.SafeLoader):
    """The safe loader without anchors, aliases and tags: a few bytes of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        peek: Callable[[], Any] = self.peek_event
        event = peek()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="anchors (&) and aliases (*) are not accepted; write the value out, or put the text in quotes",
                problem_mark=event.start_mark,
            )
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(
                problem="tags (!) are not accepted; put the text in quotes", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)


def _flaw_of(error: yaml.YAMLError, text: str) -> Flaw:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        words = " ".join(part for part in (error.context, error.problem) if part)
        return Flaw(mark.line + 1 if mark else 0, "", words or "this is not YAML")
    position = getattr(error, "position", 0)
    return Flaw(text.count("\n", 0, position) + 1, "", "a character that YAML does not allow stands here; delete it")


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], flaws: list[Flaw]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, flaws)
    return [_plain(child, (*path, place), lines, flaws) for place, child in enumerate(node.value)]


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int], flaws: list[Flaw]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            flaws.append(Flaw(line, name_of(path), "a field name must be one word; a text with { or [ needs quotes"))
            continue
        inner = (*path, key.value)
        if key.value in plain:
            flaws.append(Flaw(line, name_of(inner), f"is written twice, first on line {lines[inner]}; keep one"))
            continue
        lines[inner] = line
        plain[key.value] = _plain(child, inner, lines, flaws)
    return plain


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text: str = node.value
    # A style (quotes, | or >) says that the writer means text.
    if node.style is not None:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    # Only a number that is written as numbers are: 007 and 1_000 stay text and lose no digit.
    return int(text) if _NUMBER.fullmatch(text) else text
