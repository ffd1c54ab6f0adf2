"""How one mail is known: its own Message-ID, or a hash of what was said; and the ids that we give ourselves."""

import hashlib
import re
from email.message import Message

from salur.channels.platforms.email.headers import message_ids, raw_value

_SAFE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_OWN = re.compile(r"salur\.[A-Za-z0-9._-]{1,120}@[A-Za-z0-9.-]{1,255}")


def external_id(message: Message, octets: bytes) -> str:
    """The Message-ID, else a hash over sender, date, subject and body.

    Trace fields stay out of the hash, so that the same mail delivered along two ways is one mail.
    """
    ids = message_ids(raw_value(message, "Message-ID"))
    if ids:
        return ids[0]
    _, _, body = octets.replace(b"\r\n", b"\n").partition(b"\n\n")
    said = [raw_value(message, name).encode("utf-8", "replace") for name in ("From", "Date", "Subject")]
    return "sha256:" + hashlib.sha256(b"\n".join([*said, body])).hexdigest()


def message_id_for(once_key: str, address: str) -> str:
    """Our Message-ID (no brackets) of the utterance with this key: always the same for the same key."""
    key = once_key if _SAFE_KEY.fullmatch(once_key) else hashlib.sha256(once_key.encode()).hexdigest()
    return f"salur.{key}@{address.rpartition('@')[2].lower()}"


def is_own_id(message_id: str, addresses: tuple[str, ...]) -> bool:
    """Whether this id (no brackets) was given by `message_id_for` for one of these addresses."""
    domain = message_id.rpartition("@")[2].lower()
    return _OWN.fullmatch(message_id) is not None and any(domain == a.rpartition("@")[2].lower() for a in addresses)


def own_ids_in(text: str, addresses: tuple[str, ...]) -> list[str]:
    """Our own ids mentioned anywhere in a text, as old bounces quote them."""
    return [i for i in _OWN.findall(text) if is_own_id(i, addresses)]
