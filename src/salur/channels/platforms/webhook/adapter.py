"""Another system behind the port: it calls our hook, and we call its address with answers, both signed alike."""

import json
import re
import time
from datetime import UTC, datetime
from typing import Any

from salur.channels.hooks import Answer, HookRequest, Keep, Refused, same, secrets_of
from salur.channels.outside import Outside, Reply, Verdict, by_status
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.loose import ident
from salur.channels.platforms.webhook.guide import GUIDE
from salur.channels.platforms.webhook.parse import parse
from salur.channels.platforms.webhook.signature import TOLERANCE, key_of, sign
from salur.channels.ports import AccountView, Check, Health, Item, Outbound, Raw, Receipt, SendFailed
from salur.channels.ways import Capabilities, TextLimit, Way

_ID = re.compile(rb"[\x21-\x7e]{1,250}")


class WebhookPlatform(DefaultPlatform):
    """Stateless; safe to share between threads. Without an `answer_url` an answer is a person's errand."""

    guide = GUIDE
    capabilities = Capabilities(
        ways=(
            Way("direct", TextLimit(100_000), answers=frozenset({"private"})),
            Way("public_reply", TextLimit(100_000), public=True, answers=frozenset({"public"})),
        ),
        hooks=True,
        idempotent=True,
        edits=True,
        removals=True,
        media=True,
        needs_address=False,
    )

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """One of the signatures in webhook-signature is ours, and webhook-timestamp is at most five minutes off."""
        if request.method != "POST":
            raise Refused("wrong_method", 405)
        message_id = request.headers.get(b"webhook-id", b"")
        stamp = request.headers.get(b"webhook-timestamp", b"")
        if not _ID.fullmatch(message_id) or not re.fullmatch(rb"\d{1,12}", stamp):
            raise Refused
        secrets = secrets_of(account.credentials, "signing_secret", request.now)
        wanted = [one for one in (sign(secret, message_id, stamp, request.body) for secret in secrets) if one]
        given = request.headers.get(b"webhook-signature", b"").split()[:10]
        if not any(same(one, *wanted) for one in given):
            raise Refused
        if abs(request.now - int(stamp)) > TOLERANCE:
            raise Refused("stale")
        return Keep(message_id.decode())

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one event; raises Unreadable."""
        return parse(account, raw)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Call the other system with an answer; the same answer has the same `webhook-id`. Raises as the port says."""
        url = str(account.settings.get("answer_url") or "")
        if not url:
            return Receipt(f"webhook:{out.once_key}", manual=True)
        stamp, body = str(int(time.time())).encode(), _body(out)
        signature = sign(account.credentials.get("signing_secret", "").encode(), out.once_key.encode(), stamp, body)
        if not signature:
            raise SendFailed("Webhook: the account has no signing_secret", permanent=True, blames="account")
        headers = {
            "content-type": "application/json",
            "webhook-id": out.once_key,
            "webhook-timestamp": stamp.decode(),
            "webhook-signature": signature.decode(),
        }
        system = Outside(account, url, judge, name="Webhook")
        reply = system.say("POST", url, repeatable=True, content=body, headers=headers)
        return Receipt(ident(reply.data, "id") or f"webhook:{out.once_key}")

    def probe(self, account: AccountView) -> Health:
        """Whether there is a secret to sign with. Nobody is called: the other system would take it for an answer."""
        usable = bool(key_of(account.credentials.get("signing_secret", "").encode()))
        told = "" if usable else "signing_secret is missing, or is whsec_ without base64 behind it"
        return Health(usable, told, checks=(Check("token", usable, told),))


def judge(reply: Reply) -> Verdict | None:
    """What the other system's answer means; 410 says that nobody listens there any more (Standard Webhooks)."""
    if reply.status == 410:
        return Verdict("stop_account", "nobody listens at the answer address any more")
    return by_status(reply)


def _body(out: Outbound) -> bytes:
    data: dict[str, Any] = {
        "id": out.once_key,
        "text": out.text,
        "to": out.to,
        "in_reply_to": ident(out.answer_at, "id") or out.in_reply_to,
        "thread": out.root_id,
        "public": out.way == "public_reply",
        "automatic": out.automatic,
    }
    # A repeated call has the same bytes, so that who compares them finds no second answer.
    at = (out.began_at or datetime.now(UTC)).astimezone(UTC).isoformat()
    return json.dumps({"type": "answer.created", "timestamp": at, "data": data}, ensure_ascii=False).encode()
