"""Tending the rooms: entering where we were invited, telling where we cannot read, finding what the push lost.

Synapse refuses /sync to an application service's own user; `initialSync` (client-server API, deprecated there and
still served) tells the same of every room: invited or joined, its state, and the newest events.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.guide import gettext_noop
from salur.channels.outside import Outside
from salur.channels.platforms.loose import each, ident, moment, part, table
from salur.channels.platforms.matrix.api import CLIENT, escaped, homeserver
from salur.channels.ports import AccountView, FetchFailed, Raw, SendFailed, SendUncertain

NOTICE = gettext_noop(
    "This room is encrypted and cannot be read here. Please open a new room without encryption and write again."
)
FLAG = "id.salur.told"
NEWEST = 20
MOST_PAGES = 20
OVERLAP = 3_600_000
"""Milliseconds before the last event known that are looked at again: rooms of other servers bring events late."""
_KINDS = ("m.room.message", "m.sticker", "m.room.redaction")


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Every event after {"seen"} (milliseconds of the server's clock), oldest first, one a delivery.

    Enters every room we were invited to first, so that no hand is needed. Without a cursor the newest of each room.
    Raises FetchFailed.
    """
    known = part(cursor, "seen")
    seen = known if isinstance(known, int) and not isinstance(known, bool) else 0
    try:
        server = homeserver(account)
        rooms = _rooms(server)
        if _enter(server, rooms):
            rooms = _rooms(server)
        joined = [one for one in rooms if ident(one, "membership") == "join" and ident(one, "room_id")]
        for room in joined:
            _tell_if_encrypted(server, account, room)
        events = [event for room in joined for event in _events(server, room, seen)]
    except SendFailed as error:
        raise FetchFailed(error.reason, after=error.after, revoked=error.blames == "account") from None
    except SendUncertain as error:
        raise FetchFailed(str(error)) from None
    for event in sorted(events, key=_instant):
        if ident(event, "sender") == account.address or ident(event, "type") not in _KINDS:
            continue
        seen = max(seen, _instant(event))
        yield Raw(
            external_id=ident(event, "event_id"),
            body=json.dumps({"events": [event]}).encode(),
            content_type="application/json",
            cursor={"seen": seen},
            via="poll",
            said_at=moment(event, "origin_server_ts"),
        )


def _rooms(server: Outside) -> list[Mapping[str, Any]]:
    return [one for _, one in each(server.look("GET", f"{CLIENT}/initialSync", params={"limit": str(NEWEST)}), "rooms")]


def _enter(server: Outside, rooms: list[Mapping[str, Any]]) -> bool:
    """Join every room we were invited to; True where one was. One that cannot be entered is left alone."""
    entered = False
    for room in rooms:
        if ident(room, "membership") != "invite":
            continue
        try:
            server.say("POST", f"{CLIENT}/rooms/{escaped(ident(room, 'room_id'))}/join", json={})
            entered = True
        except SendFailed as error:
            if error.blames == "account" or not error.permanent:
                raise
    return entered


def _events(server: Outside, room: Mapping[str, Any], seen: int) -> list[Mapping[str, Any]]:
    """The newest of a room, and before them whatever lies after the last known, with the room in each."""
    name, messages = ident(room, "room_id"), table(room, "messages")
    found = [one for _, one in each(messages, "chunk")]
    token = ident(messages, "start") if seen and len(found) >= NEWEST else ""
    for _ in range(MOST_PAGES):
        if not token or min(map(_instant, found)) < seen - OVERLAP:
            break
        asked = {"dir": "b", "from": token, "limit": "100"}
        page = server.look("GET", f"{CLIENT}/rooms/{escaped(name)}/messages", params=asked)
        before = [one for _, one in each(page, "chunk")]
        found = [*reversed(before), *found]
        token = ident(page, "end") if before else ""
    return [{**one, "room_id": name} for one in found if ident(one, "event_id") and _instant(one) >= seen - OVERLAP]


def _instant(event: Mapping[str, Any]) -> int:
    found = part(event, "origin_server_ts")
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def _tell_if_encrypted(server: Outside, account: AccountView, room: Mapping[str, Any]) -> None:
    """Say once in an encrypted room that it cannot be read; the room itself keeps our mark that it was said."""
    seen = [one for name in ("state", "account_data") for _, one in each(room, name)]
    kinds = {ident(one, "type") for one in seen}
    if "m.room.encryption" not in kinds or FLAG in kinds:
        return
    place = f"{CLIENT}/rooms/{escaped(ident(room, 'room_id'))}"
    mark = f"{CLIENT}/user/{escaped(account.address)}/rooms/{escaped(ident(room, 'room_id'))}/account_data/{FLAG}"
    notice = str(account.settings.get("encrypted_notice") or NOTICE)
    try:
        server.say("PUT", f"{place}/send/m.room.message/salur-encrypted", json={"msgtype": "m.notice", "body": notice})
        server.say("PUT", mark, json={"told": True})
    except SendFailed as error:
        if error.blames == "account" or not error.permanent:
            raise
