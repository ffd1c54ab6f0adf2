"""What a platform permits, as data: ways of answering with their windows, lengths and prices. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Counting = Literal["characters", "utf16", "bytes", "x_weighted", "sms"]
"""How a platform counts the length of a text: Unicode characters, UTF-16 code units, UTF-8 bytes, the weighted
characters of X (a URL is 23, an emoji and a CJK sign 2), or the parts of a text message (GSM-7 or UCS-2)."""

WayName = Literal["public_reply", "private_reply", "direct", "tagged", "template", "page", "mail", "hand"]


@dataclass(frozen=True)
class TextLimit:
    """The longest text of one message, in the platform's own counting, and into how many one answer may be split."""

    most: int
    counting: Counting = "characters"
    parts: int = 1


@dataclass(frozen=True)
class Way:
    """One lawful way of answering.

    `public`: everybody can read it. `answers`: the audiences of messages it can answer. `window`: how long it is open,
    counted from the message answered (`opened_by` message) or from the last private word of that person (`opened_by`
    person); None for always. `once`: one per message. `automatic`: whether a program may use it without a person.
    `needs`: a feature that the platform must have granted the account ("" for none). `summoned`: only where the author
    named the account. `cost` and `link_cost` in millionths of a US dollar a message, the latter instead of the former
    for a text with a link. `links`: whether links belong into it by default.
    """

    name: WayName
    limit: TextLimit
    public: bool = False
    answers: frozenset[str] = frozenset({"public", "private"})
    window: timedelta | None = None
    opened_by: Literal["message", "person"] = "message"
    once: bool = False
    automatic: bool = True
    needs: str = ""
    summoned: bool = False
    cost: int = 0
    link_cost: int = 0
    links: bool = True


@dataclass(frozen=True)
class Pace:
    """At most one message each `seconds`, with a burst of `burst`; for the account and, apart, for each recipient."""

    seconds: float
    burst: int = 1


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do. `ways` are tried in their order where the SOP does not say otherwise.

    `hooks`: it calls us; `can_fetch`: it can be asked, every `fetch_seconds` (with hooks: to find what they lost).
    `read_back`: whether a lost answer can be settled by looking. `idempotent`: it takes our once key, so that the same
    message can be handed over again. `receipts`: it tells what became of a message. `edits`, `removals`: it tells of
    them, by hook or by poll. `chat`: people write several lines in a row. `largest_hook` in bytes.
    """

    ways: tuple[Way, ...]
    hooks: bool = False
    can_fetch: bool = False
    fetch_seconds: int = 0
    can_read_back: bool = False
    idempotent: bool = False
    receipts: bool = False
    edits: bool = False
    removals: bool = False
    media: bool = False
    chat: bool = False
    needs_address: bool = True
    account_pace: Pace | None = None
    person_pace: Pace | None = None
    largest_hook: int = 3_000_000
    features: frozenset[str] = field(default_factory=frozenset)

    def way(self, name: str) -> Way | None:
        """The way of this name, or None."""
        return next((way for way in self.ways if way.name == name), None)
