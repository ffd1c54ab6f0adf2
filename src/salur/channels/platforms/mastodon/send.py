"""Answering a mention, no more publicly than the citizen spoke."""

from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.platforms.loose import each, ident, moment, part
from salur.channels.platforms.mastodon.api import server
from salur.channels.platforms.mastodon.words import handle, own_handle, plain, said_in
from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed, SendUncertain

USUAL_LENGTH = 500
# The server forgets an Idempotency-Key after an hour (documentation: Methods, statuses).
KEY_LIVES = timedelta(minutes=50)


def send(account: AccountView, out: Outbound) -> Receipt:
    """Say it; raises SendFailed or SendUncertain. The same key is the same status for an hour, later a look tells."""
    if out.began_at is not None and datetime.now(UTC) - out.began_at > KEY_LIVES:
        found = _looked(account, out)
        if found is not None:
            return found
    status = _worded(out)
    _fits(account, status)
    body = {
        "status": status,
        "visibility": _visibility(out),
        "in_reply_to_id": _answered(out),
        "language": "id",
    }
    headers = {"Idempotency-Key": out.once_key}
    try:
        reply = server(account).say("POST", "/api/v1/statuses", traced=True, json=body, headers=headers)
    except SendFailed as error:
        if error.blames != "way" or out.way != "direct":
            raise
        # What it answers is gone; the person is still there. Another body needs another key.
        headers = {"Idempotency-Key": f"{out.once_key}.alone"}
        body.pop("in_reply_to_id")
        reply = server(account).say("POST", "/api/v1/statuses", traced=True, json=body, headers=headers)
    status = ident(reply.data, "id")
    if not status:
        raise SendUncertain("Mastodon: the answer names no status", copy_expected=True)
    return Receipt(status)


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Our own answer under what it answers, or among our newest statuses; raises FetchFailed."""
    try:
        outside = server(account)
    except SendFailed as error:
        raise FetchFailed(error.reason, revoked=True) from None
    me = ident(outside.look("GET", "/api/v1/accounts/verify_credentials"), "id")
    newest = outside.look("GET", f"/api/v1/accounts/{me}/statuses", params={"limit": "40"})
    since = (out.began_at or datetime.now(UTC) - timedelta(days=1)) - timedelta(minutes=2)
    wanted = plain(_worded(out).replace("\n", "<br>"))
    for _, status in each({"found": newest}, "found"):
        said = moment(status, "created_at")
        ours = handle(account, part(status, "account") or {}) == own_handle(account)
        if ours and said is not None and said >= since and _bare(said_in(status)) == _bare(wanted):
            return Receipt(ident(status, "id"))
    return None


def _looked(account: AccountView, out: Outbound) -> Receipt | None:
    try:
        return read_back(account, out)
    except FetchFailed as error:
        raise SendFailed(error.reason, after=error.after) from None


def _worded(out: Outbound) -> str:
    """The words with the person named, without which no other server would bring it to them."""
    named = f"@{out.to.lstrip('@')}"
    return out.text if named.lower() in out.text.lower() else f"{named} {out.text}"


def _bare(text: str) -> str:
    """Letters and digits alone: servers draw mentions with or without their host, and lay lines anew."""
    spoken = " ".join(word.partition("@")[0] if not word.startswith("@") else "" for word in text.split())
    return "".join(c for c in spoken if c.isalnum()).lower()


def _visibility(out: Outbound) -> str:
    """As the citizen spoke, and for a private way never more than direct."""
    if out.way != "public_reply":
        return "direct"
    spoken = ident(out.answer_at, "visibility")
    return spoken if spoken in ("public", "unlisted", "private") else "unlisted"


def _answered(out: Outbound) -> str | None:
    return ident(out.answer_at, "status_id") or out.in_reply_to or None


def _fits(account: AccountView, status: str) -> None:
    """Ask the server for its own limit where a text is longer than the usual one."""
    if len(status) <= USUAL_LENGTH:
        return
    try:
        found: Any = server(account).look("GET", "/api/v2/instance")
    except FetchFailed as error:
        raise SendFailed(error.reason, after=error.after) from None
    most = part(found, "configuration", "statuses", "max_characters")
    if not isinstance(most, int) or len(status) > most:
        raise SendFailed("Mastodon: the text is longer than this server takes", permanent=True, blames="message")
