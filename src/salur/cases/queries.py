"""Questions about cases; every answer holds only what the scope in force may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from salur.cases.models import Case, CaseMessage, Voice
from salur.cases.number import read_number
from salur.intake.models import Message, StoredFile
from salur.intake.order import Place, natural
from salur.intake.words import MISSING
from salur.kernel import memory
from salur.kernel.models import Waiting

PAGE = 50
BY_AGE = {
    "newest": Q(),
    "waiting": Q(closed_at=None, due_at=None),
    "closed": Q(closed_at__isnull=False),
}
"""The boxes in which nothing is due, and which cases lie in each: the newest first."""
ROW = (
    *("number", "title", "channel", "kind", "horizon", "status", "confidential", "breaches"),
    *("due_at", "opened_at", "closed_at", "outcome", "agency__short_name", "agency__calendar"),
)
"""The columns of a case that a row of the queue shows."""
SAID = (
    *("case_id", "message__subject", "message__text", "message__first_text", "message__spoken_at"),
    *("message__external_id", "message__account__platform", "message__audience", "message__link", "message__post"),
    *("message__lead_id", "message__edited_at", "message__removed_at", "message__removed_by", "message__sender_handle"),
    "message__sender_index",
    *("voice__name", "voice__address", "voice__anonymous", "voice__confidential", "voice__told"),
)
"""The columns of a message that its case shows: contacts and the account's secrets stay encrypted."""


@dataclass(frozen=True)
class Filter:
    """What an officer asked the queue for. `after` is the place behind the last row of the page before."""

    box: str = "open"
    status: str = ""
    kind: str = ""
    horizon: str = ""
    agency_id: int | None = None
    text: str = ""
    after: tuple[datetime, int] | None = None


def queue(wanted: Filter) -> list[Case]:
    """Up to PAGE + 1 cases, most urgent first (newest first where nothing is due), by keyset and never by offset.

    They carry the columns that ROW names. `box` is open (something is due of us), unassigned (of those, without an
    agency), waiting (open, and nothing is due: the citizen's turn), closed, or newest (all there are, as they came).
    """
    rows = Case.objects.select_related("agency").only(*ROW)
    if wanted.box in BY_AGE:
        rows = rows.filter(BY_AGE[wanted.box]).order_by("-id")
        rows = rows.filter(id__lt=wanted.after[1]) if wanted.after else rows
    else:
        rows = rows.filter(closed_at=None, due_at__isnull=False).order_by("due_at", "id")
        if wanted.after:
            due, last = wanted.after
            rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=last), due_at__gte=due)
    if wanted.box == "unassigned":
        rows = rows.filter(agency=None)
    for name in ("status", "kind", "horizon"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.agency_id:
        rows = rows.filter(agency_id=wanted.agency_id)
    if wanted.text:
        number = read_number(wanted.text)
        rows = rows.filter(number=number) if number else rows.filter(title__icontains=wanted.text)
    return list(rows[: PAGE + 1])


def case_by_number(text: str) -> Case | None:
    """The case with the number a person typed, if it is in scope."""
    number = read_number(text)
    if number is None:
        return None
    return Case.objects.select_related("agency", "function", "government").filter(number=number).first()


def messages_of(case: Case) -> list[CaseMessage]:
    """What citizens said in this case, oldest first, with the columns that SAID names."""
    rows = CaseMessage.objects.filter(case_id=case.pk, is_copy=False)
    rows = rows.select_related("message__account", "voice").only(*SAID)
    return sorted(rows, key=lambda link: _said_at(link.message.spoken_at, link.message.external_id))


def _said_at(spoken_at: datetime, external_id: str) -> tuple[datetime, Place, str]:
    """The place of a message among those of its case: provider time, and the platform's own counting as tiebreak."""
    return spoken_at, natural(external_id), external_id


class Word(NamedTuple):
    """One thing said in a case, as far as an answer has to refer to it."""

    voice_id: int
    message_id: int
    external_id: str
    subject: str
    account_id: int


def words_of(case_id: int) -> list[Word]:
    """What was said in a case, oldest first, without its text and sender."""
    if opened := memory.kept(f"said:{case_id}"):
        voice, first = opened
        return [Word(voice.pk, first.pk, first.external_id, first.subject, first.account_id)]
    rows = CaseMessage.objects.filter(case_id=case_id, is_copy=False)
    columns = ("message__spoken_at", "voice_id", "message_id", "message__external_id", "message__subject")
    said = rows.values_list(*columns, "message__account_id")
    return [Word(*row[1:]) for row in sorted(said, key=lambda row: _said_at(row[0], row[3]))]


def told_voices_of(case_id: int) -> list[Voice]:
    """Those who hear what is said in a case."""
    if opened := memory.kept(f"said:{case_id}"):
        return [opened[0]]
    return list(Voice.objects.filter(case_id=case_id, told=True).order_by("id"))


def file_of_case(file_id: int) -> StoredFile | None:
    """A citizen's file, if the case it was sent in is in scope and its message was not removed."""
    said = CaseMessage.objects.filter(message__removed_at=None).values("message_id")
    return StoredFile.objects.filter(pk=file_id, message_id__in=said).first()


def is_of_hidden(message_id: int) -> bool:
    """Whether a message came from a citizen who asked to be hidden, in any case in scope."""
    hidden = Q(voice__anonymous=True) | Q(voice__confidential=True)
    return CaseMessage.objects.filter(hidden, message_id=message_id).exists()


def case_of_delivery(delivery_id: int) -> Case | None:
    """The case in which the words of a delivery ended, if it is in scope."""
    rows = CaseMessage.objects.filter(message__delivery_id=delivery_id).select_related("case__agency")
    link = rows.order_by("id").first()
    return link.case if link else None


def due_to_close(now: datetime) -> list[int]:
    """Ids of open cases whose silence has run out."""
    return list(
        Case.objects.filter(closed_at=None, closes_at__lte=now).order_by("id").values_list("id", flat=True)[:500]
    )


def due_to_wake(now: datetime) -> list[tuple[int, int]]:
    """(case id, government id) of open cases with a deadline that has passed and that the journal does not know of."""
    rows = Case.objects.filter(closed_at=None, wakes_at__lte=now).order_by("wakes_at")
    return list(rows.values_list("id", "government_id")[:500])


def cases_under_promise(government_id: int, since: datetime) -> QuerySet[Case]:
    """The cases whose dates another calendar may move: those open, and those closed before the instant promised.

    Of closed ones only where that instant lies behind `since`. By id.
    """
    rows = Case.objects.filter(government_id=government_id).order_by("id")
    return rows.filter(Q(closed_at=None) | Q(citizen_due_at__gte=since))


def every_case_id() -> Iterator[int]:
    """The ids of all cases in scope, ascending."""
    return Case.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=2000)


def messages_without_case() -> int:
    """How many messages are in no case and wait neither for one nor for their words: always 0, or one was lost."""
    in_case = CaseMessage.objects.filter(message_id=OuterRef("pk"))
    stream = Concat(Value("message:"), Cast("pk", CharField()))
    waits = Waiting.objects.filter(entry__stream=OuterRef("stream"))
    rows = Message.objects.annotate(stream=stream).filter(~Exists(in_case), ~Exists(waits))
    return rows.exclude(extra__words=MISSING).count()
