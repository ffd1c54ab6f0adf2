"""The SOP document: what it accepts, how it refuses, and the standard that ships."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import yaml

from salur.sop.document.load import MOST_FLAWS, SopInvalid, load, load_marked
from salur.sop.document.model import SopDocument
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
    assert within["first_response"] == "first_response"
    assert standard.channels["instagram"].first_response == Span(1, "working_days")
    assert standard.horizons["long"].requires == ("owner", "plan", "plan_reference", "promised_on", "review_on")
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
    # The dump quotes bare values, which would be text: numbers and truths are made bare again.
    bare_again = re.sub(r"'(\d|true|false)'", r"\1", other_layout)
    assert load(bare_again).sha256 == standard.sha256
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


VERIFY = "within: 3 working_days"


@pytest.mark.parametrize(
    ("edit", "at", "field", "words"),
    [
        (change("code: case_handling\n", ""), "title:", "code", "is missing; add it"),
        (
            change(VERIFY, "within: 3 workingdays"),
            "3 workingdays",
            "obligations[0].within",
            "did you mean working_days?",
        ),
        (
            change(VERIFY, "within: 3 hari kerja"),
            "3 hari kerja",
            "obligations[0].within",
            'the unit "hari kerja" is un',
        ),
        (change(VERIFY, "within: 0 working_days"), "within: 0", "obligations[0].within", "write at least 1"),
        (change(VERIFY, "within: -3 working_days"), "within: -3", "obligations[0].within", '"-3 working_days" is neg'),
        (change(VERIFY, "within: 99999 working_days"), "within: 999", "obligations[0].within", "at most 10000"),
        (change(VERIFY, "within: 3"), "within: 3\n", "obligations[0].within", "the number 3 has no unit"),
        (change(VERIFY, "within: [3]"), "within: [3]", "obligations[0].within", '"a list" is no span of time'),
        (change(VERIFY, "within: answerlimit"), "answerlimit", "obligations[0].within", "did you mean answer_limit?"),
        (
            change("after: 1 w", "after: -1 w"),
            "after: -1",
            "obligations[0].escalation[0].after",
            "before the obligation",
        ),
        (
            change("after: 1 working", "after: 1 calendar"),
            "1 cal",
            "obligations[0].escalation[0].after",
            "working time",
        ),
        (change("role: coordinator", "role: cordinator"), "role: cord", "actors.coordinator.role", "mean coordinator?"),
        (
            change("role: coordinator", "role: boss"),
            "role: boss",
            "actors.coordinator.role",
            '"boss" is not known here',
        ),
        (change("actor: coord", "aktor: coord"), "- code: verify", "obligations[0].actor", "is missing"),
        (change("actor: coord", "aktor: coord"), "aktor", "obligations[0].aktor", "did you mean actor?"),
        (change("[case.opened]", "[]"), "starts_on: []", "obligations[0].starts_on", "write at least one item"),
        (change("[case.opened]", "case.opened"), "starts_on", "obligations[0].starts_on", '"case.opened" stands alone'),
        (
            change("2025-01-02", "2025-02-30"),
            "2025-02-30",
            "dates.effective",
            '"2025-02-30" is no date of the calendar',
        ),
        (change("2025-01-02", "20250102"), "20250102", "dates.effective", "year-month-day"),
        (change("2025-01-02", "2 Januari"), "2 Januari", "dates.effective", '"2 Januari" is no date'),
        (change("version: 1", "version: 0"), "version: 0", "version", "0 is too small; write a whole number from 1"),
        (change("version: 1", "version: one"), "version: one", "version", '"one" is no whole number'),
        (change("version: 1", "version: true"), "version: true", "version", '"true" is no whole number'),
        (
            change("  complaint:\n", "  gripe:\n"),
            "  gripe:",
            "kinds.gripe",
            '"gripe" is not known here; write complaint',
        ),
        (change("[progress, answer]", "[chat]"), "[chat]", "obligations[2].met_by[1].purpose[0]", '"chat"'),
        (change("code: follow_up", "code: Follow Up"), "Follow Up", "obligations[2].code", "small letters"),
        (change("Pengaduan, en: Complaint}", "Gugatan}"), "Gugatan", "kinds.complaint.name.en", "is missing"),
        (
            change("code: follow_up", "code: verify"),
            "code: verify\n    name: {id: Mengo",
            "obligations[2].code",
            "line 97",
        ),
        (change("Contoh Pejabat", "''"), "  name: ''", "approver.name", "is empty"),
        (change("Contoh Pejabat", ""), "  name: \n", "approver.name", "is empty"),
        (
            change("Contoh Pejabat", "true"),
            "  name: true",
            "approver.name",
            'here stands "true", but a text belongs here',
        ),
        (change("Contoh Pejabat", '"\\e"'), "  name:", "approver.name", "U+001B"),
        (change("Sekretariat Daerah", "x" * 10_001), "unit:", "unit", "at most 10000 characters"),
        (change("Operator OPD", "x" * 201), "x" * 201, "actors.operator.name", "at most 200 characters"),
        (change("bounce_limit: 2", "bounce_limit: 99"), "bounce_limit", "handover.bounce_limit", "up to 20"),
        (
            change("counts: true", "counts: maybe"),
            "counts: maybe",
            "closure.closed_time_counts",
            "neither true nor false",
        ),
        (change("number: SOP", "new: 1\nnumber: SOP"), "new: 1", "new", '"new" is not a field here'),
        (change("obligations:\n", "obligation:\n"), "obligation:\n", "obligation", "did you mean obligations?"),
        (change("  web: {", "  We b: {"), "  We b", "channels.We b", '"We b" is no code'),
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
    assert words in str(told[field].said)
    assert told[field].line == line_of(text, at)


@pytest.mark.parametrize(
    ("hours", "field", "words"),
    [
        ("{mon: ['08:00-12:00', '11:00-13:00']}", "mon", "overlap"),
        ("{senin: ['08:00-12:00']}", "senin", "write mon, tue"),
        ("{mon: ['12:00-08:00']}", "mon[0]", "ends before it begins"),
        ("{mon: [pagi]}", "mon[0]", '"pagi" are no hours'),
        ("{mon: '08:00-12:00'}", "mon", "a list belongs here"),
    ],
)
def test_flaws_of_service_hours_name_the_day(hours: str, field: str, words: str, standard_text: str) -> None:
    text = standard_text.replace("web: {first", "web: {service_hours: " + hours + ", first")
    with pytest.raises(SopInvalid) as refused:
        load(text)
    (flaw,) = refused.value.problems
    assert (flaw.field, words in str(flaw.said)) == (f"channels.web.service_hours.{field}", True)


def test_service_hours_are_kept_in_order(standard_text: str) -> None:
    text = standard_text.replace("web: {first", "web: {service_hours: {fri: ['13:00-16:00', '08:00-11:30']}, first")
    week = load(text).channels["web"].service_hours
    assert week is not None and [str(one) for one in week[4]] == ["08:00-11:30", "13:00-16:00"]
    assert week[:4] == ((), (), (), ())


def test_every_flaw_is_told_at_once_in_the_order_of_the_text(standard_text: str) -> None:
    text = standard_text.replace("clock: agency", "clock: boss").replace("2024-12-02", "soon")
    text = text.replace("code: follow_up", "code: verify")
    with pytest.raises(SopInvalid) as refused:
        load(text)
    told = refused.value.problems
    assert [flaw.field for flaw in told] == [
        "dates.created", "obligations[2].code", "obligations[2].clock", "obligations[4].clock", "obligations[5].clock",
        "obligations[6].clock", "obligations[7].clock", "revisions[0].date",
    ]  # fmt: skip
    assert [flaw.line for flaw in told] == sorted(flaw.line for flaw in told)
    assert "line 11: dates.created" in str(refused.value)


def test_thousands_of_flaws_are_cut_short(standard_text: str) -> None:
    text = standard_text.replace("records:\n", "records:\n" + "  - []\n" * 5_000)
    with pytest.raises(SopInvalid) as refused:
        load(text)
    assert len(refused.value.problems) == MOST_FLAWS + 1
    assert "4800 more flaws" in str(refused.value.problems[-1].said)


def test_thousands_of_repeats_are_cut_short() -> None:
    with pytest.raises(SopInvalid) as refused:
        load("a: 1\n" * 5_000)
    assert len(refused.value.problems) == MOST_FLAWS + 1


def test_numbers_where_texts_belong_are_texts(standard_text: str) -> None:
    text = standard_text.replace("number: SOP/CONTOH/001/2026", "number: 12").replace("Contoh Pejabat", "007")
    document = load(text)
    assert (document.number, document.approver.name) == ("12", "007")


@pytest.mark.parametrize("text", ["just words", "- a\n- b", "12"])
def test_no_document_at_all(text: str) -> None:
    with pytest.raises(SopInvalid, match="an SOP is a list of fields"):
        load(text)


def test_findings_can_be_shown_where_they_stand(standard_text: str) -> None:
    document, marked = load_marked(standard_text)
    assert document.obligations[0].code == "verify"
    assert marked.line_at("obligations[0].within") == line_of(standard_text, "within: 3 working_days")
    assert marked.line_at("obligations[0].paused_for") == line_of(standard_text, "- code: verify")
    assert marked.line_at("nowhere[3].at.all") == line_of(standard_text, "code: case_handling")
