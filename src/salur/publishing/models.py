"""What we say: replies to a case, and the sending of each to one voice."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from salur.agencies.models import Government
from salur.cases.models import Case, Voice
from salur.channels.models import Account
from salur.intake.models import Message
from salur.kernel.crypto import EncryptedText
from salur.kernel.tenancy import Tenant


class Reply(Tenant):
    """An answer to a case. Draft and approval are different people; an approved text is never changed.

    `answer_in` is where its drafter chose to answer (`publishing/plan.AnswerIn`), "" as the SOP says. `return_note` is
    what has to be changed, or TAKEN_BACK while it waits for an approver anew.
    """

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
    answer_in = models.CharField(max_length=14, blank=True)

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

    `way` is the lawful way chosen (`publishing/plan`), `texts` what is said by it, one message each; `said` are the
    ids the platform gave to those that went out. `closed_ways` were refused. `receipt` is the furthest that the
    platform told: sent < delivered < read, or failed. `first_tried_at` is when the message that is next was first
    tried, `claimed_at` when one was last, `sent_at` when the last one went out. `deep_link` leads an officer to the
    citizen's message where no program may answer. `cost` in millionths of a US dollar. `copy_expected`: if it went
    out, a trace of it is found.
    """

    AGENCY_PATH = "reply__case__agency_id"

    class State(models.TextChoices):
        """waiting -> sending -> sent | manual; failed and uncertain wait for a person or a read-back.

        not_permitted: the platform forbids every way, and an officer may still go there; withdrawn: undone in time.
        """

        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        MANUAL = "manual"
        FAILED = "failed"
        UNCERTAIN = "uncertain"
        NOT_PERMITTED = "not_permitted"
        WITHDRAWN = "withdrawn"

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
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    to_index = models.CharField(max_length=32, blank=True)
    way = models.CharField(max_length=16, blank=True)
    texts = models.JSONField(default=list)
    said = models.JSONField(default=list)
    closed_ways = models.JSONField(default=list)
    receipt = models.CharField(max_length=10, blank=True)
    deep_link = EncryptedText(blank=True)
    cost = models.PositiveIntegerField(default=0)
    external_id = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_by = models.PositiveIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    first_tried_at = models.DateTimeField(null=True)
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
                condition=models.Q(state__in=["failed", "uncertain", "manual", "waiting", "not_permitted"]),
            ),
            models.Index(fields=["account", "external_id"], name="dispatch_by_external_id"),
            GinIndex(OpClass("said", name="jsonb_path_ops"), name="dispatch_by_said"),
            models.Index(fields=["government", "sent_at"], name="dispatch_paid", condition=models.Q(cost__gt=0)),
        ]


class Turn(Tenant):
    """When the next message may leave an account, or go from it to one recipient (`to_index`): a leaky bucket a row."""

    AGENCY_PATH = "account__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    to_index = models.CharField(max_length=32, blank=True)
    full_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "to_index"], name="turn_once")]


class SpendCap(Tenant):
    """The most a government spends on messages in a calendar month of its time zone, in millionths of a US dollar."""

    government = models.OneToOneField(Government, on_delete=models.PROTECT, related_name="+")
    month_cap = models.PositiveBigIntegerField()
