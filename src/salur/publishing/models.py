"""What we say: replies to a case, and the sending of each to one voice."""

from django.db import models

from salur.agencies.models import Government
from salur.cases.models import Case, Voice
from salur.channels.models import Account
from salur.kernel.crypto import EncryptedText
from salur.kernel.tenancy import Tenant


class Reply(Tenant):
    """An answer to a case. Draft and approval are different people; an approved text is never changed."""

    AGENCY_PATH = "case__agency_id"

    class State(models.TextChoices):
        """draft -> submitted -> approved, or back to draft when returned."""

        DRAFT = "draft"
        SUBMITTED = "submitted"
        APPROVED = "approved"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    text = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    drafted_by = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True)
    return_note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["government", "drafted_at"], name="reply_to_approve", condition=models.Q(state="submitted")
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="two_people_answer",
                condition=~models.Q(approved_by=models.F("drafted_by")) | models.Q(drafted_by="system"),
            )
        ]


class Dispatch(Tenant):
    """The sending of one reply to one voice, and the outbox itself: it is sent from here, once.

    `copy_expected`: if it went out, a copy of it must have come back to the account.
    """

    AGENCY_PATH = "reply__case__agency_id"

    class State(models.TextChoices):
        """waiting -> sending -> sent | manual; failed and uncertain wait for a person or a read-back."""

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        MANUAL = "manual"
        FAILED = "failed"
        UNCERTAIN = "uncertain"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="+")
    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    once_key = models.CharField(max_length=60, unique=True)
    to = EncryptedText(blank=True)
    to_name = EncryptedText(blank=True)
    subject = models.CharField(max_length=300, blank=True)
    in_reply_to = models.CharField(max_length=300, blank=True)
    references = models.JSONField(default=list)
    thread_token = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    external_id = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_by = models.PositiveIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    copy_expected = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "voice"], name="dispatch_once_per_voice")]
        indexes = [
            models.Index(fields=["not_before"], name="dispatch_queue", condition=models.Q(state="waiting")),
            models.Index(
                fields=["government", "-id"],
                name="dispatch_unsettled",
                condition=models.Q(state__in=["failed", "uncertain", "manual", "waiting"]),
            ),
        ]
