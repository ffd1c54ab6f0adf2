"""Answering on WhatsApp: text within 24 hours of the person's last word, an approved template at any time.

Sources: WhatsApp Cloud API, "Messages" (context, templates, `biz_opaque_callback_data` comes back in the statuses),
"Business-scoped user ids" (`recipient` instead of `to`), "Groups".
"""

from typing import Any

from salur.channels.platforms.loose import each, ident
from salur.channels.platforms.meta.graph import FACEBOOK, Graph
from salur.channels.platforms.meta.usage import slow_down
from salur.channels.platforms.whatsapp.errors import judge
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed, SendUncertain

LONGEST_PARAMETER = 1024
LONGEST_KEY = 512


def graph(account: AccountView) -> Graph:
    """The Graph interface for one number; raises SendFailed where its address is no decent one."""
    return Graph(account, FACEBOOK, judge=judge, name="WhatsApp")


def send(account: AccountView, out: Outbound) -> Receipt:
    """One message; raises SendFailed or SendUncertain. The receipt means taken over, not delivered.

    Nothing can be looked up afterwards: where the answer was lost, only a status with our key can still prove it.
    """
    body = {
        "messaging_product": "whatsapp",
        **_to(out),
        **_said(out),
        "biz_opaque_callback_data": out.once_key[:LONGEST_KEY],
    }
    reply = graph(account).post(account.address, "messages", json=body)
    external_id = next((ident(one, "id") for _, one in each(reply.data, "messages")), "")
    if not external_id:
        raise SendUncertain("WhatsApp: the answer names no id")
    return Receipt(external_id, slow_down=slow_down(reply.headers))


def _to(out: Outbound) -> dict[str, str]:
    group = ident(out.answer_at, "group")
    if group:
        return {"recipient_type": "group", "to": group}
    if out.to.lstrip("+").isdecimal():
        return {"recipient_type": "individual", "to": f"+{out.to.lstrip('+')}"}
    if out.to:
        return {"recipient_type": "individual", "recipient": out.to}
    raise SendFailed("WhatsApp: it is not known whom this answers", permanent=True, blames="way")


def _said(out: Outbound) -> dict[str, Any]:
    if out.way == "template":
        return {"type": "template", "template": _template(out)}
    if out.way != "direct":
        raise SendFailed("WhatsApp: there is no such way of answering", permanent=True, blames="way")
    body: dict[str, Any] = {"type": "text", "text": {"preview_url": False, "body": out.text}}
    quoted = ident(out.answer_at, "message") or out.in_reply_to
    return {**body, "context": {"message_id": quoted}} if quoted else body


def _template(out: Outbound) -> dict[str, Any]:
    """The approved template with our words as its one parameter: no line breaks, no wide gaps are taken in it."""
    name = out.template.get("name", "")
    if not name:
        raise SendFailed("WhatsApp: no approved template is set", permanent=True, blames="way")
    told = " ".join(out.template.get("text", out.text).split())[:LONGEST_PARAMETER]
    parameters = [{"type": "text", "text": told}]
    return {
        "name": name,
        "language": {"code": out.template.get("language", "") or "id"},
        "components": [{"type": "body", "parameters": parameters}],
    }
