"""Writing down what a form says: the raw delivery of the platform "web", accepted once."""

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from salur.channels.models import Account
from salur.channels.ports import Attachment, Raw
from salur.intake.accept import accept
from salur.journey.act import act
from salur.kernel import clock

FIELDS = ("text", "title", "name", "email", "phone", "location", "anonymous", "confidential")


def file_form(account: Account, form_id: uuid.UUID, said: Mapping[str, Any], *, thread_token: str = "") -> uuid.UUID:
    """Accept one filled form and return the key under which it was filed.

    The key is made of the page's `form_id` and of what was said: the same form sent twice is one report, and a form
    that was changed after going back in the browser is a new one, so that no words are lost.
    """
    body = {name: said[name] for name in FIELDS if said.get(name)}
    body |= {name: said[name] for name in ("kind", "agency") if said.get(name)}
    body |= {
        "government": account.government.code,
        "attachments": [_attachment(one) for one in said.get("attachments", [])],
    }
    if thread_token:
        body["thread_token"] = thread_token
    digest = hashlib.sha256(json.dumps([account.pk, body], sort_keys=True).encode()).hexdigest()
    key = uuid.uuid5(form_id, digest)
    now = clock.now()
    whole = {**body, "text": body.get("text", ""), "form_id": str(key), "spoken_at": now.isoformat()}
    act(accept, account, Raw(str(key), json.dumps(whole).encode(), "application/json", received_at=now))
    return key


def _attachment(attachment: Attachment) -> dict[str, str]:
    return {
        "name": attachment.name,
        "content_type": attachment.content_type,
        "content": base64.b64encode(attachment.content).decode(),
    }
