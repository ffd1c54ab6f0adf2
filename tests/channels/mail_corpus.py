"""The mails, mailboxes and instants that the tests of reading mail share."""

from datetime import UTC, datetime
from pathlib import Path

from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.ports import AccountView

PAYLOADS = Path(__file__).parent / "payloads" / "email"
CORPUS = sorted(PAYLOADS.glob("*.eml"))
PLATFORM = EmailPlatform()
ACCOUNT = AccountView(1, "email", "opd@lampung.test", {"own_addresses": ["lapor@lampung.test"]})
CITIZEN = AccountView(2, "email", "siti@warga.test")
WRITTEN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HEAD = b"""From: Siti <siti@warga.test>
To: opd@lampung.test
Date: Tue, 24 Nov 2026 10:00:00 +0700
Message-ID: <x@warga.test>
"""
