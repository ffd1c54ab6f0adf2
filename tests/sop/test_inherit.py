"""Following another government's SOP: an overlay is read, laid over a version, and carried over to the next one."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.sop.compare import differences, sentence
from salur.sop.document.load import STANDARD, SopInvalid, load
from salur.sop.document.model import SopDocument
from salur.sop.inherit import Overlay, apply, diverging, read_overlay, rebase, written
from salur.sop.overlay import OWN
from salur.sop.proofs.check import check

HEAD = """\
extends: {government: "18", sop: case_handling, version: 1}
unit: Sekretariat Daerah Kabupaten Contoh
number: SOP/KAB/007/2026
version: 1
dates: {created: 2026-10-01, effective: 2027-01-04}
approver: {position: Sekretaris Daerah, name: Pejabat Rekaan}
"""

PARENT = load(STANDARD.read_text(encoding="utf-8"))


def overlay(*lines: str) -> Overlay:
    return read_overlay(text_of(*lines))


def text_of(*lines: str) -> str:
    return HEAD + "set:\n" + "".join(f"  {line}\n" for line in lines)


def revised(**changes: Any) -> SopDocument:
    """The parent's second version: changes by path as `a.b` with codes, written with __ for the dot."""
    data = PARENT.model_dump(mode="json")
    for path, value in changes.items():
        *above, name = path.split("__")
        part = data
        for step in above:
            part = next(one for one in part if one["code"] == step) if isinstance(part, list) else part[step]
        if value is None and isinstance(part, list):
            part.remove(next(one for one in part if one["code"] == name))
        else:
            part[name] = value
    data["version"] = 2
    return SopDocument.model_validate(data)


def told(found: list[Any] | tuple[Any, ...]) -> list[str]:
    return [str(sentence(one)) for one in found]


def test_what_is_not_set_is_the_parents() -> None:
    child = apply(PARENT, read_overlay(HEAD))
    assert {one.path.split(".")[0] for one in differences(PARENT, child)} <= set(OWN)
    assert child.unit == "Sekretariat Daerah Kabupaten Contoh" and child.revisions == ()
    assert diverging(PARENT, child) == []
    assert check(child) == []


def test_what_is_set_holds_and_is_shown() -> None:
    child = apply(
        PARENT,
        overlay(
            "obligations.follow_up.within: 3 working_days",
            "kinds.complaint.answer_within: 10 working_days",
            'templates.answer.text.id: "{answer}"',
            "steps.ask.note: Lewat kanal yang sama",
            "channels.instagram.first_response: 4 working_hours",
            "closure.evidence: [completed, answered]",
            "obligations.answer.paused_for: null",
            "steps.draft.time: null",
            "channels.x: null",
            "channels.radio: {first_response: 2 working_days}",
            "actors.camat: {name: {id: Camat, en: Head of district}, role: leader, named: true}",
        ),
    )
    assert told(diverging(PARENT, child)) == [
        "Actor Head of district added: leader",
        "Answer limit of kind Complaint: 14 → 10 working days",
        "First response limit of channel Instagram: 1 working day → 4 working hours",
        "Channel radio added: 2 working days",
        "Channel X deleted: 1 working day",
        "Limit of Coordinate and formulate the follow-up: 5 → 3 working days",
        "Outcomes that need evidence: completed → completed, answered",
        "Text of template answer (Indonesian) changed",
        "Note of step Ask the citizen for details: Waktu berhenti sampai warga membalas → Lewat kanal yang sama",
        "Time of step Draft the answer deleted: 1 jam",
    ]


NEW = "{activity: {id: Sesuatu, en: Something}, actors: [operator], obligations: [], output: Sesuatu%s}"


def test_a_new_step_stands_where_it_is_put() -> None:
    child = apply(
        PARENT,
        overlay(
            "steps.second: " + NEW % ", after: first",
            "steps.first: " + NEW % ", after: receive",
            "steps.another: " + NEW % ", after: receive",
            "steps.last: " + NEW % "",
            "steps.draft: " + NEW % "",
            "steps.respond: null",
            "steps.send.next: [{to: close}]",
        ),
    )
    codes = [step.code for step in child.steps]
    assert codes[:6] == ["report", "receive", "another", "first", "second", "check_report"]
    assert codes[-1] == "last" and "respond" not in codes
    assert codes.index("draft") == codes.index("approve") - 1, "what is there already stays in its place"


def test_a_step_can_be_moved() -> None:
    child = apply(PARENT, overlay("steps.coordinate: " + NEW % ", after: schedule"))
    codes = [step.code for step in child.steps]
    assert codes.index("coordinate") == codes.index("schedule") + 1 and len(codes) == len(PARENT.steps)


CHANGES = {
    "obligations.follow_up.within": "3 working_days",
    "obligations.verify.name.en": "Look at it",
    "obligations.spare": {
        "name": {"id": "Cadangan", "en": "Spare"},
        "actor": "operator",
        "starts_on": ["case.opened"],
        "met_by": ["case.verified"],
        "within": "2 working_days",
        "clock": "agency",
        "after": "verify",
    },
    "channels.x": None,
    "channels.web.service_hours": {"mon": ["08:00-12:00"]},
    "steps.ask.next": [{"to": "coordinate"}],
    "steps.respond": None,
    "handover.bounce_limit": 3,
    "legal_basis": ["Peraturan Contoh Nomor 1"],
    "official_accounts.principles": None,
}


@settings(max_examples=40, deadline=None)
@given(st.permutations(list(CHANGES)), st.integers(0, len(CHANGES)))
def test_the_order_of_what_is_set_means_nothing(order: list[str], length: int) -> None:
    plain = read_overlay(HEAD)
    chosen = order[:length]
    forwards = Overlay(plain.extends, plain.own, {path: CHANGES[path] for path in chosen})
    backwards = Overlay(plain.extends, plain.own, {path: CHANGES[path] for path in reversed(chosen)})
    once, again = apply(PARENT, forwards), apply(PARENT, backwards)
    assert once == again and once.sha256 == apply(PARENT, forwards).sha256
    assert [step.code for step in once.steps] == [step.code for step in again.steps]
    assert read_overlay(written(forwards)) == forwards
    # What is set shows, and nothing else.
    shown = {one.path for one in diverging(PARENT, once)}
    assert all(any(one == path or one.startswith(f"{path}.") for one in shown) for path in chosen)
    assert all(any(one == path or one.startswith(f"{path}.") for path in chosen) for one in shown)


def test_an_overlay_is_written_as_people_write() -> None:
    two_lines = overlay("templates.answer.text.id: |-", "  Salam.", "  {answer}", "channels.x: null")
    text = written(two_lines)
    assert "|-\n" in text and "channels.x: null" in text and "revisions" not in text
    assert read_overlay(text) == two_lines
    with_history = read_overlay(HEAD + "revisions:\n  - {version: 1, date: 2026-10-01, summary: Mengikuti provinsi}\n")
    assert read_overlay(written(with_history)) == with_history and "Mengikuti provinsi" in written(with_history)


@pytest.mark.parametrize(
    ("lines", "line", "field", "words"),
    [
        (["obligations.follow_up.wihtin: 3 working_days"], 8, "obligations.follow_up.wihtin", "no field here"),
        (["obligation.follow_up: {}"], 8, "obligation.follow_up", "no field here"),
        (["channels.x: null", "kinds: {}"], 9, "kinds", "sets everything at once"),
        (["kinds.complaint.answer_within.days: 3"], 8, "kinds.complaint.answer_within.days", "leads too far"),
        (["version: 3"], 8, "version", "is not inherited"),
        (["code: other"], 8, "code", "is not inherited"),
        (["obligations.answer.within: null"], 8, "obligations.answer.within", "cannot be taken away"),
        (["steps.ask.note: a", "steps.ask: {}"], 8, "steps.ask.note", "together with steps.ask"),
        (["steps.ask: {code: tell}"], 8, "steps.ask", "another code"),
        (["steps.ask: 3"], 8, "steps.ask", "fields of its own"),
        (["channels.x: null", "channels.x: null"], 9, "set.channels.x", "twice"),
    ],
)
def test_what_cannot_be_set_is_told(lines: list[str], line: int, field: str, words: str) -> None:
    with pytest.raises(SopInvalid) as refused:
        overlay(*lines)
    [flaw] = refused.value.problems
    assert (flaw.line, flaw.field) == (line, field) and words in str(flaw.said)


@pytest.mark.parametrize("field", ["extends", "unit", "number", "version", "dates", "approver"])
def test_what_is_its_own_cannot_be_left_out(field: str) -> None:
    text = "".join(row for row in HEAD.splitlines(keepends=True) if not row.startswith(field))
    with pytest.raises(SopInvalid) as refused:
        read_overlay(text)
    assert [flaw.field for flaw in refused.value.problems] == [field]


@pytest.mark.parametrize("text", ["", "just words", "- a", HEAD + "set: [a]", HEAD + "sets: {}", HEAD + "number: 2"])
def test_what_is_no_overlay_is_refused(text: str) -> None:
    with pytest.raises(SopInvalid) as refused:
        read_overlay(text)
    assert all(str(flaw.said) for flaw in refused.value.problems)


@pytest.mark.parametrize(
    ("lines", "line", "field", "words"),
    [
        (["obligations.vanished.within: 3 working_days"], 8, "obligations.vanished.within", "version 1"),
        (["channels.x: null", "channels.radio: null"], 9, "channels.radio", "is not in version 1"),
        (["steps.new: " + NEW % ", after: nowhere"], 8, "steps.new", "nowhere"),
        (["steps.new: " + NEW % ", after: new"], 8, "steps.new", "new"),
        (["channels.radio: {first_response: 1 working_days, after: x}"], 8, "channels.radio", "no order"),
        (["obligations.answer.within: 3 days"], 8, "obligations.answer.within", "days"),
        (["obligations.spare:", "  name: {id: Satu}", "  actor: operator"], 9, "obligations.spare.name.en", "missing"),
        (["steps.ask.next:", "  - {to: close}", "  - {too: close}"], 10, "steps.ask.next.1.too", "too"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(lines: list[str], line: int, field: str, words: str) -> None:
    fits = overlay(*lines)
    with pytest.raises(SopInvalid) as refused:
        apply(PARENT, fits)
    flaws = {flaw.field: flaw for flaw in refused.value.problems}
    assert flaws[field].line == line and words in str(flaws[field].said), refused.value


def test_what_only_fails_together_is_told_at_set() -> None:
    nothing_left = overlay(*(f"kinds.{kind}: null" for kind in PARENT.kinds))
    with pytest.raises(SopInvalid) as refused:
        apply(PARENT, nothing_left)
    [flaw] = refused.value.problems
    assert (flaw.line, flaw.field) == (7, "kinds")


def test_another_parent_than_the_named_one_is_refused() -> None:
    with pytest.raises(SopInvalid, match="version 1, but this is laid over case_handling version 2"):
        apply(revised(), read_overlay(HEAD))


def test_a_revised_parent_is_followed_and_nothing_is_hidden_in_silence() -> None:
    mine = overlay(
        "obligations.follow_up.within: 3 working_days",
        "kinds.complaint.answer_within: 10 working_days",
        "channels.tiktok.first_response: 2 working_days",
        "channels.youtube: null",
        "steps.ask.note: Sendiri",
        "steps.extra: " + NEW % ", after: hand_over",
    )
    parent = revised(
        obligations__follow_up__within="4 working_days",
        obligations__verify__within="2 working_days",
        kinds__complaint__answer_within="10 working_days",
        channels={name: {"first_response": "1 working_days"} for name in ("web", "instagram")},
        steps__hand_over=None,
    )
    carried, seen = rebase(mine, parent, PARENT)
    assert seen.settled == ("channels.youtube", "kinds.complaint.answer_within")
    assert dict(seen.vanished) == {
        "channels.tiktok.first_response": "2 working_days",
        "steps.extra": mine.set["steps.extra"],
    }
    assert told(seen.hidden) == ["Limit of Coordinate and formulate the follow-up: 5 → 4 working days"]
    taken = told(seen.taken_over)
    assert "Limit of Verify and forward the report: 3 → 2 working days" in taken
    assert "Answer limit of kind Complaint: 14 → 10 working days" in taken
    assert len(taken) + len(seen.hidden) == len(diverging(PARENT, parent))
    assert carried.extends.version == 2 and dict(carried.set) == {
        "obligations.follow_up.within": "3 working_days",
        "steps.ask.note": "Sendiri",
    }
    child = apply(parent, carried)
    assert [one.path for one in diverging(parent, child)] == ["obligations.follow_up.within", "steps.ask.note"]
    assert rebase(mine, parent, PARENT) == (carried, seen)


def test_an_item_of_its_own_that_the_parent_takes_up_hides_the_parents() -> None:
    mine = overlay("channels.radio: {first_response: 2 working_days}")
    theirs = {**PARENT.model_dump(mode="json")["channels"], "radio": {"first_response": "3 working_days"}}
    carried, seen = rebase(mine, revised(channels=theirs), PARENT)
    assert told(seen.hidden) == ["Channel radio added: 3 working days"] and "channels.radio" in carried.set


def test_following_an_unchanged_parent_changes_nothing() -> None:
    mine = overlay(
        "obligations.follow_up.within: 3 working_days",
        "channels.x: null",
        "channels.radio: {first_response: 1 working_days}",
        "steps.extra: " + NEW % ", after: more",
        "steps.more: " + NEW % ", after: ask",
    )
    carried, seen = rebase(mine, revised(), PARENT)
    assert carried.set == mine.set and not (seen.settled or seen.vanished or seen.hidden or seen.taken_over)
