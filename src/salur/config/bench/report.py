"""The report of a measurement, for people and for programs."""

from collections.abc import Iterator
from typing import Any

from salur.config.bench.figures import Figure
from salur.config.bench.machine import Machine
from salur.config.bench.peers import speed
from salur.config.bench.way import Way

HEAD = ("measure", "what", "unit", "min", "median", "p99", "n", "best peer", "times the peer")


def table(figures: list[Figure]) -> Iterator[str]:
    """The figures as lines of a table; the ratio is given at the median and, for times, at p99."""
    rows = [HEAD, *(_row(one) for one in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    for row in rows:
        cells = [
            cell.ljust(width) if place in (0, 1, 2, 7) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def notes(figures: list[Figure]) -> Iterator[str]:
    """What has to be said beside the figures."""
    for one in figures:
        if one.note:
            yield f"{one.name} ({one.unit}): {one.note}"
    if any(one.peer for one in figures):
        known = speed()
        yield f"Peers: {known['source']}, {known['measured']}; {known['machine']}; {known['population']}."
        yield f"Above 1 Salur is ahead; {known['caution']}."


def of_way(stage: str, way: Way) -> Iterator[str]:
    """What was seen of one stage of the way."""
    yield (
        f"{stage}: {len(way.files)} files, {len(way.functions)} functions, {len(way.calls)} calls from file to file, "
        f"{len(way.two_way)} two-way pairs (goal 0), {way.queries.total()} statements"
    )
    for a, b in way.two_way:
        yield f"  two-way: {a} ({way.examples[a, b]})  and  {b} ({way.examples[b, a]})"
    for file in way.files:
        called = sorted(callee for caller, callee in way.calls if caller == file)
        asked = f" [{way.queries[file]} statements]" if way.queries[file] else ""
        yield f"  {file}{asked}" + (f" -> {', '.join(called)}" if called else "")


def as_json(machine: Machine, figures: list[Figure], way: dict[str, Way]) -> dict[str, Any]:
    """Everything for --json."""
    return {
        "machine": {**machine.__dict__},
        "peers": {name: value for name, value in speed().items() if name != "rows"},
        "figures": [one.to_json() for one in figures],
        "way": {stage: one.to_json() for stage, one in way.items()},
    }


def _row(one: Figure) -> tuple[str, ...]:
    ratio = "-" if one.ratio is None else f"{one.ratio:.2f}"
    if one.ratio_p99 is not None:
        ratio += f" / {one.ratio_p99:.2f}"
    peer = "-"
    if one.peer:
        peer = f"{one.peer.name} {one.peer.median:g}" + (f"/{one.peer.p99:g}" if one.peer.p99 else "")
    p99 = "-" if one.p99 is None else _number(one.p99)
    return (one.measure, one.name, one.unit, _number(one.minimum), _number(one.median), p99, str(one.n), peer, ratio)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
