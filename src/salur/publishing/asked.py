"""What the plan of a sending asks the database: each question by itself, or those of a whole case together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery, Value

from salur.agencies.models import Government
from salur.cases.models import Case, CaseMessage, Voice
from salur.channels.models import Account
from salur.intake.models import Message, Signal
from salur.intake.queries import last_private_word, may_be_written_to
from salur.kernel.events import Fact
from salur.kernel.models import Entry
from salur.publishing import spend
from salur.publishing.known import known_among, known_of
from salur.publishing.models import Dispatch, SpendCap
from salur.publishing.personal import Known

SPENT = (Dispatch.State.SENDING, Dispatch.State.SENT, Dispatch.State.UNCERTAIN)
START = ("sop.started", "sop.moved")
"""What carries where the SOP answers on each channel: the start of a version in a case, and every move to another."""


class OneByOne:
    """Asks when it is asked: for a sending, which is planned alone and at the last instant."""

    def people(self, case: Case) -> Known:
        """Whose data must not be public in answers to this case."""
        return known_of(case)

    def money_left(self, government: Government, *, hold: bool) -> int | None:
        """As `spend.left`."""
        return spend.left(government, hold=hold)

    def answer_in(self, case: Case) -> dict[str, str]:
        """Where the SOP answers, by channel."""
        rows = Entry.objects.filter(stream=case.stream, kind__in=START).order_by("-seq")
        return rows.values_list("data__answer_in", flat=True).first() or {}

    def last_private_word(self, account_id: int, to_index: str) -> datetime | None:
        """As `intake.queries.last_private_word`."""
        return last_private_word(account_id, to_index)

    def may_be_written_to(self, account_id: int, to_index: str) -> bool:
        """As `intake.queries.may_be_written_to`."""
        return may_be_written_to(account_id, to_index)

    def private_reply_used(self, message_id: int, but: int | None) -> bool:
        """Whether the one private reply to this message was given, or may have been, by another dispatch than `but`."""
        rows = _private_replies([message_id])
        return (rows if but is None else rows.exclude(pk=but)).exists()


class Together(OneByOne):
    """Has asked before: for the first few voices of a case, in three statements however much was said in it.

    `voices` are those that are told, `last` is what each said last on its own account, by the id of the voice. One more
    statement reads the journal where it is not handed in, and one what was spent where there is a limit to it.
    """

    def __init__(self, case: Case, few: int, journal: Sequence[Fact] | None = None) -> None:
        accounts = _accounts_of(case)
        self._of_government = [one for one in accounts.values() if one.government_id == case.government_id]
        self._said = _said_in(case, accounts)
        told = {one.voice_id: one.voice for one in self._said if one.voice.told}
        self.voices = [told[pk] for pk in sorted(told)[:few]]
        self.others = len(told) - len(self.voices)
        own = [one for one in self._said if not one.is_copy and one.message.account_id == one.voice.account_id]
        self.last = {one.voice_id: one.message for one in own}
        self._journal = journal
        self._words, self._blocked, self._used = _heard_of(self.voices, self.last)
        self._kept: dict[str, Any] = {}

    def people(self, case: Case) -> Known:
        """Whose data must not be public."""
        if "people" not in self._kept:
            voices = {one.voice_id: one.voice for one in self._said}.values()
            self._kept["people"] = known_among(voices, [one.message for one in self._said], self._of_government)
        known: Known = self._kept["people"]
        return known

    def money_left(self, government: Government, *, hold: bool) -> int | None:
        """What may still be spent this month; nothing is held, for nothing is spent."""
        if "money" not in self._kept:
            cap = next((one.month_cap for one in self._of_government), None)  # type: ignore[attr-defined]  # annotated
            self._kept["money"] = None if cap is None else max(0, cap - spend.spent(government))
        left: int | None = self._kept["money"]
        return left

    def answer_in(self, case: Case) -> dict[str, str]:
        """Where the SOP answers, by channel."""
        if "answer_in" not in self._kept:
            if self._journal is None:
                self._kept["answer_in"] = super().answer_in(case)
            else:
                started = [fact for fact in self._journal if fact.kind in START]
                self._kept["answer_in"] = (started[-1].data.get("answer_in") if started else None) or {}
        carried: dict[str, str] = self._kept["answer_in"]
        return carried

    def last_private_word(self, account_id: int, to_index: str) -> datetime | None:
        """When this person last said something in private to this account."""
        return self._words.get((account_id, to_index))

    def may_be_written_to(self, account_id: int, to_index: str) -> bool:
        """Whether this person has not blocked the account since they last allowed it to write."""
        return (account_id, to_index) not in self._blocked

    def private_reply_used(self, message_id: int, but: int | None) -> bool:
        """Whether the one private reply to this message was given; what is foreseen is no dispatch yet."""
        return message_id in self._used


def _accounts_of(case: Case) -> dict[int, Account]:
    """The accounts of the government and of the voices, with what the government allows for a month."""
    cap = SpendCap.objects.filter(government_id=case.government_id).values("month_cap")
    voices = Voice.objects.filter(case_id=case.pk).values("account_id")
    rows = Account.objects.filter(Q(government_id=case.government_id) | Q(pk__in=voices))
    return {one.pk: one for one in rows.annotate(month_cap=Subquery(cap)).order_by("id")}


def _said_in(case: Case, accounts: dict[int, Account]) -> list[CaseMessage]:
    """Everything that was said in a case, oldest first, with its message and its voice. Every voice said something."""
    rows = CaseMessage.objects.filter(case_id=case.pk).select_related("message", "voice")
    said = list(rows.order_by("message__spoken_at", "message_id"))
    for one in said:
        one.voice.account = accounts[one.voice.account_id]
    return said


def _heard_of(
    voices: Iterable[Voice], last: dict[int, Message]
) -> tuple[dict[tuple[int, str], datetime], set[tuple[int, str]], set[int]]:
    """The last private word of each person, who blocks the account, and which messages had their private reply."""
    people = {(one.account_id, one.address_index) for one in voices if one.address_index}
    accounts, indexes = {account for account, _ in people}, {index for _, index in people}
    messages = [last[one.pk].pk for one in voices if one.pk in last]
    words = Message.objects.filter(account_id__in=accounts, sender_index__in=indexes, audience="private")
    words = words.order_by("account_id", "sender_index", "-spoken_at").distinct("account_id", "sender_index")
    blocks = Signal.objects.filter(account_id__in=accounts, about__in=indexes, kind__in=("blocked", "unblocked"))
    blocks = blocks.order_by("account_id", "about", "-at", "-id").distinct("account_id", "about")
    rows = words.values_list(Value("word"), "account_id", "sender_index", "spoken_at").union(
        blocks.values_list("kind", "account_id", "about", "at"),
        _private_replies(messages).values_list(Value("used"), "message_id", Value(""), "not_before"),
        all=True,
    )
    found = list(rows) if people or messages else []
    return (
        {(account, index): at for what, account, index, at in found if what == "word"},
        {(account, index) for what, account, index, _ in found if what == "blocked"},
        {message for what, message, _, _ in found if what == "used"},
    )


def _private_replies(message_ids: Iterable[int]) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(message_id__in=list(message_ids), way="private_reply", state__in=SPENT)
