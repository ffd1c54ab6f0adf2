"""Which messages belong together: the parts of an album, and the lines that one person writes in a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from salur.intake.models import Message
from salur.intake.order import Place, natural
from salur.kernel import memory

IN_A_ROW = timedelta(seconds=60)
"""The longest pause between two lines of one person that still belong together."""
ALBUM = timedelta(hours=1)
"""How far apart the parts of one album may lie: platforms put a limit of their own far below."""


@dataclass(frozen=True)
class Line:
    """One message as far as grouping needs it."""

    id: int
    spoken_at: datetime
    external_id: str

    @property
    def place(self) -> tuple[datetime, Place, str]:
        """Its place in the order of provider time, the id as tiebreak."""
        return self.spoken_at, natural(self.external_id), self.external_id


def first_of(message: Line, heads: Iterable[Line]) -> Line:
    """Which message leads a group that `message` joins or unites: the earliest of it and the leaders there were.

    A group is everything linked by one of its links to the next, and its leader the earliest of it: so the groups
    are the same in whatever order their messages came.
    """
    return min([message, *heads], key=lambda line: line.place)


def gather(message: Message) -> None:
    """Find the group of a message that was just written, and have every message of it name the same leader.

    Linked are the parts of one album (the same group key), and two lines of one person in one private place with at
    most IN_A_ROW between them. The caller holds what keeps a second line of this person away until the transaction
    ends.
    """
    near = _near(message)
    if not near:
        return
    own = Line(message.pk, message.spoken_at, message.external_id)
    leader = first_of(own, near)
    if leader.id != own.id:
        message.lead_id = leader.id
        message.save(update_fields=["lead"])
    later = [head.id for head in near if head.id != leader.id]
    if later:
        Message.objects.filter(Q(pk__in=later) | Q(lead_id__in=later)).update(lead_id=leader.id)
        memory.forget_all()  # the moved messages, whichever they are


def _near(message: Message) -> list[Line]:
    """The leaders of the groups a message is linked to."""
    if not message.sender_index or not (message.group_key or message.audience == "private"):
        return []
    at, links = message.spoken_at, Q(pk__in=[])
    if message.audience == "private":
        row = Q(spoken_at__gte=at - IN_A_ROW, spoken_at__lte=at + IN_A_ROW)
        links |= row & Q(audience="private", place=message.place)
    if message.group_key:
        row = Q(spoken_at__gte=at - ALBUM, spoken_at__lte=at + ALBUM)
        links |= row & Q(group_key=message.group_key)
    rows = Message.objects.filter(
        links, account_id=message.account_id, sender_index=message.sender_index, spoken_at__gte=at - ALBUM
    ).exclude(pk=message.pk)
    own, lead = ("id", "spoken_at", "external_id"), ("lead_id", "lead__spoken_at", "lead__external_id")
    found = {Line(*row[3:]) if row[3] else Line(*row[:3]) for row in rows.values_list(*own, *lead)}
    return list(found)
