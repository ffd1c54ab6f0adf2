"""Asking for mentions, and looking again at the newest of them: an edit or a deletion is told to nobody."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from salur.channels.outside import Outside, Reply, Verdict
from salur.channels.platforms.loose import ident, moment, rows, table
from salur.channels.platforms.mastodon.api import judge, server
from salur.channels.ports import AccountView, FetchFailed, Raw, SendFailed

PAGE = 40
MOST_PAGES = 50
WATCHED = 20
WATCHED_FOR = timedelta(days=3)
_GONE = (404, 410)


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Every mention after {"min_id"}, oldest first, then what changed of those under watch; raises FetchFailed.

    `watch` in the cursor holds [id, edited_at] of the newest WATCHED mentions of the last WATCHED_FOR. Without a cursor
    it begins with the newest page: what was said long before the account was connected is no report.
    """
    try:
        outside = server(account)
    except SendFailed as error:
        raise FetchFailed(error.reason, revoked=True) from None
    known = _watch(cursor)
    place: dict[str, Any] = {"min_id": ident(cursor, "min_id"), "watch": known}
    for one in _mentions(outside, place["min_id"]):
        status = table(one, "status")
        # Servers may answer with more than mentions, and with mentions of what is gone already.
        news = [[ident(status, "id"), ident(status, "edited_at")]] if ident(status, "id") else []
        watch = [*place["watch"], *news]
        place = {"min_id": ident(one, "id"), "watch": watch[-WATCHED:]}
        body = json.dumps(one).encode()
        yield Raw(f"mention:{ident(one, 'id')}", body, "application/json", cursor=place, via="poll")
    yield from _changes(outside, place, known)


def _watch(cursor: Mapping[str, Any]) -> list[list[str]]:
    return [[str(one[0]), str(one[1])] for one in rows(cursor, "watch") if isinstance(one, list) and len(one) == 2]


def _mentions(outside: Outside, after: str) -> Iterator[Mapping[str, Any]]:
    """Page by page from the oldest: `min_id` gives what follows immediately, `since_id` would leave a hole."""
    for _ in range(MOST_PAGES):
        asked: list[tuple[str, str]] = [("types[]", "mention"), ("limit", str(PAGE))]
        found = outside.look("GET", "/api/v1/notifications", params=[*asked, *([("min_id", after)] if after else [])])
        page = [one for one in rows({"page": found}, "page") if isinstance(one, Mapping) and ident(one, "id")]
        page = [one for one in page if ident(one, "id") != after]
        yield from reversed(page)
        if not page or not after:
            return
        after = ident(page[0], "id")


def _changes(outside: Outside, place: dict[str, Any], known: list[list[str]]) -> Iterator[Raw]:
    """What became of the mentions known before this look."""
    for status_id, edited_at in known:
        status = _looked_at(outside, status_id)
        said = moment(status, "created_at")
        watch = [one for one in place["watch"] if one[0] != status_id]
        if status is None:
            now = datetime.now(UTC).isoformat()
            body, key = {"removed": {"id": status_id, "at": now}}, f"removed:{status_id}"
        elif ident(status, "edited_at") not in ("", edited_at):
            body, key = dict(status), f"edited:{status_id}:{ident(status, 'edited_at')}"
            watch = [*watch, [status_id, ident(status, "edited_at")]]
        elif said is not None and datetime.now(UTC) - said > WATCHED_FOR:
            place["watch"] = watch
            continue
        else:
            continue
        place = {**place, "watch": watch}
        yield Raw(key, json.dumps(body).encode(), "application/json", cursor=place, via="poll")


def _looked_at(outside: Outside, status_id: str) -> Mapping[str, Any] | None:
    """The status as it is now; None where 404 or 410 says that it is gone, and nothing else does."""
    answered: list[int] = []

    def judge_presence(reply: Reply) -> Verdict | None:
        answered.append(reply.status)
        return None if reply.status in _GONE else judge(reply)

    outside.judge = judge_presence
    status = table(outside.look("GET", f"/api/v1/statuses/{quote(status_id, safe='')}"))
    if answered[-1] in _GONE:
        return None
    if ident(status, "id") != status_id:
        raise FetchFailed("Mastodon: the answer is no status")
    return status
