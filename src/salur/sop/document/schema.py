"""The JSON Schema of an SOP document, for editors that complete and check while one writes. Pure."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from salur.sop.document.fields import MEANING
from salur.sop.document.model import SopDocument
from salur.sop.words import EVENTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def json_schema() -> dict[str, Any]:
    """The schema, draft 2020-12: what `load` accepts of one document.

    What only the whole document shows (a code used twice, an unknown actor, a state without a way out) no schema can
    say; `load` and the proofs do.
    """
    schema = SopDocument.model_json_schema()
    parts = schema.pop("$defs")
    whole = {"SopDocument": schema, **parts}
    for name, part in whole.items():
        for field, about in part.get("properties", {}).items():
            about.pop("title", None)
            about["description"] = MEANING[name][field]
            if "patternProperties" in about:
                about["additionalProperties"] = False
        _take_numbers(part)
    parts["EventMatcher"] = _short_or_long(parts["EventMatcher"])
    return {"$schema": DIALECT, "title": "SOP", **{**schema, "title": "SOP"}, "$defs": parts}


def _short_or_long(matcher: dict[str, Any]) -> dict[str, Any]:
    """A fact may be written as its mere name."""
    events = sorted(EVENTS)
    matcher["properties"]["event"] = {"enum": events, "description": MEANING["EventMatcher"]["event"]}
    return {"description": matcher.get("description", ""), "anyOf": [{"enum": events}, matcher]}


def _take_numbers(schema: Any) -> None:
    """Texts may be written as bare whole numbers, as in `rank: 12`; what has a pattern may not."""
    if isinstance(schema, list):
        for one in schema:
            _take_numbers(one)
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and "pattern" not in schema and "enum" not in schema:
            schema["type"] = ["string", "integer"]
        for one in schema.values():
            _take_numbers(one)


def fields_at(path: Sequence[str | int]) -> tuple[str, ...]:
    """The fields that the place at a path may have, in the order of the canonical form; () where none are fixed."""
    here: list[dict[str, Any]] = [json_schema()]
    for step in path:
        here = [inner for schema in here for inner in _step(schema, step)]
    names = [name for schema in here for one in _alternatives(schema) for name in one.get("properties", {})]
    return tuple(dict.fromkeys(names))


def _step(schema: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
    for one in _alternatives(schema):
        if isinstance(step, int):
            if isinstance(one.get("items"), dict):
                yield one["items"]
        elif step in one.get("properties", {}):
            yield one["properties"][step]
        elif isinstance(one.get("additionalProperties"), dict):
            yield one["additionalProperties"]
        else:
            yield from one.get("patternProperties", {}).values()


def _alternatives(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield from _alternatives(json_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
        return
    yield schema
    for one in schema.get("anyOf", ()):
        yield from _alternatives(one)
