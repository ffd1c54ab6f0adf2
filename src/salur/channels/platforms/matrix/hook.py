"""What a homeserver asks an application service (Matrix spec, application service API v1). Pure."""

import json
import re
from urllib.parse import parse_qs, unquote

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.platforms.loose import each, ident
from salur.channels.ports import AccountView

_TRANSACTION = re.compile(r"(?:_matrix/app/v1/)?transactions/([^/]{1,200})")
_USER = re.compile(r"(?:_matrix/app/v1/)?users/([^/]{1,300})")
_ROOM = re.compile(r"(?:_matrix/app/v1/)?rooms/[^/]{1,300}")
_PING = re.compile(r"_matrix/app/v1/ping")
_JSON = "application/json"
_NOT_FOUND = b'{"errcode":"M_NOT_FOUND"}'


def verify(account: AccountView, request: HookRequest) -> Keep | Answer:
    """The homeserver's token stands in Authorization, in older ones in ?access_token=. Raises Refused.

    Users and rooms are asked after as they are needed: there is the account, and no other.
    """
    if not same(_given(request), *secrets_of(account.credentials, "hs_token", request.now)):
        raise Refused
    path = request.suffix.strip("/")
    if found := _TRANSACTION.fullmatch(path):
        if request.method != "PUT":
            raise Refused("wrong_method", 405)
        return Keep(_key(found[1], request.body), _JSON, b"{}", _JSON)
    if found := _USER.fullmatch(path):
        ours = unquote(found[1]) == account.address
        return Answer(200, b"{}", _JSON) if ours else Answer(404, _NOT_FOUND, _JSON)
    if _ROOM.fullmatch(path):
        return Answer(404, _NOT_FOUND, _JSON)
    if _PING.fullmatch(path) and request.method == "POST":
        return Answer(200, b"{}", _JSON)
    raise Refused("no_such_path", 404)


def _given(request: HookRequest) -> bytes:
    header = request.headers.get(b"authorization", b"")
    if header.startswith(b"Bearer "):
        return header.removeprefix(b"Bearer ")
    return parse_qs(request.query).get(b"access_token", [b""])[0]


def _key(transaction: str, body: bytes) -> str:
    """The transaction's id with a digest of the events in it.

    The id alone would do as long as the homeserver never counts from the start again; the bytes alone would not, for
    a repeated transaction tells another age of the same events.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    events = [ident(one, "event_id") for _, one in each(found, "events")]
    digest = body_key("\n".join(events).encode() if events else body)
    return f"txn:{unquote(transaction)}:{digest}"
