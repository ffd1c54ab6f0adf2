"""An import's rows all the way to their cases: kept, understood, opened and bound to the SOP, a batch at a time."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from salur.cases.models import CaseMessage
from salur.intake.export_file import Row
from salur.intake.import_rows import Failure, RowImport, Tally
from salur.intake.models import Message
from salur.journey.worker import carry_together
from salur.kernel import clock, tenancy
from salur.kernel.models import Waiting


def bring_in(into: RowImport, rows: Sequence[Row]) -> Tally:
    """Take one batch in and carry it until nothing of it waits: in one transaction, so that a batch is there whole or
    not at all, and a worker beside us never meets half of it. Nothing leaves the building here.

    Rows whose case could not be opened are kept, wait for the worker, and are told of as failures.
    """
    with tenancy.use(tenancy.EVERYTHING), transaction.atomic():
        tally = into.take(rows)
        if tally.deliveries:
            _carry_all(tally.deliveries)
            _tell_what_waits(tally, rows)
    return tally


def _carry_all(deliveries: list[int]) -> None:
    messages = list(Message.objects.filter(delivery__in=deliveries).values_list("id", flat=True))
    streams = [f"message:{message}" for message in messages]
    while True:
        cases = CaseMessage.objects.filter(message__in=messages).values_list("case_id", flat=True)
        ready = Q(not_before=None) | Q(not_before__lte=clock.now())
        rows = Waiting.objects.filter(
            ready, stuck=False, entry__stream__in=[*streams, *(f"case:{case}" for case in cases)]
        )
        batch = rows.select_related("entry").select_for_update(skip_locked=True, of=("self",)).order_by("entry_id")
        found = list(batch)
        if not found:
            return
        carry_together(found)


def _tell_what_waits(tally: Tally, rows: Sequence[Row]) -> None:
    messages = Message.objects.filter(delivery__in=tally.deliveries).values_list("id", "external_id")
    streams = {f"message:{pk}": tracking_id for pk, tracking_id in messages}
    waits = set(Waiting.objects.filter(entry__stream__in=streams).values_list("entry__stream", flat=True))
    where = {row.tracking_id: row.where for row in rows}
    for tracking_id in (streams[stream] for stream in sorted(waits)):
        tally.new -= 1
        reason = "kept, but its case could not be opened yet; the worker tries again (see the log)"
        tally.failures.append(Failure(where.get(tracking_id, "?"), tracking_id, reason))
