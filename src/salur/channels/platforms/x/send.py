"""Answering on X, and looking whether an answer went out.

Sources: X documentation, "Manage Posts: integrate" (replies), "Direct Messages: manage", "Post lookup: timelines"; the
changelog of 2026-02-23 (a reply needs that the author named or quoted the account; Enterprise is exempt).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from salur.channels.outside import Outside
from salur.channels.platforms.loose import each, ident, moment, words
from salur.channels.platforms.x.errors import DUPLICATE, judge
from salur.channels.platforms.x.posts import made_at, plain, referenced, text_of
from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed, SendUncertain

BASE = "https://api.x.com"
BEFORE = timedelta(minutes=2)
MOST_PAGES = 5
_LINK = re.compile(r"https?://\S+")
_NAMES = re.compile(r"^(?:@\w{1,15}\s+)+")


def outside(account: AccountView, token: str = "access_token") -> Outside:
    """X for one account, signed in as the account (or, with `app_token`, as the app)."""
    headers = {"authorization": f"Bearer {account.credentials.get(token, '')}"}
    return Outside(account, BASE, judge, headers=headers, name="X")


def send(account: AccountView, out: Outbound) -> Receipt:
    """One reply or one direct message; raises SendFailed or SendUncertain.

    Where X says that this was said just now, it is looked for rather than given up.
    """
    try:
        return _said(account, out)
    except SendFailed as error:
        found = _said_before(account, out) if error.code == DUPLICATE else None
        if found is None:
            raise
        return found


def _said(account: AccountView, out: Outbound) -> Receipt:
    if out.way == "public_reply":
        return _reply(account, out)
    if out.way == "direct":
        return _direct(account, out)
    raise SendFailed("X: there is no such way of answering", permanent=True, blames="way")


def _reply(account: AccountView, out: Outbound) -> Receipt:
    post_id = answered(out)
    if not post_id:
        raise SendFailed("X: it is not known which post this answers", permanent=True, blames="way")
    if out.answer_at.get("summoned") is False and "enterprise" not in account.features:
        told = "X: the author neither named nor quoted the account, so X refuses a reply"
        raise SendFailed(told, permanent=True, blames="way", code="not_summoned")
    body = {"text": out.text, "reply": {"in_reply_to_tweet_id": post_id}}
    reply = outside(account).say("POST", "/2/tweets", traced=True, json=body)
    return _receipt(ident(reply.data, "data", "id"))


def _direct(account: AccountView, out: Outbound) -> Receipt:
    if not out.to:
        raise SendFailed("X: it is not known whom this answers", permanent=True, blames="way")
    path = f"/2/dm_conversations/with/{quote(out.to, safe='')}/messages"
    reply = outside(account).say("POST", path, traced=True, json={"text": out.text})
    return _receipt(ident(reply.data, "data", "dm_event_id"))


def _said_before(account: AccountView, out: Outbound) -> Receipt | None:
    try:
        return read_back(account, out)
    except FetchFailed:
        return None


def _receipt(external_id: str) -> Receipt:
    if not external_id:
        raise SendUncertain("X: the answer names no id", copy_expected=True)
    return Receipt(external_id)


def answered(out: Outbound) -> str:
    """The post that is answered: the version that was read last."""
    return ident(out.answer_at, "post") or out.in_reply_to


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """The very same text to the very same post or person since it was first tried; raises FetchFailed."""
    since = (out.began_at or datetime.now(UTC) - timedelta(days=1)) - BEFORE
    if out.way == "direct":
        path = f"/2/dm_conversations/with/{quote(out.to, safe='')}/dm_events"
        fields = {"dm_event.fields": "id,text,event_type,sender_id,created_at", "event_types": "MessageCreate"}
        mine = (e for e in pages(account, path, fields, since) if ident(e, "sender_id") == account.address)
        found = (ident(e, "id") for e in mine if same_words(plain(words(e, "text")), out.text))
    else:
        path = f"/2/users/{quote(account.address, safe='')}/tweets"
        fields = {"tweet.fields": "created_at,referenced_tweets,note_tweet", "start_time": stamp(since)}
        to_it = (p for p in pages(account, path, fields, since) if referenced(p, "replied_to") == answered(out))
        found = (ident(p, "id") for p in to_it if same_words(text_of(p), out.text))
    first = next(found, "")
    return Receipt(first) if first else None


def pages(
    account: AccountView, path: str, params: Mapping[str, str], since: datetime, most: int = MOST_PAGES
) -> Iterator[Mapping[str, Any]]:
    """The rows of a list, newest first, down to an instant; raises FetchFailed."""
    try:
        x = outside(account)
    except SendFailed as error:
        raise FetchFailed(error.reason) from None
    asked = {**params, "max_results": "100"}
    for _ in range(most):
        page = x.look("GET", path, params=asked)
        for _, row in each(page, "data"):
            at = moment(row, "created_at") or made_at(ident(row, "id"))
            if at is not None and at < since:
                return
            yield row
        token = ident(page, "meta", "next_token")
        if not token or token == asked.get("pagination_token"):
            return
        asked["pagination_token"] = token


def same_words(found: str, wanted: str) -> bool:
    """Whether two texts say the same: X shortens links, puts names in front and composes letters (NFC)."""
    return _essence(found) == _essence(wanted)


def _essence(text: str) -> str:
    bare = _LINK.sub("<link>", unicodedata.normalize("NFC", text))
    return " ".join(_NAMES.sub("", bare.strip()).split())


def stamp(at: datetime) -> str:
    """An instant as X takes it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
