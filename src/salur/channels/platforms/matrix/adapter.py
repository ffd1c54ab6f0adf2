"""Matrix behind the port: an application service, whose events the homeserver pushes and repeats until it is heard."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.loose import ident
from salur.channels.platforms.matrix import hook, parse, rooms
from salur.channels.platforms.matrix.api import CLIENT, base_of, escaped, homeserver
from salur.channels.platforms.matrix.guide import GUIDE
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
    SendUncertain,
)
from salur.channels.ways import Capabilities, Pace, TextLimit, Way

# An event holds 64 KiB at most, with everything that a server adds and JSON escapes: half of it is safe.
LIMIT = TextLimit(30_000, "bytes", parts=2)


class MatrixPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. A message with the same transaction id is one message."""

    guide = GUIDE
    capabilities = Capabilities(
        ways=(
            Way("direct", LIMIT, answers=frozenset({"private"})),
            Way("public_reply", LIMIT, public=True, answers=frozenset({"public"})),
        ),
        hooks=True,
        can_fetch=True,
        fetch_seconds=300,
        idempotent=True,
        edits=True,
        removals=True,
        media=True,
        chat=True,
        account_pace=Pace(0.2, 10),
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """The homeserver's token over a transaction, a question after a user or room, or a ping; raises Refused."""
        return hook.verify(account, request)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Every event of a delivery; raises Unreadable."""
        return parse.parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Say one thing in the room it was asked in; raises SendFailed or SendUncertain."""
        if not out.place:
            raise SendFailed("Matrix: the message names no room", permanent=True)
        event: dict[str, Any] = {"msgtype": "m.notice" if out.automatic else "m.text", "body": out.text}
        answered = ident(out.answer_at, "event_id") or out.in_reply_to
        relation: dict[str, Any] = {"m.in_reply_to": {"event_id": answered}} if answered.startswith("$") else {}
        thread = ident(out.answer_at, "thread_id")
        if thread:
            relation |= {"rel_type": "m.thread", "event_id": thread, "is_falling_back": False}
        if relation:
            event["m.relates_to"] = relation
        path = f"{CLIENT}/rooms/{escaped(out.place)}/send/m.room.message/{_transaction(out.once_key)}"
        event_id = ident(homeserver(account).say("PUT", path, repeatable=True, json=event).data, "event_id")
        if not event_id:
            raise SendUncertain("Matrix: the answer names no event")
        return Receipt(event_id)

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """What the push lost, and the rooms that wait for us to come in; raises FetchFailed."""
        return rooms.fetch_since(account, cursor)

    def probe(self, account: AccountView) -> Health:
        """Whose the token is, and whether the homeserver reaches us: it is asked to ping."""
        try:
            server = homeserver(account)
            whose = ident(server.look("GET", f"{CLIENT}/account/whoami"), "user_id")
        except (FetchFailed, SendFailed) as error:
            return Health(False, error.reason, checks=(Check("token", False, error.reason),))
        right = whose == account.address
        told = "" if right else f"the token is that of {whose}"
        checks = [Check("token", True), Check("address", right, told)]
        service = str(account.settings.get("service") or "salur")
        try:
            server.look("POST", f"/_matrix/client/v1/appservice/{escaped(service)}/ping", json={})
            checks.append(Check("subscription", True))
        except FetchFailed as error:
            checks.append(Check("subscription", False, f"the homeserver does not reach us: {error.reason}"))
        faults = "; ".join(one.detail for one in checks if not one.ok)
        return Health(not faults, faults, name=whose, subscribed=checks[-1].ok, checks=tuple(checks))

    def subscribe(self, account: AccountView) -> Health:
        """Make the account's user where the homeserver has none yet; the push is set in the registration file."""
        name = account.address.partition(":")[0].lstrip("@")
        try:
            homeserver(account).say(
                "POST", f"{CLIENT}/register", json={"type": "m.login.application_service", "username": name}
            )
        except SendFailed as error:
            if error.code != "M_USER_IN_USE":
                return Health(False, error.reason, checks=(Check("account", False, error.reason),))
        except SendUncertain as error:  # whether it was made, the next look tells
            return Health(False, str(error), checks=(Check("account", False, str(error)),))
        return self.probe(account)

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """The file behind an mxc address, with our token (client-server API v1.11); raises FetchFailed."""
        server, _, file = media.media_id.removeprefix("mxc://").partition("/")
        if not media.media_id.startswith("mxc://") or not server or not file:
            raise FetchFailed("Matrix names no address for this file")
        url = f"{base_of(account)}/_matrix/client/v1/media/download/{escaped(server)}/{escaped(file)}"
        token = {"Authorization": f"Bearer {account.credentials.get('as_token', '')}"}
        return Download(url, token, trusted=base_of(account))


def _transaction(once_key: str) -> str:
    return "salur-" + hashlib.sha256(once_key.encode()).hexdigest()[:40]
