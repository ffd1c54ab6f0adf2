"""Questions about readings."""

from typing import Any

from django.utils.translation import get_language

from salur.triage.models import Reading


def reading_of(message_ids: list[int]) -> dict[str, Any] | None:
    """The first reading of the messages of a case in scope, as `salur triage` prints it; None where none was made.

    The reasons are in the language of the screen.
    """
    found = Reading.objects.filter(message_id__in=message_ids).order_by("id").values_list("result", flat=True).first()
    if found is not None and (get_language() or "").startswith("en"):
        found["reasons"] = found.get("reasons_en", found["reasons"])
    return found
