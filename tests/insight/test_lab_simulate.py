"""A draft tried on a past that was counted by hand."""

from typing import Any

import pytest
from tests.insight.conftest import Draft, Lay, changed_draft, opened, sent

from salur.insight.lab.caveats import to_be_looked_up, unknowable
from salur.insight.lab.period import Period
from salur.insight.lab.simulate import simulate
from salur.insight.lab.trial import Compared, Simulation
from salur.kernel.models import Entry
from salur.sop.document.model import SopDocument

pytestmark = pytest.mark.usefixtures("past")

PHOTO: dict[str, Any] = {
    "code": "photo",
    "name": {"id": "Mengunggah foto", "en": "Upload a photograph"},
    "actor": "operator",
    "starts_on": ["case.followed_up"],
    "met_by": ["case.evidence_added"],
    "within": "1 working_days",
    "clock": "agency",
}


@pytest.fixture
def past(lay: Lay, agencies: tuple[int, int]) -> None:
    """One report on the web, answered; one on WhatsApp that nobody touched."""
    lay(
        opened("2026-07-06 10:00", agencies[0]),
        ("2026-07-07 09:00", "case.verified", {}),
        ("2026-07-10 09:00", "case.followed_up", {}),
        sent("2026-07-13 10:00", "answer"),
        ("2026-07-28 08:00", "case.closed", {"by": "system", "outcome": "silence", "reason": "silence"}),
    )
    lay(opened("2026-07-13 09:00", agencies[1], channel="whatsapp"), channel="whatsapp")


def step(found: Simulation, code: str) -> Compared:
    return next(one for one in found.steps if one.code == code)


def codes(found: Simulation) -> set[str]:
    return {one.code for one in found.caveats}


def with_obligation(document: SopDocument, obligation: dict[str, Any]) -> SopDocument:
    data = document.model_dump(mode="json")
    return SopDocument.model_validate({**data, "obligations": [*data["obligations"], obligation]})


def test_a_shorter_limit_makes_late_what_was_in_time(draft: Draft, july: Period, agencies: tuple[int, int]) -> None:
    found = simulate(draft(follow_up={"within": "2 working_days"}), july)
    assert (found.cases, found.changed, found.worse, found.better) == (2, 1, 1, 0)
    one = step(found, "follow_up")
    assert (one.before.share.share, one.after.share.share, one.difference.value) == (1.0, 0.0, -1.0)
    assert found.overall.before.share.share == pytest.approx(3 / 7)
    assert found.overall.after.share.share == pytest.approx(2 / 7)
    assert [(group.step, group.before, group.after, group.count) for group in found.groups] == [
        ("follow_up", "in_time", "met_late", 1)
    ]
    assert found.groups[0].reasons == ("batasnya berubah dari 5 hari kerja menjadi 2 hari kerja",)
    (case,) = found.listed
    (change,) = case.changes
    assert case.agency_id == agencies[0]
    assert f"{change.due_before:%m-%d %H:%M} {change.due_after:%m-%d %H:%M}" == "07-14 16:00 07-09 16:00"
    rows = {row.code: row.difference.value for row in found.agencies}
    assert rows == {str(agencies[0]): pytest.approx(-0.25), str(agencies[1]): 0.0}


def test_the_week_in_which_work_falls_due_moves(draft: Draft, july: Period) -> None:
    found = simulate(draft(follow_up={"within": "2 working_days"}), july)
    weeks = {one.actor: [(week.label, week.before, week.after) for week in one.weeks] for one in found.workload}
    assert weeks["operator"] == [("2026-W28", 1, 2), ("2026-W29", 2, 1), ("2026-W30", 1, 1), ("2026-W31", 1, 1)]
    assert weeks["coordinator"] == [("2026-W28", 1, 1), ("2026-W29", 1, 1)]
    operator = next(one for one in found.workload if one.actor == "operator")
    assert (operator.peak_before.label, operator.peak_after.label) == ("2026-W29", "2026-W28")


def test_rungs_are_reached_that_were_not(draft: Draft, july: Period) -> None:
    found = simulate(draft(follow_up={"within": "1 working_days"}), july)
    rungs = {(one.step, one.rung, one.to): (one.before, one.after) for one in found.escalations}
    assert rungs["follow_up", 1, "head_of_agency"] == (0, 1)
    assert rungs["verify", 1, "regional_secretary"] == (1, 1)


def test_the_version_the_cases_are_on_changes_nothing(standard: SopDocument, july: Period) -> None:
    found = simulate(standard, july)
    assert (found.changed, found.groups, found.listed) == (0, (), ())
    for table in ((found.overall,), found.steps, found.agencies, found.kinds, found.horizons, found.channels):
        assert all(one.before.obligations == one.after.obligations for one in table)
        assert all(one.before.share == one.after.share and one.difference.value in (0.0, None) for one in table)
    assert all(one.before == one.after and not one.earlier and not one.later for one in found.escalations)
    assert "behaviour" not in codes(found)


def test_what_nobody_was_asked_for_is_not_judged(standard: SopDocument, july: Period) -> None:
    found = simulate(with_obligation(standard, PHOTO), july)
    one = step(found, "photo")
    assert (one.after.obligations, one.after.unknowable, one.after.share.share) == (1, 1, None)
    assert found.overall.before.share == found.overall.after.share
    assert (found.worse, codes(found) >= {"unknowable", "behaviour"}) == (0, True)


def test_it_is_judged_where_somebody_did_it(
    standard: SopDocument, july: Period, lay: Lay, agencies: tuple[int, int]
) -> None:
    lay(
        opened("2026-07-06 10:00", agencies[0]),
        ("2026-07-07 09:00", "case.followed_up", {}),
        ("2026-07-07 10:00", "case.evidence_added", {}),
    )
    one = step(simulate(with_obligation(standard, PHOTO), july), "photo")
    assert (one.after.share.kept, one.after.share.broken, one.after.unknowable) == (1, 1, 0)


def test_a_dropped_obligation_and_a_new_one_say_so(standard: SopDocument, july: Period) -> None:
    data = standard.model_dump(mode="json")
    kept = [one for one in data["obligations"] if one["code"] != "follow_up"]
    again = {**next(one for one in data["obligations"] if one["code"] == "verify"), "code": "check"}
    found = simulate(SopDocument.model_validate({**data, "obligations": [*kept, again]}), july)
    told = {(one.step, one.before, one.after, one.reasons, one.count) for one in found.groups}
    assert told == {
        ("follow_up", "in_time", "absent", ("kewajiban itu tidak ada lagi",), 1),
        ("check", "absent", "in_time", ("kewajiban itu sebelumnya tidak ada",), 1),
        ("check", "absent", "overdue", ("kewajiban itu sebelumnya tidak ada",), 1),
    }


def test_a_pause_that_the_draft_does_not_allow_no_longer_helps(
    standard: SopDocument, july: Period, lay: Lay, agencies: tuple[int, int]
) -> None:
    lay(
        opened("2026-07-06 10:00", agencies[0]),
        ("2026-07-07 09:00", "case.held", {"reason": "incomplete"}),
        ("2026-07-14 09:00", "message.joined", {}),
        ("2026-07-15 09:00", "case.verified", {}),
    )
    data = standard.model_dump(mode="json")
    without = [one for one in data["pause_reasons"] if one["code"] != "incomplete"]
    found = simulate(SopDocument.model_validate({**data, "pause_reasons": without}), july)
    reasons = {one.reasons for one in found.groups if one.step == "verify" and one.before == "in_time"}
    assert reasons == {("jeda “Menunggu kelengkapan dari warga” tidak lagi menghentikan waktu",)}
    assert "unknown_pause_reason" in codes(found)


def test_what_the_draft_would_have_refused_is_counted(standard: SopDocument, july: Period) -> None:
    data = standard.model_dump(mode="json")
    closure = {**data["closure"], "second_person": ["silence"], "after_answer": {"within": "20 working_days"}}
    closure["after_answer"]["closes_as"] = "silence"
    found = simulate(SopDocument.model_validate({**data, "closure": closure}), july)
    counts = {one.code: one.count for one in found.caveats}
    assert (counts["second_person"], counts["silence"], counts["still_open"]) == (1, 1, 1)


def test_the_list_is_capped_and_the_count_is_not(draft: Draft, july: Period, lay: Lay) -> None:
    for day in range(14, 20):
        lay(opened(f"2026-07-{day} 09:00"), ("2026-07-22 09:00", "case.verified", {}))
    found = simulate(draft(verify={"within": "30 working_days"}), july, keep=3)
    assert len(found.listed) == 3
    assert found.changed == found.better > 3


def test_the_seed_repeats_the_intervals(draft: Draft, july: Period) -> None:
    tighter = draft(follow_up={"within": "2 working_days"})
    assert simulate(tighter, july, seed=5) == simulate(tighter, july, seed=5)


def test_it_writes_nothing(draft: Draft, july: Period) -> None:
    before = list(Entry.objects.order_by("id").values_list("id", "hash"))
    simulate(draft(answer={"within": "1 working_days"}), july)
    assert list(Entry.objects.order_by("id").values_list("id", "hash")) == before


def test_a_changed_draft_is_another_document(standard: SopDocument) -> None:
    assert changed_draft(standard, verify={"within": "1 working_days"}).sha256 != standard.sha256


def test_only_what_a_version_did_not_ask_for_is_unknowable(standard: SopDocument) -> None:
    asking = with_obligation(standard, PHOTO)
    assert unknowable(standard, asking, set()) == {"photo"}
    assert unknowable(asking, asking, set()) == frozenset()
    assert unknowable(standard, asking, {("case.evidence_added", "")}) == frozenset()
    assert to_be_looked_up(standard, asking) == {"case.followed_up", "case.evidence_added"}
    assert to_be_looked_up(asking, standard) == set()
