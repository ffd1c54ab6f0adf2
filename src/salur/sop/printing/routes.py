"""The arrows of one page of the flow table: from symbol to symbol through the channels beside them. Pure.

No line touches a symbol that it does not begin or end at, by construction: upright lines run in the channels beside
the symbols, or down the middle of a lane between two rows that follow each other; level lines run above the symbols of
a row, below them, or outwards from the only step of a row. Lines lie on each other only where they come from one step
or go to one step.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from salur.sop.printing.grid import TRACK, Grid

Point = tuple[float, float]

BEND, CROSSING, SHARED_SIDE, ALONGSIDE = 7.0, 9.0, 90.0, 6.0
"""What a bend, a crossing, a second arrow from one side and a line beside another cost, in millimetres of way."""


@dataclass(frozen=True)
class Shape:
    """A symbol on the page: what it is, its lane, its middle, its size. A connector has a letter and may point up."""

    kind: str
    lane: int
    x: float
    y: float
    width: float
    height: float
    letter: str = ""
    up: bool = False

    @property
    def left(self) -> float:
        """The x of its left corner."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """The x of its right corner."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """The y of its highest point."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The y of its lowest point."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Stop:
    """Where arrows begin and end: the shapes of one step (the main one first), or one connector.

    `level` counts the rows of the page that have symbols; `arrival` is the y of the line on which arrows arrive;
    `exits` are the ys of lines below, free for arrows that leave downwards.
    """

    level: int
    shapes: tuple[Shape, ...]
    arrival: float = 0.0
    exits: tuple[float, ...] = ()

    @property
    def main(self) -> Shape:
        """The shape at which arrows arrive."""
        return self.shapes[0]

    @property
    def connector(self) -> bool:
        """Whether it leads to another page."""
        return self.main.kind == "connector"

    def outermost(self, right: bool) -> Shape:
        """The shape on the outside of one side."""
        return (max if right else min)(self.shapes, key=lambda shape: shape.lane)


@dataclass(frozen=True)
class Link:
    """An arrow that is wanted. `target` is the row it leads to, on whichever page."""

    source: Stop
    end: Stop
    target: int
    word: str = ""


@dataclass(frozen=True)
class Arrow:
    """An arrow as drawn: how it leaves its source, the upright way in `channel` at `x`, how it comes to its end.

    An arrow straight to the next row needs no channel: it is all in `leaving`.
    """

    link: Link
    side: str
    leaving: tuple[Point, ...]
    channel: int | None = None
    x: float = 0.0
    coming: tuple[Point, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """Its corners, from the symbol where it begins to the symbol where it ends."""
        if self.channel is None:
            return self.leaving
        return (*self.leaving, (self.x, self.leaving[-1][1]), (self.x, self.coming[0][1]), *self.coming)

    @property
    def upright(self) -> tuple[float, float]:
        """From which y to which y it takes up its channel."""
        ends = (self.leaving[-1][1], self.coming[0][1])
        return min(ends), max(ends)


def arrows(grid: Grid, links: Sequence[Link]) -> list[Arrow]:
    """The arrows for all links of a page, the nearest first, each where it is in nobody's way."""
    found: list[Arrow] = []
    order = sorted(range(len(links)), key=lambda place: (_distance(links[place]), place))
    for place in order:
        link = links[place]
        candidates = list(_straight(link)) or list(_around(grid, link, found))
        found.append(min(candidates, key=lambda one: _cost(one, found)))
    return _spread(grid, found)


def _distance(link: Link) -> tuple[bool, int]:
    return not _adjacent(link), abs(link.end.level - link.source.level)


def _adjacent(link: Link) -> bool:
    return link.end.level == link.source.level + 1


def _straight(link: Link) -> Iterator[Arrow]:
    """Ways to the very next row: straight down, sideways and down, or down and sideways."""
    start, end = link.source, link.end
    if not _adjacent(link):
        return
    if start.main.kind == "connector" and start.main.up or end.main.kind == "connector" and end.main.up:
        return
    x = end.main.x
    over = next((shape for shape in start.shapes if shape.lane == end.main.lane), None)
    if over:
        yield Arrow(link, "down", ((x, over.bottom), (x, end.main.top)))
        return
    for right in (True, False):
        edge = start.outermost(right)
        if not start.connector and (end.main.lane > edge.lane if right else end.main.lane < edge.lane):
            corner = (edge.right if right else edge.left, edge.y)
            yield Arrow(link, "right" if right else "left", (corner, (x, edge.y), (x, end.main.top)))
    if not end.connector:
        down = (start.main.x, start.main.bottom)
        bend = ((start.main.x, end.arrival), (x, end.arrival))
        yield Arrow(link, "down", (down, *bend, (x, end.main.top)))


def _around(grid: Grid, link: Link, found: Sequence[Arrow]) -> Iterator[Arrow]:
    """Ways through one channel: out at a side or below, along the channel, in from above or at a connector's side."""
    taken = {arrow.leaving[-1][1] for arrow in found if arrow.link.source == link.source}
    for channel in range(2 * grid.lanes):
        coming = _coming(link.end, channel)
        if coming:
            x = grid.channel_start(channel) + grid.channel / 2
            for side, leaving in _leaving(link.source, channel, taken):
                yield Arrow(link, side, leaving, channel, x, coming)


def _leaving(stop: Stop, channel: int, taken: set[float]) -> Iterator[tuple[str, tuple[Point, ...]]]:
    for right in (True, False):
        edge = stop.outermost(right)
        beside = 2 * edge.lane + right
        # A connector may have another one beside it, a step has only its own symbols between its outer ones.
        if channel == beside or (not stop.connector and (channel > beside if right else channel < beside)):
            yield "right" if right else "left", ((edge.right if right else edge.left, edge.y),)
    free = next((y for y in stop.exits if y not in taken), None)
    if free is not None:
        yield "down", ((stop.main.x, stop.main.bottom), (stop.main.x, free))


def _coming(stop: Stop, channel: int) -> tuple[Point, ...]:
    main = stop.main
    if not stop.connector:
        return (main.x, stop.arrival), (main.x, main.top)
    sides = {2 * main.lane: main.left, 2 * main.lane + 1: main.right}
    return ((sides[channel], main.y),) if channel in sides else ()


def _cost(arrow: Arrow, found: Sequence[Arrow]) -> float:
    points = arrow.points
    cost = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(points)) + BEND * len(points)
    for other in found:
        if other.link.target == arrow.link.target:
            continue
        if other.link.source == arrow.link.source and other.side == arrow.side:
            cost += SHARED_SIDE
        cost += CROSSING * crossings(points, other.points)
        if arrow.channel is not None and other.channel == arrow.channel and _meet(arrow.upright, other.upright):
            cost += ALONGSIDE
    return cost


def crossings(one: Sequence[Point], other: Sequence[Point]) -> int:
    """How often two lines of level and upright parts cross."""
    return sum(_cross(a, b, c, d) for a, b in pairwise(one) for c, d in pairwise(other))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    if (a[1] == b[1]) == (c[1] == d[1]):
        return False
    (level, upright) = ((a, b), (c, d)) if a[1] == b[1] else ((c, d), (a, b))
    left, right = sorted((level[0][0], level[1][0]))
    top, bottom = sorted((upright[0][1], upright[1][1]))
    return left < upright[0][0] < right and top < level[0][1] < bottom


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] + TRACK and other[0] < one[1] + TRACK


def _spread(grid: Grid, found: Sequence[Arrow]) -> list[Arrow]:
    """The arrows of each channel side by side; those that go to one step share a line."""
    placed = dict(enumerate(found))
    for channel in {arrow.channel for arrow in found if arrow.channel is not None}:
        spans: dict[int, tuple[float, float]] = {}
        for arrow in found:
            if arrow.channel == channel:
                low, high = spans.get(arrow.link.target, arrow.upright)
                spans[arrow.link.target] = min(low, arrow.upright[0]), max(high, arrow.upright[1])
        tracks: list[list[int]] = []
        for target in sorted(spans, key=lambda one: spans[one]):
            free = next((track for track in tracks if not any(_meet(spans[target], spans[o]) for o in track)), None)
            if free is None:
                tracks.append(free := [])
            free.append(target)
        for place, arrow in placed.items():
            if arrow.channel == channel:
                number = next(number for number, track in enumerate(tracks) if arrow.link.target in track)
                x = grid.channel_start(channel) + grid.channel * (number + 1) / (len(tracks) + 1)
                placed[place] = replace(arrow, x=x)
    return list(placed.values())
