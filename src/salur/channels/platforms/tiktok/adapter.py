"""TikTok behind the port."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from salur.channels.guide import Entry, Guide
from salur.channels.guide import gettext_noop as _
from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.tiktok import account as accounts
from salur.channels.platforms.tiktok import fetch, hook, parse, send
from salur.channels.ports import AccountView, Download, Health, Item, MediaRef, Outbound, Raw, Receipt, Renewed
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

REPLY = Way("public_reply", TextLimit(1_200, parts=2), public=True, answers=frozenset({"public"}))
DIRECT = Way(
    "direct",
    TextLimit(1_200, parts=2),
    answers=frozenset({"private"}),
    window=timedelta(hours=48),
    opened_by="person",
)
"""Never begun by us: TikTok opens a conversation for 48 hours with each word of the person."""


class TikTokPlatform(DefaultPlatform):
    """Stateless; safe to share between threads."""

    capabilities = Capabilities(
        ways=(REPLY, DIRECT),
        hooks=True,
        can_fetch=True,
        fetch_seconds=600,
        can_read_back=True,
        receipts=True,
        removals=True,
        media=True,
        account_pace=Pace(1.5, burst=10),
    )
    guide = Guide(
        label="TikTok",
        icon="brand-tiktok",
        steps=(
            _("Turn the account of the agency into a Business Account with the agency's own mail address."),
            _("At TikTok API for Business make an app and apply for the Accounts API; this takes some days."),
            _("Let the official account authorise the app and copy the open id and both tokens."),
        ),
        entries=(
            Entry("address", _("Open id of the account"), _("TikTok calls it open_id or business_id."), address=True),
            Entry("client_key", _("App ID"), secret=True),
            Entry("client_secret", _("App Secret"), _("TikTok signs its deliveries with it."), secret=True),
            Entry("access_token", _("Access token"), secret=True),
            Entry("refresh_token", _("Refresh token"), _("Without it the account stops after a day."), secret=True),
            Entry(
                "unique_identifier",
                _("Own identifier in comments"),
                _("The unique_identifier of the account's own comments: so they are told from those of citizens."),
            ),
            Entry(
                "direct_messages",
                _("Direct messages"),
                _("TikTok grants them apart from comments."),
                choices=(("no", _("Leave alone")), ("yes", _("Take in and answer"))),
                default="no",
            ),
        ),
        after=(_("Nothing to copy: the hook is registered at TikTok by itself."),),
        scopes=(*accounts.SCOPES, *accounts.DIRECT_SCOPES),
        console="https://business-api.tiktok.com/portal",
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The signature over time and raw body, five minutes old at most; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Events of TikTok and polled comments; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """A reply under a comment or a direct message; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Comments under the latest videos after the cursor; raises FetchFailed."""
        return fetch.fetch_since(account, cursor)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own reply under the comment; raises FetchFailed."""
        return send.read_back(account, out)

    def probe(self, account: AccountView) -> Health:
        """The token, its scopes, and the hook."""
        return accounts.probe(account)

    def subscribe(self, account: AccountView) -> Health:
        """Register our hook."""
        return accounts.subscribe(account)

    def renew(self, account: AccountView) -> Renewed | None:
        """A fresh token; raises FetchFailed."""
        return accounts.renew(account)

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """The address of a file; raises FetchFailed."""
        return accounts.locate(account, media)
