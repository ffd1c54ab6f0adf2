"""Which lawful way an answer takes to one citizen, and in how many messages; or why none is open. Pure.

A platform's rules are data (`channels/ways`); here they meet what is known of the message answered. `plan` tries the
ways in the order that the SOP and the citizen's own choice of place suggest, and takes the first that nothing forbids.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from salur.channels.counting import has_link
from salur.channels.guide import gettext_noop as _
from salur.channels.ways import Way

AnswerIn = Literal["same", "private_first", "public_only"]
Reason = Literal[
    "refused", "private", "confidential", "public_only", "audience", "window", "no_word", "used", "feature", "summons",
    "person", "blocked", "address", "template", "personal_data", "money",
]  # fmt: skip
REASONS: Mapping[Reason, str] = {
    "refused": _("the platform refused this way of answering"),
    "private": _("what was said in private is not answered in public"),
    "confidential": _("the citizen asked for confidence: no answer where everybody reads it"),
    "public_only": _("the SOP answers on this channel in public only"),
    "audience": _("the platform does not offer this way for such a message"),
    "window": _("the time in which the platform permits an answer is over"),
    "no_word": _("the citizen has not written to us in private, so the platform permits no private message"),
    "used": _("the one private reply to this comment was used already"),
    "feature": _("the platform has not granted this account the right to it"),
    "summons": _("the platform permits an answer only to those who named our account"),
    "person": _("only an officer may answer this way, not a program"),
    "blocked": _("the citizen does not want to be written to by this account"),
    "address": _("the platform did not tell where the citizen can be reached"),
    "template": _("no approved template is set for this purpose"),
    "personal_data": _("the answer holds personal data, and everybody could read it"),
    "money": _("the spending limit of this month is reached"),
}
"""Why a way is closed, in words for the desk (English message ids)."""
UNFIT = ("audience", "private")
"""Reasons that lie in the kind of message alone: another way was meant for it."""


@dataclass(frozen=True)
class Wish:
    """How the SOP wants it: where a channel is answered, what for, and whether the words ask for personal data."""

    answer_in: AnswerIn = "same"
    purpose: str = "answer"
    asks_personal_data: bool = False


@dataclass(frozen=True)
class Context:
    """What is known of the message answered and of the person. Instants are aware.

    `last_private_word` is when the person last wrote to the account in private. `personal` says that the words name
    somebody. `money_left` are millionths of a US dollar (None: no limit); `templates` the purposes that have one.
    """

    now: datetime
    audience: Literal["public", "private"] = "private"
    said_at: datetime | None = None
    last_private_word: datetime | None = None
    closed_ways: frozenset[str] = frozenset()
    private_reply_used: bool = False
    features: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    summoned: bool = False
    automatic: bool = False
    confidential: bool = False
    personal: bool = False
    reachable: bool = True
    may_be_written_to: bool = True
    money_left: int | None = None
    deep_link: str = ""


@dataclass(frozen=True)
class Planned:
    """The way, what is said by it (a message each), and what that costs in millionths of a US dollar."""

    way: str
    texts: tuple[str, ...]
    cost: int = 0


@dataclass(frozen=True)
class NotPermitted:
    """No way is open. `reasons` say why for each, the most wanted first; `next_way` is the best a person can do.

    That is a way a program may not use, the template that still has to be approved, or `hand`: by `deep_link` into the
    platform's own app.
    """

    reasons: Mapping[str, Reason] = field(default_factory=dict)
    next_way: str = "hand"
    deep_link: str = ""

    @property
    def reason(self) -> Reason:
        """Why the most wanted way is closed; one that never fits such a message says least."""
        said = list(self.reasons.values())
        return next((one for one in said if one not in UNFIT), said[0] if said else "audience")


def plan(
    ways: Iterable[Way], context: Context, wish: Wish, words: Callable[[Way], tuple[str, ...]]
) -> Planned | NotPermitted:
    """The first lawful way in the order wished for. `words` gives the messages in which the answer is said by a way."""
    reasons: dict[str, Reason] = {}
    for way in in_order(ways, context, wish):
        closed = why_closed(way, context, wish)
        if closed is None:
            texts = words(way)
            cost = price(way, texts)
            if not cost or context.money_left is None or cost <= context.money_left:
                return Planned(way.name, texts, cost)
            closed = "money"
        reasons[way.name] = closed
    return NotPermitted(reasons, _next_way(reasons), context.deep_link)


def in_order(ways: Iterable[Way], context: Context, wish: Wish) -> list[Way]:
    """The ways as they are wished for: first those as public as the message, or private ones where that is better."""
    discreet = wish.answer_in == "private_first" or (wish.asks_personal_data and wish.answer_in != "public_only")
    public_first = context.audience == "public" and not discreet
    return sorted(ways, key=lambda way: way.public != public_first)


def why_closed(way: Way, context: Context, wish: Wish) -> Reason | None:
    """Why this way is not open; None where it is. Money is weighed by `plan`, which knows the words."""
    if way.name == "template" and wish.purpose not in context.templates:
        return "template"
    return _closed_by_place(way, context, wish) or _closed_by_person(way, context) or _closed_by_platform(way, context)


def price(way: Way, texts: Iterable[str]) -> int:
    """What these messages cost by this way, in millionths of a US dollar."""
    return sum(way.link_cost if way.link_cost and has_link(text) else way.cost for text in texts)


def _closed_by_place(way: Way, context: Context, wish: Wish) -> Reason | None:
    if way.public and context.audience == "private":
        return "private"
    if way.public and context.confidential:
        return "confidential"
    if way.public and context.personal and not context.automatic:
        return "personal_data"
    # Where the SOP answers in public only, a confidence or a private word is still answered in private.
    if not way.public and wish.answer_in == "public_only" and context.audience == "public" and not context.confidential:
        return "public_only"
    return None if context.audience in way.answers else "audience"


def _closed_by_person(way: Way, context: Context) -> Reason | None:
    if way.public:
        return None
    if not context.reachable and way.name != "private_reply":  # that one is addressed by the comment
        return "address"
    return None if context.may_be_written_to else "blocked"


def _closed_by_platform(way: Way, context: Context) -> Reason | None:
    if way.name in context.closed_ways:
        return "refused"
    if way.needs and way.needs not in context.features:
        return "feature"
    # The one private reply to a comment is kept for the answer: a program must not use it up.
    if context.automatic and (way.once or not way.automatic):
        return "person"
    if way.summoned and not context.summoned:
        return "summons"
    if way.once and context.private_reply_used:
        return "used"
    return _closed_by_time(way, context)


def _closed_by_time(way: Way, context: Context) -> Reason | None:
    if way.window is None:
        return None
    opened = context.said_at if way.opened_by == "message" else context.last_private_word
    if opened is None:
        return "no_word" if way.opened_by == "person" else "window"
    return None if context.now < opened + way.window else "window"


def _next_way(reasons: Mapping[str, Reason]) -> str:
    for sought in ("person", "template"):
        if way := next((name for name, reason in reasons.items() if reason == sought), None):
            return way
    return "hand"
