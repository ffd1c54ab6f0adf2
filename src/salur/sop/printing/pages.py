"""Which rows stand on which page, and the page connectors that a break needs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from salur.sop.printing.grid import STRIP
from salur.sop.printing.rows import Row


@dataclass(frozen=True)
class Connector:
    """A pentagon with a letter: where arrows leave a page for the row `target`, or come in for it.

    It points down where the flow goes to a later page or comes from an earlier one, else up.
    """

    letter: str
    target: int
    lane: int
    leaves: bool
    up: bool


@dataclass(frozen=True)
class Sheet:
    """One page: its rows from `first` to `last`, and the rows of connectors above and below them."""

    first: int
    last: int
    above: tuple[tuple[Connector, ...], ...] = ()
    below: tuple[tuple[Connector, ...], ...] = ()


def sheets(rows: Sequence[Row], heights: Sequence[float], lanes: int, room: float) -> list[Sheet]:
    """The rows over pages of `room` millimetres, each page as full as it may be."""
    found: list[Sheet] = []
    letters: dict[int, str] = {}
    first = 0
    while first < len(rows):
        best = None
        used = 0.0
        for last in range(first, len(rows)):
            used += heights[last]
            if best and used > room:
                break
            sheet = _sheet(rows, first, last, lanes)
            strips = STRIP * (len(sheet.above) + len(sheet.below))
            if best is None or used + strips <= room:
                best = sheet
        assert best is not None
        found.append(_lettered(best, letters))
        first = best.last + 1
    return found


def _lettered(sheet: Sheet, letters: dict[int, str]) -> Sheet:
    def named(strips: tuple[tuple[Connector, ...], ...]) -> tuple[tuple[Connector, ...], ...]:
        return tuple(
            tuple(
                Connector(
                    letters.setdefault(one.target, letter(len(letters))), one.target, one.lane, one.leaves, one.up
                )
                for one in strip
            )
            for strip in strips
        )

    return Sheet(sheet.first, sheet.last, named(sheet.above), named(sheet.below))


def letter(number: int) -> str:
    """A, B ... Z, AA, AB ... for 0, 1 ..."""
    return (letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def _sheet(rows: Sequence[Row], first: int, last: int, lanes: int) -> Sheet:
    above: list[_Wish] = []
    below: list[_Wish] = []
    bottom = next((place for place in range(last, first - 1, -1) if rows[place].lanes), None)
    top = next((place for place in range(first, last + 1) if rows[place].lanes), None)
    leaving: dict[int, int] = {}
    for place in range(first, last + 1):
        for way in rows[place].ways:
            # Where several rows lead to one connector, the bottom row has it beneath itself: its arrow is straight.
            if not first <= way.to <= last and (way.to not in leaving or (place == bottom and way.to == last + 1)):
                leaving[way.to] = place
    for target, source in leaving.items():
        one = Connector("", target, rows[source].lanes[0], leaves=True, up=target < first)
        straight = source == bottom and target == last + 1
        (above if one.up else below).append(_Wish(one, straight, _free_side(rows, source)))
    for target, up in _coming(rows, first, last):
        one = Connector("", target, rows[target].lanes[0], leaves=False, up=up)
        (below if up else above).append(_Wish(one, target == top, 1))
    return Sheet(first, last, tuple(reversed(_strips(above, lanes))), tuple(_strips(below, lanes)))


def _coming(rows: Sequence[Row], first: int, last: int) -> list[tuple[int, bool]]:
    sources = [
        (way.to, place)
        for place, row in enumerate(rows)
        if not first <= place <= last
        for way in row.ways
        if first <= way.to <= last
    ]
    by_target = groupby(sorted(sources), key=lambda one: one[0])
    return [(target, all(place > last for _, place in group)) for target, group in by_target]


@dataclass(frozen=True)
class _Wish:
    """A connector that is wanted near its lane; the nearest to the table if `straight`, else rather on one `side`."""

    connector: Connector
    straight: bool
    side: int


def _free_side(rows: Sequence[Row], source: int) -> int:
    """The side (1 right, -1 left) on which the arrow of a row to the next one does not leave."""
    following = next((row.lanes[0] for row in rows[source + 1 :] if row.lanes), 0)
    return 1 if following < rows[source].lanes[0] else -1


def _strips(wishes: list[_Wish], lanes: int) -> list[tuple[Connector, ...]]:
    """Strips from the table outwards, one connector a lane; those with a straight way to the table come first."""
    strips: list[dict[int, Connector]] = []
    for wish in sorted(wishes, key=lambda one: not one.straight):
        strip = next((taken for taken in strips if len(taken) < lanes), None)
        if strip is None:
            strips.append(strip := {})
        wished = wish.connector.lane
        free = (lane for lane in range(lanes) if lane not in strip)
        lane = min(free, key=lambda one: (abs(one - wished), (one - wished) * wish.side < 0))
        strip[lane] = replace(wish.connector, lane=lane)
    return [tuple(strip.values()) for strip in strips]
