"""Several workers at what one person says at once: one case, one group, and no change that misses its message."""

import threading

import pytest
from django.db import connection
from tests.intake.talk import Talk, at, come_in, line, talker
from tests.world import ready_lampung

from salur.cases.models import Case
from salur.channels.ports import Edited
from salur.channels.registry import PLATFORMS
from salur.intake.models import Delivery, Message
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use

PEOPLE = 4
LINES = 5


@pytest.mark.django_db(transaction=True)
def test_lines_and_edits_of_many_people_with_three_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLATFORMS, "talk", Talk())
    account = talker(ready_lampung(), "bmbk", "jalan")
    for number in range(LINES):
        for person in range(PEOPLE):
            key = f"{person}:{number}"
            who = {"sender_address": f"warga-{person}", "place": f"chat-{person}"}
            come_in(account, line(key, f"Baris {key}", number * 10, **who), carry=False)
            come_in(account, Edited(key, f"Ubah {key}", at(500)), carry=False)
    failures: list[Exception] = []

    def work() -> None:
        try:
            run_until_quiet()
        except Exception as problem:
            failures.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_until_quiet()
    assert failures == []
    with use(EVERYTHING):
        assert set(Delivery.objects.values_list("state", flat=True)) == {"understood"}
        messages = list(Message.objects.select_related("lead"))
        assert len(messages) == PEOPLE * LINES and Case.objects.count() == PEOPLE
        assert {one.text[:4] for one in messages} == {"Ubah"}
        assert {one.lead.external_id for one in messages if one.lead} == {f"{n}:0" for n in range(PEOPLE)}
        assert sum(one.lead is None for one in messages) == PEOPLE
