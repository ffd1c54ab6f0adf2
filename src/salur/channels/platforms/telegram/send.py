"""Saying one thing by a Telegram bot."""

from typing import Any

from salur.channels.outside import Reply, Verdict
from salur.channels.platforms.loose import ident, part
from salur.channels.platforms.telegram.api import bot, judge, method
from salur.channels.platforms.telegram.content import message_key
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed


def send(account: AccountView, out: Outbound) -> Receipt:
    """Say it in the private chat, or in the group under the message it answers; raises SendFailed or SendUncertain.

    A group that became a supergroup has another id (`migrate_to_chat_id`): it is said there. An answered message that
    is gone does not keep the answer from arriving.
    """
    in_group = out.way == "public_reply"
    chat_id = out.place if in_group else out.to
    if not chat_id:
        raise SendFailed("Telegram: the message names no chat", permanent=True)
    reply = _say(account, out, chat_id, in_group)
    moved = ident(reply.data, "parameters", "migrate_to_chat_id")
    if moved:
        chat_id = moved
        reply = _say(account, out, chat_id, in_group)
    message_id = ident(reply.data, "result", "message_id")
    if not message_id:
        raise SendFailed("Telegram: the group moved again while it was answered")
    return Receipt(message_key(account, chat_id, message_id))


def _say(account: AccountView, out: Outbound, chat_id: str, in_group: bool) -> Reply:
    body: dict[str, Any] = {
        "chat_id": _number(chat_id),
        "text": out.text,
        "link_preview_options": {"is_disabled": True},
    }
    answered = ident(out.answer_at, "message_id") or out.in_reply_to.rpartition(":")[2]
    if answered.isdigit():
        body["reply_parameters"] = {"message_id": int(answered), "allow_sending_without_reply": True}
    thread = ident(out.answer_at, "thread_id")
    if in_group and thread.isdigit():
        body["message_thread_id"] = int(thread)
    outside = bot(account)
    outside.judge = _judge_in_group if in_group else _judge
    return outside.say("POST", method(account, "sendMessage"), json=body)


def _judge(reply: Reply) -> Verdict | None:
    """A moved group is no failure: the answer names where it is now."""
    return None if part(reply.data, "parameters", "migrate_to_chat_id") is not None else judge(reply)


def _judge_in_group(reply: Reply) -> Verdict | None:
    """A group that shut us out leaves the person reachable by another way."""
    verdict = _judge(reply)
    if verdict is not None and verdict.action == "stop_recipient":
        return Verdict("close_way", verdict.reason, code=verdict.code)
    return verdict


def _number(chat_id: str) -> int | str:
    return int(chat_id) if chat_id.lstrip("-").isdigit() else chat_id
