"""WhatsApp behind the port."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from salur.channels.guide import Entry, Guide
from salur.channels.guide import gettext_noop as _
from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.meta import hook
from salur.channels.platforms.whatsapp import account as accounts
from salur.channels.platforms.whatsapp import parse, send
from salur.channels.ports import (
    AccountView,
    Download,
    FetchFailed,
    Health,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
)
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

UTILITY = 20_000
"""Millionths of a US dollar a message, by which the spending limit counts: the utility rate for Indonesia on Meta's
rate card of 2024 (as haptik.ai, "WhatsApp Pricing 2024", quotes it), the last that was found written down; the card
itself is a download of "Pricing on the WhatsApp Business Platform". Providers quote Meta's announcement of 1 July 2026
that plain answers, and templates within the window too, cost this rate from 1 October 2026; a number of free ones that
some add was not found at Meta and is not counted on."""
ACCOUNT_PACE = Pace(1 / 80, burst=80)
"""80 messages a second for each number by default, those that come in counted ("Throughput", 21 May 2026)."""
PERSON_PACE = Pace(6.0, burst=45)
"""One message each 6 seconds to one person, and 45 at once that are taken off the time after ("Pair rate limits")."""
PRIVATE = frozenset({"private"})
DIRECT = Way("direct", TextLimit(4096), answers=PRIVATE, window=timedelta(hours=24), opened_by="person", cost=UTILITY)
TEMPLATE = Way("template", TextLimit(send.LONGEST_PARAMETER), answers=PRIVATE, cost=UTILITY)


class WhatsAppPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. WhatsApp keeps no history that could be asked for."""

    capabilities = Capabilities(
        ways=(DIRECT, TEMPLATE),
        hooks=True,
        receipts=True,
        edits=True,
        removals=True,
        media=True,
        chat=True,
        account_pace=ACCOUNT_PACE,
        person_pace=PERSON_PACE,
    )
    guide = Guide(
        label="WhatsApp",
        icon="brand-whatsapp",
        steps=(
            _("At Meta for Developers, make an app of the type Business and add WhatsApp to it."),
            _("Have the business verified and register a number that is not used with WhatsApp yet."),
            _("In Business settings, let a system user with full control of the WhatsApp account make a token."),
            _("Have a template with one parameter approved for each kind of notice that is to go out after 24 hours."),
        ),
        entries=(
            Entry(
                "address",
                _("Phone number id"),
                _("Under WhatsApp, API setup: not the number itself."),
                address=True,
                pattern=r"\d{5,25}",
            ),
            Entry("waba_id", _("Id of the WhatsApp Business account"), pattern=r"\d{5,25}"),
            Entry("app_id", _("App ID"), pattern=r"\d{5,25}"),
            Entry("app_secret", _("App Secret"), secret=True, pattern=r"[0-9a-fA-F]{16,64}"),
            Entry("access_token", _("Access token"), _("Of the system user: it does not end by itself."), secret=True),
            Entry(
                "verify_token",
                _("Verify token"),
                _("A password of your own choice. The platform shows it once when it tries the hook address."),
                secret=True,
                pattern=r"[A-Za-z0-9_.~-]{8,100}",
            ),
        ),
        after=(
            _("In the app under WhatsApp, Configuration, enter the hook address and the verify token."),
            _("Subscribe to: messages, smb_message_echoes, account_update, message_template_status_update."),
        ),
        scopes=accounts.SCOPES,
        console="https://developers.facebook.com/apps",
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """Meta's handshake and signature; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Messages, statuses and news of the account; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """A text or a template; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Nothing: WhatsApp keeps no history; what its hook lost, it tells again for seven days."""
        return iter(())

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Raises FetchFailed: no trace can be looked up. A status that brings our key back proves a sending."""
        raise FetchFailed("WhatsApp keeps no history in which an answer could be looked for")

    def probe(self, account: AccountView) -> Health:
        """The number, the token and the hook."""
        return accounts.probe(account)

    def subscribe(self, account: AccountView) -> Health:
        """Have Meta call our hook."""
        return accounts.subscribe(account)

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """The address of a file; raises FetchFailed."""
        return accounts.locate(account, media)
