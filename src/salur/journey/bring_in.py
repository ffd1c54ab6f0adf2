"""An import's rows all the way to their cases: kept, understood, opened and bound to the SOP, a batch at a time."""

from collections.abc import Sequence

import structlog

from salur.intake.export_file import Row
from salur.intake.import_rows import Failure, RowImport, Tally
from salur.journey.act import act, act_through

log = structlog.get_logger("salur.journey")
LATER = "kept, but its case could not be opened yet; the worker tries again (see the log)"


def bring_in(into: RowImport, rows: Sequence[Row]) -> Tally:
    """Take one batch in and carry it to the end, in one transaction: it is there whole or not at all, and a worker
    beside us never meets half of it. Nothing leaves the building here.

    Where a row fails on the way, each row goes alone; the one whose case cannot be opened is kept, waits for the
    worker, and is told of as a failure.
    """
    try:
        return act_through(into.take, rows)
    except Exception:
        log.exception("a batch is taken row by row")
    total = Tally()
    for row in rows:
        total.add(_alone(into, row))
    return total


def _alone(into: RowImport, row: Row) -> Tally:
    try:
        return act_through(into.take, [row])
    except Exception:
        log.exception("a row's case could not be opened", row=row.where)
    tally = act(into.take, [row])
    if tally.new:
        tally.new = 0
        tally.failures.append(Failure(row.where, row.tracking_id, LATER))
    return tally
