"""Text messages through a real gammu-smsd, both ways."""

from time import sleep

import pytest
from tests.servers.sms import running

from salur.channels.platforms.sms.adapter import SmsPlatform
from salur.channels.ports import AccountView, Inbound, Item, Outbound, Receipted

pytestmark = pytest.mark.servers
PLATFORM = SmsPlatform()
PERSON = "+6281234567890"
LONG = "Jalan provinsi di depan pasar rusak parah dan sudah ada yang jatuh, mohon segera ditambal. " * 5


def test_a_citizen_writes_and_is_answered() -> None:
    with running() as modem:
        account = AccountView(1, "sms", "+6272112345", {"folder": str(modem.home), "timezone": "UTC"})
        assert PLATFORM.probe(account).ok
        modem.receive(PERSON, "Lampu jalan mati 🙏")
        modem.receive(PERSON, LONG)
        modem.wait_for("inbox", 4)
        sleep(1.5)  # younger files may still be written
        said = [one for one in items(account) if isinstance(one, Inbound)]
        assert sorted(one.text for one in said) == sorted(["Lampu jalan mati 🙏", LONG.strip()])
        assert {one.sender_address for one in said} == {PERSON}
        answer = Outbound("k1", PERSON, "Terima kasih, laporan Anda kami teruskan. Café 🙏", way="direct")
        receipt = PLATFORM.send(account, answer)
        (sent,) = modem.wait_for("sent")
        assert sent.read_text() == answer.text and receipt.external_id in sent.name
        assert PLATFORM.send(account, answer) == receipt == PLATFORM.read_back(account, answer)
        (news,) = [one for one in items(account) if isinstance(one, Receipted)]
        assert (news.about, news.status) == (receipt.external_id, "sent")


def items(account: AccountView) -> list[Item]:
    return [item for raw in PLATFORM.fetch_since(account, {}) for item in PLATFORM.parse(account, raw)]
