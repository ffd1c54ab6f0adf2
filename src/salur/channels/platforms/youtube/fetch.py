"""Looking for comments on YouTube, which calls nobody: what is new, what was edited, what has disappeared.

Sources: YouTube Data API v3, "CommentThreads: list" (one unit; `order=time`; by id; held ones for the owner),
"Comments: list" (one unit; replies beyond those that a thread shows).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from salur.channels.outside import Outside
from salur.channels.platforms.loose import each, first, ident, moment, part, table
from salur.channels.platforms.youtube.client import API, api
from salur.channels.platforms.youtube.parse import GONE
from salur.channels.ports import AccountView, Raw

FIRST_LOOK = timedelta(days=1)
"""How far a first look goes back: what was said before an account was connected is not taken in."""
OVERLAP = timedelta(hours=1)
"""So far behind the newest it is looked again: YouTube lists some comments late."""
WATCHED = 50
"""So many of the latest threads are looked at again each time: as many as one call takes."""
MOST_PAGES = 20
HELD = ("", "heldForReview", "likelySpam")


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """What changed since the cursor {"since": instant, "threads": {id: {comment id: its last change}}}.

    Yields threads of one comment, and replies, oldest change first, then what has gone. Costs three units, one more
    for each further page and for each watched thread with more replies than it shows. Raises FetchFailed.
    """
    youtube, now = api(account), datetime.now(UTC)
    since = moment(cursor, "since") or now - FIRST_LOOK
    watched = _watched(cursor)
    threads = list(_watched_threads(youtube, list(watched))) if watched else []
    known = {ident(thread, "id") for thread in threads}
    start = since - OVERLAP if watched else since
    fresh = [one for one in _new_threads(youtube, account.address, start) if ident(one, "id") not in known]
    place = _Place(since, watched)
    changed = [row for thread in (*threads, *fresh) for row in _rows(youtube, thread)]
    for row in sorted(changed, key=lambda row: _changed_at(row[1])):
        if place.news(*row, start):
            yield _raw(*row, place.kept(*row))
    here = {ident(one, "id"): ident(thread, "id") for thread, one in changed}
    for thread_id, comment_id in place.missing(here, watched):
        yield _gone(comment_id, now, place.forget(thread_id, comment_id))


class _Place:
    """The cursor while it moves."""

    def __init__(self, since: datetime, watched: Mapping[str, Mapping[str, str]]) -> None:
        self.since = since
        self.threads = {key: dict(value) for key, value in watched.items()}

    def news(self, thread: Mapping[str, Any], one: Mapping[str, Any], start: datetime) -> bool:
        """Whether a comment is new, or newer than it was: what is not known and older than the start is history."""
        before = self.threads.get(ident(thread, "id"), {}).get(ident(one, "id"))
        if before is not None:
            return before != _stamp(one)
        return _changed_at(one) >= start

    def kept(self, thread: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
        """The cursor once this comment is stored; the threads that moved last stay watched."""
        thread_id = ident(thread, "id")
        seen = self.threads.pop(thread_id, {})
        self.threads[thread_id] = {**seen, ident(one, "id"): _stamp(one)}
        for oldest in list(self.threads)[:-WATCHED]:
            del self.threads[oldest]
        self.since = max(self.since, _changed_at(one))
        return self.cursor()

    def missing(self, here: Mapping[str, str], watched: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
        """The comments that were known before and are listed no more, with their threads."""
        return [(thread, one) for thread, seen in watched.items() for one in seen if one not in here]

    def forget(self, thread_id: str, comment_id: str) -> dict[str, Any]:
        """The cursor once this disappearance is stored."""
        self.threads.get(thread_id, {}).pop(comment_id, None)
        if not self.threads.get(thread_id):
            self.threads.pop(thread_id, None)
        return self.cursor()

    def cursor(self) -> dict[str, Any]:
        return {"since": self.since.isoformat(), "threads": {key: dict(value) for key, value in self.threads.items()}}


def _watched(cursor: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found = table(cursor, "threads")
    return {
        str(thread): {str(one): str(at) for one, at in seen.items()}
        for thread, seen in found.items()
        if isinstance(seen, Mapping)
    }


def _watched_threads(youtube: Outside, ids: list[str]) -> Iterator[Mapping[str, Any]]:
    asked = {"part": "snippet,replies", "id": ",".join(ids[-WATCHED:]), "textFormat": "plainText", "maxResults": "100"}
    for _, thread in each(youtube.look("GET", f"{API}/commentThreads", params=asked), "items"):
        yield thread


def _new_threads(youtube: Outside, channel: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    """Threads about the channel, newest first, down to an instant; also those that YouTube holds back."""
    for held in HELD:
        asked = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": channel,
            "order": "time",
            "textFormat": "plainText",
            "maxResults": "100",
        }
        if held:
            asked["moderationStatus"] = held
        yield from _down_to(youtube, asked, since)


def _down_to(youtube: Outside, asked: dict[str, str], since: datetime) -> Iterator[Mapping[str, Any]]:
    for _ in range(MOST_PAGES):
        page = youtube.look("GET", f"{API}/commentThreads", params=asked)
        for _, thread in each(page, "items"):
            if _published(table(thread, "snippet", "topLevelComment")) < since:
                return
            yield thread
        token = ident(page, "nextPageToken")
        if not token or token == asked.get("pageToken"):
            return
        asked = {**asked, "pageToken": token}


def _rows(youtube: Outside, thread: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The thread with its first comment, then with each reply, also those that it does not show."""
    top = table(thread, "snippet", "topLevelComment")
    yield thread, top
    shown = [reply for _, reply in each(thread, "replies", "comments")]
    total = part(thread, "snippet", "totalReplyCount")
    if isinstance(total, int) and total > len(shown):
        shown = list(replies(youtube, first(ident(top, "id"), ident(thread, "id"))))
    for reply in shown:
        yield thread, reply


def replies(youtube: Outside, parent: str) -> Iterator[Mapping[str, Any]]:
    """All replies under a comment; raises FetchFailed."""
    asked = {"part": "snippet", "parentId": parent, "textFormat": "plainText", "maxResults": "100"}
    for _ in range(MOST_PAGES):
        page = youtube.look("GET", f"{API}/comments", params=asked)
        for _, reply in each(page, "items"):
            yield reply
        token = ident(page, "nextPageToken")
        if not token or token == asked.get("pageToken"):
            return
        asked = {**asked, "pageToken": token}


def _published(one: Mapping[str, Any]) -> datetime:
    return moment(one, "snippet", "publishedAt") or datetime.now(UTC)


def _changed_at(one: Mapping[str, Any]) -> datetime:
    return moment(one, "snippet", "updatedAt") or _published(one)


def _stamp(one: Mapping[str, Any]) -> str:
    return first(ident(one, "snippet", "updatedAt"), ident(one, "snippet", "publishedAt"))


def _raw(thread: Mapping[str, Any], one: Mapping[str, Any], cursor: Mapping[str, Any]) -> Raw:
    """One comment in the shape of a thread: a reply alone under the first comment, which is known already."""
    top = table(thread, "snippet", "topLevelComment")
    if ident(one, "id") == ident(top, "id"):
        body: dict[str, Any] = {"items": [{key: value for key, value in thread.items() if key != "replies"}]}
    else:
        under = {"videoId": ident(thread, "snippet", "videoId"), "channelId": ident(thread, "snippet", "channelId")}
        snippet = {**{k: v for k, v in under.items() if v}, "parentId": ident(top, "id"), **table(one, "snippet")}
        body = {"items": [{**one, "snippet": snippet}]}
    key = f"{ident(one, 'id')}:{_stamp(one)}"
    octets = json.dumps(body).encode()
    return Raw(key, octets, "application/json", cursor=cursor, via="poll", said_at=_changed_at(one))


def _gone(comment_id: str, now: datetime, cursor: Mapping[str, Any]) -> Raw:
    body = {"kind": GONE, "id": comment_id, "missed_at": now.isoformat()}
    key = f"{comment_id}:gone"
    return Raw(key, json.dumps(body).encode(), "application/json", cursor=cursor, via="poll", said_at=now)
