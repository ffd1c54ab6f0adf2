"""The text by which a government follows another's SOP: which version, what differs, and what is its own. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from salur.sop.document.load import SopInvalid
from salur.sop.document.marked_yaml import Flaw, MarkedYaml, UnreadableYaml, name_of, read
from salur.sop.document.model import SopDocument
from salur.sop.document.paper import Approver, Dates, Revision
from salur.sop.document.plain_words import said_plainly
from salur.sop.document.said import Said, _
from salur.sop.document.values import Code, Part, Text

OWN = ("unit", "number", "version", "dates", "approver", "revisions")
"""What is never inherited.

Number, unit, approver and dates say who answers for the paper and since when: with another government's it would be
signed by nobody who may. The version counts this government's own signings, and the history tells of those.
"""

AFTER = "after"
"""In an item of a list: the code of the item behind which it stands; without it a new one stands last."""


class Extends(Part):
    """The signed version that is followed: government by its Kemendagri code, SOP by its code."""

    government: Text
    sop: Code
    version: Annotated[int, Field(ge=1, strict=True)]


class _Form(Part):
    extends: Extends
    unit: Text
    number: Text
    version: Annotated[int, Field(ge=1, strict=True)]
    dates: Dates
    approver: Approver
    revisions: tuple[Revision, ...] = ()
    set: dict[str, Any] = {}


@dataclass(frozen=True)
class Overlay:
    """What a government sets differently from the version it follows.

    `own` holds the fields of `OWN` as plain data, `set` values by path, such as `obligations.follow_up.within`; None
    takes something away. `marked` has the lines of the text.
    """

    extends: Extends
    own: Mapping[str, Any]
    set: Mapping[str, Any]
    marked: MarkedYaml = field(default_factory=lambda: MarkedYaml({}), compare=False, repr=False)

    def flaw(self, path: str, text: str, /, **params: object) -> Flaw:
        """Something wrong with what is set at a path, on its line."""
        return Flaw(self.marked.line_of(("set", path)), path, Said(text, params))


@dataclass(frozen=True)
class Spot:
    """Where a path leads: `item` to a whole item of a list or mapping, which its last name is the code of.

    `ordered` tells whether the item stands in an order; `field` is the field where the path leads to no item.
    """

    names: tuple[str, ...]
    item: bool
    ordered: bool = False
    field: FieldInfo | None = None


class NoSuchPath(ValueError):
    """A path that leads to no field; `said` says why."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(str(said))


def read_overlay(text: str) -> Overlay:
    """Reads an overlay from YAML. Raises SopInvalid with every flaw, each with its line and field.

    A path names things by their codes and is checked as far as it can be without the version it is laid over.
    """
    try:
        marked = read(text)
    except UnreadableYaml as error:
        raise SopInvalid(error.flaws) from error
    if not isinstance(marked.data, dict):
        raise SopInvalid(
            [flaw(marked, (), _("An overlay is a list of fields such as `extends:`; this is something else."))]
        )
    data = {name: value for name, value in marked.data.items() if (name, value) != ("set", None)}
    try:
        form = _Form.model_validate(data)
    except ValidationError as error:
        raise SopInvalid([_of_pydantic(detail, marked) for detail in error.errors(include_url=False)]) from error
    plain = form.model_dump(mode="json")
    overlay = Overlay(form.extends, {name: plain[name] for name in OWN}, form.set, marked)
    if flaws := list(_flaws(overlay)):
        raise SopInvalid(flaws)
    return overlay


def written(overlay: Overlay) -> str:
    """The text of an overlay, which `read_overlay` reads back; comments of an earlier text are not in it."""
    own = {name: value for name, value in overlay.own.items() if value or name != "revisions"}
    data = {"extends": overlay.extends.model_dump(mode="json"), **own, "set": dict(overlay.set)}
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def flaw(marked: MarkedYaml, path: tuple[str | int, ...], text: str, /, **params: object) -> Flaw:
    """One thing wrong at a path of the text."""
    return Flaw(marked.line_of(path), name_of(path), Said(text, params))


def spot(path: str) -> Spot:
    """Where a path leads in any document. Raises NoSuchPath."""
    names = tuple(path.split("."))
    if names[0] in OWN or names[0] == "code":
        raise NoSuchPath(Said(_("is not inherited and so cannot be set here: write it beside `set`")))
    model: type[Part] = SopDocument
    place = 0
    while True:
        found = model.model_fields.get(names[place])
        if found is None:
            raise NoSuchPath(Said(_("leads nowhere: “%(name)s” is no field here"), {"name": names[place]}))
        inner, ordered, of_items = _inside(found)
        last = place == len(names) - 1
        if of_items and last:
            raise NoSuchPath(
                Said(_("sets everything at once: name one by its code, such as %(path)s.code"), {"path": path})
            )
        if of_items:
            place += 1
        if place == len(names) - 1:
            return Spot(names, item=of_items, ordered=ordered, field=None if of_items else found)
        if inner is None:
            raise NoSuchPath(Said(_("leads too far: “%(name)s” has no fields of its own"), {"name": names[place]}))
        model, place = inner, place + 1


def _inside(found: FieldInfo) -> tuple[type[Part] | None, bool, bool]:
    """The part a field holds (None: a plain value), whether in an order, and whether by codes."""
    kind, inner = get_origin(found.annotation), get_args(found.annotation)
    if isinstance(found.annotation, type) and issubclass(found.annotation, Part):
        return found.annotation, False, False
    if kind is dict:
        return inner[1], False, True
    if kind is tuple and isinstance(inner[0], type) and issubclass(inner[0], Part) and "code" in inner[0].model_fields:
        return inner[0], True, True
    return None, False, False


def _flaws(overlay: Overlay) -> Iterator[Flaw]:
    for path, value in overlay.set.items():
        try:
            leads = spot(path)
        except NoSuchPath as error:
            yield overlay.flaw(path, error.said.text, **error.said.params)
            continue
        above = [".".join(leads.names[:length]) for length in range(1, len(leads.names))]
        for other in above:
            if other in overlay.set:
                yield overlay.flaw(path, _("is set together with %(other)s: keep one of them"), other=other)
        if value is None and leads.field is not None and leads.field.is_required():
            yield overlay.flaw(path, _("cannot be taken away: every SOP needs it"))
        if leads.item and not isinstance(value, dict | None):
            yield overlay.flaw(path, _("needs fields of its own below it; null takes it away"))
        elif leads.item and value is not None and value.get("code", leads.names[-1]) != leads.names[-1]:
            yield overlay.flaw(path, _("has another code than its path; leave the code away"))


def _of_pydantic(detail: Any, marked: MarkedYaml) -> Flaw:
    path = tuple(step for step in detail["loc"] if step != "[key]")
    return Flaw(marked.line_of(path), name_of(path), said_plainly(detail, _fields_at))


def _fields_at(path: Sequence[str | int]) -> Sequence[str]:
    """The fields beside `set`, for those who misspell one."""
    models: dict[tuple[str, ...], type[Part]] = {
        (): _Form,
        ("extends",): Extends,
        ("dates",): Dates,
        ("approver",): Approver,
    }
    model = models.get(tuple(step for step in path if isinstance(step, str)), Revision)
    return list(model.model_fields)


class _Dumper(yaml.SafeDumper):
    """Long texts stand as blocks, as people write them."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
