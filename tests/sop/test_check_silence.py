"""What the check does not complain of: the last values that are still allowed, and the first that are not."""

import pytest
from tests.sop.broken import Edit, add, broken, put

from salur.sop.proofs.check import check


@pytest.mark.parametrize(
    "edits",
    [
        [put("dates.effective", "2024-12-02")],
        [put("dates.revised", "2024-12-02")],
        [put("dates.revised", "2025-01-02")],
        [put("revisions", [])],
        [put("version", 2), add("revisions", {"version": 2, "date": "2024-12-02", "summary": "Lagi"})],
        [put("horizons.long.review_within", "366 calendar_days")],
        [put("horizons.medium.promised_within", "90 calendar_days")],
        [put("obligations.complete.starts_on", ["case.horizon_set", "case.reviewed"])],
        [put("channels.x.first_response", "5 working_days")],
        [put("obligations.follow_up.within", "37 working_hours")],
        [put("obligations.follow_up.within", "7 calendar_days")],
        [put("obligations.follow_up.kinds", ["complaint"]), put("obligations.follow_up.within", "14 working_days")],
        [put("obligations.answer_again.within", "9 working_days")],
        [put("obligations.verify.met_by", [{"event": "reply.drafted"}])],
        [put("pause_reasons.force_majeure.resumed_by", ["case.opened", "case.resumed"])],
        [put("closure.citizen_confirms", ["completed"])],
        [put("obligations.verify.paused_for", ["incomplete"])],
    ],
)
def test_what_only_just_holds_is_left_alone(edits: list[Edit]) -> None:
    assert check(broken(*edits)) == []


@pytest.mark.parametrize("within", ["38 working_hours", "8 calendar_days"])
def test_spans_of_every_unit_are_compared_in_working_days(within: str) -> None:
    assert [one.severity for one in check(broken(put("obligations.follow_up.within", within)))] == ["warning"]


def test_a_start_that_also_comes_before_an_answer_works_for_it() -> None:
    both = put("obligations.answer_again.starts_on", ["case.opened", {"event": "message.joined", "after_answer": True}])
    found = check(broken(both, put("obligations.answer_again.within", "9 working_days")))
    assert [(one.severity, one.field) for one in found] == [("warning", "obligations[4].within")]


def test_without_pauses_nothing_starts_on_one() -> None:
    held = put("obligations.verify.starts_on", ["case.held"])
    assert ("error", "obligations[0].starts_on") in {
        (one.severity, one.field) for one in check(broken(held, put("pause_reasons", [])))
    }
    assert check(broken(held)) == []
