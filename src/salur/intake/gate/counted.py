"""What came to the gate, counted."""

from django.db.models import Sum

from salur.intake.models import Delivery, HookCount


def hooks() -> dict[str, float]:
    """How often a hook of an account in scope was called, by outcome: `kept`, or the reason it was refused for."""
    refused = HookCount.objects.values("reason").annotate(number=Sum("number")).order_by("reason")
    return {"kept": Delivery.objects.filter(via="hook").count()} | {row["reason"]: row["number"] for row in refused}
