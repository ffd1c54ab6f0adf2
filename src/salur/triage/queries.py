"""Questions about readings."""

from typing import Any

from salur.cases.models import Case, CaseMessage
from salur.triage.models import Reading


def reading_of(case: Case) -> dict[str, Any] | None:
    """The reading of the message that opened a case, as `salur triage` prints it; None where none was made."""
    said = CaseMessage.objects.filter(case=case).values("message_id")
    return Reading.objects.filter(message_id__in=said).order_by("id").values_list("result", flat=True).first()
