"""Looking for what the hooks of X lost: mentions and direct messages, oldest first.

Sources: X documentation, "Timelines" (mentions: the newest 800, an empty page has no `data`), "Direct Messages lookup"
(30 days). Answers to posts deeper in a thread that do not name the account are in neither list.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from salur.channels.platforms.loose import each, ident, moment, table
from salur.channels.platforms.x.parse import ASKED
from salur.channels.platforms.x.posts import included, made_at
from salur.channels.platforms.x.send import outside, stamp
from salur.channels.ports import AccountView, FetchFailed, Raw, SendFailed

FIRST_LOOK = timedelta(days=1)
"""How far a first look goes back: what was said before an account was connected is not taken in."""
MOST_PAGES = 8
"""800 mentions are all that X lists."""
MENTION_FIELDS = {
    "tweet.fields": "created_at,author_id,conversation_id,referenced_tweets,attachments,entities,"
    "edit_history_tweet_ids,in_reply_to_user_id,note_tweet",
    "expansions": "author_id,attachments.media_keys,referenced_tweets.id,edit_history_tweet_ids",
    "user.fields": "username,name",
    "media.fields": "url,preview_image_url,variants,type",
}
DIRECT_FIELDS = {
    "event_types": "MessageCreate",
    "dm_event.fields": "id,text,event_type,sender_id,dm_conversation_id,created_at,attachments",
    "expansions": "sender_id,attachments.media_keys",
    "user.fields": "username,name",
    "media.fields": "url,preview_image_url,variants,type",
}


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Mentions, then direct messages after the cursor {"mentions", "direct"}: the last id of each. Raises FetchFailed.

    Each is one answer of API v2 with one row in `data`. A setting `direct_messages` of "no" leaves those out.
    """
    place = {name: ident(cursor, name) for name in ("mentions", "direct")}
    path = f"/2/users/{quote(account.address, safe='')}/mentions"
    yield from _new(account, "mentions", path, MENTION_FIELDS, place, place["mentions"])
    if account.settings.get("direct_messages") != "no":
        yield from _new(account, "direct", "/2/dm_events", DIRECT_FIELDS, place, "")


def _new(
    account: AccountView, name: str, path: str, fields: Mapping[str, str], place: dict[str, str], since_id: str
) -> Iterator[Raw]:
    start = datetime.now(UTC) - FIRST_LOOK
    asked = dict(fields)
    if since_id:
        asked["since_id"] = since_id
    elif name == "mentions":
        asked["start_time"] = stamp(start)
    rows = list(_listed(account, path, asked, place[name], start))
    for row, page in reversed(rows):
        place[name] = ident(row, "id")
        yield _raw(row, page, name, dict(place))


def _listed(
    account: AccountView, path: str, asked: dict[str, str], last: str, start: datetime
) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Every row that is newer than the last id known (on a first look: than its beginning), newest first."""
    try:
        x = outside(account)
    except SendFailed as error:
        raise FetchFailed(error.reason) from None
    asked = {**asked, "max_results": "100"}
    for _ in range(MOST_PAGES):
        page = x.look("GET", path, params=asked)
        for _, row in each(page, "data"):
            if _known(row, last, start):
                return
            yield row, page
        token = ident(page, "meta", "next_token")
        if not token or token == asked.get("pagination_token"):
            return
        asked["pagination_token"] = token


def _known(row: Mapping[str, Any], last: str, start: datetime) -> bool:
    row_id = ident(row, "id")
    if last.isdecimal() and row_id.isdecimal():
        return int(row_id) <= int(last)
    at = moment(row, "created_at") or made_at(row_id)
    return at is not None and at < start


def _raw(row: Mapping[str, Any], page: Any, name: str, cursor: dict[str, str]) -> Raw:
    """One row with those of the included things that it needs."""
    needed = json.dumps(row)
    beside = {
        kind: [one for key, one in found.items() if f'"{key}"' in needed]
        for kind, found in _beside(table(page, "includes")).items()
    }
    body = {ASKED: name, "data": [row], "includes": {kind: found for kind, found in beside.items() if found}}
    row_id = ident(row, "id")
    return Raw(
        f"{name}:{row_id}",
        json.dumps(body).encode(),
        "application/json",
        cursor=cursor,
        via="poll",
        said_at=moment(row, "created_at") or made_at(row_id),
    )


def _beside(includes: Mapping[str, Any]) -> dict[str, dict[str, Mapping[str, Any]]]:
    found = included(includes)
    return {"users": found["users"], "tweets": found["posts"], "media": found["media"]}
