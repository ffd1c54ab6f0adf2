"""The ways of the flow chart, against walking them step by step."""

import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.proofs.check import check
from salur.sop.proofs.flow import Arrows, arrows_of

STEPS = load(STANDARD.read_text(encoding="utf-8")).model_dump(mode="json")["steps"]
CODES = [step["code"] for step in STEPS]
WORD = {"id": "Ya", "en": "Yes"}


def with_steps(standard: SopDocument, steps: list[dict[str, Any]]) -> SopDocument:
    return SopDocument.model_validate({**standard.model_dump(mode="json"), "steps": steps})


def lost(document: SopDocument) -> set[str]:
    """The steps of which the check says that no end is reached, or that no decision leads out of their circle."""
    places = [
        int(one.field[len("steps[") : one.field.index("]")])
        for one in check(document)
        if "never comes to an end" in str(one.said) or "turns in a circle" in str(one.said)
    ]
    return {document.steps[place].code for place in places}


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(CODES[:-1]), st.lists(st.sampled_from(CODES), min_size=1, max_size=2)))
def test_the_flow_comes_to_an_end_exactly_where_no_way_is_lost(
    standard: SopDocument, ways: dict[str, list[str]]
) -> None:
    rows = [
        {**step, "next": [{"to": to, "when": WORD} for to in ways[step["code"]]]} if step["code"] in ways else step
        for step in STEPS
    ]
    document = with_steps(standard, rows)
    arrows = arrows_of(document.steps)
    ends = {"close"}
    while more := {code for code, beyond in arrows.items() if set(beyond) & ends} - ends:
        ends |= more
    assert set(arrows) - ends <= lost(document)
    # Only what turns in a circle is lost although an end is in reach: a process may not choose the way out.
    assert all(comes_back(code, arrows) for code in lost(document) & ends)


def comes_back(code: str, arrows: Arrows) -> bool:
    seen: set[str] = set()
    waiting = list(arrows[code])
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting.extend(arrows[at])
    return code in seen


def test_a_very_long_flow_is_checked_at_once(standard: SopDocument) -> None:
    rows = [{"code": f"s{number}", "activity": WORD, "actors": ["operator"]} for number in range(4000)]
    rows[-1]["next"] = [{"to": "s0"}]
    document = with_steps(standard, [STEPS[0], *rows, STEPS[-1]])
    began = time.perf_counter()
    assert lost(document) == {CODES[0], *(row["code"] for row in rows)}
    assert time.perf_counter() - began < 5
