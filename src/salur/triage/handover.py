"""A proposal to whom a matter goes that is not this government's own: never a refusal, always with a reason. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from salur.triage.jurisdiction import BODIES, LEVEL_NAMES
from salur.triage.knowledge import Knowledge, within
from salur.triage.level import Matter
from salur.triage.place_match import Place
from salur.triage.reading import Reason

SURE = 0.8
"""A place this sure moves a matter to another regency."""
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Handover:
    """Where a matter should go.

    `kind`: "government" with the Kemendagri code of a government in `target`, "body" with a code of
    `jurisdiction.BODIES`, or "ask" with an empty target, where the regency must first be asked for. `name` is the
    Indonesian name of the target.
    """

    kind: str
    target: str
    name: str
    reason: Reason


def handover(matter: Matter, places: Sequence[Place], knowledge: Knowledge) -> Handover | None:
    """The right government or outside body for a matter that is not ours by its level or by its place; None for ours.

    An unknown level moves nothing by itself; a surely named place elsewhere does, between regencies. A village's
    matter goes to its regency, which guides the village. A regency's matter read at the province goes to the regency of
    the place; where no place is known, the citizen is asked for it.
    """
    if matter.level == "national":
        return _to_body(matter)
    own, province = knowledge.government_code, knowledge.government_code[:2]
    regency = _regency(places, knowledge)
    if knowledge.level == "province":
        if matter.level not in ("regency", "village"):
            return None
        return _to_government(matter, regency, knowledge) if regency else _ask(matter)
    if matter.level == "province":
        return _to_government(matter, province, knowledge)
    if regency and regency != own and _is_elsewhere(places, own):
        return _to_government(matter, regency, knowledge)
    return None


def _regency(places: Sequence[Place], knowledge: Knowledge) -> str:
    """The regency of the surest place that is sure enough; its own one among equals; empty where none is."""
    likely = [place for place in places if place.code.count(".") >= 1 and place.confidence >= _LIKELY]
    if not likely:
        return ""
    own = knowledge.government_code
    best = max(likely, key=lambda place: (place.confidence, place.code[:5] == own, -places.index(place)))
    return best.code[:5]


def _is_elsewhere(places: Sequence[Place], own: str) -> bool:
    inside = any(within(place.code, own) for place in places)
    sure = any(place.confidence >= SURE and place.code.count(".") >= 1 for place in places)
    return sure and not inside


def _to_body(matter: Matter) -> Handover:
    indonesian, english = BODIES.get(matter.body, LEVEL_NAMES["national"])
    reason = Reason(
        "handover",
        f"Usulan diteruskan kepada {indonesian}: kewenangan pemerintah pusat",
        f"Proposed to be handed over to {english}: a matter of the national government",
    )
    return Handover("body", matter.body, indonesian, reason)


def _to_government(matter: Matter, code: str, knowledge: Knowledge) -> Handover:
    area = knowledge.areas.get(code)
    name = area.name if area is not None else code
    if area is not None and area.level == "province":
        name = f"Provinsi {name}"
    told = LEVEL_NAMES.get(matter.level, ("wilayah itu", "that area"))
    reason = Reason(
        "handover",
        f"Usulan diteruskan kepada Pemerintah {name}: kewenangan {told[0]} di wilayahnya",
        f"Proposed to be handed over to the government of {name}: a matter of {told[1]} in its area",
        name,
    )
    return Handover("government", code, name, reason)


def _ask(matter: Matter) -> Handover:
    indonesian, english = LEVEL_NAMES[matter.level]
    reason = Reason(
        "handover",
        f"Kewenangan {indonesian}, tetapi kabupaten/kotanya belum disebut; perlu ditanyakan",
        f"A matter of {english}, but its regency or city was not named and must be asked for",
    )
    return Handover("ask", "", "", reason)
