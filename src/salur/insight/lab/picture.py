"""The process map as a picture: kinds of facts below one another, ways between them as arcs. Pure.

Forward ways run on the right, ways back on the left; the thicker an arc, the more working time went that way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

MOST_NODES, MOST_EDGES = 14, 22
ROW, LEFT, BOX, RIGHT = 58, 190, 250, 330
HEIGHT = 34
WIDTH = LEFT + BOX + RIGHT
INK, FAINT, HOT = "#1f2d3d", "#8a97a6", "#b3261e"


@dataclass(frozen=True)
class _Way:
    first: int
    last: int
    label: str
    part: float


def picture(nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> str:
    """SVG of a map given as `json_form` writes it. `words` has "days" and "times", such as {"days": "hari kerja"}.

    The busiest facts and the ways that took most time are drawn; the table beside the picture has them all.
    """
    shown = _in_order([str(one["code"]) for one in nodes[:MOST_NODES]], edges)
    names = {str(one["code"]): (str(one["name"]), int(one["count"])) for one in nodes}
    place = {code: number for number, code in enumerate(shown)}
    drawn = [one for one in edges if one["began"] in place and one["ended"] in place and one["began"] != one["ended"]]
    ways = [
        _Way(place[str(one["began"])], place[str(one["ended"])], _label(one["time"], words), float(one["part"]))
        for one in drawn[:MOST_EDGES]
    ]
    height = ROW * max(len(shown), 1) + 20
    box = {"viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH), "height": str(height)}
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box, "font-family": "sans-serif"})
    for number, way in enumerate(sorted(ways, key=lambda one: one.part)):
        _arc(svg, way, hot=number >= len(ways) - 3)
    for code, row in place.items():
        _box(svg, row, *names[code])
    return tostring(svg, encoding="unicode")


def _label(time: Mapping[str, Any], words: Mapping[str, str]) -> str:
    median = time.get("median")
    days = "?" if median is None else f"{float(median):.1f}".replace(".", words.get("point", ","))
    return f"{days} {words['days']} · {time['count']} {words['times']}"


def _in_order(codes: Sequence[str], edges: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each fact before those that mostly follow it: by how many more cases go out to others than come from them."""
    known = set(codes)
    flow: dict[tuple[str, str], int] = {}
    for one in edges:
        if one["began"] in known and one["ended"] in known:
            flow[str(one["began"]), str(one["ended"])] = int(one["time"]["count"])
    left, ordered = list(codes), []
    while left:
        nets = {code: sum(flow.get((other, code), 0) - flow.get((code, other), 0) for other in left) for code in left}
        first = "case.opened" if "case.opened" in left else min(left, key=lambda code: (nets[code], codes.index(code)))
        ordered.append(first)
        left.remove(first)
    return ordered


def _middle(row: int) -> float:
    return row * ROW + 10 + HEIGHT / 2


def _box(svg: Element, row: int, name: str, count: int) -> None:
    at = {"x": str(LEFT), "y": str(row * ROW + 10), "width": str(BOX), "height": str(HEIGHT), "rx": "6"}
    SubElement(svg, "rect", {**at, "fill": "#fff", "stroke": INK, "stroke-width": "1.2"})
    text = {"x": str(LEFT + BOX / 2), "y": str(_middle(row) + 5), "text-anchor": "middle", "font-size": "13"}
    SubElement(svg, "text", {**text, "fill": INK}).text = f"{name[:34]} ({count})"


def _arc(svg: Element, way: _Way, *, hot: bool) -> None:
    forward = way.last > way.first
    side = LEFT + BOX if forward else LEFT
    top, end = _middle(way.first) + 4, _middle(way.last) - 4
    bulge = (22 + 20 * abs(way.last - way.first)) * (1 if forward else -1)
    bulge = max(-LEFT + 30, min(bulge, 150))
    path = f"M {side} {top:.1f} C {side + bulge:.1f} {top:.1f} {side + bulge:.1f} {end:.1f} {side} {end:.1f}"
    colour = HOT if hot else FAINT
    thick = f"{1 + 9 * sqrt(way.part):.2f}"
    SubElement(svg, "path", {"d": path, "fill": "none", "stroke": colour, "stroke-width": thick, "opacity": "0.8"})
    tip = 7 if forward else -7
    points = f"{side},{end:.1f} {side + tip},{end - 4:.1f} {side + tip},{end + 4:.1f}"
    SubElement(svg, "polygon", {"points": points, "fill": colour})
    if hot:
        where = {"x": f"{side + bulge * 0.75 + (6 if forward else -6):.1f}", "y": f"{(top + end) / 2 + 4:.1f}"}
        anchor = "start" if forward else "end"
        halo = {"stroke": "#fff", "stroke-width": "4", "paint-order": "stroke"}
        text = {**where, **halo, "text-anchor": anchor, "font-size": "12", "fill": HOT}
        SubElement(svg, "text", text).text = way.label
