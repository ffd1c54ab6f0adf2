"""What a drawn page of the flow table must hold."""

from itertools import combinations, pairwise

from salur.sop.printing.chart import Drawing
from salur.sop.printing.flow import ROOM
from salur.sop.printing.routes import Point, Shape
from salur.sop.printing.words_at_arrows import Place

EPS = 1e-6


def _corners(shape: Shape) -> list[Point]:
    return [(shape.x, shape.top), (shape.x, shape.bottom), (shape.left, shape.y), (shape.right, shape.y)]


def sound(page: Drawing) -> None:
    """Arrows run level or upright from a symbol to a symbol, through none, and never on another arrow."""
    for arrow in page.arrows:
        points = arrow.points
        assert any(points[0] in _corners(shape) for shape in arrow.link.source.shapes), points
        assert points[-1] in _corners(arrow.link.end.main), points
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), points
        for part in pairwise(points):
            assert not any(_through(part, shape) for shape in page.shapes), (points, page.shapes)
    for one, other in combinations(page.arrows, 2):
        if one.link.target != other.link.target and one.link.source != other.link.source:
            for part in pairwise(one.points):
                assert not any(_on_each_other(part, second) for second in pairwise(other.points)), (one, other)
    for one, other in combinations(page.shapes, 2):
        assert _box(one).overlap(_box(other)) == 0
    assert page.height <= ROOM + EPS


def _through(part: tuple[Point, Point], shape: Shape) -> bool:
    (ax, ay), (bx, by) = part
    return (
        max(ax, bx) > shape.left + EPS
        and min(ax, bx) < shape.right - EPS
        and max(ay, by) > shape.top + EPS
        and min(ay, by) < shape.bottom - EPS
    )


def _on_each_other(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    for along, across in ((0, 1), (1, 0)):
        level = {point[across] for point in (*one, *other)}
        if max(level) - min(level) < EPS:
            low = max(min(part[0][along], part[1][along]) for part in (one, other))
            high = min(max(part[0][along], part[1][along]) for part in (one, other))
            if high - low > EPS:
                return True
    return False


def _box(shape: Shape) -> Place:
    return Place(shape.left, shape.top, shape.width, shape.height)


def words_sound(page: Drawing) -> None:
    """Every word of a branch is there, on no symbol's middle and on no other word."""
    assert len(page.words) == sum(1 for arrow in page.arrows if arrow.link.word)
    for one, other in combinations(page.words, 2):
        assert one.place.overlap(other.place) == 0, (one, other)
    for word in page.words:
        for shape in page.shapes:
            inner = Place(shape.x - shape.width / 4, shape.y - shape.height / 4, shape.width / 2, shape.height / 2)
            assert word.place.overlap(inner) == 0, (word, shape)
