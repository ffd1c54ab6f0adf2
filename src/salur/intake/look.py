"""Looking at a raw delivery that was not understood: its outline shows nobody's words, its content leaves a trace."""

import json
import re
from typing import Any

from salur.intake.events import DeliveryLookedAt
from salur.intake.models import Delivery
from salur.intake.replay import NotQuarantined
from salur.kernel import ledger

SHOWN = 2048
HIDDEN = "•••"
_OUTLINED = 200
_FLAGS = ("anonymous", "confidential")
_PERSON = ("name", "email", "phone", "contact")
# The same in what is no whole JSON: a flag that is not plainly off, and the value of a field, be it cut off.
_FLAGGED = re.compile(rf'"(?:{"|".join(_FLAGS)})"\s*:\s*(?!false\b|null\b)', re.IGNORECASE)
_VALUE = r'(?:"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[^\s,}\]]+)'
_FIELD = re.compile(rf'("(?:{"|".join(_PERSON)})"\s*:\s*){_VALUE}', re.IGNORECASE | re.DOTALL)
_FIELD_NAME = re.compile(rb"(?m)^([A-Za-z][A-Za-z0-9-]{0,60}):")


def outline(delivery: Delivery) -> list[str]:
    """Which fields the delivery has, in order, each with its kind or length, and nothing of what is in them.

    The keys of a JSON object, or the names of the header fields of a mail; empty where it is neither.
    """
    body = bytes(delivery.body)
    if delivery.content_type.startswith("message/"):
        head = re.split(rb"\r?\n\r?\n", body[:100_000], maxsplit=1)[0]
        return [name.decode() for name in _FIELD_NAME.findall(head)[:_OUTLINED]]
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return []
    if not isinstance(value, dict):
        return []
    # A key is a name only where it looks like one: whoever sends the delivery chooses them too.
    return [f"{key if re.fullmatch(r'[A-Za-z_ /]{1,40}', key) else HIDDEN}: {_kind(value[key])}" for key in value][
        :_OUTLINED
    ]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return json.dumps(value)
    counted = f" ({len(value)})" if isinstance(value, str | list | dict) else ""
    return type(value).__name__ + counted


def look(delivery_id: int, *, actor: str) -> str:
    """Write down that an officer looks, and return how the content begins: at most SHOWN characters, as plain text.

    Of a form that is anonymous or confidential the fields that say who wrote it are hidden even here. Raises
    NotQuarantined for any other delivery: what was understood is read in its case, by whoever may see that.
    """
    delivery = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.QUARANTINED).first()
    if delivery is None:
        raise NotQuarantined(f"delivery {delivery_id} is not in quarantine")
    ledger.record(
        DeliveryLookedAt(delivery_id=delivery_id),
        stream=f"delivery:{delivery_id}",
        government_id=delivery.government_id,
        actor=actor,
    )
    return _nameless(bytes(delivery.body).decode("utf-8", "replace"))[:SHOWN].replace("\x00", "\ufffd")


def _nameless(text: str) -> str:
    """The text; where it is a form with a flag set, without the values of the fields that name a person."""
    try:
        value = json.loads(text)
        if isinstance(value, dict) and any(value.get(flag) for flag in _FLAGS):
            return json.dumps(json.loads(text, object_hook=_hide), ensure_ascii=False)
    except (ValueError, RecursionError):
        pass
    return _FIELD.sub(rf'\1"{HIDDEN}"', text) if _FLAGGED.search(text) else text


def _hide(found: dict[str, Any]) -> dict[str, Any]:
    return {key: HIDDEN if key.lower() in _PERSON and value else value for key, value in found.items()}
