"""What a check finds in documents that are each broken in one way."""

import pytest

from salur.sop.check import Problem, check
from salur.sop.document import SopDocument, load


def test_the_standard_may_be_signed(standard: SopDocument) -> None:
    assert check(standard) == []


REVIEW = "starts_on: [case.horizon_set, case.reviewed]"


@pytest.mark.parametrize(
    ("old", "new", "severity", "field", "words"),
    [
        ("starts_on: [case.opened]", "starts_on: [case.opend]", "error", "obligations[0].starts_on[0]", "no fact"),
        ("met_by: [case.reviewed]", "met_by: [case.opened]", "error", "obligations[4].met_by", "never be met"),
        ("met_by: [case.reviewed]", "met_by: [case.viewed]", "error", "obligations[4].met_by[0]", "no fact of a case"),
        ("starts_on: [case.opened]", "starts_on: [case.closed]", "error", "obligations[0].starts_on", "case closes"),
        (
            "met_by: [case.verified, case.referred]",
            "met_by: [{event: case.verified, purpose: [answer]}]",
            "error",
            "obligations[0].met_by[0].purpose",
            "has no purpose",
        ),
        ("within: 3 working_days", "within: review_on", "error", "obligations[0].within", "no date on case.opened"),
        (
            "code: answer\n",
            "code: answer\n    kinds: [complaint, aspiration, information_request]\n",
            "error",
            "kinds.supervisory_complaint",
            "no obligation to answer on the short horizon",
        ),
        (
            "code: answer\n",
            "code: answer\n    horizons: [short]\n",
            "error",
            "kinds.complaint",
            "on the medium horizon",
        ),
        ("horizons: [medium, long]", "horizons: [medium]", "error", "horizons.long", "no review for complaint"),
        (REVIEW, "starts_on: [case.horizon_set]", "error", "horizons.medium", "no review"),
        ("    review_within: 90 calendar_days\n", "", "error", "horizons.medium.review_within", "not a drawer"),
        (
            "requires: [owner, plan_reference, review_on]",
            "requires: [owner, plan_reference]",
            "error",
            "horizons.medium.requires",
            "does not demand review_on",
        ),
        (
            "requires: [owner, plan_reference, review_on]",
            "requires: [review_on, owner]",
            "warning",
            "horizons.medium.requires",
            "does not demand plan_reference",
        ),
        ("nomor {number}", "nomor {nomor}", "error", "templates.acknowledgement.text.id", "{nomor} is no known"),
        (
            "as number {number}",
            "as number {number",
            "error",
            "templates.acknowledgement.text.en",
            "without its partner",
        ),
        ("as number {number}", "as a number", "warning", "templates.acknowledgement.text", "different places"),
        ("purpose: acknowledgement", "purpose: notice", "error", "templates", "no acknowledgement"),
        ("nomor {number} dan", "nomor {reason} dan", "error", "templates.acknowledgement", "not known so early"),
        (
            "resumed_by: [case.resumed]",
            "resumed_by: [case.awake]",
            "error",
            "pause_reasons[1].resumed_by[0]",
            "no fact of a case",
        ),
    ],
)
def test_each_break_is_found(old: str, new: str, severity: str, field: str, words: str, standard_text: str) -> None:
    assert old in standard_text
    found = check(load(standard_text.replace(old, new, 1)))
    assert any(p.severity == severity and p.field == field and words in p.message for p in found), found


def test_a_missing_kind_is_found(standard: SopDocument) -> None:
    kinds = {name: rule for name, rule in standard.kinds.items() if name != "aspiration"}
    found = check(standard.model_copy(update={"kinds": kinds}))
    assert found == [Problem("error", "kinds.aspiration", "is missing: a case of this kind would have no answer limit")]


def test_errors_stand_before_warnings(standard_text: str) -> None:
    text = standard_text.replace("as number {number}", "as a number").replace("{due}", "{tanggal}")
    severities = [problem.severity for problem in check(load(text))]
    assert severities == sorted(severities) and set(severities) == {"error", "warning"}
