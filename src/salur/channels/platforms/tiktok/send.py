"""Answering on TikTok, and looking whether an answer went out.

Sources: TikTok API for Business v1.3, "Reply to a comment" (1,200 characters), "Get comments of a video", "Send a
message" (only into a conversation that the person began, within 48 hours).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.outside import Outside
from salur.channels.platforms.loose import each, first, ident, moment, part, words
from salur.channels.platforms.tiktok.client import VERSION, outside
from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed, SendUncertain

BEFORE = timedelta(minutes=2)
PAGE = 30
MOST_PAGES = 40
"""Beyond some 500 comments TikTok repeats itself: no list is followed further."""


def send(account: AccountView, out: Outbound) -> Receipt:
    """One public reply or one direct message; raises SendFailed or SendUncertain."""
    if out.way == "public_reply":
        return _reply(account, out)
    if out.way == "direct":
        return _direct(account, out)
    raise SendFailed("TikTok: there is no such way of answering", permanent=True, blames="way")


def _reply(account: AccountView, out: Outbound) -> Receipt:
    video, comment = answered(out)
    if not video or not comment:
        raise SendFailed("TikTok: it is not known which comment this answers", permanent=True, blames="way")
    body = {"business_id": account.address, "video_id": video, "comment_id": comment, "text": out.text}
    reply = outside(account).say("POST", f"{VERSION}/business/comment/reply/create/", traced=True, json=body)
    return _receipt(ident(reply.data, "data", "comment_id"), traced=True)


def _direct(account: AccountView, out: Outbound) -> Receipt:
    if not out.to:
        raise SendFailed("TikTok: it is not known which conversation this answers", permanent=True, blames="way")
    body = {
        "business_id": account.address,
        "recipient_type": "CONVERSATION",
        "recipient": out.to,
        "message_type": "TEXT",
        "text": {"body": out.text},
    }
    reply = outside(account).say("POST", f"{VERSION}/business/message/send/", json=body)
    data = part(reply.data, "data")
    return _receipt(first(ident(data, "message", "message_id"), ident(data, "message_id")), traced=False)


def _receipt(external_id: str, *, traced: bool) -> Receipt:
    if not external_id:
        raise SendUncertain("TikTok: the answer names no id", copy_expected=traced)
    return Receipt(external_id)


def answered(out: Outbound) -> tuple[str, str]:
    """The video and the comment under which the answer stands."""
    video = first(ident(out.answer_at, "video"), out.place)
    return video, first(ident(out.answer_at, "comment"), out.root_id, out.in_reply_to)


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Our own reply with this text under the comment since it was first tried; raises FetchFailed."""
    if out.way == "direct":
        raise FetchFailed("TikTok: direct messages are not looked into")
    since = (out.began_at or datetime.now(UTC) - timedelta(days=1)) - BEFORE
    video, comment = answered(out)
    for one in comments(api(account), account.address, video, comment_ids=(comment,)):
        if ident(one, "comment_id") != comment:
            continue
        for _, reply in each(one, "reply_list"):
            at = moment(reply, "create_time")
            recent = at is None or at >= since
            if part(reply, "owner") is True and recent and words(reply, "text").split() == out.text.split():
                return Receipt(ident(reply, "comment_id"))
    return None


def api(account: AccountView) -> Outside:
    """TikTok for looking; raises FetchFailed where its address is no decent one."""
    try:
        return outside(account)
    except SendFailed as error:
        raise FetchFailed(error.reason) from None


def comments(
    tiktok: Outside, business_id: str, video: str, *, since: datetime | None = None, comment_ids: tuple[str, ...] = ()
) -> Iterator[Mapping[str, Any]]:
    """The comments of a video with their replies, newest first, down to an instant; the first page in any case.

    Raises FetchFailed. What pages repeat is given once.
    """
    asked: dict[str, str] = {
        "business_id": business_id,
        "video_id": video,
        "max_count": str(PAGE),
        "status": "ALL",
        "include_replies": "true",
        "sort_field": "create_time",
        "sort_order": "desc",
    }
    if comment_ids:
        asked["comment_ids"] = json.dumps(list(comment_ids))
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        page = tiktok.look("GET", f"{VERSION}/business/comment/list/", params=asked)
        listed = [one for _, one in each(page, "data", "comments")]
        for one in listed:
            if ident(one, "comment_id") not in seen:
                seen.add(ident(one, "comment_id"))
                yield one
        last = moment(listed[-1], "create_time") if listed else None
        cursor = ident(page, "data", "cursor")
        older = since is not None and last is not None and last < since
        if part(page, "data", "has_more") is not True or older or cursor == asked.get("cursor"):
            return
        asked["cursor"] = cursor
