"""Looking for the comments that the hook of TikTok lost: those under the latest videos, oldest first.

Source: TikTok API for Business v1.3, "Get videos of an account", "Get comments of a video" (40 calls a minute each).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.outside import Outside
from salur.channels.platforms.loose import each, first, ident, moment, words
from salur.channels.platforms.tiktok.client import VERSION
from salur.channels.platforms.tiktok.parse import VIDEO
from salur.channels.platforms.tiktok.send import api, comments
from salur.channels.ports import AccountView, Raw

FIRST_LOOK = timedelta(days=1)
"""How far a first look goes back: what was said before an account was connected is not taken in."""
OVERLAP = timedelta(hours=1)
"""So far behind the newest it is looked again: TikTok shows some comments late, after it has looked at them."""
VIDEOS = 20
"""So many of the latest videos are looked at, half of what the limit permits in a minute."""


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Comments and replies after the cursor {"since": unix seconds}; raises FetchFailed.

    Each is a list of one comment in the platform's own shape, with caption and link of its video beside it.
    """
    last = moment(cursor, "since")
    since = last - OVERLAP if last else datetime.now(UTC) - FIRST_LOOK
    tiktok = api(account)
    found = []
    for video in _videos(account, tiktok):
        for comment in comments(tiktok, account.address, ident(video, "item_id"), since=since):
            found += [one for one in _flat(comment, video) if _at(one) >= since]
    for one in sorted(found, key=_at):
        last = max(last or since, _at(one))
        yield _raw(one, last)


def _videos(account: AccountView, tiktok: Outside) -> Iterator[Mapping[str, Any]]:
    asked = {
        "business_id": account.address,
        "fields": json.dumps(["item_id", "create_time", "caption", "share_url"]),
        "max_count": str(VIDEOS),
    }
    page = tiktok.look("GET", f"{VERSION}/business/video/list/", params=asked)
    for _, video in each(page, "data", "videos"):
        if ident(video, "item_id"):
            yield video


def _flat(comment: Mapping[str, Any], video: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A comment and its replies, each by itself."""
    context = {"caption": words(video, "caption"), "share_url": words(video, "share_url")}
    beside = {"video_id": ident(video, "item_id"), VIDEO: {k: v for k, v in context.items() if v}}
    yield {**beside, **{key: value for key, value in comment.items() if key != "reply_list"}}
    for _, reply in each(comment, "reply_list"):
        yield {**beside, "parent_comment_id": ident(comment, "comment_id"), **reply}


def _at(one: Mapping[str, Any]) -> datetime:
    return moment(one, "create_time") or datetime.now(UTC)


def _raw(one: Mapping[str, Any], last: datetime) -> Raw:
    at = _at(one)
    key = f"{ident(one, 'comment_id')}:{first(ident(one, 'status'), 'PUBLIC')}"
    body = json.dumps({"data": {"comments": [one]}}).encode()
    return Raw(key, body, "application/json", cursor={"since": int(last.timestamp())}, via="poll", said_at=at)
