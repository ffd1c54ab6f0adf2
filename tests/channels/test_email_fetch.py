"""Fetching by IMAP where a real server will not misbehave on request: refusals, odd answers, mail gone meanwhile."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from salur.channels.platforms.email import mailbox
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.email.settings import EmailSettings
from salur.channels.ports import AccountView, Raw, Unreadable

PLATFORM = EmailPlatform()
ACCOUNT = AccountView(
    1,
    "email",
    "opd@lampung.test",
    {"imap_host": "localhost", "smtp_host": "localhost", "max_size_mb": 0.001},
    {"username": "opd", "password": "rahasia"},
)
MAIL = b"From: siti@warga.test\r\nMessage-ID: <m%d@warga.test>\r\n\r\nhalo\r\n"
DATE = b'INTERNALDATE "24-Nov-2026 10:00:00 +0700"'


class Server:
    """A mailbox of UID 1 to 4; `bodies` holds what FETCH of each body answers, by UID."""

    def __init__(self, bodies: dict[int, Any], sizes: dict[int, int] | None = None) -> None:
        self.bodies = bodies
        self.sizes = sizes or {}
        self.client = self
        self.asked: list[str] = []

    def response(self, _code: str) -> tuple[str, list[bytes]]:
        return "UIDVALIDITY", [b"7"]

    def uids(self, criteria: str, charset: str | None = None) -> list[str]:
        self.asked.append(criteria)
        return ["1", "2", "3", "4"]

    def uid(self, _command: str, uids: str, what: str) -> tuple[str, list[Any]]:
        asked = [int(u) for u in uids.split(",")]
        if "SIZE" in what:
            return "OK", [b"%d (UID %d RFC822.SIZE %d %s)" % (u, u, self.sizes.get(u, 60), DATE) for u in asked]
        answers: list[Any] = []
        for uid in asked:
            answer = self.bodies[uid]
            if isinstance(answer, bytes) and answer.startswith(b"NO"):
                return "NO", [answer[3:]]
            answers += answer if isinstance(answer, list) else [answer]
        return "OK", answers


def normal(uid: int) -> list[Any]:
    octets = MAIL % uid
    return [(b"%d (UID %d BODY[] {%d}" % (uid, uid, len(octets)), octets), b")"]


def fetch(server: Server, monkeypatch: pytest.MonkeyPatch, cursor: dict[str, Any] | None = None) -> list[Raw]:
    @contextmanager
    def opened(_settings: EmailSettings) -> Iterator[Server]:
        yield server

    monkeypatch.setattr(mailbox, "open_folder", opened)
    return list(PLATFORM.fetch_since(ACCOUNT, cursor or {}))


def test_order_cursor_and_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fetch(Server({u: normal(u) for u in range(1, 5)}), monkeypatch)
    assert [r.body for r in found] == [MAIL % u for u in range(1, 5)]
    assert [r.cursor for r in found] == [{"uidvalidity": 7, "uid": u} for u in range(1, 5)]
    assert {r.received_at for r in found} == {datetime(2026, 11, 24, 3, 0, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("cursor", "first"),
    [({"uidvalidity": 7, "uid": 2}, 3), ({"uidvalidity": 6, "uid": 2}, 1), ({"uid": 2}, 1), ({"uidvalidity": 7}, 1)],
)
def test_cursor_holds_only_for_its_uidvalidity(monkeypatch: pytest.MonkeyPatch, cursor: Any, first: int) -> None:
    found = fetch(Server({u: normal(u) for u in range(1, 5)}), monkeypatch, cursor)
    assert [r.cursor["uid"] for r in found if r.cursor] == list(range(first, 5))


def test_last_mail_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server({u: normal(u) for u in range(1, 5)})
    assert fetch(server, monkeypatch, {"uidvalidity": 7, "uid": 4}) == []
    assert server.asked == ["UID 5:*"]  # to which servers answer with the last mail, whatever its UID


def test_refused_mail_is_received_empty_and_its_neighbours_come(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fetch(Server({1: normal(1), 2: b"NO [SERVERBUG] broken", 3: normal(3), 4: normal(4)}), monkeypatch)
    assert [r.external_id for r in found] == ["m1@warga.test", "uid:7:2", "m3@warga.test", "m4@warga.test"]
    assert [r.content_type for r in found].count("message/rfc822") == 3
    with pytest.raises(Unreadable, match="the server withheld it"):
        PLATFORM.parse(ACCOUNT, found[1])


def test_busy_server_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(imaplib.IMAP4.error):
        fetch(Server({1: b"NO [UNAVAILABLE] later", 2: normal(2), 3: normal(3), 4: normal(4)}), monkeypatch)


def test_uid_behind_the_body_gone_mail_empty_mail_and_foreign_news(monkeypatch: pytest.MonkeyPatch) -> None:
    octets = MAIL % 1
    odd = {
        1: [(b"1 (BODY[] {%d}" % len(octets), octets), b" UID 1 FLAGS (\\Seen))"],
        2: [],
        3: [b'3 (UID 3 BODY[] "")'],
        4: [b"9 (UID 9 FLAGS (\\Seen))", *normal(4)],
    }
    found = fetch(Server(odd), monkeypatch)
    assert [r.external_id for r in found] == ["m1@warga.test", "uid:7:3", "m4@warga.test"]
    with pytest.raises(Unreadable, match="without content"):
        PLATFORM.parse(ACCOUNT, found[1])


def test_large_mail_is_only_asked_for_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    header = [(b"2 (UID 2 BODY[HEADER]<0> {9}", b"X: y\r\n\r\n\r\n"), b")"]
    found = fetch(Server({1: normal(1), 2: header, 3: normal(3), 4: normal(4)}, {2: 5_000}), monkeypatch)
    assert [r.content_type for r in found].count("message/rfc822; truncated; size=5000") == 1
    assert len(found) == 4
