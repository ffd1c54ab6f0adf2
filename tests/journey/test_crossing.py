"""What crosses in time: a letter and a closing, two sweepers, a rebuild and an officer, a sender and its connection."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.world import Lampung, ready_lampung

from salur.cases import closing, handle
from salur.cases.models import Case
from salur.cases.thread import thread_token
from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.ports import SendFailed
from salur.intake.models import Message
from salur.journey import worker
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import dispatch
from salur.publishing.models import Dispatch
from salur.sop import advance as advance_module
from salur.sop import rebuild as rebuild_module
from salur.sop.horizon import set_horizon
from salur.sop.models import SopVersion
from salur.sop.versions import in_force
from salur.triage import read as read_module

NEW_YEARS_NIGHT = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)  # 1 January 2027, 01:00 in Lampung


def elsewhere(work: Callable[[], object]) -> None:
    """Run work in another thread with its own connection, and wait for it."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as problem:
            failures.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def archive(case: Case) -> Callable[[], None]:
    return lambda: act(closing.close, case.pk, by="officer", outcome="archived", reason="ganda", actor="member:1")


def again(case: Case) -> Case:
    with use(EVERYTHING):
        return Case.objects.get(pk=case.pk)


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_crosses_the_closing_opens_the_case_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lampung = ready_lampung()
    case, real = lampung.report("satu"), read_module.join_case

    def crossing(message: Message, found: Case) -> None:
        elsewhere(archive(case))
        real(message, found)

    monkeypatch.setattr(read_module, "join_case", crossing)
    lampung.report("dua", "Belum selesai, masih berlubang.", thread_token=thread_token(case))
    assert again(case).closed_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_a_breach_down_once(monkeypatch: pytest.MonkeyPatch) -> None:
    case, both, real = ready_lampung().report("satu"), threading.Barrier(2, timeout=2), advance_module.fold
    first, later = threading.local(), clock.now() + timedelta(days=60)

    def slow(*arguments: Any) -> Any:
        state = real(*arguments)
        if not getattr(first, "done", False):
            first.done = True
            with suppress(threading.BrokenBarrierError):
                both.wait()
        return state

    monkeypatch.setattr(advance_module, "fold", slow)

    def sweep() -> None:
        try:
            with clock.turned_to(later):
                worker.sweep()
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts = [fact for fact in ledger.journal(case.stream) if fact.kind == "obligation.breached"]
    said = [(fact.data["code"], fact.data["started_by"]) for fact in facts]
    assert said and sorted(said) == sorted(set(said))


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_does_not_undo_what_an_officer_does_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    case = ready_lampung().report("satu")
    with use(EVERYTHING):
        Case.objects.filter(pk=case.pk).update(kind="aspiration")
    officer, real = threading.Thread(target=lambda: (archive(case)(), connection.close())), rebuild_module.state_of

    def slow(*arguments: Any) -> Any:
        state = real(*arguments)
        officer.start()
        time.sleep(0.3)
        return state

    monkeypatch.setattr(rebuild_module, "state_of", slow)
    with use(EVERYTHING):
        assert [one.columns for one in rebuild_module.rebuild(write=True) if one] == [("kind",)]
    officer.join()
    assert again(case).closed_at is not None and again(case).kind == "complaint"


def test_one_case_that_cannot_be_folded_does_not_stop_the_sweep(
    lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, real = lampung.report("satu"), lampung.report("dua"), worker.advance

    def broken(case_id: int, government_id: int) -> None:
        if case_id == first.pk:
            raise RuntimeError("a calendar that never opens")
        real(case_id, government_id)

    monkeypatch.setattr(worker, "advance", broken)
    with clock.turned_to(clock.now() + timedelta(days=60)):
        worker.sweep()
    assert again(second).breaches > 0


@pytest.mark.django_db(transaction=True)
def test_a_dispatch_whose_end_was_not_written_down_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    lampung, real, broken = ready_lampung(), dispatch.conclude, list[int]()

    def refuse(*_: Any) -> Any:
        raise SendFailed("nanti")

    def once(dispatch_id: int, outcome: dispatch.Outcome, **more: Any) -> None:
        if not broken:
            broken.append(dispatch_id)
            raise RuntimeError("deadlock detected")
        real(dispatch_id, outcome, **more)

    monkeypatch.setattr(WebPlatform, "send", refuse)
    lampung.report("satu")
    with use(EVERYTHING):
        Dispatch.objects.update(not_before=clock.now())
    monkeypatch.setattr(dispatch, "conclude", once)
    one = worker.Worker(poll_seconds=60, senders=1)
    one.threads = [thread for thread in one.threads if thread.name.startswith("sender")]
    runner = threading.Thread(target=one.run)
    runner.start()
    until, orphans = time.monotonic() + 10, list[tuple[int, int]]()
    while time.monotonic() < until and not orphans:
        time.sleep(0.2)
        orphans = dispatch.orphans()
    one.stop.set()
    runner.join(20)
    assert broken and [pk for pk, _ in orphans] == broken


def test_a_number_of_new_years_night_says_january(lampung: Lampung) -> None:
    with clock.turned_to(NEW_YEARS_NIGHT):
        assert lampung.report("satu").number.startswith("18-2701-")


def test_an_sop_is_in_force_from_midnight_of_its_own_zone(lampung: Lampung) -> None:
    with use(EVERYTHING):
        SopVersion.objects.filter(government=lampung.province).update(in_force_from=date(2027, 1, 1))
    with clock.turned_to(NEW_YEARS_NIGHT):
        assert in_force(lampung.province).version == 1


def test_today_is_no_future_review_date(lampung: Lampung) -> None:
    with clock.turned_to(NEW_YEARS_NIGHT):
        case = lampung.report("satu")
        with pytest.raises(handle.NotPossible, match="future"):
            act(
                set_horizon, case.pk, horizon="medium", reason="c", owner="a", plan="apbd", plan_reference="b",
                promised_on=date(2027, 2, 1), review_on=date(2027, 1, 1), actor="member:1",
            )  # fmt: skip
