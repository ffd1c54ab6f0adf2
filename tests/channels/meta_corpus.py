"""Reading payload files of Meta's platforms in tests, and what they hold in short."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salur.channels.platforms.facebook.adapter import FacebookPlatform
from salur.channels.platforms.instagram.adapter import InstagramPlatform
from salur.channels.platforms.threads.adapter import ThreadsPlatform
from salur.channels.ports import AccountView, Item, Raw

PAYLOADS = Path(__file__).parent / "payloads"
FACEBOOK, INSTAGRAM, THREADS = FacebookPlatform(), InstagramPlatform(), ThreadsPlatform()
PAGE = AccountView(1, "facebook", "433925637298186")
GRAM = AccountView(2, "instagram", "87565321165368935", {"username": "dinas.contoh"})
THREAD = AccountView(3, "threads", "78901", {"username": "dinas.contoh"})


def seconds(value: float) -> datetime:
    """An instant of unix seconds."""
    return datetime.fromtimestamp(value, UTC)


def raw(body: Any, via: str = "hook", **more: Any) -> Raw:
    """A delivery of this JSON, or of these bytes."""
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Raw("k", octets, "application/json", via=via, **more)


def facebook(name: str, via: str = "hook", account: AccountView = PAGE) -> list[Item]:
    """What a Page's adapter reads from a payload file."""
    return FACEBOOK.parse(account, raw((PAYLOADS / name).read_bytes(), via))


def instagram(name: str, via: str = "hook", account: AccountView = GRAM) -> list[Item]:
    """What Instagram's adapter reads from a payload file."""
    return INSTAGRAM.parse(account, raw((PAYLOADS / name).read_bytes(), via))


def threads(name: str, via: str = "hook", account: AccountView = THREAD) -> list[Item]:
    """What the adapter of Threads reads from a payload file."""
    return THREADS.parse(account, raw((PAYLOADS / name).read_bytes(), via))
