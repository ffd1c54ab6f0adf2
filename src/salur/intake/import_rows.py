"""Take rows of an export in: each a delivery first, then understood like any other; what is known is left alone."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from salur.agencies.match import match_agency, means_government
from salur.agencies.queries import agencies_of
from salur.channels.models import Account
from salur.channels.ports import Inbound, Raw, Unreadable
from salur.channels.registry import platform
from salur.intake.accept import accept
from salur.intake.export_file import Row
from salur.intake.models import Delivery
from salur.intake.understand import understand
from salur.kernel import clock

State = Delivery.State


@dataclass(frozen=True)
class Failure:
    """A row that does not stand. `where` is its row as a spreadsheet program shows it."""

    where: str
    tracking_id: str
    reason: str


@dataclass
class Tally:
    """What came of rows: every row is exactly one of new, known, differing or failed.

    `known` are there already; `differing` are there with other content, which is left as it was. The counters are over
    the new rows; `first` and `last` are the aware instants of the earliest and the latest of them.
    """

    rows: int = 0
    new: int = 0
    known: int = 0
    differing: int = 0
    failures: list[Failure] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    unknown_agencies: Counter[str] = field(default_factory=Counter)
    unknown_statuses: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, other: "Tally") -> None:
        """Count another tally's rows in."""
        for name in ("rows", "new", "known", "differing", "failures", "kinds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unknown_agencies += other.unknown_agencies
        self.unknown_statuses += other.unknown_statuses
        self.first = min((one for one in (self.first, other.first) if one), default=None)
        self.last = max((one for one in (self.last, other.last) if one), default=None)


class RowImport:
    """Takes the rows of one file in for one account, in batches. With `dry_run` it only says what it would do."""

    def __init__(self, account: Account, *, dry_run: bool = False) -> None:
        self.account, self.dry_run = account, dry_run
        self._platform, self._view = platform(account.platform), account.view()
        self._government, self._agencies = account.government.name, agencies_of(account.government_id)
        self._seen: dict[str, Delivery] = {}

    def take(self, rows: Sequence[Row]) -> Tally:
        """Take one batch in, in the caller's transaction, and say what came of it.

        A row without a usable Tracking ID is only told of. One that cannot be understood is kept in quarantine and
        told of; where a later file brings it with other content, that content is tried.
        """
        tally = Tally(rows=len(rows))
        bodies = [_body(row) for row in rows]
        ids = {row.tracking_id for row in rows} | {_again(*pair) for pair in zip(rows, bodies, strict=True)}
        stored = Delivery.objects.select_related("account").filter(account=self.account, external_id__in=ids)
        there = {one.external_id: one for one in stored} | self._seen
        for row, body in zip(rows, bodies, strict=True):
            if row.problem:
                tally.failures.append(Failure(row.where, row.tracking_id, row.problem))
            else:
                self._one(row, body, there, tally)
        return tally

    def _one(self, row: Row, body: bytes, there: dict[str, Delivery], tally: Tally) -> None:
        known = there.get(row.tracking_id)
        differs = known is not None and bytes(known.body) != body
        name = row.tracking_id
        if known is not None and differs and known.state == State.QUARANTINED:
            name = _again(row, body)
            known, differs = there.get(name), False
        if known is None:
            self._new(row, Raw(name, body, "application/json", received_at=clock.now()), there, tally)
        elif known.state in (State.RECEIVED, State.QUARANTINED) and not differs:
            self._settle(row, known, tally)
        elif differs:
            tally.differing += 1
        else:
            tally.known += 1

    def _new(self, row: Row, raw: Raw, there: dict[str, Delivery], tally: Tally) -> None:
        found = self._read(raw)
        if self.dry_run:
            state = State.QUARANTINED if isinstance(found, str) else State.UNDERSTOOD
            delivery = Delivery(external_id=raw.external_id, body=raw.body, state=state)
            there[raw.external_id] = self._seen[raw.external_id] = delivery
        else:
            accepted = accept(self.account, raw)
            if accepted is None:  # another import of the same file was quicker
                tally.known += 1
                return
            there[raw.external_id] = delivery = accepted
            understand(delivery)
        if isinstance(found, str):
            tally.failures.append(Failure(row.where, row.tracking_id, found))
        elif delivery.state != State.UNDERSTOOD:
            tally.failures.append(Failure(row.where, row.tracking_id, _unsettled(delivery)))
        else:
            tally.new += 1
            self._note(found, tally)

    def _settle(self, row: Row, known: Delivery, tally: Tally) -> None:
        """A row that an earlier run kept and could not finish: finish it, or say again why it does not stand."""
        if known.state == State.RECEIVED and not self.dry_run:
            locked = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
            mine = locked.filter(pk=known.pk, state=State.RECEIVED).first()
            if mine is not None:
                understand(mine)
                known = mine
        if known.state == State.UNDERSTOOD:
            tally.known += 1
        else:
            tally.failures.append(Failure(row.where, row.tracking_id, _unsettled(known)))

    def _read(self, raw: Raw) -> Inbound | str:
        """What the platform makes of a row, or why it makes nothing of it."""
        try:
            found = self._platform.parse(self._view, raw)
        except Unreadable as problem:
            return str(problem)
        said = [one for one in found if isinstance(one, Inbound)]
        return said[0] if said else "this row says nothing"

    def _note(self, found: Inbound, tally: Tally) -> None:
        extra = found.extra
        tally.kinds[extra.get("kind") or ""] += 1
        name = extra.get("agency_name") or ""
        if name and not means_government(name, self._government):
            tally.unknown_agencies[name] += match_agency(name, self._agencies, self._government) is None
        tally.unknown_statuses[extra.get("status") or ""] += not extra.get("status_known")
        tally.first = min(found.spoken_at, tally.first or found.spoken_at)
        tally.last = max(found.spoken_at, tally.last or found.spoken_at)


def _body(row: Row) -> bytes:
    """The row as canonical JSON: the same cells are the same bytes, in whatever order the columns came."""
    return json.dumps(dict(row.cells), sort_keys=True, separators=(",", ":")).encode()


def _again(row: Row, body: bytes) -> str:
    """The name under which a row is kept whose first version lies unreadable in quarantine."""
    return f"{row.tracking_id[:250]}#{hashlib.sha256(body).hexdigest()[:16]}"


def _unsettled(delivery: Delivery) -> str:
    if delivery.state == State.RECEIVED:
        return "kept, but not understood yet; it is tried again by the worker and by the next import"
    return delivery.detail or delivery.reason or "this row stands unreadable in this file already"
