"""Questions about what we say; every answer holds only what the scope in force may see."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Func, IntegerField, Q, QuerySet, Value

from salur.cases.models import Case, CaseMessage
from salur.channels.registry import PLATFORMS
from salur.kernel import clock
from salur.publishing.models import Dispatch, Reply

TOO_LONG = timedelta(minutes=10)
LATEST = 50
"""So many of the places are named where a number was said."""

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


class SaidInPublic(NamedTuple):
    """Where the number of a case was said so that everybody could read it.

    `purpose` is that of our reply, "" where a citizen said it; `at` is None where it is not known to have gone out.
    """

    channel: str
    purpose: str
    at: datetime | None


def said_in_public(case: Case) -> list[SaidInPublic]:
    """Where the number of a case was said in public, or may have been, the latest LATEST; none where it is a secret.

    By us: what went out by a public way, or in part, or perhaps; and what an officer says to have answered by hand to
    what was said in public. By a citizen: a public message of the case that names the number, even if it was edited
    or removed since. One statement.
    """
    ours = Dispatch.objects.annotate(parts=Func("texts", function="jsonb_array_length", output_field=IntegerField()))
    ours = ours.filter(_went_out_in_public(), reply__case_id=case.pk)
    named = "[^0-9A-Z]{0,3}".join(case.number.split("-"))
    words = Q(message__text__iregex=named) | Q(message__first_text__iregex=named)
    theirs = CaseMessage.objects.filter(words, case_id=case.pk, message__audience="public")
    rows = ours.values_list("account__platform", "reply__purpose", "sent_at").union(
        theirs.values_list("message__account__platform", Value(""), "message__spoken_at")
    )
    return [SaidInPublic(*row) for row in rows.order_by("-sent_at")[:LATEST]]


def _went_out_in_public() -> Q:
    """Of an answer in several messages a public way may have said some and a private one the others."""
    states = Dispatch.State
    public = [way.name for known in PLATFORMS.values() for way in known.capabilities.ways if way.public]
    to_public, perhaps = Q(message__audience="public"), [states.SENDING, states.SENT, states.UNCERTAIN, states.MANUAL]
    whole = Q(Q(way__in=public) | Q(to_public, way__in=["", "hand"]), state__in=perhaps)
    partly = Q(way__in=public) | Q(to_public, way="") | Q(parts__gt=1, closed_ways__has_any_keys=public)
    return whole | Q(partly, ~Q(said=[]))


def reply(reply_id: int) -> Reply | None:
    """One reply in scope, with its case."""
    return Reply.objects.select_related("case__agency", "case__government").filter(pk=reply_id).first()


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
