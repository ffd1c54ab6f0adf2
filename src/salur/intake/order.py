"""The order of what was said in one instant. Pure."""

import re

Place = tuple[tuple[int, int, str], ...]
_RUNS = re.compile(r"(\d{1,300})|(\D+)")


def natural(text: str) -> Place:
    """A sort key by which numbers within an id count as numbers: `12:9` stands before `12:10`.

    Platforms count ids upwards, and two lines of one second differ in nothing else.
    """
    return tuple((0, int(run[1]), "") if run[1] else (1, 0, run[2]) for run in _RUNS.finditer(text))
