"""YouTube behind the port."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.guide import Entry, Guide
from salur.channels.guide import gettext_noop as _
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.youtube import account as accounts
from salur.channels.platforms.youtube import fetch, parse, send
from salur.channels.ports import AccountView, Health, Item, Outbound, Raw, Receipt, Renewed
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

REPLY = Way("public_reply", TextLimit(10_000), public=True, answers=frozenset({"public"}))


class YouTubePlatform(DefaultPlatform):
    """Stateless; safe to share between threads. YouTube calls nobody about comments: it is looked into.

    One look costs three to five units, an answer fifty, of 10,000 a day: a look each five minutes leaves 170 answers.
    """

    capabilities = Capabilities(
        ways=(REPLY,),
        can_fetch=True,
        fetch_seconds=300,
        can_read_back=True,
        edits=True,
        removals=True,
        account_pace=Pace(5.0, burst=5),
    )
    guide = Guide(
        label="YouTube",
        icon="brand-youtube",
        steps=(
            _("In the Google Cloud console make a project and switch on the YouTube Data API v3."),
            _("Make an OAuth client for a web application and publish the consent screen: tokens of a test end soon."),
            _("Sign in once as the owner of the channel and copy the refresh token and the id of the channel."),
        ),
        entries=(
            Entry("address", _("Channel id"), _("It begins with UC."), address=True, pattern=r"UC[\w-]{22}"),
            Entry("client_id", _("Client id"), secret=True),
            Entry("client_secret", _("Client secret"), secret=True),
            Entry("refresh_token", _("Refresh token"), secret=True),
            Entry("access_token", _("Access token"), _("It is renewed each hour."), secret=True, required=False),
        ),
        scopes=(accounts.SCOPE,),
        console="https://console.cloud.google.com/apis/credentials",
    )

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Threads and comments, polled; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """A reply under a comment; raises SendFailed or SendUncertain."""
        return send.send(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """New, edited and vanished comments; raises FetchFailed."""
        return fetch.fetch_since(account, cursor)

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Our own reply under the comment; raises FetchFailed."""
        return send.read_back(account, out)

    def probe(self, account: AccountView) -> Health:
        """The token, its channel and its scopes."""
        return accounts.probe(account)

    def renew(self, account: AccountView) -> Renewed | None:
        """A fresh token; raises FetchFailed."""
        return accounts.renew(account)
