"""Which listed road segments a text speaks of: by both ends of the segment, or by street name and town."""

from collections.abc import Sequence

from salur.language.normalise import Normalised
from salur.triage.knowledge import Knowledge, RoadEntry, road_end_names
from salur.triage.place_match import Place
from salur.triage.place_names import widest_name

_ROAD_WORDS = frozenset(("jalan", "ruas", "jalur", "lintas", "jembatan", "aspal"))
_FARTHEST = 8
_MOST_NAMES = 60


def find_roads(text: Normalised, places: Sequence[Place], knowledge: Knowledge) -> tuple[RoadEntry, ...]:
    """Listed segments the text speaks of, in the order of the list.

    Only texts with a word for road are read. The ends of a segment must stand near each other; a street needs "jalan"
    before its name and its regency (or an area in it) named in the text, because towns share street names.
    """
    if not knowledge.roads or not any(token.text in _ROAD_WORDS or token.bare in _ROAD_WORDS for token in text.tokens):
        return ()
    where = _names(text, knowledge)
    candidates = sorted({index for name in where for index in knowledge.road_ends[name]})
    roads = (knowledge.roads[index] for index in candidates)
    return tuple(road for road in roads if _speaks_of(text, road, where, places, knowledge))


def _names(text: Normalised, knowledge: Knowledge) -> dict[str, list[int]]:
    """Joined names of segment ends and streets in the text, and the words where each begins."""
    where: dict[str, list[int]] = {}
    for place in range(len(text.tokens)):
        name = widest_name(text, place, knowledge.road_starts, knowledge.road_ends)
        if name is not None:
            where.setdefault(name[1], []).append(place)
            if len(where) >= _MOST_NAMES:
                break
    return where


def _speaks_of(
    text: Normalised, road: RoadEntry, where: dict[str, list[int]], places: Sequence[Place], knowledge: Knowledge
) -> bool:
    ends = road_end_names(road.name)
    if not all(end in where for end in ends):
        return False
    if len(ends) == 1:
        after_jalan = any(place and text.tokens[place - 1].text == "jalan" for place in where[ends[0]])
        home = knowledge.government_code == road.area_code
        return after_jalan and (home or any(place.code.startswith(road.area_code) for place in places))
    spots = [where[end] for end in ends]
    return all(
        any(0 < abs(b - a) <= _FARTHEST for a in first[:_MOST_NAMES] for b in second[:_MOST_NAMES])
        for first, second in zip(spots, spots[1:], strict=False)
    )
