"""The e-mail platform against a real Postfix and Dovecot."""

import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted
from tests.servers.mail import MailPair

from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.email.identity import message_id_for
from salur.channels.ports import AccountView, FetchFailed, Ignored, Outbound, Raw, SendFailed, Unreadable

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]
PLATFORM = EmailPlatform()
ANSWER = Outbound(
    once_key="k1",
    to="warga@warga.test",
    text="Yth. Ibu Siti,\n.titik di awal baris\nTerima kasih \U0001f64f",
    subject="Laporan LPG-2026-0001 – jalan",
    to_name="Siti Rahmawati",
    in_reply_to="a1@warga.test",
    references=("a0@warga.test",),
    thread_token="tok3n",
)


@pytest.fixture
def pair(mail_pair: MailPair) -> MailPair:
    mail_pair.empty("opd")
    mail_pair.empty("warga")
    return mail_pair


def arrived(account: AccountView, count: int, cursor: dict[str, int] | None = None) -> list[Raw]:
    until = time.monotonic() + 15
    while True:
        found = list(PLATFORM.fetch_since(account, cursor or {}))
        if len(found) >= count or time.monotonic() > until:
            return found
        time.sleep(0.1)


def read(account: AccountView, raw: Raw) -> Any:
    found = PLATFORM.parse(account, raw)
    return found[0]


@pytest.mark.parametrize("security", ["plain", "starttls", "tls"])
def test_probe_is_well_with_every_security(pair: MailPair, security: str) -> None:
    assert PLATFORM.probe(pair.account(security=security)).ok


def test_probe_names_a_wrong_password_both_ways_and_never_shows_it(pair: MailPair) -> None:
    account = pair.account()
    wrong = AccountView(1, "email", account.address, account.settings, {"username": "opd", "password": "s4lah-sekali"})
    health = PLATFORM.probe(wrong)
    assert not health.ok
    assert health.detail.count("check username and password") == 2
    assert "s4lah-sekali" not in health.detail


def test_probe_tells_unreachable_from_untrusted(pair: MailPair) -> None:
    assert "cannot be reached" in PLATFORM.probe(pair.account(imap_port=1, smtp_port=1)).detail
    assert "untrusted certificate" in PLATFORM.probe(pair.account(ca_file="")).detail
    assert "no folder 'Tiada'" in PLATFORM.probe(pair.account(folder="Tiada")).detail
    swapped = pair.account(imap_security="tls", smtp_security="tls")
    assert "does not speak TLS this way" in PLATFORM.probe(swapped).detail


def test_mail_is_fetched_in_order_unseen_with_a_cursor_and_read(pair: MailPair) -> None:
    account = pair.account()
    for number in range(3):
        pair.write(f"laporan {number}", Message_ID=f"<n{number}@warga.test>", Date="Tue, 24 Nov 2026 10:00:00 +0700")
        arrived(account, number + 1)
    found = arrived(account, 3)
    assert [r.external_id for r in found] == ["n0@warga.test", "n1@warga.test", "n2@warga.test"]
    assert [read(account, r).text for r in found] == ["laporan 0", "laporan 1", "laporan 2"]
    assert all(r.received_at is not None and r.received_at.tzinfo for r in found)
    assert list(PLATFORM.fetch_since(account, found[-1].cursor or {})) == []
    assert [r.external_id for r in PLATFORM.fetch_since(account, found[0].cursor or {})] == [
        "n1@warga.test",
        "n2@warga.test",
    ]
    moved = {"uidvalidity": 1, "uid": 99}
    assert len(list(PLATFORM.fetch_since(account, moved))) == 3
    assert b"\\Seen" not in _flags(pair)


def _flags(pair: MailPair) -> bytes:
    with MailBoxUnencrypted("127.0.0.1", pair.ports["imap"], timeout=10).login("opd", "rahasia") as box:
        return repr(box.client.fetch("1:*", "(FLAGS)")).encode()


def test_mail_from_before_since_is_left_alone(pair: MailPair) -> None:
    pair.write("Lama.", "Lama")
    pair.mails("opd", 1)
    today, tomorrow = datetime.now(UTC).date() - timedelta(days=1), datetime.now(UTC).date() + timedelta(days=2)
    assert len(list(PLATFORM.fetch_since(pair.account(since=today.isoformat()), {}))) == 1
    assert list(PLATFORM.fetch_since(pair.account(since=tomorrow.isoformat()), {})) == []


def test_without_copies_nothing_can_be_read_back(pair: MailPair) -> None:
    with pytest.raises(FetchFailed, match="copy_to_self"):
        PLATFORM.read_back(pair.account(copy_to_self=False), Outbound("kunci", "", ""))


def test_a_copy_that_was_sorted_into_another_folder_is_found(pair: MailPair) -> None:
    account = pair.account()
    receipt = PLATFORM.send(account, ANSWER)
    arrived(account, 1)
    with MailBoxUnencrypted("127.0.0.1", pair.ports["imap"], timeout=10).login("opd", "rahasia") as box:
        box.folder.create("Sampah & lain")
        box.move(box.uids(), "Sampah & lain")
    try:
        assert PLATFORM.read_back(account, ANSWER) == receipt
        assert PLATFORM.read_back(account, Outbound("lain", "", "")) is None
    finally:
        with MailBoxUnencrypted("127.0.0.1", pair.ports["imap"], timeout=10).login("opd", "rahasia") as box:
            box.folder.delete("Sampah & lain")


def test_too_large_mail_is_received_as_header_and_does_not_block(pair: MailPair) -> None:
    account = pair.account(max_size_mb=0.05)
    pair.write("x" * 70 + "\n" + ("y" * 70 + "\n") * 2000, Message_ID="<besar@warga.test>")
    arrived(account, 1)
    pair.write("kecil", Message_ID="<kecil@warga.test>")
    large, small = arrived(account, 2)
    assert large.external_id == "besar@warga.test"
    assert large.content_type.startswith("message/rfc822; truncated")
    assert len(large.body) < 5_000
    with pytest.raises(Unreadable, match=r"0\.1 MB is more than max_size_mb 0\.05"):
        PLATFORM.parse(account, large)
    assert read(account, small).text == "kecil"


def test_nine_megabytes_arrive_as_they_were_sent(pair: MailPair) -> None:
    content = bytes(range(256)) * 36_000
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "warga@warga.test", "opd@lampung.test", "<foto@warga.test>"
    message.set_content("lihat foto")
    message.add_attachment(content, maintype="image", subtype="jpeg", filename="foto.jpg")
    pair.deliver(message.as_bytes())
    account = pair.account()
    (raw,) = arrived(account, 1)
    said = read(account, raw)
    assert said.text == "lihat foto"
    assert said.attachments[0].content == content


def test_broken_octets_come_through_and_are_quarantined_or_read(pair: MailPair) -> None:
    account = pair.account()
    pair.deliver(
        b"From: warga@warga.test\r\nMessage-ID: <r1@warga.test>\r\nSubject: =?utf-8?B?!!!?=\r\n\r\n\xff\xfe rusak\r\n"
    )
    arrived(account, 1)
    pair.deliver(b"tidak ada kepala sama sekali\r\n")
    found = arrived(account, 2)
    assert len(found) == 2
    assert "rusak" in read(account, found[0]).text
    with pytest.raises(Unreadable):
        PLATFORM.parse(account, found[1])


def test_answer_reaches_the_citizen_threaded_and_its_copy_proves_it(pair: MailPair) -> None:
    account = pair.account()
    assert PLATFORM.read_back(account, Outbound("k1", "", "")) is None
    receipt = PLATFORM.send(account, ANSWER)
    assert receipt.external_id == message_id_for("k1", account.address)
    (echo,) = arrived(account, 1)
    assert read(account, echo) == Ignored("own_message", about=receipt.external_id, detail="own Message-ID")
    assert PLATFORM.read_back(account, Outbound("k1", "", "")) == receipt
    citizen = pair.account("warga")
    (raw,) = arrived(citizen, 1)
    said = read(citizen, raw)
    assert said.text == ANSWER.text
    assert (said.subject, said.sender_address, said.sender_name) == (ANSWER.subject, account.address, "Dinas Kesehatan")
    assert said.thread_ids == ("a1@warga.test", "a0@warga.test")
    assert b"Reply-To: opd+tok3n@lampung.test" in raw.body


def test_citizens_answer_to_the_plus_address_carries_the_token(pair: MailPair) -> None:
    account = pair.account()
    pair.write("sudah baik", to="opd+tok3n@lampung.test", Message_ID="<b1@warga.test>")
    (raw,) = arrived(account, 1)
    assert read(account, raw).thread_token == "tok3n"


def test_real_bounce_names_the_failed_answer(pair: MailPair) -> None:
    account = pair.account(copy_to_self=False)
    gone = Outbound(once_key="k2", to="tiada@warga.test", text="halo", subject="jawaban")
    receipt = PLATFORM.send(account, gone)
    (raw,) = arrived(account, 1)
    found = read(account, raw)
    assert isinstance(found, Ignored)
    assert (found.reason, found.about, found.detail) == ("bounce", receipt.external_id, "5.1.1 permanent")


def test_wrong_password_fails_the_sending_but_not_for_good(pair: MailPair) -> None:
    account = pair.account()
    wrong = AccountView(1, "email", account.address, account.settings, {"username": "opd", "password": "salah"})
    with pytest.raises(SendFailed, match="535") as failed:
        PLATFORM.send(wrong, ANSWER)
    assert not failed.value.permanent
    with pytest.raises(FetchFailed, match="check username and password"):
        list(PLATFORM.fetch_since(wrong, {}))
