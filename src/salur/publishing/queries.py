"""Questions about what we say; every answer holds only what the scope in force may see."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from salur.cases.models import Case
from salur.kernel import clock
from salur.publishing.models import Dispatch, Reply

TOO_LONG = timedelta(minutes=10)

STANDING = (
    *("reply_id", "state", "attempts", "sent_at", "problem", "account__platform"),
    *("way", "texts", "said", "receipt", "deep_link", "cost"),
)
"""The columns of a sending that say where it stands: whom it goes to is encrypted, and stays so where nobody asks."""


def replies_of(case: Case) -> list[Reply]:
    """All replies of a case, oldest first."""
    return list(Reply.objects.filter(case_id=case.pk).order_by("id"))


def dispatches_of(case: Case) -> list[Dispatch]:
    """All sendings of a case with their channel, oldest first, with the columns that STANDING names."""
    rows = Dispatch.objects.filter(reply__case_id=case.pk).select_related("account").only(*STANDING)
    return list(rows.order_by("id"))


def reply(reply_id: int) -> Reply | None:
    """One reply in scope, with its case."""
    return Reply.objects.select_related("case__agency").filter(pk=reply_id).first()


def to_approve() -> QuerySet[Reply]:
    """Drafts that wait for an approver, oldest first."""
    rows = Reply.objects.filter(state=Reply.State.SUBMITTED, case__closed_at=None)
    return rows.select_related("case__agency").order_by("drafted_at")


def stuck() -> QuerySet[Dispatch]:
    """Sendings that need a person: failed, uncertain, not permitted, to carry by hand, refused again and again, under
    way too long."""
    states = Dispatch.State
    need = Q(state__in=[states.FAILED, states.UNCERTAIN, states.MANUAL, states.NOT_PERMITTED])
    again = Q(state=Dispatch.State.WAITING, attempts__gte=3)
    lost = Q(state=Dispatch.State.SENDING, claimed_at__lt=clock.now() - TOO_LONG)
    rows = Dispatch.objects.filter(need | again | lost)
    return rows.select_related("reply__case", "account").order_by("-id")


def dispatch(dispatch_id: int) -> Dispatch | None:
    """One sending in scope."""
    return Dispatch.objects.select_related("reply__case").filter(pk=dispatch_id).first()


def counts() -> dict[str, int]:
    """How many dispatches stand in each state."""
    rows = Dispatch.objects.values("state").annotate(n=Count("id")).order_by()
    return {row["state"]: row["n"] for row in rows}
