"""Where everything stands on one page of the flow table. Millimetres from its upper left corner. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from salur.sop.printing.grid import (
    ARRIVAL,
    CONNECTOR,
    HEAD,
    HEADER_TOP,
    LANE_PAD,
    NUMBER,
    PAD,
    STRIP,
    SYMBOL_HEIGHTS,
    TEXT_COLUMNS,
    TRACK,
    WIDTH,
    Grid,
    foot,
)
from salur.sop.printing.pages import Connector, Sheet
from salur.sop.printing.routes import Arrow, Link, Shape, Stop, arrows
from salur.sop.printing.rows import Row
from salur.sop.printing.words import flow_word
from salur.sop.printing.words_at_arrows import Place, Size, WordPlace, words_at

Rule = tuple[float, float, float, float]


@dataclass(frozen=True)
class Head:
    """The head of the table: the names of the lanes, the height of their line, whether they stand upright."""

    lanes: tuple[str, ...]
    height: float
    turned: bool
    language: str

    @property
    def bottom(self) -> float:
        """Where the rows begin."""
        return HEADER_TOP + self.height


@dataclass(frozen=True)
class Table:
    """The whole flow table before it is laid out on pages: heights of the rows, sizes of the words at branches."""

    grid: Grid
    head: Head
    rows: tuple[Row, ...]
    heights: tuple[float, ...]
    words: Mapping[str, Sequence[Size]]


@dataclass(frozen=True)
class Cell:
    """A text in its rectangle; `kind` is a style of chart.typ."""

    place: Place
    text: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """One page: the lines of the table, its texts, symbols, the lines that join symbols, arrows and their words."""

    height: float
    rules: tuple[Rule, ...]
    cells: tuple[Cell, ...]
    shapes: tuple[Shape, ...]
    joins: tuple[Rule, ...]
    arrows: tuple[Arrow, ...]
    words: tuple[WordPlace, ...]


def draw(table: Table, sheet: Sheet) -> Drawing:
    """Everything on one page of the table."""
    grid = table.grid
    steps: dict[int, Stop] = {}
    connectors: dict[Connector, Stop] = {}
    cells = list(_head_cells(table))
    edges = [table.head.bottom]
    lines: list[int | tuple[Connector, ...]] = [*sheet.above, *range(sheet.first, sheet.last + 1), *sheet.below]
    for line in lines:
        top = edges[-1]
        level = len({stop.level for stop in (*steps.values(), *connectors.values())})
        if isinstance(line, int):
            edges.append(top + table.heights[line])
            cells.extend(_row_cells(table, line, top))
            if table.rows[line].lanes:
                steps[line] = _step(table, line, top, level)
        else:
            edges.append(top + STRIP)
            connectors.update({one: _connector(grid, one, top, level) for one in line})
    drawn = arrows(grid, list(_links(table.rows, steps, connectors)))
    shapes = [shape for stop in (*steps.values(), *connectors.values()) for shape in stop.shapes]
    lanes = Place(grid.first, edges[0], grid.lanes * grid.lane_width, edges[-1] - edges[0])
    return Drawing(
        height=edges[-1],
        rules=tuple(_rules(grid, edges)),
        cells=tuple(cells),
        shapes=tuple(shapes),
        joins=tuple(_joins(steps)),
        arrows=tuple(drawn),
        words=tuple(words_at(drawn, shapes, table.words, lanes)),
    )


def _step(table: Table, place: int, top: float, level: int) -> Stop:
    row, grid = table.rows[place], table.grid
    height = SYMBOL_HEIGHTS[row.symbol]
    above = ARRIVAL + HEAD
    y = top + above + (table.heights[place] - above - foot(row.symbol, row.exits)) / 2
    shapes = tuple(Shape(row.symbol, lane, grid.centre(lane), y, grid.symbol_width, height) for lane in row.lanes)
    exits = tuple(y + height / 2 + TRACK * (number + 1) for number in range(row.exits))
    return Stop(level, shapes, top + ARRIVAL, exits)


def _connector(grid: Grid, one: Connector, top: float, level: int) -> Stop:
    # The longer gap is on the side where an arrow straight from or to the table has its head.
    y = top + STRIP - 0.6 - CONNECTOR / 2 if one.leaves and not one.up else top + 0.6 + CONNECTOR / 2
    width = min(CONNECTOR, grid.symbol_width)
    shape = Shape("connector", one.lane, grid.centre(one.lane), y, width, CONNECTOR, one.letter, one.up)
    return Stop(level, (shape,))


def _links(rows: Sequence[Row], steps: Mapping[int, Stop], connectors: Mapping[Connector, Stop]) -> Iterator[Link]:
    leaving = {one.target: stop for one, stop in connectors.items() if one.leaves}
    for place, stop in steps.items():
        for way in rows[place].ways:
            yield Link(stop, steps.get(way.to) or leaving[way.to], way.to, way.word)
    for one, stop in connectors.items():
        if not one.leaves:
            yield Link(stop, steps[one.target], one.target)


def _joins(steps: Mapping[int, Stop]) -> Iterator[Rule]:
    for stop in steps.values():
        for one, other in pairwise(sorted(stop.shapes, key=lambda shape: shape.lane)):
            yield one.right, one.y, other.left, other.y


def _rules(grid: Grid, edges: Sequence[float]) -> Iterator[Rule]:
    last = grid.first + grid.lanes * grid.lane_width
    quality_end = grid.columns["note"][0]
    yield 0.0, 0.0, WIDTH, 0.0
    yield grid.first, HEADER_TOP, quality_end, HEADER_TOP
    for y in edges:
        yield 0.0, y, WIDTH, y
    for x in (0.0, NUMBER, grid.first, last, quality_end, WIDTH):
        yield x, 0.0, x, edges[-1]
    inner = [grid.first + lane * grid.lane_width for lane in range(1, grid.lanes)]
    for x in (*inner, grid.columns["time"][0], grid.columns["output"][0]):
        yield x, HEADER_TOP, x, edges[-1]


def _head_cells(table: Table) -> Iterator[Cell]:
    grid, head = table.grid, table.head
    for name in ("number", "activity", "note"):
        x, width = grid.columns[name]
        yield Cell(Place(x, 0.0, width, head.bottom), flow_word(name, head.language), "head")
    start, end = grid.columns["completeness"][0], grid.columns["note"][0]
    lanes = grid.lanes * grid.lane_width
    yield Cell(Place(grid.first, 0.0, lanes, HEADER_TOP), flow_word("actors", head.language), "head")
    yield Cell(Place(start, 0.0, end - start, HEADER_TOP), flow_word("quality", head.language), "head")
    for name in ("completeness", "time", "output"):
        x, width = grid.columns[name]
        yield Cell(Place(x, HEADER_TOP, width, head.height), flow_word(name, head.language), "head")
    for lane, name in enumerate(head.lanes):
        x = grid.centre(lane) - grid.lane_width / 2
        side = 0.0 if head.turned else LANE_PAD
        place = Place(x + side, HEADER_TOP, grid.lane_width - 2 * side, head.height)
        yield Cell(place, name, "turned" if head.turned else "lane")


def _row_cells(table: Table, line: int, top: float) -> Iterator[Cell]:
    texts = table.rows[line].texts
    for name in ("number", *(name for name, _ in TEXT_COLUMNS)):
        x, width = table.grid.columns[name]
        pad = 0.0 if name == "number" else PAD
        place = Place(x + pad, top, width - 2 * pad, table.heights[line])
        yield Cell(place, texts[name], "number" if name == "number" else "cell")
