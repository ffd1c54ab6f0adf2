"""The way of a case through the process map, its pauses and hand-overs."""

from datetime import timedelta

from tests.insight.conftest import facts, moment, opened, sent

from salur.insight.lab.timeline import hand_ons, standstills, way
from salur.sop.document.model import SopDocument

REPLY = {"purpose": "answer", "reply_id": 3}


def test_the_way_leaves_receipts_out_and_counts_one_reply_to_many_once() -> None:
    journal = facts(
        opened("2026-07-06 10:00", 4),
        sent("2026-07-06 10:01", "acknowledgement", 1),
        ("2026-07-07 09:00", "case.verified", {}),
        ("2026-07-08 09:00", "reply.drafted", REPLY),
        ("2026-07-08 10:00", "dispatch.sent", {**REPLY, "dispatch_id": 7}),
        ("2026-07-08 10:01", "dispatch.sent", {**REPLY, "dispatch_id": 8}),
    )
    stops = way(journal, moment("2026-07-06 09:30"))
    assert [(stop.node, stop.agency_id) for stop in stops] == [
        ("case.opened", 4),
        ("case.verified", 4),
        ("reply.drafted:answer", 4),
        ("dispatch.sent:answer", 4),
    ]
    assert stops[0].at == moment("2026-07-06 09:30"), "the way begins when the citizen spoke"


def test_a_late_entry_stands_where_it_happened_and_a_voided_one_nowhere() -> None:
    journal = facts(
        opened("2026-07-06 10:00"),
        ("2026-07-08 09:00", "case.followed_up", {}),
        ("2026-07-08 12:00", "case.verified", {"happened_at": "2026-07-07T09:00:00+07:00"}),
        ("2026-07-09 12:00", "case.fact_voided", {"seq": 2}),
    )
    stops = way(journal, None)
    assert [(stop.node, stop.at) for stop in stops[1:]] == [("case.verified", moment("2026-07-07 09:00"))]


def test_a_pause_ends_with_what_its_reason_says(standard: SopDocument) -> None:
    journal = facts(
        opened("2026-07-06 10:00"),
        ("2026-07-07 09:00", "case.held", {"reason": "incomplete"}),
        ("2026-07-08 09:00", "case.verified", {}),
        ("2026-07-09 09:00", "message.joined", {}),
        ("2026-07-10 09:00", "case.held", {"reason": "force_majeure"}),
        ("2026-07-13 09:00", "message.joined", {}),
    )
    now = moment("2026-07-14 09:00")
    found = [(one.reason, one.ended_at - one.began_at) for one in standstills(journal, standard, now)]
    assert found == [("incomplete", timedelta(days=2)), ("force_majeure", timedelta(days=4))]


def test_only_from_agency_to_agency_is_a_hand_over() -> None:
    journal = facts(
        opened("2026-07-06 10:00", None),
        ("2026-07-07 09:00", "case.referred", {"agency_id": 4}),
        ("2026-07-09 09:00", "case.referred", {"agency_id": 5}),
        ("2026-07-10 09:00", "case.referred", {"agency_id": 5}),
    )
    found = [(one.from_agency, one.to_agency, one.at - one.held_since) for one in hand_ons(way(journal, None))]
    assert found == [(4, 5, timedelta(days=2))]
