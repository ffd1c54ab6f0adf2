"""How plain data is laid out as YAML: one form for one content, and readable. Pure.

Texts that another YAML reader could take for something else (yes, 0123, 1e3, null) stand in quotes, texts of several
lines in a block, small groups and lists of words on one line while it is short.
"""

import json
import re
from datetime import date
from typing import Any

import yaml

from salur.sop.document.schema import fields_at

LONGEST_LINE = 110
"""Columns up to which a group or a list of words stays on one line."""

_STR = "tag:yaml.org,2002:str"
_PLAIN = re.compile("(?:[0-9]{1,5} )?[^\\W\\d_][^\0-\x1f\x7f-\xa0\u2028\u2029\ufeff]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_PLAIN = re.compile(r":(?: |$)| #| $")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:]")
_OTHERS_READ = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"})
_LITERAL = re.compile("[^\\s\0-\x1f\x7f-\xa0\u2028\u2029\ufeff](?:[^\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff])*")
_ESCAPES = {"\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P", "\ufeff": "\\uFEFF", "\x7f": "\\x7F"}


class _Emitter(yaml.SafeDumper):
    """Writes nodes as they are styled: whether a text may stand bare is decided here, not by what YAML 1.1 reads."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def section_of(name: str, value: Any) -> str:
    """One field of the document at the left margin, with all below it; ends with a line end.

    `value` is plain data: mappings, lists, texts, whole numbers, booleans, dates, None. Fields that the schema knows
    stand in its order. A text of several lines is read back with a line end at its end, which `load` strips.
    """
    node = yaml.MappingNode("tag:yaml.org,2002:map", [(_scalar(name), _node(value, (name,), 0))], flow_style=False)
    return str(yaml.serialize(node, Dumper=_Emitter, allow_unicode=True, width=10**6))


def inline(value: str | int | bool, *, flow: bool) -> str:
    """A scalar on one line, bare where that is safe."""
    written = _bare(value)
    return written if written is not None and _may_be_bare(value, flow=flow) else quoted(str(value))


def quoted(text: str) -> str:
    """A text in double quotes, its line ends and invisible characters as escapes."""
    return re.sub(
        "[\x7f\x85\xa0\u2028\u2029\ufeff]", lambda one: _ESCAPES[one[0]], json.dumps(text, ensure_ascii=False)
    )


def literal(text: str) -> bool:
    """Whether a text stands in a block of its own: several lines, none of them with what a block would hide."""
    text = text.rstrip("\n")
    return "\n" in text and _LITERAL.fullmatch(text) is not None and not re.search(r"[ \t]$|^\t", text, re.MULTILINE)


def _bare(value: object) -> str | None:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _may_be_bare(value: object, *, flow: bool) -> bool:
    if not isinstance(value, str):
        return True
    if _DAY.fullmatch(value):
        return True
    return (
        _PLAIN.fullmatch(value) is not None
        and not _NOT_PLAIN.search(value)
        and value.lower() not in _OTHERS_READ
        and not (flow and _NOT_IN_FLOW.search(value))
    )


def _node(value: Any, path: tuple[str | int, ...], column: int) -> yaml.Node:
    if isinstance(value, dict):
        return _mapping(value, path, column)
    if isinstance(value, list | tuple):
        children = [_node(one, (*path, place), column + 2) for place, one in enumerate(value)]
        words = all(isinstance(child, yaml.ScalarNode) and " " not in child.value for child in children)
        flow = not children or (words and all(map(_one_line, children)) and column + _width(children) <= LONGEST_LINE)
        return yaml.SequenceNode("tag:yaml.org,2002:seq", _in_flow(children) if flow else children, flow_style=flow)
    return _scalar(value)


def _mapping(value: dict[str, Any], path: tuple[str | int, ...], column: int) -> yaml.MappingNode:
    order = fields_at(path)
    names = [name for name in order if name in value] + [name for name in value if name not in order]
    children = [(_scalar(name), _node(value[name], (*path, name), column + 2)) for name in names]
    parts = [part for pair in children for part in pair]
    flow = not children or (len(path) > 1 and all(map(_one_line, parts)) and column + _width(parts) <= LONGEST_LINE)
    if flow:
        _in_flow(parts)
    return yaml.MappingNode("tag:yaml.org,2002:map", children, flow_style=flow)


def _scalar(value: Any) -> yaml.ScalarNode:
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str) and literal(value):
        return yaml.ScalarNode(_STR, value.rstrip("\n") + "\n", style="|")
    return yaml.ScalarNode(_STR, _bare(value), style=None if _may_be_bare(value, flow=False) else '"')


def _in_flow(nodes: list[yaml.Node]) -> list[yaml.Node]:
    for node in nodes:
        if isinstance(node, yaml.ScalarNode) and node.style is None and _NOT_IN_FLOW.search(node.value):
            node.style = '"'
    return nodes


def _one_line(node: yaml.Node) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return node.style != "|"
    return isinstance(node, yaml.SequenceNode) and bool(node.flow_style)


def _width(nodes: list[yaml.Node]) -> int:
    """Columns of a flow collection of these parts, quotes and separators included; never too few."""
    return 4 + sum(
        len(quoted(node.value)) + 2 if isinstance(node, yaml.ScalarNode) else _width(node.value) + 2 for node in nodes
    )
