"""The e-mail platform behind the port: one mailbox read by IMAP and answered by SMTP."""

import smtplib
from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.email import mailbox, parse, send
from salur.channels.platforms.email.guide import GUIDE
from salur.channels.platforms.email.settings import BadSettings, read_settings
from salur.channels.ports import (
    AccountView,
    FetchFailed,
    Health,
    Ignored,
    Item,
    Outbound,
    Raw,
    Receipt,
    SendFailed,
)
from salur.channels.ways import Capabilities, TextLimit, Way


class EmailPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. One connection a call."""

    capabilities = Capabilities(
        ways=(Way("mail", TextLimit(100_000)),), can_fetch=True, can_read_back=True, receipts=True
    )
    guide = GUIDE

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one mail; raises Unreadable."""
        found = parse.parse(account, raw)
        return [found] if isinstance(found, Ignored) else [*found]

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Hand one mail over; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Every mail after the cursor, oldest first; raises FetchFailed."""
        return mailbox.fetch_since(account, cursor)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own copy of the utterance in the mailbox; raises FetchFailed."""
        return mailbox.read_back(account, out.once_key)

    def probe(self, account: AccountView) -> Health:
        """Sign in both ways without sending; tells every fault found, in and out."""
        try:
            settings = read_settings(account)
        except BadSettings as error:
            return Health(False, str(error))
        faults = []
        try:
            with mailbox.open_folder(settings):
                pass
        except FetchFailed as error:
            faults.append(error.reason)
        try:
            with send.signed_in(settings) as server:
                server.noop()
        except SendFailed as error:
            faults.append(error.reason)
        except (OSError, smtplib.SMTPException) as error:
            faults.append(send.explain(error, settings))
        return Health(not faults, "; ".join(faults))
