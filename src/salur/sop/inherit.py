"""Following another government's SOP: laying an overlay over a version, and over the next one. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from salur.sop.compare import Difference, differences
from salur.sop.document.load import SopInvalid
from salur.sop.document.marked_yaml import Flaw, name_of
from salur.sop.document.model import SopDocument
from salur.sop.document.plain_words import said_plainly
from salur.sop.document.said import _
from salur.sop.document.schema import fields_at
from salur.sop.overlay import AFTER, OWN, Extends, Overlay, Spot, flaw, read_overlay, spot, written

__all__ = ["Conflicts", "Extends", "Overlay", "apply", "diverging", "read_overlay", "rebase", "written"]

_Data = dict[str, Any]


@dataclass(frozen=True)
class Conflicts:
    """What a government must see before it follows a revised version.

    `settled` paths say the same as the new version and need not be set any more. `vanished` holds what was set at
    paths that the new version does not have. `taken_over` are the changes of the new version that now hold here too,
    `hidden` those that do not, because something is set differently there.
    """

    settled: tuple[str, ...]
    vanished: Mapping[str, Any]
    taken_over: tuple[Difference, ...]
    hidden: tuple[Difference, ...]


def apply(parent: SopDocument, overlay: Overlay) -> SopDocument:
    """The document of a government that follows `parent`: the same but for what the overlay sets and has of its own.

    The order in which the overlay sets things means nothing. Raises SopInvalid, with lines of the overlay, for a path
    that the parent does not have (any more), and where the result is no valid document.
    """
    if (parent.code, parent.version) != (overlay.extends.sop, overlay.extends.version):
        text = _("names %(sop)s version %(version)s, but this is laid over %(given)s version %(other)s")
        names = {"sop": overlay.extends.sop, "version": overlay.extends.version}
        raise SopInvalid([flaw(overlay.marked, ("extends",), text, **names, given=parent.code, other=parent.version)])
    data = parent.model_dump(mode="json")
    flaws = list(_laid_over(data, overlay))
    if flaws:
        raise SopInvalid(flaws)
    data.update(overlay.own)
    try:
        return SopDocument.model_validate(data)
    except ValidationError as error:
        raise SopInvalid([_flaw(detail, data, overlay) for detail in error.errors(include_url=False)]) from error


def diverging(parent: SopDocument, child: SopDocument) -> list[Difference]:
    """Where a document differs from the one it follows, but for what is its own by nature (`overlay.OWN`)."""
    return [one for one in differences(parent, child) if one.path.split(".")[0] not in OWN]


def rebase(overlay: Overlay, new_parent: SopDocument, old_parent: SopDocument) -> tuple[Overlay, Conflicts]:
    """The overlay for the next version of the SOP it follows, and what that brings.

    `old_parent` is the version it was written for. The new overlay can be applied: what became equal and what vanished
    is not in it any more. Raises SopInvalid where the rest does not fit the new version.
    """
    data = new_parent.model_dump(mode="json")
    settled = {path for path, value in overlay.set.items() if value is None and not _there(data, spot(path))}
    left = {path: value for path, value in overlay.set.items() if path not in settled}
    vanished = _vanished(data, left)
    kept = {path: value for path, value in left.items() if path not in vanished}
    extends = overlay.extends.model_copy(update={"version": new_parent.version})
    carried = replace(overlay, extends=extends, set=kept)
    child = apply(new_parent, carried).model_dump(mode="json")
    settled |= {path for path in kept if _value(child, spot(path)) == _value(data, spot(path))}
    carried = replace(carried, set={path: value for path, value in kept.items() if path not in settled})
    changes = diverging(old_parent, new_parent)
    hidden = tuple(one for one in changes if _hides(carried.set, one.path))
    taken = tuple(one for one in changes if one not in hidden)
    return carried, Conflicts(tuple(sorted(settled)), vanished, taken, hidden)


def _hides(paths: Mapping[str, Any], changed: str) -> bool:
    return any(changed == path or changed.startswith(f"{path}.") for path in paths)


def _vanished(data: _Data, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What cannot be laid over a document: a thing that is not there, a place behind one that is not there."""
    lost: dict[str, Any] = {}
    while True:
        rest = {path: value for path, value in wanted.items() if path not in lost}
        more = [path for path in rest if not _fits(data, path, rest)]
        if not more:
            return lost
        lost |= {path: wanted[path] for path in more}


def _fits(data: _Data, path: str, wanted: Mapping[str, Any]) -> bool:
    leads = spot(path)
    if not leads.item or wanted[path] is None:
        return _there(data, leads)
    anchor = _anchor(wanted[path])
    return anchor is None or _there(data, _beside(leads, anchor)) or ".".join(_beside(leads, anchor).names) in wanted


def _anchor(value: Any) -> str | None:
    return value.get(AFTER) if value is not None else None


def _beside(leads: Spot, code: str) -> Spot:
    return replace(leads, names=(*leads.names[:-1], str(code)))


def _laid_over(data: _Data, overlay: Overlay) -> Iterator[Flaw]:
    """Changes plain data by what the overlay sets: first fields, then new and moved items, then what is taken away."""
    new: list[tuple[str, Spot, Any]] = []
    gone: list[Spot] = []
    for path, value in sorted(overlay.set.items()):
        leads = spot(path)
        if not (leads.item and value is not None) and not _there(data, leads):
            text = _("is not in version %(version)s of the SOP that is followed: delete it or name what is there")
            yield overlay.flaw(path, text, version=overlay.extends.version)
        elif not leads.item:
            _set_field(data, leads, value)
        elif value is None:
            gone.append(leads)
        elif _there(data, leads) and _anchor(value) is None:
            _put(data, leads, value)
        else:
            new.append((path, leads, value))
    yield from _inserted(data, new, overlay)
    for leads in gone:
        _take_away(data, leads)


def _inserted(data: _Data, new: list[tuple[str, Spot, Any]], overlay: Overlay) -> Iterator[Flaw]:
    """Items without a place first, each other one behind its own; those of one place in the order of their codes."""
    for _path, leads, _value_of in new:
        if _there(data, leads):
            _take_away(data, leads)
    waiting = sorted(new, key=lambda row: (_anchor(row[2]) is not None, row[0]))
    behind: dict[tuple[str, ...], int] = {}
    while waiting:
        ready = [row for row in waiting if (at := _anchor(row[2])) is None or _there(data, _beside(row[1], at))]
        if not ready:
            for path, _leads, value in waiting:
                yield overlay.flaw(path, _("stands after “%(code)s”, which is not there"), code=_anchor(value))
            return
        for path, leads, value in ready:
            anchor = _anchor(value)
            skipped = 0
            if anchor is not None:
                place = _beside(leads, anchor).names
                skipped = behind.get(place, 0)
                behind[place] = skipped + 1
            if anchor is not None and not leads.ordered:
                yield overlay.flaw(path, _("stands in no order: delete “after”"))
            _put(data, leads, value, skipped)
        put = {path for path, _leads, _value_of in ready}
        waiting = [row for row in waiting if row[0] not in put]


def _holder(data: _Data, names: Sequence[str]) -> Any:
    """What stands at a path of plain data, items of lists by their codes; None where the way ends."""
    at: Any = data
    for name in names:
        if isinstance(at, list):
            at = next((item for item in at if item["code"] == name), None)
        elif isinstance(at, dict):
            at = at.get(name)
        else:
            return None
    return at


def _there(data: _Data, leads: Spot) -> bool:
    """Whether an item is there, or the part that has the field."""
    return _holder(data, leads.names if leads.item else leads.names[:-1]) is not None


def _value(data: _Data, leads: Spot) -> Any:
    return _holder(data, leads.names)


def _set_field(data: _Data, leads: Spot, value: Any) -> None:
    part = _holder(data, leads.names[:-1])
    if value is None:
        part.pop(leads.names[-1], None)  # its default holds then
    else:
        part[leads.names[-1]] = value


def _put(data: _Data, leads: Spot, value: Any, skipped: int = 0) -> None:
    items, code = _holder(data, leads.names[:-1]), leads.names[-1]
    if not leads.ordered:
        items[code] = value
        return
    item = {**value, "code": code}
    anchor = item.pop(AFTER, None)
    codes = [one["code"] for one in items]
    if code in codes:
        items[codes.index(code)] = item
    else:
        items.insert(len(items) if anchor is None else codes.index(anchor) + 1 + skipped, item)


def _take_away(data: _Data, leads: Spot) -> None:
    items, code = _holder(data, leads.names[:-1]), leads.names[-1]
    if isinstance(items, dict):
        del items[code]
    else:
        items[:] = [item for item in items if item["code"] != code]


def _flaw(detail: Any, data: _Data, overlay: Overlay) -> Flaw:
    """A flaw of the result, on the line of the overlay that brought it."""
    path = tuple(step for step in detail["loc"] if step != "[key]")
    names = _by_codes(path, data)
    marked, said = overlay.marked, said_plainly(detail, fields_at)
    for length in range(len(names), 0, -1):
        set_at = ".".join(str(name) for name in names[:length])
        if set_at in overlay.set:
            return Flaw(marked.line_of(("set", set_at, *path[length:])), ".".join(map(str, names)), said)
    return Flaw(marked.line_of(("set",)), name_of(path), said)


def _by_codes(path: Sequence[str | int], data: Any) -> tuple[str | int, ...]:
    """A path with the codes of items instead of their positions."""
    names: list[str | int] = []
    at = data
    for step in path:
        at = _step(at, step)
        names.append(at["code"] if isinstance(step, int) and isinstance(at, dict) and "code" in at else step)
    return tuple(names)


def _step(at: Any, step: str | int) -> Any:
    if isinstance(at, dict):
        return at.get(step)
    return at[step] if isinstance(at, list) and isinstance(step, int) else None
