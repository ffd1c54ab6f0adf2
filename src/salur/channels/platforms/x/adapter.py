"""X behind the port."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.guide import Entry, Guide
from salur.channels.guide import gettext_noop as _
from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.x import account as accounts
from salur.channels.platforms.x import fetch, hook, parse, send
from salur.channels.ports import (
    AccountView,
    Download,
    Health,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    Renewed,
)
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

REPLY = Way(
    "public_reply",
    TextLimit(280, "x_weighted", parts=3),
    public=True,
    answers=frozenset({"public"}),
    summoned=True,
    cost=10_000,
    link_cost=200_000,
    links=False,
)
"""Prices: X documentation, "Pricing" (a summoned reply 0.010, a post with a link 0.200 US dollars)."""
DIRECT = Way("direct", TextLimit(10_000), answers=frozenset({"private"}), cost=10_000)
"""A message costs 0.010 US dollars (as above)."""


class XPlatform(DefaultPlatform):
    """Stateless; safe to share between threads."""

    capabilities = Capabilities(
        ways=(REPLY, DIRECT),
        hooks=True,
        can_fetch=True,
        fetch_seconds=300,
        can_read_back=True,
        receipts=True,
        edits=True,
        media=True,
        account_pace=Pace(9.0, burst=20),
        features=frozenset({"enterprise"}),
    )
    guide = Guide(
        label="X",
        icon="brand-x",
        steps=(
            _("Open the developer console of X with the account of the agency and make a project with one app in it."),
            _("Buy credits: X charges for each mention that is read and each answer that is sent."),
            _("Under user authentication choose OAuth 2.0, a confidential client, with reading, writing and messages."),
            _("Sign in once as the official account and copy the user id, the access token and the refresh token."),
            _("Copy the consumer secret and the bearer token of the app."),
        ),
        entries=(
            Entry(
                "address",
                _("User id"),
                _("The number of the account, not its @name."),
                address=True,
                pattern=r"\d{1,20}",
            ),
            Entry("access_token", _("Access token"), secret=True),
            Entry("refresh_token", _("Refresh token"), _("Without it the account stops after two hours."), secret=True),
            Entry("client_id", _("Client id"), secret=True),
            Entry("client_secret", _("Client secret"), secret=True, required=False),
            Entry("consumer_secret", _("Consumer secret"), _("X signs its deliveries with it."), secret=True),
            Entry("app_token", _("Bearer token of the app"), _("Registers our hook at X."), secret=True),
            Entry(
                "direct_messages",
                _("Direct messages"),
                choices=(("yes", _("Take in and answer")), ("no", _("Leave alone"))),
                default="yes",
            ),
            Entry(
                "features",
                _("Access"),
                _("Without Enterprise, X refuses replies to people who did not name the account."),
                required=False,
                choices=(("", _("Self-serve")), ("enterprise", _("Enterprise"))),
            ),
        ),
        after=(_("Nothing to copy: the hook is registered at X by itself, and X tests it at once."),),
        scopes=("tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "offline.access"),
        console="https://console.x.com",
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The signature over the raw body, or the answer to a challenge; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Events of X, hooked or polled; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """A reply or a direct message; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Mentions and direct messages after the cursor; raises FetchFailed."""
        return fetch.fetch_since(account, cursor)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own timeline, or the conversation; raises FetchFailed."""
        return send.read_back(account, out)

    def probe(self, account: AccountView) -> Health:
        """The token, whose it is, and the subscriptions."""
        return accounts.probe(account)

    def subscribe(self, account: AccountView) -> Health:
        """Register our hook and what is missing of its subscriptions."""
        return accounts.subscribe(account)

    def renew(self, account: AccountView) -> Renewed | None:
        """A fresh pair of tokens; raises FetchFailed."""
        return accounts.renew(account)

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """The address of a file; raises FetchFailed."""
        return accounts.locate(account, media)
