"""Answering at a Page: in public under the root comment, in private once a comment, by Messenger in its windows.

Sources: Graph API "Object comments"; Messenger Platform "Send API" and "Private Replies".
"""

from salur.channels.platforms.facebook.guide import SCOPES
from salur.channels.platforms.loose import first, ident, rows
from salur.channels.platforms.meta.errors import is_permission
from salur.channels.platforms.meta.graph import FACEBOOK, Graph
from salur.channels.platforms.meta.health import granted
from salur.channels.platforms.meta.send import (
    look_in_chat,
    once,
    private_body,
    receipt,
    refused_way,
    said_by_us,
)
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed

PUBLIC = "public_reply"
PRIVATE = frozenset({"private_reply", "direct", "tagged"})


def send(account: AccountView, out: Outbound) -> Receipt:
    """Say it once by its way; raises SendFailed or SendUncertain."""
    if out.way not in PRIVATE and out.way != PUBLIC:
        raise refused_way("a Facebook Page has no such way of answering")
    act = _comment if out.way == PUBLIC else _message
    try:
        return once(lambda: act(account, out), lambda: read_back(account, out))
    except SendFailed as error:
        if is_permission(error.code) and _only_here(account, out):
            # It is missing for this comment or person alone: the rest of the Page must not stand still for it.
            raise refused_way(error.reason, error.code) from None
        raise


def _only_here(account: AccountView, out: Outbound) -> bool:
    """Whether a missing permission says nothing about the Page's own: under the posts of others, or where the token
    has all that is wanted."""
    return out.answer_at.get("elsewhere") is True or granted(account, Graph(account), FACEBOOK, SCOPES)


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Our answer as it stands at the platform, or None; raises FetchFailed."""
    graph, own = Graph(account), frozenset({account.address})
    if out.way != PUBLIC:
        return look_in_chat(graph, account.address, own, out, platform="messenger")
    fields = "id,from{id},message,created_time"
    page = graph.get(
        _target(out), "comments", fields=fields, filter="stream", order="reverse_chronological", limit="100"
    )
    return said_by_us(rows(page, "data"), own, out, "message", "created_time")


def _comment(account: AccountView, out: Outbound) -> Receipt:
    reply = Graph(account).post(_target(out), "comments", json={"message": out.text}, traced=True)
    return receipt(reply, "id", traced=True)


def _message(account: AccountView, out: Outbound) -> Receipt:
    if out.way == "private_reply" and out.answer_at.get("elsewhere") is True:
        raise refused_way("only what is said on the Page itself can be answered in private")
    traced = bool(out.to)
    body = private_body(out, echo_key=True)
    reply = Graph(account).post(account.address, "messages", json=body, traced=traced)
    return receipt(reply, "message_id", "id", traced=traced)


def _target(out: Outbound) -> str:
    """What to write under: the root comment (Facebook shows two levels), or the post itself."""
    target = first(out.root_id, ident(out.answer_at, "comment"), ident(out.answer_at, "post"), out.in_reply_to)
    if not target:
        raise refused_way("there is no comment to answer in public")
    return target
