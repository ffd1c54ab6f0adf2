"""What a section of the document looks like as a form: one node a field, derived from the types of the model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import EventMatcher
from salur.sop.document.values import Words
from salur.sop.words import Limit
from salur.worktime.spans import Span

Shape = Literal[
    "text", "lines", "number", "date", "flag", "choice", "choices", "words", "span", "within", "hours", "group", "items"
]
LIMITS: tuple[str, ...] = get_args(Limit)
REFERENCES = {
    "actor": "actors",
    "to": "actors",
    "arbiter": "actors",
    "drafted_by": "actors",
    "approved_by": "actors",
    "steps.actors": "lanes",
    "steps.obligations": "obligations",
    "paused_for": "pause_reasons",
    "next.to": "steps",
    "event": "events",
}
"""Fields that name another part of the document, and where their choices come from."""


@dataclass(frozen=True)
class Field:
    """The type of one field as the screen sees it.

    `name` is the field's own name; `type` what an item or a group is made of; `source` where the choices come from;
    `keyed` items stand under a code of their own (a mapping); `fixed` keys are given by the document's words. `part`
    is the name of the model that has the field.
    """

    name: str
    shape: Shape
    required: bool
    type: Any = None
    choices: tuple[str, ...] = ()
    source: str = ""
    keyed: bool = False
    fixed: tuple[str, ...] = ()
    optional: bool = False
    default: Any = None
    part: str = ""


def section_field(section: str) -> Field:
    """The shape of one top-level section. Raises KeyError for a section the document does not have."""
    return _with_default(SopDocument, section, "")


def fields_of(part: type[BaseModel], inside: str) -> tuple[Field, ...]:
    """The fields of one part in the order of the model; `inside` is the name of the field that holds the part."""
    return tuple(_with_default(part, name, inside) for name in part.model_fields)


def _with_default(part: type[BaseModel], name: str, inside: str) -> Field:
    info = part.model_fields[name]
    required = info.default is PydanticUndefined
    shape = shape_of(name, info.annotation, required, inside)
    return replace(shape, default=None if required else info.default, part=part.__name__)


def shape_of(name: str, annotation: Any, required: bool, inside: str) -> Field:
    """The shape of a field from its type."""
    kind, optional = _bare(annotation)
    if name == "service_hours":
        return Field(name, "hours", required, optional=True)
    if get_origin(kind) is tuple:
        return _list(name, get_args(kind)[0], required, inside, optional)
    if get_origin(kind) is dict:
        key, value = (_bare(one)[0] for one in get_args(kind))
        fixed = get_args(key) if get_origin(key) is Literal else ()
        return Field(name, "items", required, type=value, keyed=True, fixed=fixed)
    if kind is Words:
        return Field(name, "words", required, optional=optional)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Field(name, "group", required, type=kind, optional=optional)
    return _single(name, kind, required, inside, optional)


def _single(name: str, kind: Any, required: bool, inside: str, optional: bool) -> Field:
    source = REFERENCES.get(f"{inside}.{name}") or REFERENCES.get(name, "")
    if get_origin(kind) is Literal:
        return Field(name, "choice", required, choices=get_args(kind), optional=optional)
    if kind is Span:
        return Field(name, "span", required, optional=optional)
    if get_origin(kind) in (Union, UnionType):  # Span | Limit
        return Field(name, "within", required)
    if source:
        return Field(name, "choice", required, source=source, optional=optional)
    shapes: Mapping[Any, Shape] = {int: "number", bool: "flag", str: "text"}
    return Field(name, shapes.get(kind, "date"), required, optional=optional)


def _list(name: str, item: Any, required: bool, inside: str, optional: bool) -> Field:
    kind, _ = _bare(item)
    source = REFERENCES.get(f"{inside}.{name}") or REFERENCES.get(name, "")
    if get_origin(kind) is Literal:
        return Field(name, "choices", required, choices=get_args(kind))
    if source:
        return Field(name, "choices", required, source=source, optional=optional)
    if kind is str:
        return Field(name, "lines", required)
    return Field(name, "items", required, type=kind)


def _bare(annotation: Any) -> tuple[Any, bool]:
    """The type without its checks, and whether it may be left out."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        members = [one for one in get_args(annotation) if one is not NoneType]
        if len(members) < len(get_args(annotation)):
            return _bare(members[0])[0] if len(members) == 1 else Union[tuple(members)], True  # noqa: UP007  # built
    return annotation, False


@dataclass(frozen=True)
class Option:
    """One choice of a select or a row of checkboxes."""

    code: str
    label: str
    chosen: bool


@dataclass
class Node:
    """One field of the form, filled. `name` is that of its input; `place` is where it stands in the document.

    `items` of a list are groups; `key` is the code of an item of a mapping.
    """

    kind: Field
    name: str
    place: str
    value: Any = None
    key: str = ""
    children: list["Node"] = field(default_factory=list)
    items: list["Node"] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    label: str = ""
    options: list["Option"] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The identifier of the input on the page."""
        return f"f-{self.name}"


def fill(shape: Field, value: Any, name: str, place: str, errors: Mapping[str, list[str]]) -> Node:
    """The form of a field with the value that the document's text has: plain data as YAML gives it, or None."""
    if value is None and shape.shape in ("flag", "number", "choice"):
        value = shape.default
    node = Node(shape, name, place, value, errors=list(errors.get(place, [])))
    if shape.shape == "group":
        node.children = _children(shape.type, value, name, place, errors, shape.name)
    elif shape.shape == "items":
        node.items = _items(shape, value, name, place, errors)
    return node


def _children(
    part: type[BaseModel], value: Any, name: str, place: str, errors: Mapping[str, list[str]], inside: str
) -> list[Node]:
    if part is Words:
        return []
    if part is EventMatcher and isinstance(value, str):
        value = {"event": value}
    known = value if isinstance(value, dict) else {}
    return [
        fill(one, known.get(one.name), f"{name}-{one.name}", f"{place}.{one.name}", errors)
        for one in fields_of(part, inside)
    ]


def _items(shape: Field, value: Any, name: str, place: str, errors: Mapping[str, list[str]]) -> list[Node]:
    if shape.keyed:
        given = value if isinstance(value, dict) else {}
        keys = [*shape.fixed] if shape.fixed else list(given)
        pairs = [(key, given.get(key), f"{place}.{key}") for key in keys]
    else:
        rows = value if isinstance(value, list) else []
        pairs = [("", row, f"{place}[{number}]") for number, row in enumerate(rows)]
    found = []
    for number, (key, row, where) in enumerate(pairs):
        item = Node(shape, f"{name}-{number}", where, row, key=key, errors=list(errors.get(where, [])))
        if shape.type is Words:
            item.children = [fill(Field("", "words", True), row, f"{name}-{number}-words", where, {})]
        else:
            item.children = _children(shape.type, row, item.name, where, errors, shape.name)
        found.append(item)
    return found


def places_of(node: Node) -> Iterator[str]:
    """The places of the document at which a form can show an error."""
    yield node.place
    for one in (*node.children, *node.items):
        yield from places_of(one)
