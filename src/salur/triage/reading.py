"""What triage makes of a message, as plain frozen data that explains itself."""

from dataclasses import dataclass
from typing import Any

from salur.triage.place_match import Place


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its probability; the rest of the mass is "none of these"."""

    code: str
    name: str
    p: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a reading. `evidence` quotes the citizen and may hold personal data: never log it."""

    code: str
    text_id: str
    text_en: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: a proposal with reasons, never a decision.

    `kind`: complaint, supervisory_complaint, aspiration, information_request. `level`: whose matter it seems to be:
    national, province, regency, village, unknown. `horizon`: short, medium, long (a suggestion). `urgency`: normal,
    high. With `abstain` a person decides; the rankings are then hints.
    """

    kind: str
    functions: tuple[Ranked, ...]
    agencies: tuple[Ranked, ...]
    level: str
    places: tuple[Place, ...]
    horizon: str
    urgency: str
    abstain: bool
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """The reading as JSON values, reasons in Indonesian."""
        return {
            "kind": self.kind,
            "functions": [_ranked(entry) for entry in self.functions],
            "agencies": [_ranked(entry) for entry in self.agencies],
            "level": self.level,
            "places": [
                {"code": place.code, "name": place.name, "level": place.level, "confidence": place.confidence}
                for place in self.places
            ],
            "horizon": self.horizon,
            "urgency": self.urgency,
            "abstain": self.abstain,
            "reasons": [reason.text_id for reason in self.reasons],
        }


def _ranked(entry: Ranked) -> dict[str, Any]:
    return {"code": entry.code, "name": entry.name, "p": entry.p}
