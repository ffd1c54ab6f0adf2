"""Answering a comment on YouTube, and looking whether an answer is there.

Sources: YouTube Data API v3, "Comments: insert" (50 units; only under a first comment), "Comments: list".
"""

from datetime import UTC, datetime, timedelta

from salur.channels.platforms.loose import first, ident, moment
from salur.channels.platforms.youtube.client import API, api, outside
from salur.channels.platforms.youtube.fetch import replies
from salur.channels.platforms.youtube.parse import plain_text
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed, SendUncertain

BEFORE = timedelta(minutes=2)


def send(account: AccountView, out: Outbound) -> Receipt:
    """One reply; raises SendFailed or SendUncertain."""
    parent = answered(out)
    if out.way != "public_reply" or not parent:
        raise SendFailed("YouTube: there is no such way of answering", permanent=True, blames="way")
    body = {"snippet": {"parentId": parent, "textOriginal": out.text}}
    reply = outside(account).say("POST", f"{API}/comments", traced=True, params={"part": "snippet"}, json=body)
    external_id = ident(reply.data, "id")
    if not external_id:
        raise SendUncertain("YouTube: the answer names no id", copy_expected=True)
    return Receipt(external_id)


def answered(out: Outbound) -> str:
    """The first comment of the thread: the id of a reply begins with it, up to the dot."""
    return first(ident(out.answer_at, "comment"), out.root_id, out.in_reply_to).partition(".")[0]


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Our own reply with this text under the comment since it was first tried; raises FetchFailed."""
    since = (out.began_at or datetime.now(UTC) - timedelta(days=1)) - BEFORE
    for one in replies(api(account), answered(out)):
        at = moment(one, "snippet", "publishedAt")
        ours = ident(one, "snippet", "authorChannelId", "value") == account.address
        if ours and (at is None or at >= since) and plain_text(one).split() == out.text.split():
            return Receipt(ident(one, "id"))
    return None
