"""How far a proof reaches: to one platform, one account, one audience, three days, and one worker at a time."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests.intake.talk import Talk, at, case_of, come_in, comment, line, talk, talker
from tests.world import Lampung, ready_lampung

from salur.cases.closing import close
from salur.cases.models import Case, CaseMessage
from salur.cases.thread import STILL, find_case
from salur.channels.connect import connect
from salur.channels.models import Account
from salur.channels.ports import Echoed
from salur.channels.registry import PLATFORMS
from salur.channels.ways import TextLimit, Way
from salur.intake.understand import understand_next
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.models import Waiting
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch
from salur.publishing.replies import approve, draft
from salur.triage import read as reading

__all__ = ["talk"]
DAY = 86_400


class Brief(Talk):
    """The same platform where an answer takes several messages."""

    capabilities = replace(Talk.capabilities, ways=(Way("page", TextLimit(60, parts=9)),))


def shut(case: Case, at_instant: datetime) -> None:
    """Close a case at an instant."""
    with clock.turned_to(at_instant):
        act(close, case.pk, by="citizen", outcome="completed", reason="", actor="citizen")


def test_the_number_of_a_case_proves_nothing_to_a_namesake_on_another_platform(
    talk: Account, lampung: Lampung, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PLATFORMS, "elsewhere", Talk())
    with use(EVERYTHING):
        account = connect(lampung.agency("bmbk"), "elsewhere", "jalan")
        other = Account.objects.select_related("agency", "government").get(pk=account.pk)
    come_in(talk, comment(1))
    number = case_of(1).number
    come_in(other, comment(2, f"Bagaimana laporan {number}?", 60))
    assert case_of(2) != case_of(1), "who is called siti there is somebody else"
    come_in(talk, comment(3, f"Bagaimana laporan {number}?", 90))
    assert case_of(3) == case_of(1)


def test_the_id_of_an_answered_message_means_the_one_in_the_same_account(talk: Account, lampung: Lampung) -> None:
    other = talker(lampung, "dinkes", "kesehatan")
    come_in(talk, line(1, "Jalan berlubang."))
    come_in(other, comment(2, "Obat habis.", 60))
    come_in(other, line(3, "Loket tutup.", 90, thread_ids=("1",)))
    found = {case_of(number).pk for number in (1, 2, 3)}
    assert len(found) == 3, "chats of two accounts may count alike"


@pytest.mark.parametrize("place", ["", "ruang-1"])
def test_a_comment_is_not_the_chat_that_a_private_line_goes_on_with(talk: Account, place: str) -> None:
    come_in(talk, comment(1, place=place))
    come_in(talk, line(2, "Hal lain.", 300, place=place))
    assert case_of(2) != case_of(1)
    come_in(talk, line(3, "Masih hal lain.", 600, place=place))
    assert case_of(3) == case_of(2)


def test_a_private_line_that_names_our_public_words_begins_anew(talk: Account) -> None:
    come_in(talk, comment(1))
    come_in(talk, Echoed("kami-7", "Sudah dijadwalkan.", at(9), in_reply_to="1"))
    come_in(talk, line(2, "Hal lain.", 20, thread_ids=("kami-7",)))
    assert case_of(2) != case_of(1), "what was said in public is answered in public"
    come_in(talk, comment(3, "Kapan?", 40, thread_ids=("kami-7",)))
    assert case_of(3) == case_of(1)


@pytest.mark.parametrize("part", [0, 1, -1])
def test_an_answer_to_any_part_of_our_long_answer_goes_on(
    talk: Account, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setitem(PLATFORMS, "talk", Brief())
    come_in(talk, line(1))
    reply = act(draft, case_of(1).pk, purpose="progress", text="Sudah kami jadwalkan. " * 8, actor="member:1")
    act(approve, reply.pk, actor="member:2")
    with clock.turned_to(clock.now() + timedelta(minutes=1)):
        run_until_quiet()
    with use(EVERYTHING):
        said = Dispatch.objects.get(reply=reply, state="sent").said
    assert len(set(said)) == len(said) >= 3
    shut(case_of(1), at(DAY))
    come_in(talk, line(2, "Hal lain.", 9 * DAY))
    assert case_of(2) != case_of(1)
    come_in(talk, line(3, "Belum selesai.", 10 * DAY, thread_ids=(said[part],)))
    assert case_of(3) == case_of(1)


@pytest.mark.parametrize(("before", "same"), [(timedelta(0), False), (timedelta(microseconds=1), True)])
def test_a_chat_goes_on_with_a_closed_case_for_less_than_three_days(
    talk: Account, before: timedelta, same: bool
) -> None:
    come_in(talk, line(1))
    shut(case_of(1), at(DAY))
    spoken = case_of(1).closed_at + STILL - before
    come_in(talk, replace(line(2, "Lampu mati."), spoken_at=spoken))
    assert (case_of(2) == case_of(1)) is same


@pytest.mark.django_db(transaction=True)
def test_two_lines_of_one_person_read_at_one_instant_are_one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLATFORMS, "talk", Talk())
    account = talker(ready_lampung(), "bmbk", "jalan")
    come_in(account, line(1), carry=False)
    come_in(account, line(2, "Di depan pasar.", 600), carry=False)
    with use(EVERYTHING), transaction.atomic():
        assert understand_next(2) == 2
    assert Waiting.objects.count() == 2, "both are here and neither is read"
    both = threading.Barrier(2, timeout=1.5)

    def slowly(*given: Any) -> Case | None:
        """Find as always, then wait for the other reader: they meet only where nothing keeps them apart."""
        found = find_case(*given)
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return found

    monkeypatch.setattr(reading, "find_case", slowly)
    together(2)
    assert both.broken, "the second line was looked at before the first had its case"
    with use(EVERYTHING):
        assert CaseMessage.objects.count() == 2 and Case.objects.count() == 1


def together(workers: int) -> None:
    """So many workers carry everything that waits to its end, at once."""
    failures: list[Exception] = []

    def work() -> None:
        try:
            run_until_quiet()
        except Exception as problem:
            failures.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
