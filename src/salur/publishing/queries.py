"""Questions about what we say; every answer holds only what the scope in force may see."""

from django.db.models import Count, Q, QuerySet

from salur.cases.models import Case
from salur.publishing.models import Dispatch, Reply


def replies_of(case: Case) -> list[Reply]:
    """All replies of a case, oldest first."""
    return list(Reply.objects.filter(case=case).order_by("id"))


def dispatches_of(case: Case) -> list[Dispatch]:
    """All sendings of a case with their channel, oldest first."""
    return list(Dispatch.objects.filter(reply__case=case).select_related("account", "voice").order_by("id"))


def reply(reply_id: int) -> Reply | None:
    """One reply in scope, with its case."""
    return Reply.objects.select_related("case__agency").filter(pk=reply_id).first()


def to_approve() -> QuerySet[Reply]:
    """Drafts that wait for an approver, oldest first."""
    rows = Reply.objects.filter(state=Reply.State.SUBMITTED, case__closed_at=None)
    return rows.select_related("case__agency").order_by("drafted_at")


def returned_to(actor: str) -> QuerySet[Reply]:
    """Drafts that came back to the one who wrote them."""
    return Reply.objects.filter(state=Reply.State.DRAFT, drafted_by=actor).select_related("case").order_by("drafted_at")


def stuck() -> QuerySet[Dispatch]:
    """Sendings that need a person: failed, uncertain, to be carried by hand, or refused again and again."""
    need = Q(state__in=[Dispatch.State.FAILED, Dispatch.State.UNCERTAIN, Dispatch.State.MANUAL])
    rows = Dispatch.objects.filter(need | Q(state=Dispatch.State.WAITING, attempts__gte=3))
    return rows.select_related("reply__case", "account").order_by("-id")


def dispatch(dispatch_id: int) -> Dispatch | None:
    """One sending in scope."""
    return Dispatch.objects.select_related("reply__case").filter(pk=dispatch_id).first()


def counts() -> dict[str, int]:
    """How many dispatches stand in each state."""
    rows = Dispatch.objects.values("state").annotate(n=Count("id")).order_by()
    return {row["state"]: row["n"] for row in rows}
