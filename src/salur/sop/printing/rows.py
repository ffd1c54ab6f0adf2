"""The rows of the flow table, as the steps of a document make them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from textwrap import shorten

from salur.sop.document.model import SopDocument
from salur.sop.document.paper import Step
from salur.sop.printing.words import flow_word, limit_words
from salur.sop.words import CITIZEN, SYSTEM

LONGEST_WORD = 80
"""Characters of the word at an arrow; more would cover the table."""


@dataclass(frozen=True)
class Way:
    """Where an arrow goes from a step: the row it ends at, and the word at it."""

    to: int
    word: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the table: its texts by column, its symbol and the lanes that hold it (the main one first), its ways.

    A row without lanes carries on the texts of the step above it.
    """

    texts: dict[str, str]
    symbol: str = "process"
    lanes: tuple[int, ...] = ()
    ways: tuple[Way, ...] = ()

    @property
    def exits(self) -> int:
        """How many lines may have to leave downwards to go elsewhere: left and right of one symbol take two."""
        return len(self.ways) if len(self.lanes) > 1 else max(0, len(self.ways) - 2)


def lanes_of(document: SopDocument) -> tuple[str, ...]:
    """The actors with a column: the citizen, the system, then the document's own in its order, as far as they act."""
    acting = {actor for step in document.steps for actor in step.actors}
    known = (CITIZEN, SYSTEM, *document.actors)
    strangers = (actor for step in document.steps for actor in step.actors if actor not in known)
    return tuple(dict.fromkeys((*(actor for actor in known if actor in acting), *strangers)))


def texts_of(document: SopDocument, step: Step, number: int, language: str) -> dict[str, str]:
    """What stands in the columns of a step."""
    return {
        "number": str(number),
        "activity": step.activity.of(language),
        "completeness": step.completeness,
        "time": time_of(document, step, language),
        "output": step.output,
        "note": step.note,
    }


def time_of(document: SopDocument, step: Step, language: str) -> str:
    """The limits of the obligations that a step fulfils, each once, and the time written beside them."""
    by_code = {obligation.code: obligation for obligation in document.obligations}
    limits = [limit_words(document, by_code[code], language) for code in step.obligations if code in by_code]
    return "\n".join(dict.fromkeys([*limits, *([step.time] if step.time else [])]))


def rows_of(document: SopDocument, texts: Sequence[Sequence[dict[str, str]]], language: str) -> tuple[Row, ...]:
    """The rows, given the texts of each step in as many parts as pages may need them cut into.

    Ways to a step that the document does not have are left out: its check names them.
    """
    lanes = {actor: place for place, actor in enumerate(lanes_of(document))}
    starts = [0, *accumulate(len(parts) for parts in texts)]
    by_code = {step.code: starts[place] for place, step in enumerate(document.steps)}
    rows: list[Row] = []
    for place, (step, parts) in enumerate(zip(document.steps, texts, strict=True)):
        after = starts[place + 1] if place + 1 < len(texts) else None
        held = tuple(dict.fromkeys(lanes[actor] for actor in step.actors))
        rows.append(Row(parts[0], step.symbol, held, _ways(step, by_code, after, language)))
        continued = flow_word("continued", language)
        rows.extend(Row({**part, "number": "", "note": part["note"] or continued}) for part in parts[1:])
    return tuple(rows)


def _ways(step: Step, by_code: dict[str, int], after: int | None, language: str) -> tuple[Way, ...]:
    if step.symbol == "end":
        return ()
    if not step.next:
        return () if after is None else (Way(after),)
    found = [
        Way(
            by_code[branch.to],
            shorten(branch.when.of(language), LONGEST_WORD, placeholder=" ...") if branch.when else "",
        )
        for branch in step.next
        if branch.to in by_code
    ]
    return tuple(dict.fromkeys(found))
