"""Indexes over names of places, and the landmarks that are shipped. Pure: strings and numbers, no tables.

A citizen writes "Gadingrejo", "Gading Rejo" and "Gadingrrjo": names are kept joined, and from six letters on one
slip of a letter is forgiven.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import salur.places

_LANDMARKS = Path(salur.places.__file__).parent / "data/lampung_landmarks.csv"
_FORGIVEN_FROM = 6
# One tenth of a degree, about 11 km: a village's centroid lies in the cell of a point or in one beside it.
_CELLS = 10
_KM = 111.2
_FARTHEST_KM = 12.0


@dataclass(frozen=True, slots=True)
class LandmarkEntry:
    """A well-known place: the smallest area that we are sure it lies in, and what people call it."""

    name: str
    kind: str
    area_code: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Centre:
    """The middle of an area, in degrees (WGS 84)."""

    code: str
    latitude: float
    longitude: float


Grid = Mapping[tuple[int, int], tuple[Centre, ...]]


@lru_cache(maxsize=1)
def shipped_landmarks() -> tuple[LandmarkEntry, ...]:
    """The landmarks of `places/data/lampung_landmarks.csv` (written for this project; see SOURCES.md there)."""
    with _LANDMARKS.open(encoding="utf-8", newline="") as file:
        return tuple(
            LandmarkEntry(row["name"], row["kind"], row["area_code"], tuple(filter(None, row["aliases"].split("|"))))
            for row in csv.DictReader(file)
        )


def beginnings(names: Iterable[str]) -> frozenset[str]:
    """Every beginning of every name, the whole name too: what is not among them starts no name."""
    return frozenset(name[:length] for name in names for length in range(1, len(name) + 1))


def slips(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Names of six letters and more by everything that is left of them when a letter is dropped, and by themselves."""
    found: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        if len(name) >= _FORGIVEN_FROM:
            for form in _dropped(name):
                found.setdefault(form, []).append(name)
    return MappingProxyType({form: tuple(group) for form, group in found.items()})


def one_slip_away(written: str, index: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names that differ from what was written by one letter dropped, added, changed or swapped with the next."""
    if len(written) < _FORGIVEN_FROM - 1:
        return ()
    near = {name for form in _dropped(written) for name in index.get(form, ())}
    return tuple(sorted(name for name in near if _is_one_slip(written, name)))


def _dropped(name: str) -> Iterator[str]:
    yield name
    yield from {name[:place] + name[place + 1 :] for place in range(len(name))}


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one edit (drop, add, change, swap of neighbours) leads from one to the other; False for equals."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return longer[start + 1 :] == shorter[start:]
    swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    return swapped or one[start + 1 :] == other[start + 1 :]


def grid_of(centres: Iterable[Centre]) -> Grid:
    """Centres by their cell of a tenth of a degree."""
    found: dict[tuple[int, int], list[Centre]] = {}
    for centre in centres:
        found.setdefault(_cell(centre.latitude, centre.longitude), []).append(centre)
    return MappingProxyType({cell: tuple(group) for cell, group in found.items()})


def nearest(latitude: float, longitude: float, grid: Grid) -> tuple[str, float, float] | None:
    """The code of the nearest centre, its distance in kilometres, and that of the nearest one in another district.

    None for a point that is no point on earth, or farther than 12 km from every centre.
    """
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    row, column = _cell(latitude, longitude)
    around = (grid.get((row + up, column + right), ()) for up in (-1, 0, 1) for right in (-1, 0, 1))
    ranked = sorted((_distance(latitude, longitude, centre), centre.code) for centres in around for centre in centres)
    if not ranked or ranked[0][0] > _FARTHEST_KM:
        return None
    distance, code = ranked[0]
    rival = next((other for other, place in ranked if place[:8] != code[:8]), math.inf)
    return code, distance, rival


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return math.floor(latitude * _CELLS), math.floor(longitude * _CELLS)


def _distance(latitude: float, longitude: float, centre: Centre) -> float:
    """Kilometres on a flat map; good to a few metres in a hundred at this size."""
    east = (longitude - centre.longitude) * math.cos(math.radians(latitude))
    return math.hypot(latitude - centre.latitude, east) * _KM
