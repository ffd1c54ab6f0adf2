"""The drawn pages of the flow table: arrows end at symbols, words stand free, connectors come in pairs."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sop.drawn import sound, words_sound
from tests.sop.paper import of, plain, standard

from salur.sop.document.model import SopDocument
from salur.sop.printing.chart import Head, Table, draw
from salur.sop.printing.flow import ROOM, drawings
from salur.sop.printing.grid import Grid, row_height
from salur.sop.printing.pages import sheets
from salur.sop.printing.rows import Row, Way


@pytest.fixture(scope="module")
def document() -> SopDocument:
    return standard()


def test_a_document_with_errors_is_drawn_as_far_as_it_goes() -> None:
    changed = plain()
    changed["steps"][3]["actors"] = ["nobody"]
    changed["steps"][2]["next"][1]["to"] = "nowhere"
    changed["steps"][5]["obligations"] = ["unknown"]
    changed["steps"][8]["next"] = [{"to": "draft"}, {"to": "report"}]
    for page in drawings(of(changed)):
        sound(page)


def test_the_pages_of_the_standard_document_are_sound(document: SopDocument) -> None:
    for page in drawings(document):
        sound(page)
        words_sound(page)


@st.composite
def tables(make: st.DrawFn) -> Table:
    """A flow of up to 60 steps and 9 lanes: decisions with several ways, loops, steps of several actors."""
    lanes = make(st.integers(1, 9))
    count = make(st.integers(2, 60))
    rows = []
    heights = []
    for place in range(count):
        symbol = make(st.sampled_from(["process", "process", "decision"]))
        if place == 0:
            symbol = "start"
        elif place == count - 1:
            symbol = "end"
        held = make(st.lists(st.integers(0, lanes - 1), min_size=1, max_size=3, unique=True))
        ways: list[Way] = []
        if symbol == "decision":
            targets = make(st.lists(st.integers(0, count - 1), min_size=1, max_size=4, unique=True))
            ways = [Way(target, make(st.sampled_from(["Ya", "Tidak", "Perlu diperiksa"]))) for target in targets]
        elif symbol != "end":
            ways = [Way(place + 1 if make(st.booleans()) else make(st.integers(0, count - 1)))]
        row = Row(dict.fromkeys(("number", "activity", "completeness", "time", "output", "note"), ""), symbol)
        row = replace(row, lanes=tuple(held), ways=tuple(ways))
        rows.append(row)
        heights.append(row_height(symbol, make(st.sampled_from([3.0, 9.0, 30.0])), row.exits))
    grid = Grid(lanes)
    head = Head(tuple("x" for _ in range(lanes)), 8.0, False, "id")
    sizes = {"Ya": ((3.0, 2.2),), "Tidak": ((5.0, 2.2),), "Perlu diperiksa": ((13.0, 2.2), (8.0, 4.6))}
    return Table(grid, head, tuple(rows), tuple(heights), sizes)


@settings(max_examples=100, deadline=None)
@given(tables())
def test_any_flow_is_drawn_soundly(table: Table) -> None:
    made = sheets(table.rows, table.heights, table.grid.lanes, ROOM - table.head.bottom)
    assert [place for sheet in made for place in range(sheet.first, sheet.last + 1)] == list(range(len(table.rows)))
    left, right = table.grid.first, table.grid.first + table.grid.lanes * table.grid.lane_width
    leaving: dict[str, set[int]] = {}
    coming: dict[str, list[int]] = {}
    for sheet in made:
        page = draw(table, sheet)
        sound(page)
        words_sound(page)
        for arrow in page.arrows:
            for x, y in arrow.points:
                assert left < x < right and table.head.bottom < y < page.height
        connectors = [one for strip in (*sheet.above, *sheet.below) for one in strip]
        for one in connectors:
            if one.leaves:
                leaving.setdefault(one.letter, set()).add(one.target)
            else:
                coming.setdefault(one.letter, []).append(one.target)
        ways = [way for place in range(sheet.first, sheet.last + 1) for way in table.rows[place].ways]
        assert len(page.arrows) == len(ways) + sum(1 for one in connectors if not one.leaves)
    # Each letter leads to one step: it comes in once, wherever it left.
    assert leaving.keys() == coming.keys()
    assert all(leaving[letter] == set(coming[letter]) and len(coming[letter]) == 1 for letter in coming)
