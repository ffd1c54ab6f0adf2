"""What is edited on a screen becomes an overlay that gives the same document."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.sop.document.model import SopDocument
from salur.sop.inherit import apply, read_overlay, written
from salur.sop.overlay import Overlay
from salur.sop.retell import retold

OVERLAY = """
extends: {government: "18", sop: case_handling, version: 1}
unit: Dinas Komunikasi dan Informatika
number: SOP/CONTOH/18.09/2026
version: 1
dates: {created: 2026-01-02, effective: 2026-02-02}
approver: {position: Bupati, name: Contoh Bupati}
set: {}
"""


@pytest.fixture(scope="module")
def overlay() -> Overlay:
    return read_overlay(OVERLAY)


def child(standard: SopDocument, overlay: Overlay, **changes: Any) -> SopDocument:
    """A document that differs from the standard as told, by plain data."""
    data = apply(standard, overlay).model_dump(mode="json") | changes
    return SopDocument.model_validate(data)


def test_one_limit_is_one_path(standard: SopDocument, overlay: Overlay) -> None:
    duties = standard.model_dump(mode="json")["obligations"]
    duties[2]["within"] = "3 working_days"
    wanted = child(standard, overlay, obligations=duties)
    fresh = retold(overlay, standard, wanted)
    assert fresh.set == {"obligations.follow_up.within": "3 working_days"}
    assert apply(standard, read_overlay(written(fresh))) == wanted


def test_another_code_cannot_be_followed(standard: SopDocument, overlay: Overlay) -> None:
    with pytest.raises(ValueError, match="cannot give"):
        retold(overlay, standard, child(standard, overlay, code="lain"))


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_edit_gives_the_document_that_was_meant(
    standard: SopDocument, overlay: Overlay, data: st.DataObject
) -> None:
    plain = apply(standard, overlay).model_dump(mode="json")
    steps = data.draw(st.permutations(plain["steps"]))[: data.draw(st.integers(3, len(plain["steps"])))]
    known = {step["code"] for step in steps}
    for step in steps:
        step["next"] = [branch for branch in step["next"] if branch["to"] in known]
    new = {**steps[0], "code": "baru", "next": []}
    steps.insert(data.draw(st.integers(0, len(steps))), new)
    duties = list(data.draw(st.permutations(plain["obligations"])))
    duties[0]["within"] = data.draw(st.sampled_from(["1 working_days", "6 working_hours"]))
    duties[1]["paused_for"] = data.draw(st.sampled_from([None, [], ["incomplete"]]))
    channels = dict(list(plain["channels"].items())[data.draw(st.integers(0, 5)) :])
    channels["sms"] = {"first_response": "2 working_days", "service_hours": None}
    wanted = child(
        standard,
        overlay,
        steps=steps,
        obligations=duties,
        channels=channels,
        warnings=data.draw(st.lists(st.sampled_from(["Satu", "Dua"]), max_size=3)),
        title={"id": "Judul lain", "en": "Another title"},
    )
    fresh = retold(overlay, standard, wanted)
    assert apply(standard, fresh) == wanted
    assert apply(standard, read_overlay(written(fresh))) == wanted
