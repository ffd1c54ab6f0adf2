"""Where the words at the branches of decisions stand: beside their arrows, on no symbol and on no other word. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from salur.sop.printing.routes import Arrow, Point, Shape

GAP = 0.5
"""Millimetres between a word and its arrow."""
ON_SYMBOL, ON_WORD, ON_LINE, FARTHER = 1000.0, 1000.0, 12.0, 1.2
"""What it costs to stand on something, and to stand a millimetre farther from where the arrow begins."""

THIN = 0.1
"""The width of a line."""

SLICES = 8
BETWEEN = 1.5
"""Millimetres at least between two words on one height, so that they are not read as one."""

Size = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def wider(self, by: float) -> "Place":
        """With so much more on its left and right."""
        return Place(self.x - by, self.y, self.width + 2 * by, self.height)

    def overlap(self, other: "Place") -> float:
        """The area that both cover, in square millimetres."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)


@dataclass(frozen=True)
class WordPlace:
    """A word and where it stands."""

    text: str
    place: Place


def words_at(
    arrows: Sequence[Arrow], shapes: Sequence[Shape], sizes: Mapping[str, Sequence[Size]], inside: Place
) -> list[WordPlace]:
    """A place for the word of each arrow that has one. `sizes`: of each word, in one line and broken."""
    symbols = [part for shape in shapes for part in _parts(shape)]
    found: list[WordPlace] = []
    for arrow in arrows:
        if arrow.link.word:
            taken = [one.place.wider(BETWEEN) for one in found]
            best: tuple[float, Place] | None = None
            for size in sizes[arrow.link.word]:
                for far, place in _candidates(arrow.points, size):
                    if best and far * FARTHER >= best[0]:
                        break  # every other place of this size is farther still
                    cost = far * FARTHER + _cost(place, symbols, taken, inside)
                    cost += ON_LINE * sum(_on(place, one.points) for one in arrows)
                    if best is None or cost < best[0]:
                        best = cost, place
            if best:
                found.append(WordPlace(arrow.link.word, best[1]))
    return found


def _parts(shape: Shape) -> Iterator[Place]:
    """The rectangles that a symbol covers; a diamond in slices, as words may stand beside its slopes."""
    slices = SLICES if shape.kind == "decision" else 1
    height = shape.height / slices
    for number in range(slices):
        # Of a slice its wider edge counts, the one nearer to the middle.
        away = min(abs(number - slices / 2), abs(number + 1 - slices / 2)) / (slices / 2)
        width = shape.width * (1 - away if slices > 1 else 1)
        yield Place(shape.x - width / 2, shape.top + number * height, width, height)


def _candidates(points: Sequence[Point], size: Size) -> Iterator[tuple[float, Place]]:
    """Places beside the parts of a line, with how far along the line they are."""
    width, height = size
    walked = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        length = abs(ax - bx) + abs(ay - by)
        for step in range(int(length) + 1):
            if ay == by:
                x = ax + step if bx > ax else ax - step - width
                for y in (ay - height - GAP, ay + GAP):
                    yield walked + step, Place(x, y, width, height)
            else:
                y = ay + step if by > ay else ay - step - height
                for x in (ax + GAP, ax - width - GAP):
                    yield walked + step, Place(x, y, width, height)
        walked += length


def _cost(place: Place, symbols: Sequence[Place], taken: Sequence[Place], inside: Place) -> float:
    cost = sum(ON_SYMBOL for one in symbols if place.overlap(one) > 0)
    cost += sum(ON_WORD for one in taken if place.overlap(one) > 0)
    beyond = place.width * place.height - place.overlap(inside)
    return cost + (ON_SYMBOL if beyond > 0.01 else 0.0)


def _on(place: Place, points: Sequence[Point]) -> int:
    """How many level and upright parts of a line run through a place."""
    return sum(
        min(a[0], b[0]) < place.x + place.width
        and place.x < max(a[0], b[0]) + THIN
        and min(a[1], b[1]) < place.y + place.height
        and place.y < max(a[1], b[1]) + THIN
        for a, b in pairwise(points)
    )
