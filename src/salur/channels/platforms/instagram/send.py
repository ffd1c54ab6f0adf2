"""Answering at Instagram: in public under the root comment or to a mention, in private once a comment, by message.

Sources: Instagram Platform "IG Comment replies", "IG User mentions", "Private Replies", "Send messages".
"""

from salur.channels.platforms.instagram.ends import by_facebook, graph, host, inbox_owner, own, user_name
from salur.channels.platforms.instagram.guide import PAGE_SCOPES
from salur.channels.platforms.loose import first, ident
from salur.channels.platforms.meta.errors import is_permission
from salur.channels.platforms.meta.health import granted
from salur.channels.platforms.meta.send import (
    look_in_chat,
    once,
    private_body,
    receipt,
    refused_way,
    said_by_us,
)
from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed

PUBLIC = "public_reply"
PRIVATE = frozenset({"private_reply", "direct", "tagged"})


def send(account: AccountView, out: Outbound) -> Receipt:
    """Say it once by its way; raises SendFailed or SendUncertain."""
    if out.way == PUBLIC:
        act = _to_mention if out.answer_at.get("mention") is True else _under_comment
    elif out.way in PRIVATE:
        act = _message
    else:
        raise refused_way("Instagram has no such way of answering")
    try:
        return once(lambda: act(account, out), lambda: read_back(account, out))
    except SendFailed as error:
        if is_permission(error.code) and _only_here(account, out):
            # It is missing for this comment or person alone: the rest of the account must not stand still for it.
            raise refused_way(error.reason, error.code) from None
        raise


def _only_here(account: AccountView, out: Outbound) -> bool:
    """Whether a missing permission says nothing about the account's own: under the media of others, or where the token
    has all that is wanted (which Instagram Login does not tell)."""
    if out.answer_at.get("mention") is True:
        return True
    return by_facebook(account) and granted(account, graph(account), host(account), PAGE_SCOPES)


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Our answer as it stands at the platform, or None; raises FetchFailed."""
    here = graph(account)
    if out.way != PUBLIC:
        return look_in_chat(here, inbox_owner(account), own(account), out, platform="instagram")
    if out.answer_at.get("mention") is True:
        raise FetchFailed("what stands under the media of others cannot be read back")
    name = user_name(account) or ident(here.get(account.address, fields="username"), "username").lower()
    listed = here.each(_target(out), "replies", fields="id,text,timestamp,username,from", limit="100")
    return said_by_us(listed, own(account, name), out, "text", "timestamp")


def _under_comment(account: AccountView, out: Outbound) -> Receipt:
    if out.answer_at.get("live") is True:
        raise refused_way("comments on a live video cannot be answered in public")
    reply = graph(account).post(_target(out), "replies", json={"message": out.text}, traced=True)
    return receipt(reply, "id", traced=True)


def _to_mention(account: AccountView, out: Outbound) -> Receipt:
    media, comment = ident(out.answer_at, "media"), ident(out.answer_at, "comment")
    if not media:
        raise refused_way("the platform did not tell under which medium we were named")
    body = {"media_id": media, "message": out.text} | ({"comment_id": comment} if comment else {})
    reply = graph(account).post(account.address, "mentions", json=body)
    return receipt(reply, "id", traced=False)


def _message(account: AccountView, out: Outbound) -> Receipt:
    if out.way == "private_reply" and out.answer_at.get("mention") is True:
        raise refused_way("only comments on our own media can be answered in private")
    traced = bool(out.to)
    body = private_body(out, echo_key=False)
    reply = graph(account).post(inbox_owner(account), "messages", json=body, traced=traced)
    return receipt(reply, "message_id", "id", traced=traced)


def _target(out: Outbound) -> str:
    """The root comment: a reply to a reply is put under it anyway."""
    target = first(out.root_id, ident(out.answer_at, "comment"), out.in_reply_to)
    if not target:
        raise refused_way("there is no comment to answer in public")
    return target
