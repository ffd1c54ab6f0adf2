"""Open cases moved to a newer version: on purpose, shown before, written into every case's journal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection, transaction

from salur.cases.models import Case
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.bulk import advance_many, held_journals, write_many
from salur.sop.document.said import Said, _
from salur.sop.document.values import Words
from salur.sop.engine.fold import CaseState, ObligationState, fold
from salur.sop.events import SopMoved
from salur.sop.models import SopVersion
from salur.sop.queries import BINDING, calendars_for, version_in
from salur.sop.versions import Refused, document_of

CHUNK = 200
"""Cases of one transaction: each of them is kept from its officers until all of them are moved."""

_STILL_ON = """
FROM cases_case c WHERE c.government_id = %s AND c.closed_at IS NULL AND c.id > %s AND (
    SELECT (e.data->>'version_id')::bigint FROM kernel_entry e
    WHERE e.stream = 'case:' || c.id AND e.kind = ANY(%s) ORDER BY e.seq DESC LIMIT 1
) = %s
"""


@dataclass(frozen=True)
class Change:
    """One obligation that the new version sees otherwise.

    `was` and `due` are its due instants before and after; None where it is gained or lost. `verdict` is what becomes
    of it: late (it was in time, or open and not yet late), in_time (it was late), or "" where only the day moves.
    """

    name: Words
    was: datetime | None
    due: datetime | None
    verdict: Literal["", "late", "in_time"]


@dataclass(frozen=True)
class Moving:
    """What moving one open case would bring; without `changes` only the version of its journal changes."""

    case_id: int
    number: str
    changes: tuple[Change, ...]


def preview(government_id: int, from_version_id: int, to_version_id: int) -> Iterator[Moving]:
    """What moving the open cases of one version to another would bring, one by one, by the order of their coming.

    Each case is folded under both versions as of now; nothing is written. Raises Refused as `move_all`, at once.
    """
    demand_movable(government_id, from_version_id, to_version_id)
    return _previews(government_id, from_version_id, to_version_id)


def _previews(government_id: int, from_version_id: int, to_version_id: int) -> Iterator[Moving]:
    old, new = document_of(from_version_id), document_of(to_version_id)
    calendars, now, after = calendars_for(government_id), clock.now(), 0
    while cases := open_cases(government_id, from_version_id, after=after):
        journals = ledger.journals([f"case:{case_id}" for case_id, _number in cases])
        for case_id, number in cases:
            facts = journals[f"case:{case_id}"]
            changes = _changes(fold(facts, old, calendars, now), fold(facts, new, calendars, now))
            yield Moving(case_id, number, tuple(changes))
        after = cases[-1][0]


def _changes(before: CaseState, after: CaseState) -> Iterator[Change]:
    old, new = _binding(before), _binding(after)
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            one = was or now
            if one is not None and one.open:
                yield Change(one.name, was and was.due_at, now and now.due_at, "late" if now and now.breached else "")
        elif was.breached != now.breached:
            yield Change(now.name, was.due_at, now.due_at, "late" if now.breached else "in_time")
        elif was.due_at != now.due_at and now.open:
            yield Change(now.name, was.due_at, now.due_at, "")


def _binding(state: CaseState) -> dict[tuple[str, int], ObligationState]:
    return {(one.code, one.started_by): one for one in state.obligations if not one.superseded}


def open_cases(government_id: int, version_id: int, *, after: int = 0, limit: int = CHUNK) -> list[tuple[int, str]]:
    """(id, number) of open cases that stay on a version, by id, beginning behind the id `after`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, c.number {_STILL_ON} ORDER BY c.id LIMIT %s",
            [government_id, after, list(BINDING), version_id, limit],
        )
        return [(pk, number) for pk, number in cursor.fetchall()]


def count_open(government_id: int, version_id: int) -> int:
    """How many open cases stay on a version."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_STILL_ON}", [government_id, 0, list(BINDING), version_id])
        return int(cursor.fetchone()[0])


def move_all(
    government_id: int, from_version_id: int, to_version_id: int, *, reason: str, actor: str, limit: int = CHUNK
) -> Iterator[int]:
    """Move the open cases of a version to a newer one, for a reason; yields how many of a chunk were moved.

    Each chunk is one transaction, with journals, deadlines and columns in step; a caller may stop after any of them,
    and called again it goes on, since a moved case is on the old version no longer.

    Raises Refused at once without a reason, for versions that are not both of one SOP of this government, for an older
    or the same one, and for one that is not in force yet; on the way where a case cannot be counted under the new
    version: then nothing of its chunk was moved.
    """
    old, new = demand_movable(government_id, from_version_id, to_version_id)
    if not reason.strip():
        raise Refused(Said(_("say why the open cases move to another version")))
    event = SopMoved(
        version_id=new.pk,
        was_version_id=old.pk,
        sop=new.sop.code,
        version=new.version,
        was_version=old.version,
        sha256=new.sha256,
        reason=reason.strip(),
        answer_in=document_of(new.pk).answers_elsewhere,
    )
    return _moves(government_id, event, actor, limit)


def _moves(government_id: int, event: SopMoved, actor: str, limit: int) -> Iterator[int]:
    after = 0
    while taken := open_cases(government_id, event.was_version_id, after=after, limit=limit):
        with use(EVERYTHING), transaction.atomic():
            moved = _move_chunk(dict(taken), government_id, event, actor)
        yield moved
        after = taken[-1][0]


def _move_chunk(numbers: Mapping[int, str], government_id: int, event: SopMoved, actor: str) -> int:
    journals = held_journals(numbers)
    # Between the list and the lock a case may have been closed, or moved by somebody else.
    open_still = set(Case.objects.filter(pk__in=numbers, closed_at=None).values_list("id", flat=True))
    journals = {
        case_id: journal
        for case_id, journal in journals.items()
        if case_id in open_still and version_in(journal) == event.was_version_id
    }
    write_many([(case_id, event) for case_id in journals], journals, government_id, actor=actor)
    failed = advance_many(journals, government_id, touched=journals.keys()).failed
    for case_id, problem in failed.items():
        said = _("case %(number)s cannot be counted under the new version: %(problem)s")
        raise Refused(Said(said, {"number": numbers[case_id], "problem": problem}))
    return len(journals)


def demand_movable(government_id: int, from_version_id: int, to_version_id: int) -> tuple[SopVersion, SopVersion]:
    """The two versions, if open cases may move from the one to the other. Raises Refused."""
    rows = SopVersion.objects.filter(government_id=government_id).select_related("sop", "government").defer("text")
    found = rows.in_bulk([from_version_id, to_version_id])
    old, new = found.get(from_version_id), found.get(to_version_id)
    if old is None or new is None:
        raise Refused(Said(_("only signed versions of this government can be chosen")))
    if old.sop_id != new.sop_id:
        raise Refused(Said(_("the two versions belong to different SOPs")))
    if new.version <= old.version:
        raise Refused(
            Said(
                _("cases move to a newer version only: version %(new)s is not newer than %(old)s"),
                {"new": new.version, "old": old.version},
            )
        )
    if new.in_force_from > clock.today(new.government.timezone):
        raise Refused(
            Said(
                _("version %(new)s is in force from %(day)s: move the cases then"),
                {"new": new.version, "day": new.in_force_from},
            )
        )
    return old, new
