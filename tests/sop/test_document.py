"""The SOP document: what it accepts, how it refuses, and the standard that ships."""

from collections.abc import Callable
from datetime import date

import pytest
import yaml

from salur.sop.document import SopDocument, SopInvalid, load, load_marked
from salur.sop.words import CASE_KINDS
from salur.worktime.spans import Span


def test_the_standard_holds_the_limits_of_the_guideline(standard: SopDocument) -> None:
    limits = {name: rule.answer_within for name, rule in standard.kinds.items()}
    assert limits == {
        "information_request": Span(5, "working_days"),
        "complaint": Span(14, "working_days"),
        "supervisory_complaint": Span(60, "working_days"),
        "aspiration": Span(14, "working_days"),
    }
    within = {obligation.code: obligation.within for obligation in standard.obligations}
    assert within["verify"] == Span(3, "working_days")
    assert within["follow_up"] == Span(5, "working_days")
    assert within["answer"] == "answer_limit"
    assert standard.closure.after_answer.within == Span(10, "working_days")
    assert standard.horizons["long"].requires == ("owner", "plan_reference", "review_on")
    assert standard.dates.effective == date(2025, 1, 2)
    assert set(standard.kinds) == set(CASE_KINDS)


def test_words_in_both_languages(standard: SopDocument) -> None:
    name = standard.kinds["complaint"].name
    assert [name.of(language) for language in ("id", "en", "en-gb", "jv")] == [
        "Pengaduan",
        "Complaint",
        "Complaint",
        "Pengaduan",
    ]


def test_the_hash_is_of_the_content(standard: SopDocument, standard_text: str) -> None:
    assert len(standard.sha256) == 64
    other_layout = yaml.safe_dump(yaml.load(standard_text, yaml.BaseLoader), sort_keys=True, width=400)
    # Bare values are quoted by the dump and would be text: the version is the only number.
    assert load(other_layout.replace("version: '1'", "version: 1")).sha256 == standard.sha256
    assert load(standard_text.replace("within: 3 working_days", "within: 4 working_days")).sha256 != standard.sha256
    bare = "".join(line for line in standard_text.splitlines(keepends=True) if not line.lstrip().startswith("#"))
    assert bare != standard_text
    assert load(bare).sha256 == standard.sha256
    assert SopDocument.model_validate(standard.model_dump(mode="json")).sha256 == standard.sha256


def change(old: str, new: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


def line_of(text: str, at: str) -> int:
    return text[: text.index(at)].count("\n") + 1


@pytest.mark.parametrize(
    ("edit", "at", "field", "words"),
    [
        (change("code: case_handling\n", ""), "title:", "code", "is missing; add it"),
        (change("3 working_days", "3 days"), "3 days", "obligations[0].within", "unknown unit 'days'"),
        (change("3 working_days", "0 working_days"), "within: 0", "obligations[0].within", "at least 1"),
        (change("3 working_days", "-3 working_days"), "-3 working", "obligations[0].within", "negative"),
        (change("3 working_days", "3"), "within: 3\n", "obligations[0].within", "an amount and a unit"),
        (change("coordinator", "boss"), "boss", "obligations[0].actor", "'coordinator', not 'boss'"),
        (change("actor: coord", "aktor: coord"), "- code: verify", "obligations[0].actor", "is missing"),
        (change("actor: coord", "aktor: coord"), "aktor", "obligations[0].aktor", "is not a field"),
        (change("[case.opened]", "[]"), "starts_on: []", "obligations[0].starts_on", "must not be empty"),
        (change("[case.opened]", "case.opened"), "starts_on", "obligations[0].starts_on", "must be a list"),
        (change("2025-01-02", "2025-02-30"), "2025-02-30", "dates.effective", "no date of the calendar"),
        (change("2025-01-02", "20250102"), "20250102", "dates.effective", "year-month-day"),
        (change("version: 1", "version: 0"), "version: 0", "version", "at least 1"),
        (change("version: 1", "version: one"), "version: one", "version", "must be a whole number"),
        (change("  complaint:\n", "  gripe:\n"), "  gripe:", "kinds.gripe", "must be one of"),
        (change("[progress, answer]", "[chat]"), "[chat]", "obligations[1].met_by[1].purpose[0]", "'chat'"),
        (change("code: follow_up", "code: Follow Up"), "Follow Up", "obligations[1].code", "small letters"),
        (change("Pengaduan, en: Complaint", "Gugatan"), "Gugatan", "kinds.complaint.name.en", "is missing"),
        (change("code: follow_up", "code: verify"), "obligations:", "obligations", "the code verify is used twice"),
        (change("Contoh Pejabat", "''"), "  name: ''", "approver.name", "must not be empty"),
        (change("number: SOP", "new: 1\nnumber: SOP"), "new: 1", "new", "is not a field of an SOP document"),
        (change("version: 1", "version: 1\nversion: 2"), "version: 2", "version", "is written twice, first on line"),
    ],
)
def test_flaws_name_line_and_field(
    edit: Callable[[str], str], at: str, field: str, words: str, standard_text: str
) -> None:
    text = edit(standard_text)
    with pytest.raises(SopInvalid) as refused:
        load(text)
    told = {flaw.field: flaw for flaw in refused.value.problems}
    assert words in told[field].message
    assert told[field].line == line_of(text, at)


def test_every_flaw_is_told_at_once(standard_text: str) -> None:
    text = standard_text.replace("actor: operator", "actor: boss").replace("2024-12-02", "soon")
    with pytest.raises(SopInvalid) as refused:
        load(text)
    assert len(refused.value.problems) == 5
    assert "line 10: dates.created" in str(refused.value)


@pytest.mark.parametrize("text", ["just words", "- a\n- b", "12"])
def test_no_document_at_all(text: str) -> None:
    with pytest.raises(SopInvalid, match="list of fields"):
        load(text)


def test_findings_can_be_shown_where_they_stand(standard_text: str) -> None:
    document, marked = load_marked(standard_text)
    assert document.obligations[0].code == "verify"
    assert marked.line_at("obligations[0].within") == line_of(standard_text, "within: 3 working_days")
