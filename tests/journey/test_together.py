"""Officers and workers at the same cases at the same time: nothing waits for ever, nothing is lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.world import ready_lampung

from salur.cases.handle import follow_up
from salur.cases.models import Case
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.replies import approve, draft
from salur.sop.rebuild import rebuild


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_one_case() -> None:
    case = ready_lampung().report("satu")
    failures: list[Exception] = []

    def hand(work: Callable[[int], object], times: int) -> None:
        try:
            for number in range(times):
                work(number)
        except Exception as problem:
            failures.append(problem)
        finally:
            connection.close()

    def answer(number: int) -> None:
        reply = act(draft, case.pk, purpose="progress", text=f"Kabar {number}.", actor="member:1")
        act(approve, reply.pk, actor="member:2")

    works: list[tuple[Callable[[int], object], int]] = [
        (answer, 8),
        (answer, 8),
        (lambda number: act(follow_up, case.pk, note=f"Langkah {number}.", actor="member:3"), 12),
        (lambda _: run_until_quiet(), 12),
        (lambda _: run_until_quiet(), 12),
    ]
    threads = [threading.Thread(target=hand, args=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_until_quiet()
    assert failures == []
    kinds = [fact.kind for fact in ledger.journal(case.stream)]
    counted = [kinds.count(kind) for kind in ("case.followed_up", "reply.approved", "dispatch.sent")]
    assert counted == [12, 17, 17]
    assert ledger.first_break(case.stream) is None
    with use(EVERYTHING):
        assert [one for one in rebuild(write=False) if one] == []
        assert Case.objects.count() == 1
