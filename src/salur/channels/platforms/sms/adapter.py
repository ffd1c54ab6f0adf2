"""Text messages behind the port. The setting `mode` says by what: gammu, android or twilio."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.outside import api_base
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.loose import words
from salur.channels.platforms.sms import gateways, hook, modem, parse
from salur.channels.platforms.sms.guide import GUIDE
from salur.channels.ports import (
    AccountView,
    Check,
    Download,
    FetchFailed,
    Health,
    Item,
    MediaRef,
    Outbound,
    Raw,
    Receipt,
    SendFailed,
)
from salur.channels.ways import Capabilities, Pace, TextLimit, Way


class SmsPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. Four parts of a text message is what a citizen still reads."""

    guide = GUIDE
    capabilities = Capabilities(
        ways=(Way("direct", TextLimit(4, "sms", parts=2)),),
        hooks=True,
        can_fetch=True,
        can_read_back=True,
        receipts=True,
        media=True,
        chat=True,
        account_pace=Pace(3, 5),
        person_pace=Pace(2, 3),
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The signature of the telephone or of the carrier; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """One text message or report; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Send one text message; raises SendFailed or SendUncertain."""
        if not out.to:
            raise SendFailed("SMS: the message names no number", permanent=True, blames="recipient")
        mode = hook.mode_of(account)
        if mode == "gammu":
            return modem.send(account, out)
        return gateways.send_by_telephone(account, out) if mode == "android" else gateways.send_by_carrier(account, out)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """With a modem, what lies in its folders; the others call us. Raises FetchFailed."""
        return modem.fetch_since(account, cursor) if hook.mode_of(account) == "gammu" else iter(())

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Whether this message was handed over; raises FetchFailed."""
        mode = hook.mode_of(account)
        if mode == "gammu":
            return modem.read_back(account, out)
        if mode == "android":
            return gateways.read_back_telephone(account, out)
        return gateways.read_back_carrier(account, out)

    def probe(self, account: AccountView) -> Health:
        """Whether the folders are there, or the sign-in is accepted."""
        mode = hook.mode_of(account)
        if mode == "gammu":
            return modem.probe(account)
        try:
            if mode == "android":
                gateways.telephone(account).look("GET", "/webhooks")
                return Health(True, checks=(Check("token", True),))
            sid = account.credentials.get("account_sid", "")
            found = gateways.carrier(account).look("GET", f"/2010-04-01/Accounts/{sid}.json")
        except (FetchFailed, SendFailed) as error:
            return Health(False, error.reason, checks=(Check("token", False, error.reason),))
        return Health(True, name=words(found, "friendly_name"), checks=(Check("token", True),))

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """By the carrier's address, with our sign-in where it is the carrier's own; raises FetchFailed."""
        if not media.url:
            raise FetchFailed("the carrier named no address for this file")
        try:
            outside = gateways.carrier(account)
        except SendFailed:
            return Download(media.url, trusted=api_base(account))
        own = media.url.startswith((gateways.CARRIER + "/", outside.base + "/"))
        return Download(media.url, outside.headers if own else {}, api_base(account))
