"""The flow table of a document: cut into rows, measured, laid out on pages. Pure."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from salur.sop.document.model import SopDocument
from salur.sop.printing.chart import Cell, Drawing, Head, Table, draw
from salur.sop.printing.grid import HEADER_TOP, HEIGHT, LANE_PAD, PAD, TEXT_COLUMNS, WIDTH, Grid, row_height
from salur.sop.printing.pages import sheets
from salur.sop.printing.rows import lanes_of, rows_of, texts_of
from salur.sop.printing.typeset import Measured, measure, typeset
from salur.sop.printing.words import actor_words
from salur.sop.printing.words_at_arrows import Size

TALLEST_TEXT = 50.0
"""Millimetres. The text of a step that is taller goes on in a row of its own."""
TURNED_HEIGHTS = (20.0, 28.0, 40.0)
LEAST_HEAD, TALLEST_HEAD = 6.0, 40.0
ROOM = HEIGHT - 0.5


def flow_svg(document: SopDocument, language: str = "id") -> list[str]:
    """One SVG for each page of the flow table, for the preview on a screen. `language` is a language code."""
    pages = [page_data(drawing) for drawing in drawings(document, language)]
    return [svg.decode() for svg in typeset("flow.typ", {"pages": pages}, "svg")]


def drawings(document: SopDocument, language: str = "id") -> list[Drawing]:
    """The pages of the flow table, laid out. A document whose check finds errors is drawn as far as it makes sense."""
    table = _table(document, language)
    room = ROOM - table.head.bottom
    return [draw(table, sheet) for sheet in sheets(table.rows, table.heights, table.grid.lanes, room)]


def _table(document: SopDocument, language: str) -> Table:
    lanes = lanes_of(document)
    grid = Grid(len(lanes))
    cut, texts = _cut(grid, [texts_of(document, step, n, language) for n, step in enumerate(document.steps, start=1)])
    rows = rows_of(document, cut, language)
    heights = tuple(
        row_height(row.symbol, text, row.exits) if row.lanes else text + 2 * PAD
        for row, text in zip(rows, texts, strict=True)
    )
    words = sorted({way.word for row in rows for way in row.ways if way.word})
    names = tuple(actor_words(document, lane, language) for lane in lanes)
    return Table(grid, _head(grid, names, language), rows, heights, _words(grid, words))


def _cut(grid: Grid, steps: Sequence[dict[str, str]]) -> tuple[list[list[dict[str, str]]], list[float]]:
    """The texts of each step in parts of at most TALLEST_TEXT, and the heights of all parts in order."""
    columns = [name for name, _ in TEXT_COLUMNS]
    parts = {(step, name): [texts[name]] for step, texts in enumerate(steps) for name in columns}
    heights: dict[str, dict[str, float]] = {name: {} for name in columns}
    while True:
        new = [(name, text) for (_, name), cut in parts.items() for text in cut if text not in heights[name]]
        sizes = measure([(text, "cell", grid.columns[name][1] - 2 * PAD) for name, text in new])
        for (name, text), size in zip(new, sizes, strict=True):
            heights[name][text] = size[1]
        if all(heights[name][text] <= TALLEST_TEXT for name, text in new):
            break
        for (step, name), cut in parts.items():
            fits = [[text] if heights[name][text] <= TALLEST_TEXT else _halves(text) for text in cut]
            parts[step, name] = [text for pieces in fits for text in pieces]
    found: list[list[dict[str, str]]] = []
    tall: list[float] = []
    for step, texts in enumerate(steps):
        lines = list(zip_longest(*(parts[step, name] for name in columns), fillvalue=""))
        found.append([{**texts, **dict(zip(columns, line, strict=True))} for line in lines])
        tall.extend(
            max(heights[name].get(text, 0.0) for name, text in zip(columns, line, strict=True)) for line in lines
        )
    return found, tall


def _halves(text: str) -> list[str]:
    middle = len(text) // 2
    space = max(text.rfind(" ", 0, middle), text.rfind("\n", 0, middle))
    at = space + 1 if space > 0 else middle
    return [text[:at].rstrip(), text[at:].lstrip()]


def _head(grid: Grid, names: tuple[str, ...], language: str) -> Head:
    upright = measure([(name, "lane", grid.lane_width - 2 * LANE_PAD) for name in names])
    if all(widest <= grid.lane_width - 2 * LANE_PAD for _, _, widest in upright):
        tallest = max(height for _, height, _ in upright)
        if tallest <= TALLEST_HEAD / 2:
            return Head(names, max(LEAST_HEAD, tallest + 2 * PAD), False, language)
    for height in TURNED_HEIGHTS:
        turned = measure([(name, "turned", height - 1.0) for name in names])
        if all(size[1] <= grid.lane_width - 2 * LANE_PAD and size[2] <= height - 1.0 for size in turned):
            return Head(names, height, True, language)
    return Head(names, TALLEST_HEAD, True, language)


def _words(grid: Grid, words: Sequence[str]) -> dict[str, tuple[Size, ...]]:
    """The sizes of each word: in one line, broken to the width of a lane, and to that of a symbol."""
    widest = [size[2] for size in measure([(word, "word", WIDTH) for word in words])]
    widths = (WIDTH, grid.lane_width, grid.symbol_width * 0.7)
    sizes = [
        measure([(word, "word", max(width, least) + 0.1) for word, least in zip(words, widest, strict=True)])
        for width in widths
    ]
    return {word: tuple(map(_size, of_word)) for word, *of_word in zip(words, *sizes, strict=True)}


def _size(measured: Measured) -> Size:
    # A little more than measured, so that rounding never breaks a line that was measured as one.
    return measured[0] + 0.3, measured[1] + 0.3


def page_data(drawing: Drawing) -> dict[str, Any]:
    """A page as chart.typ takes it."""
    head = next(cell for cell in drawing.cells if cell.kind in ("lane", "turned"))
    return {
        "width": WIDTH,
        "height": drawing.height,
        "fills": [(0.0, 0.0, WIDTH, HEADER_TOP + head.place.height)],
        "rules": drawing.rules,
        "texts": [_text(cell) for cell in drawing.cells],
        "shapes": [
            {"kind": s.kind, "x": s.x, "y": s.y, "w": s.width, "h": s.height, "letter": s.letter, "up": s.up}
            for s in drawing.shapes
        ],
        "joins": drawing.joins,
        "arrows": [arrow.points for arrow in drawing.arrows],
        "words": [
            {"x": w.place.x, "y": w.place.y, "w": w.place.width, "h": w.place.height, "text": w.text}
            for w in drawing.words
        ],
    }


def _text(cell: Cell) -> dict[str, Any]:
    place = cell.place
    return {"x": place.x, "y": place.y, "w": place.width, "h": place.height, "text": cell.text, "kind": cell.kind}
