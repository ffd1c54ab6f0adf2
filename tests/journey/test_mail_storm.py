"""Two hundred mails to the running program while it is killed twice: nothing lost, nothing twice."""

import email
import hashlib
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from tests.journey.program import Program
from tests.servers.mail import MailPair

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(600)]
CITIZENS = 150
PICTURE = b"\x89PNG" + bytes(6_500_000)
NUMBER = re.compile(r"\b18-\d{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def program() -> Iterator[Program]:
    home = Path(tempfile.mkdtemp(prefix="salur-storm-", dir="/tmp"))
    home.chmod(0o755)
    one = Program(home)
    yield one
    one.stop()


def citizen_mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Warga {number} <warga+{number}@warga.test>"
    mail["To"] = "opd@lampung.test"
    mail["Subject"] = f"Laporan {number}"
    mail["Message-ID"] = f"<laporan-{number}@warga.test>"
    mail["Date"] = "Tue, 24 Nov 2026 09:00:00 +0700"
    mail.set_content(f"Jalan provinsi berlubang di kilometer {number}, mohon ditambal.")
    return mail.as_bytes()


BOUNCE = """\
From: MAILER-DAEMON@warga.test
To: opd@lampung.test
Subject: Undelivered
Message-ID: <b{n}@x.test>
Date: Tue, 24 Nov 2026 09:00:00 +0700
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=q

--q
Content-Type: text/plain

sorry
--q
Content-Type: message/delivery-status

Reporting-MTA: dns; x.test

Final-Recipient: rfc822; siapa@x.test
Action: failed
Status: 5.1.1

--q--
"""
AUTOMATIC = """\
From: Warga <warga+900@warga.test>
To: opd@lampung.test
Subject: Cuti
Auto-Submitted: auto-replied
Message-ID: <a{n}@warga.test>
Date: Tue, 24 Nov 2026 09:00:00 +0700

Saya sedang cuti.
"""
BROKEN = """\
From: Warga <warga+8{n:02d}@warga.test>
To: opd@lampung.test
Subject: =?utf-8?B?rusak
Message-ID: <r{n}@warga.test>
Date: Tue, 24 Nov 2026 09:00:00 +0700
Content-Type: multipart/mixed; boundary=zz

--zz
Content-Type: text/plain; charset=utf-9

Lampu \xff\xfe mati"""


def octets(template: str, number: int) -> bytes:
    return template.format(n=number).replace("\n", "\r\n").encode("latin-1")


def storm() -> list[tuple[bytes, str]]:
    """(octets, envelope sender): 150 citizens, one of them with 9 MB, 20 sent twice, and 30 that are no reports."""
    mails = [(citizen_mail(n), f"warga+{n}@warga.test") for n in range(CITIZENS)]
    big = email.message_from_bytes(citizen_mail(7), policy=default)
    big.add_attachment(PICTURE, maintype="image", subtype="png", filename="../../foto.png")
    mails[7] = (big.as_bytes(), "warga+7@warga.test")
    mails += mails[20:40]
    mails += [(octets(BOUNCE, n), "") for n in range(10)]
    mails += [(octets(AUTOMATIC, n), "warga+900@warga.test") for n in range(10)]
    mails += [(octets(BROKEN, n), f"warga+8{n:02d}@warga.test") for n in range(10)]
    return mails


def acknowledged(pair: MailPair) -> Counter[str]:
    """How many acknowledgements lie in the citizens' mailbox, by the citizen they were sent to."""
    found: Counter[str] = Counter()
    for octets in pair.mails("warga"):
        mail = email.message_from_bytes(octets, policy=default)
        body = mail.get_body(("plain",))
        assert body is not None and NUMBER.search(body.get_content()), "an acknowledgement names the number"
        found[str(mail["To"].addresses[0].addr_spec)] += 1
    return found


def test_nothing_is_lost_and_nothing_said_twice(program: Program, mail_pair: MailPair) -> None:
    mail_pair.empty("opd")
    mail_pair.empty("warga")
    program.command("government", "lampung")
    settings = [f"--set={key}={value}" for key, value in mail_pair.account_settings().items()]
    program.command(
        "account",
        "add",
        "--government",
        "18",
        "--agency",
        "bmbk",
        "--platform",
        "email",
        "--address",
        "opd@lampung.test",
        "--username",
        "opd",
        *settings,
        SALUR_PASSWORD="rahasia",
    )
    program.start()
    mails = storm()
    for place, (octets, sender) in enumerate(mails):
        mail_pair.deliver(octets, sender=sender)
        if place in (60, 130):
            program.kill()
            program.start()
    expected = {f"warga+{n}@warga.test" for n in range(CITIZENS)} | {f"warga+8{n:02d}@warga.test" for n in range(10)}
    until = time.monotonic() + 300
    while time.monotonic() < until and set(acknowledged(mail_pair)) != expected:
        time.sleep(2)
    found = acknowledged(mail_pair)
    assert set(found) == expected
    assert {who: times for who, times in found.items() if times != 1} == {}
    intake = program.doctor()["intake"]
    assert intake["holds"] and intake["waiting"] == 0 and intake["quarantined"] == 0
    assert intake["understood"] == len(expected)
    assert intake["ignored"]["bounce"] == 10 and intake["ignored"]["auto_reply"] == 10
    assert "160 cases folded, 0 differed" in program.command("rebuild", "--check")
    sent = hashlib.sha256(PICTURE).hexdigest()
    stored = program.home / "media" / "files" / sent[:2] / sent
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == sent
