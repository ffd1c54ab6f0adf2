"""Open cases counted anew in the background: because a calendar was revised, or cases were moved to another version.

The worker takes them chunk by chunk, each chunk in one transaction: what is news goes into the journals, the old
deadline kept, the columns follow, and the row of the recount says how far it is. Killed in the middle, it goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import Error, transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from salur.agencies.calendars import add_calendar
from salur.agencies.models import CalendarVersion, Government
from salur.agencies.queries import calendars_with_keepers
from salur.cases.models import Case
from salur.cases.queries import cases_under_promise
from salur.kernel import clock, ledger
from salur.kernel.database import ring
from salur.kernel.events import Fact
from salur.kernel.models import Entry
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.bulk import Outcome, advance_many, held_journals
from salur.sop.document.marked_yaml import UnreadableYaml, read
from salur.sop.engine.fold import Calendars, CaseState, ObligationState, fold
from salur.sop.events import ObligationMoved, RecountFailed
from salur.sop.models import Recount
from salur.sop.queries import calendars_for, version_in
from salur.sop.versions import document_of
from salur.worktime.calendar import WorkCalendar
from salur.worktime.document import CalendarError

log = structlog.get_logger("salur.sop")
CHUNK = 200
"""Cases in one transaction; their officers wait for it a fraction of a second."""
READ = 500
"""Journals that a preview reads at a time; it holds nobody up."""
CHANNEL = "salur_recount"
"""Rings when there is something to count anew."""
SHOWN = 200
"""Moved deadlines that a page lists."""
CALENDARS = {"default": gettext_noop("of most agencies"), "six_day": gettext_noop("of six-day units")}
"""What the shipped calendars are called on the screen, by key."""


@dataclass(frozen=True)
class Moved:
    """A deadline that another calendar moves, or makes certain or provisional. `problem`: it cannot be counted at all.

    The instants are aware, in the zone of the calendar they count on; `due_at` is None only with a problem.
    """

    number: str
    code: str
    name: str
    was_due_at: datetime
    due_at: datetime | None
    was_provisional: bool = False
    provisional: bool = False
    problem: str = ""


def put_into_force(
    government: Government, key: str, document: Mapping[str, Any], *, asked_by: str
) -> tuple[CalendarVersion | None, Recount]:
    """Add a calendar as the next version and ask for the recount of every open case, in the caller's transaction.

    The version is None where the document is what is in force already; the cases are counted anew all the same.
    Raises CalendarError.
    """
    version = add_calendar(government, key, document)
    with translation.override("id"):
        name = gettext(CALENDARS[key]) if key in CALENDARS else key
        cause = gettext("Work calendar “%(key)s”") % {"key": name}
        if version:
            cause = gettext("Work calendar “%(key)s”, version %(version)s") % {"key": name, "version": version.version}
    return version, ask(government.pk, cause, asked_by)


def read_calendar(text: str) -> dict[str, Any]:
    """The document in a YAML text, still to be checked. Raises CalendarError for what is no YAML that we accept."""
    try:
        document = read(text).data
    except UnreadableYaml as problem:
        raise CalendarError(f"this is no readable calendar: {problem}") from problem
    if not isinstance(document, dict):
        raise CalendarError("this is no calendar: write one as `salur calendar show` prints it")
    return document


def ask(government_id: int, cause: str, asked_by: str) -> Recount:
    """Have every case of a government with dates ahead counted anew by the worker; `cause` is said to its officers.

    In the caller's transaction; the worker is woken when that is committed.
    """
    now = clock.now()
    with use(EVERYTHING):
        recount = Recount.objects.create(
            government_id=government_id,
            cause=cause[:200],
            asked_by=asked_by,
            asked_at=now,
            total=cases_under_promise(government_id, now).count(),
        )
    ring(CHANNEL)
    return recount


def take_some(limit: int = CHUNK) -> int:
    """Count the next open cases of the oldest unfinished recount anew, in one transaction; returns how many steps.

    0: nothing waits, or another worker has it in hand. A case that fails keeps its deadlines and is written down in
    the stream of the recount; the others go on.
    """
    with use(EVERYTHING), transaction.atomic():
        rows = Recount.objects.select_for_update(skip_locked=True).filter(finished_at=None)
        recount = rows.order_by("id").first()
        if recount is None:
            return 0
        cases = cases_under_promise(recount.government_id, recount.asked_at).filter(id__gt=recount.after_case_id)
        case_ids = list(cases.values_list("id", flat=True)[:limit])
        if case_ids:
            outcome = _advance_all(case_ids, recount.government_id)
            _write_failures(recount, outcome.failed)
            recount.after_case_id = case_ids[-1]
            recount.done += len(case_ids)
            recount.moved += outcome.moved
        if len(case_ids) < limit:
            recount.finished_at = clock.now()
            recount.total = recount.done  # cases were opened and closed meanwhile
        recount.save()
        return len(case_ids) or 1


def _write_failures(recount: Recount, failed: Mapping[int, str]) -> None:
    numbers = dict(Case.objects.filter(pk__in=failed).values_list("id", "number"))
    events = (RecountFailed(case_id=pk, number=numbers[pk], problem=problem) for pk, problem in failed.items())
    if written := [(f"recount:{recount.pk}", event) for event in events]:
        ledger.record_many(written, government_id=recount.government_id, actor=ledger.SYSTEM)


def _advance_all(case_ids: Sequence[int], government_id: int) -> Outcome:
    """All of them at once; where that fails, each by itself, so that only the one that fails is left out."""
    try:
        with transaction.atomic():
            return advance_many(held_journals(case_ids), government_id)
    except Exception:
        log.exception("a chunk of a recount failed; its cases are counted one by one")
    whole = Outcome()
    for case_id in case_ids:
        try:
            with transaction.atomic():
                one = advance_many(held_journals([case_id]), government_id)
        except Exception as problem:
            log.exception("a case could not be counted anew", case=case_id)
            # What a database error says may hold the row it is about.
            told = type(problem).__name__ if isinstance(problem, Error) else str(problem)[:200]
            one = Outcome(failed={case_id: told})
        whole.moved += one.moved
        whole.failed |= one.failed
    return whole


def _state(journal: Sequence[Fact], calendars: Calendars, now: datetime) -> CaseState | None:
    version = version_in(journal)
    return None if version is None else fold(journal, document_of(version), calendars, now)


def with_calendar(government_id: int, key: str, calendar: WorkCalendar) -> Calendars:
    """The calendars of a government as they would be with another one under `key`. Raises NoCalendar."""
    now = calendars_for(government_id)
    if key == "default":
        return Calendars(default=calendar, by_agency=now.by_agency)
    keepers = calendars_with_keepers(government_id).get(key, (calendar, []))[1]
    return Calendars(default=now.default, by_agency={**now.by_agency, **dict.fromkeys(keepers, calendar)})


def preview(government_id: int, before: Calendars, after: Calendars, *, limit: int | None = None) -> Iterator[Moved]:
    """Every open deadline that moves, or becomes certain or provisional, with other calendars; nothing is written.

    Goes through the open cases in the order of their numbers (at most `limit` of them). A deadline whose clock stands
    still is left out: it moves with every day.
    """
    with use(EVERYTHING):
        now = clock.now()
        cases = list(cases_under_promise(government_id, now).filter(closed_at=None).values_list("id", "number")[:limit])
        for begin in range(0, len(cases), READ):
            numbers = dict(cases[begin : begin + READ])
            journals = ledger.journals([f"case:{case_id}" for case_id in numbers])
            for case_id, number in sorted(numbers.items()):
                yield from _moves(number, journals[f"case:{case_id}"], before, after, now)


def _moves(number: str, journal: Sequence[Fact], before: Calendars, after: Calendars, now: datetime) -> Iterator[Moved]:
    was = _state(journal, before, now)
    running = [one for one in was.obligations if one.open and not one.paused] if was else []
    try:
        state = _state(journal, after, now) if running else None
    except ValueError as problem:
        yield from (
            Moved(number, one.code, one.name.id, one.due_at, None, one.provisional, problem=str(problem))
            for one in running
        )
        return
    then: dict[tuple[str, int], ObligationState] = {}
    if state:
        then = {(one.code, one.started_by): one for one in state.obligations}
    for one in running:
        other = then[one.code, one.started_by]
        if (one.due_at, one.provisional) != (other.due_at, other.provisional):
            yield Moved(number, one.code, one.name.id, one.due_at, other.due_at, one.provisional, other.provisional)


def recent(government_id: int, count: int = 10) -> list[Recount]:
    """The last recounts of a government, newest first."""
    with use(EVERYTHING):
        return list(Recount.objects.filter(government_id=government_id).order_by("-id")[:count])


def recount_of(government_id: int, recount_id: int) -> Recount | None:
    """One recount of a government."""
    with use(EVERYTHING):
        return Recount.objects.filter(government_id=government_id, pk=recount_id).first()


def moved_deadlines(recount: Recount, count: int = SHOWN) -> list[Moved]:
    """The deadlines that moved while a recount ran, in that order, as the ledger holds them; at most `count`."""
    rows = Entry.objects.filter(government_id=recount.government_id, kind=ObligationMoved.KIND)
    rows = rows.filter(at__gte=recount.asked_at, at__lte=recount.finished_at or clock.now()).order_by("id")
    found = list(rows.values_list("stream", "data")[:count])
    ids = {int(stream.partition(":")[2]) for stream, _ in found}
    with use(EVERYTHING):
        numbers = dict(Case.objects.filter(pk__in=ids).values_list("id", "number"))
    return [
        Moved(
            number=numbers[int(stream.partition(":")[2])],
            code=data["code"],
            name=data["name"],
            was_due_at=datetime.fromisoformat(data["was_due_at"]),
            due_at=datetime.fromisoformat(data["due_at"]),
        )
        for stream, data in found
    ]


def failures(recount: Recount) -> list[RecountFailed]:
    """The cases that a recount could not count anew, and why."""
    return [RecountFailed.read(fact) for fact in ledger.journal(f"recount:{recount.pk}")]
