"""An invitation has the account looked after at once; nothing else does."""

import json
from datetime import timedelta

import pytest
from tests.world import Lampung

from salur.channels.connect import connect
from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.intake.poll import due_to_poll
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

OPD = "@opd:lampung.test"


@pytest.mark.parametrize(("invited", "soon"), [(OPD, True), ("@lain:lampung.test", False)])
def test_an_invited_account_is_due_to_be_looked_after(lampung: Lampung, invited: str, soon: bool) -> None:
    member = {
        "type": "m.room.member",
        "event_id": "$i",
        "room_id": "!r:lampung.test",
        "sender": "@siti:lampung.test",
        "state_key": invited,
        "content": {"membership": "invite"},
        "origin_server_ts": 1795490000000,
    }
    reaction = {"type": "m.reaction", "event_id": "$r", "room_id": "!r:lampung.test", "content": {}}
    with use(EVERYTHING):
        account = connect(lampung.agency("diskominfotik"), "matrix", OPD)
        Account.objects.filter(pk=account.pk).update(poll_after=clock.now() + timedelta(minutes=5))
        body = json.dumps({"events": [reaction, member]}).encode()
        accept(account, Raw("txn:1", body, "application/json", via="hook"))
    run_until_quiet()
    with use(EVERYTHING):
        assert (account.pk in {one.pk for one in due_to_poll()}) is soon
