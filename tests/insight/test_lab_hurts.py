"""Where it hurts, in pasts that were counted by hand."""

import pytest
from tests.insight.conftest import Lay, moment, opened, sent
from tests.world import Lampung

from salur.insight.lab.counted import Spread
from salur.insight.lab.hurts import Kept, WhereItHurts, where_it_hurts
from salur.insight.lab.period import Period


def row(table: tuple[Kept, ...], code: object) -> Kept:
    return next(one for one in table if one.code == str(code))


@pytest.fixture
def found(lay: Lay, july: Period, agencies: tuple[int, int]) -> WhereItHurts:
    """One report answered late on the web, and one on WhatsApp that nobody touched."""
    roads, health = agencies
    lay(
        opened("2026-07-06 10:00", roads),
        ("2026-07-07 09:00", "case.verified", {}),
        ("2026-07-10 09:00", "case.followed_up", {}),
        sent("2026-07-13 10:00", "answer"),
    )
    lay(opened("2026-07-13 09:00", health, channel="whatsapp"), channel="whatsapp")
    lay(opened("2026-06-30 23:59", roads))  # before the period
    lay(opened("2026-08-01 00:00", roads))  # after it
    return where_it_hurts(july)


def test_every_obligation_has_its_verdict(found: WhereItHurts) -> None:
    assert (found.cases, found.open_cases) == (2, 2)
    whole = found.overall
    assert (whole.obligations, whole.met, whole.breached, whole.still_open) == (7, 4, 4, 3)
    assert (whole.in_time, whole.met_late, whole.overdue, whole.lapsed_late, whole.pending) == (3, 1, 3, 0, 0)
    assert whole.share.share == pytest.approx(3 / 7)


def test_it_is_told_by_step_agency_kind_horizon_and_channel(found: WhereItHurts, agencies: tuple[int, int]) -> None:
    roads, health = agencies
    first = row(found.steps, "first_response")
    assert (first.obligations, first.met, first.breached, first.still_open) == (2, 1, 2, 1)
    # Thursday's closing to Monday 10:00: Friday, and two and a half of Monday's seven and a half hours;
    # Tuesday's closing to the end of July: thirteen days.
    assert first.lateness == Spread(2, 1.33, 13.0, 14.33)
    assert row(found.steps, "follow_up").lateness == Spread(0, None, None, 0.0)
    assert [row(found.agencies, one).breached for one in agencies] == [1, 3]
    assert [row(found.channels, one).obligations for one in ("web", "whatsapp")] == [4, 3]
    assert [(one.code, one.obligations) for one in found.kinds] == [("complaint", 7)]
    assert [(one.code, one.obligations) for one in found.horizons] == [("short", 7)]
    assert {roads, health} == {int(one.code) for one in found.agencies}


def test_the_map_holds_what_was_done_and_how_long_it_took(found: WhereItHurts) -> None:
    assert {node.code: node.count for node in found.process_map.nodes} == {
        "case.opened": 2,
        "case.verified": 1,
        "case.followed_up": 1,
        "dispatch.sent:answer": 1,
    }
    edges = {(edge.began, edge.ended): edge.time.total for edge in found.process_map.edges}
    assert edges == {
        ("case.opened", "open"): pytest.approx(14.8),
        ("case.verified", "case.followed_up"): 3.0,
        ("case.followed_up", "dispatch.sent:answer"): pytest.approx(1.13, abs=0.01),
        ("case.opened", "case.verified"): pytest.approx(0.87, abs=0.01),
    }
    assert sum(edge.part for edge in found.process_map.edges) == pytest.approx(1)
    names = {edge.ended: edge.ended_name for edge in found.process_map.edges}
    assert "open" not in names.values() and len(set(names.values())) == len(names)


def test_the_untouched_report_hurts_most(found: WhereItHurts) -> None:
    first = found.hurts[0]
    assert (first.step, first.stretches[0].began, first.stretches[0].ended) == ("verify", "case.opened", "open")
    assert sum(one.part for one in found.hurts) == pytest.approx(1)
    assert sum(one.late_days for one in found.hurts) == pytest.approx(found.overall.lateness.total)


def test_pauses_and_hand_overs_cost(lay: Lay, july: Period, agencies: tuple[int, int], lampung: Lampung) -> None:
    roads, health = agencies
    lay(
        opened("2026-07-06 16:00", roads),
        ("2026-07-08 16:00", "case.referred", {"agency_id": health, "reason": "not_ours"}),
        ("2026-07-09 16:00", "case.held", {"reason": "incomplete"}),
        ("2026-07-14 16:00", "message.joined", {}),
    )
    found = where_it_hurts(july)
    assert [(one.from_agency, one.to_agency, one.time.total) for one in found.hand_overs] == [(roads, health, 2.0)]
    assert found.hand_overs[0].to_name == lampung.agency("dinkes").name
    assert [(one.reason, one.cases, one.time.total) for one in found.pauses] == [("incomplete", 1, 3.0)]
    assert found.handed_cases == 1


def test_facts_after_the_cut_off_are_not_known(lay: Lay, july: Period, agencies: tuple[int, int]) -> None:
    lay(opened("2026-07-30 10:00", agencies[0]), ("2026-08-03 09:00", "case.verified", {}))
    early = where_it_hurts(july)
    assert row(early.steps, "verify").pending == 1
    late = where_it_hurts(Period(july.government_id, july.since, july.until, moment("2026-08-10 00:00")))
    assert row(late.steps, "verify").in_time == 1


def test_cases_without_a_version_are_left_out_and_said(lay: Lay, july: Period, agencies: tuple[int, int]) -> None:
    lay(opened("2026-07-06 10:00", agencies[0]), bound=False)
    found = where_it_hurts(july)
    assert (found.cases, found.overall.obligations, found.overall.share.share) == (0, 0, None)
    assert [(one.code, one.count) for one in found.caveats] == [("unbound", 1)]


def test_an_empty_period_is_empty(july: Period) -> None:
    found = where_it_hurts(july)
    assert (found.cases, found.hurts, found.steps, found.process_map.edges) == (0, (), (), ())
