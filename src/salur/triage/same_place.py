"""Whether two matters can lie at one place: what they share, and what shows that they do not. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from salur.triage.same_marks import Mark, same_name, same_village, spoken_forms
from salur.triage.same_matter import Traits
from salur.triage.same_reasons import Difference, Sign

_FAR_KM = 2.0
_NEAR_KM = 0.15
_KM_APART = 1.0
_UNIQUE = frozenset(("house", "rt", "rw", "block"))
_CORNERS = frozenset(("pasar", "simpang", "terminal", "stasiun", "bundaran", "tugu", "lapangan", "rsud", "perlintasan"))
_SPOTS = frozenset(("village", "spot"))
_POINTLESS = frozenset(("village", "spot", "street", "alley", "house", "rt", "rw", "km", "block"))
_EARTH_KM = 6371.0
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ground:
    """What marks and areas of two matters say about the place: what is shared, and why it cannot be one place."""

    street: bool
    landmark: bool
    village: bool
    spot: bool
    spots_apart: bool
    district: bool
    regency: bool
    near: bool
    partly: bool
    apart: tuple[Sign, ...]


def ground_of(one: Traits, other: Traits) -> Ground:
    """What the places that two matters name say: what they share and what sets them apart."""
    apart: list[Sign] = []
    shared = {level: one.areas.get(level, _NONE) & other.areas.get(level, _NONE) for level in (2, 3, 4)}
    for level, difference in ((2, Difference.REGENCY), (3, Difference.DISTRICT), (4, Difference.VILLAGE)):
        here, there = one.areas.get(level), other.areas.get(level)
        if here and there and not shared[level]:
            apart.append(Sign(difference))
    kilometres = _kilometres(one.matter.point, other.matter.point)
    if kilometres is not None and kilometres > _FAR_KM:
        apart.append(Sign(Difference.POINT, f"{kilometres:.1f}"))
    street = _street(one, other)
    landmark, point, landmark_apart = _landmark(one, other)
    apart.extend(landmark_apart)
    if street is None and not point:
        apart.append(Sign(Difference.STREET))
    apart.extend(_numbers(one, other))
    if _villages_apart(one, other) and not shared[4]:
        apart.append(Sign(Difference.VILLAGE))
    spot, spots_apart = _spots(one, other)
    return Ground(
        street=bool(street),
        landmark=landmark,
        village=bool(shared[4]),
        spot=spot,
        spots_apart=spots_apart,
        district=bool(shared[3]),
        regency=bool(shared[2]),
        near=kilometres is not None and kilometres <= _NEAR_KM,
        partly=_strays(one, other) and _strays(other, one),
        apart=tuple(apart),
    )


def _strays(one: Traits, other: Traits) -> bool:
    """Whether one names an area that the other does not. The road from A to B is not the one from B to C."""
    there = other.matter.places
    return any(not any(b.startswith(a) or a.startswith(b) for b in there) for a in one.matter.places)


def _kilometres(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """The distance on a sphere, by the haversine."""
    if one is None or other is None:
        return None
    (south, west), (north, east) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _street(one: Traits, other: Traits) -> bool | None:
    """True: a street in common. False: nothing to say. None: both name streets, and none is the same."""
    here = [mark for mark in one.matter.marks if mark.kind in ("street", "alley")]
    there = [mark for mark in other.matter.marks if mark.kind in ("street", "alley")]
    if _any_same(here, there) or _spoken(here, other) or _spoken(there, one):
        return True
    kinds = {mark.kind for mark in here} & {mark.kind for mark in there}
    return None if kinds else False


def _any_same(here: Sequence[Mark], there: Sequence[Mark]) -> bool:
    return any(a.kind == b.kind and same_name(a.name, b.name) for a in here for b in there)


def _spoken(marks: Sequence[Mark], by: Traits) -> bool:
    """Whether a text says the name of one of the marks without its kind: "antasari berlubang"."""
    return any(_says(by, mark.name) for mark in marks)


def _says(by: Traits, name: str) -> bool:
    if any(letter.isdigit() for letter in name):
        return f" {name} " in by.spaced
    return any(form in by.joined for form in spoken_forms(name))


def _spots(one: Traits, other: Traits) -> tuple[bool, bool]:
    """Whether a village or spot that one names is said by the other; and whether each names one the other lacks."""
    here, there = ([mark for mark in each.matter.marks if mark.kind in _SPOTS] for each in (one, other))
    said_here = [_says_whole(other, mark.name) for mark in here]
    said_there = [_says_whole(one, mark.name) for mark in there]
    alike = [[same_village(a.name, b.name) for b in there] for a in here]
    lacking = not all(x or any(row) for x, row in zip(said_here, alike, strict=True))
    lacking_there = not all(x or any(row[i] for row in alike) for i, x in enumerate(said_there))
    return any(said_here) or any(said_there) or any(map(any, alike)), lacking and lacking_there


def _villages_apart(one: Traits, other: Traits) -> bool:
    """Whether each text calls a village by name, and neither says the other's."""
    here, there = ([mark for mark in each.matter.marks if mark.kind == "village"] for each in (one, other))
    if not here or not there or any(same_village(a.name, b.name) for a in here for b in there):
        return False
    return not any(_says_whole(other, mark.name) for mark in here) and not any(
        _says_whole(one, mark.name) for mark in there
    )


def _says_whole(by: Traits, name: str) -> bool:
    """Whether a text says a village's name: all of it, or its first two words where it has more."""
    head = "".join(name.split()[:2])
    return len(head) > 4 and head in by.joined


def _landmark(one: Traits, other: Traits) -> tuple[bool, bool, list[Sign]]:
    """Whether a landmark is shared; whether it is one that two streets may meet at; and which landmarks differ."""
    shared, point, apart = False, False, []
    here = {mark for mark in one.matter.marks if mark.kind not in _POINTLESS}
    there = {mark for mark in other.matter.marks if mark.kind not in _POINTLESS}
    for kind in sorted({mark.kind for mark in here} & {mark.kind for mark in there}):
        of_kind = [mark for mark in here if mark.kind == kind]
        of_kind_there = [mark for mark in there if mark.kind == kind]
        if _any_same(of_kind, of_kind_there) or _spoken(of_kind, other) or _spoken(of_kind_there, one):
            shared = True
            point = point or kind in _CORNERS
        else:
            apart.append(Sign(Difference.LANDMARK, f"{min(of_kind).name} / {min(of_kind_there).name}"))
    kilometres = {mark for mark in one.matter.marks & other.matter.marks if mark.kind == "km"}
    spoken = _spoken(list(here), other) or _spoken(list(there), one)
    return shared or bool(kilometres) or spoken, point, apart


def _numbers(one: Traits, other: Traits) -> list[Sign]:
    """Differing house numbers, blocks, neighbourhoods and kilometres, each named on both sides."""
    apart = []
    for kind in sorted(_UNIQUE):
        here = {mark.name for mark in one.matter.marks if mark.kind == kind}
        there = {mark.name for mark in other.matter.marks if mark.kind == kind}
        if here and there and not here & there:
            apart.append(Sign(Difference.NUMBER[kind], " / ".join(sorted((min(here), min(there))))))
    here_km = [int(mark.name) for mark in one.matter.marks if mark.kind == "km"]
    there_km = [int(mark.name) for mark in other.matter.marks if mark.kind == "km"]
    if here_km and there_km and min(abs(a - b) for a in here_km for b in there_km) > _KM_APART:
        apart.append(Sign(Difference.NUMBER["km"], f"{min(here_km)} / {min(there_km)}"))
    return apart
