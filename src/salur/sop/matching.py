"""Matches two ordered lists by their keys: what came, what went, and what was moved. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

Key = tuple[str, int]
"""A key and the how-manyth of that key in its list, from 1."""

_LARGEST = 400
"""Rows between the first and the last one that differ, up to which the fewest moves are looked for."""


@dataclass(frozen=True)
class Match(Generic[T]):
    """One key in both lists, or in one. Places count from 0; None: not in that list."""

    key: Key
    old: T | None
    new: T | None
    old_place: int | None
    new_place: int | None
    moved: bool = False


def matched(old: Sequence[T], new: Sequence[T], key: Callable[[T], str]) -> list[Match[T]]:
    """Every key once, in the order of the new list, what went at the end.

    A key that stands twice in a list is counted: the first belongs to the first. `moved` marks as few keys as explain
    the order, and the same ones when old and new are exchanged.
    """
    before, after = _counted(old, key), _counted(new, key)
    still = _unmoved([name for name in before if name in after], [name for name in after if name in before])
    found = []
    for name in (*after, *(name for name in before if name not in after)):
        was, now = before.get(name), after.get(name)
        found.append(
            Match(
                name,
                None if was is None else old[was],
                None if now is None else new[now],
                was,
                now,
                moved=was is not None and now is not None and name not in still,
            )
        )
    return found


def _counted(items: Sequence[T], key: Callable[[T], str]) -> dict[Key, int]:
    seen: dict[str, int] = {}
    found: dict[Key, int] = {}
    for place, item in enumerate(items):
        name = key(item)
        seen[name] = seen.get(name, 0) + 1
        found[(name, seen[name])] = place
    return found


def _unmoved(old: list[Key], new: list[Key]) -> set[Key]:
    """The longest common order of two lists of the same keys."""
    first = next((place for place, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]), len(old))
    last = len(old)
    while last > first and old[last - 1] == new[last - 1]:
        last -= 1
    middle_old, middle_new = old[first:last], new[first:last]
    ends = {*old[:first], *old[last:]}
    return ends if len(middle_old) > _LARGEST else ends | _longest(middle_old, middle_new)


def _longest(old: list[Key], new: list[Key]) -> set[Key]:
    # Among several longest ones the weights choose one, and the same one in both directions.
    rank = {name: place for place, name in enumerate(sorted(old, key=repr))}
    weight = {name: (1 << len(old)) + (1 << rank[name]) for name in old}
    place = {name: spot for spot, name in enumerate(new)}
    best: dict[Key, tuple[int, Key | None]] = {}
    for name in old:
        earlier: Iterable[Key] = (other for other in best if place[other] < place[name])
        before = max(earlier, key=lambda other: best[other][0], default=None)
        best[name] = (weight[name] + (best[before][0] if before is not None else 0), before)
    chosen: set[Key] = set()
    at: Key | None = max(best, key=lambda name: best[name][0], default=None)
    while at is not None:
        chosen.add(at)
        at = best[at][1]
    return chosen
