"""The columns of the flow table and the measures of what is drawn in them. Millimetres throughout. Pure."""

from dataclasses import dataclass
from functools import cached_property

PAGE_WIDTH = 297.0
PAGE_HEIGHT = 210.0
MARGIN_X = 13.5
MARGIN_TOP = 17.0
MARGIN_BOTTOM = 15.0
WIDTH = PAGE_WIDTH - 2 * MARGIN_X
HEIGHT = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM

NUMBER = 8.0
HEADER_TOP = 5.5
"""The first line of the table's head; the second grows with the names of the lanes."""
WIDEST_LANE = 26.0
LANES_WIDTH = 112.0
MOST_LANES_WIDTH = 170.0
TEXT_COLUMNS = (("activity", 0.31), ("completeness", 0.19), ("time", 0.16), ("output", 0.17), ("note", 0.17))
"""How the room that the lanes leave is shared out."""

PAD = 1.2
"""Around the text of a cell."""
LANE_PAD = 0.7
"""Beside the name of a lane."""
ARRIVAL = 2.2
"""From the top of a row to the line on which arrows arrive."""
HEAD = 3.0
"""From that line down to the symbol: room for the head of the arrow."""
TRACK = 1.5
"""Between two lines side by side."""
FOOT = 2.2
WORD_FOOT = 2.4
"""More foot under a decision, for the words at its branches."""
CONNECTOR = 6.0
STRIP = 9.2
"""The height of a row of page connectors."""
SYMBOL_HEIGHTS = {"start": 6.6, "end": 6.6, "process": 7.0, "decision": 9.0}


@dataclass(frozen=True)
class Grid:
    """The columns for a number of lanes. x runs from the left edge of the table."""

    lanes: int

    @cached_property
    def lane_width(self) -> float:
        """The width of one lane."""
        room = LANES_WIDTH if self.lanes <= 9 else min(MOST_LANES_WIDTH, 12.4 * self.lanes)
        return min(WIDEST_LANE, room / max(1, self.lanes))

    @cached_property
    def columns(self) -> dict[str, tuple[float, float]]:
        """Left edge and width of each column with text; the lanes lie between activity and completeness."""
        room = WIDTH - NUMBER - self.lanes * self.lane_width
        found = {"number": (0.0, NUMBER)}
        x = NUMBER
        for name, share in TEXT_COLUMNS:
            found[name] = (x, room * share)
            x += room * share + (self.lanes * self.lane_width if name == "activity" else 0.0)
        return found

    @cached_property
    def first(self) -> float:
        """The left edge of the first lane."""
        x, width = self.columns["activity"]
        return x + width

    @cached_property
    def symbol_width(self) -> float:
        """The width of a symbol; what it leaves of the lane on each side is a channel for arrows."""
        return min(14.0, self.lane_width * 0.66)

    @cached_property
    def channel(self) -> float:
        """The width of the channel beside a symbol."""
        return (self.lane_width - self.symbol_width) / 2

    def centre(self, lane: int) -> float:
        """The middle of a lane."""
        return self.first + (lane + 0.5) * self.lane_width

    def channel_start(self, channel: int) -> float:
        """The left edge of a channel: two to a lane, counted from the left."""
        lane, right = divmod(channel, 2)
        left_edge = self.first + lane * self.lane_width
        return left_edge + (self.lane_width - self.channel if right else 0.0)


def row_height(symbol: str, text: float, exits: int) -> float:
    """The height of a row: of its text or of its symbol with the lines above and below, whichever is more."""
    return max(text + 2 * PAD, ARRIVAL + HEAD + SYMBOL_HEIGHTS[symbol] + foot(symbol, exits))


def foot(symbol: str, exits: int) -> float:
    """The room under a symbol, with `exits` lines that leave it downwards to go elsewhere."""
    return FOOT + exits * TRACK + (WORD_FOOT if symbol == "decision" else 0.0)
