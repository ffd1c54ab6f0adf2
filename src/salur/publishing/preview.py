"""How an answer would go out, before anybody releases it: planned as by the sender, and nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from salur.cases.models import Case, Voice
from salur.intake.models import Message
from salur.kernel.events import Fact
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.asked import Together
from salur.publishing.models import Dispatch, Reply
from salur.publishing.plan import REASONS, Context, NotPermitted, Wish, plan, why_closed
from salur.publishing.planning import Gathered, gather

FEW = 5
"""For so many voices of a case it is worked out how they are answered."""


@dataclass(frozen=True)
class Foreseen:
    """How one voice would be answered now.

    `way` is "" where none is open: then `reason` says why (an English message id), and `next_way` is the best that a
    person can do. `texts` are the messages as they would be said, `cost` is in millionths of a US dollar. `public`:
    everybody could read it. `choice`: both a public and a private way are open.
    """

    channel: str
    way: str
    texts: tuple[str, ...] = ()
    cost: int = 0
    public: bool = False
    choice: bool = False
    reason: str = ""
    next_way: str = ""


@dataclass(frozen=True)
class Preview:
    """How the first FEW voices of a case would be answered, and how many there are besides."""

    voices: tuple[Foreseen, ...]
    others: int

    @property
    def choice(self) -> bool:
        """Whether the drafter can choose between public and private for any of them."""
        return any(one.choice for one in self.voices)

    @property
    def in_public(self) -> bool:
        """Whether any of them would be answered where everybody reads it."""
        return any(one.public for one in self.voices)


def preview(case: Case, text: str, purpose: str, answer_in: str = "", journal: Sequence[Fact] | None = None) -> Preview:
    """How an answer of a person to this case would go out now. The caller found the case in its own scope.

    Planned like the sending itself, which sees everything: what a whole government spends, and all its own numbers. A
    caller that has the journal of the case hands it in.
    """
    reply = Reply(case=case, government_id=case.government_id, purpose=purpose, text=text, answer_in=answer_in)
    with use(EVERYTHING):
        asked = Together(case, FEW, journal)
        found = [_foreseen(_sending(reply, voice, asked.last.get(voice.pk)), asked) for voice in asked.voices]
    return Preview(tuple(found), asked.others)


def _sending(reply: Reply, voice: Voice, last: Message | None) -> Dispatch:
    """What would be laid into the outbox for this voice (`outbox.lay`), unsaved."""
    return Dispatch(
        government=reply.case.government,
        reply=reply,
        voice=voice,
        account=voice.account,
        message=last,
        to=voice.address,
        to_index=voice.address_index,
    )


def _foreseen(dispatch: Dispatch, asked: Together) -> Foreseen:
    known, channel = gather(dispatch, asked), dispatch.account.platform
    choice = _may_choose(known)
    found = plan(known.ways, known.context, known.wish, known.wording.on)
    if isinstance(found, NotPermitted):
        return Foreseen(channel, "", choice=choice, reason=REASONS[found.reason], next_way=found.next_way)
    public = any(way.public for way in known.ways if way.name == found.way)
    return Foreseen(channel, found.way, found.texts, found.cost, public, choice)


def _may_choose(known: Gathered) -> bool:
    """Whether a public and a private way are both open, if only the drafter decided.

    Words that name somebody close the public one, and are no reason to take the choice away.
    """
    wish: Wish = known.wish if known.wish.answer_in == "public_only" else replace(known.wish, answer_in="same")
    context: Context = replace(known.context, personal=False)
    return len({way.public for way in known.ways if why_closed(way, context, wish) is None}) == 2
