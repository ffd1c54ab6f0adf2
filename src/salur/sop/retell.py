"""An overlay told anew from the document that it shall give: for who edits a followed SOP on a screen. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from salur.sop.document.model import SopDocument
from salur.sop.inherit import apply
from salur.sop.overlay import AFTER, OWN, Overlay, spot

_Data = dict[str, Any]


def retold(overlay: Overlay, parent: SopDocument, wanted: SopDocument) -> Overlay:
    """The overlay that makes `wanted` of `parent`: it sets what differs, by path, and nothing else.

    Raises ValueError for a document that no overlay can give: one with another code.
    """
    if wanted.code != parent.code:
        raise ValueError(f"an overlay on {parent.code} cannot give {wanted.code}")
    old, new = parent.model_dump(mode="json"), wanted.model_dump(mode="json")
    own = {name: new[name] for name in OWN}
    sections = [name for name in SopDocument.model_fields if name not in OWN and name != "code"]
    fresh = replace(overlay, own=own, set=dict(_fields(sections, old, new, "")))
    if apply(parent, fresh) != wanted:
        raise ValueError("the overlay does not give the document that was asked for")
    return fresh


def _fields(names: Sequence[str], old: _Data, new: _Data, above: str) -> Iterator[tuple[str, Any]]:
    for name in names:
        yield from _field(f"{above}{name}", old.get(name), new.get(name))


def _field(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any]]:
    if old == new:
        return
    leads_to_items = isinstance(old, dict | list) and isinstance(new, dict | list) and _of_items(path)
    if leads_to_items:
        yield from _ordered(path, old, new) if isinstance(old, list) else _keyed(path, old, new)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _fields(list(dict.fromkeys([*old, *new])), old, new, f"{path}.")
    else:
        yield path, new


def _of_items(path: str) -> bool:
    """Whether the field holds items that have codes; any code will do to ask."""
    try:
        return spot(f"{path}.any").item
    except ValueError:
        return False


def _keyed(path: str, old: _Data, new: _Data) -> Iterator[tuple[str, Any]]:
    for code in dict.fromkeys([*old, *new]):
        if code in old and code in new:
            yield from _field(f"{path}.{code}", old[code], new[code])
        else:
            yield f"{path}.{code}", new.get(code)


def _ordered(path: str, old: list[_Data], new: list[_Data]) -> Iterator[tuple[str, Any]]:
    before, after = {item["code"]: item for item in old}, {item["code"]: item for item in new}
    placed = _in_place(list(before), list(after))
    for code in before:
        if code not in after:
            yield f"{path}.{code}", None
    behind = ""
    for code, item in after.items():
        if code in placed:
            yield from _field(f"{path}.{code}", before[code], item)
        else:
            plain = {name: value for name, value in item.items() if name != "code"}
            yield f"{path}.{code}", {AFTER: behind, **plain} if behind else plain
        behind = code


def _in_place(before: list[str], after: list[str]) -> set[str]:
    """The codes that keep their order; none where another one comes first, for nothing can be put before the first."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = {code for block in matcher.get_matching_blocks() for code in after[block.b : block.b + block.size]}
    return kept if not after or after[0] in kept else set()
