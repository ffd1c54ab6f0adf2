"""SOP documents: the draft that is being written, the versions that were signed, and what runs beside the cases."""

from django.db import models

from salur.agencies.models import Agency, Government
from salur.cases.models import Case
from salur.kernel.tenancy import Tenant


class Sop(Tenant):
    """One SOP of one government; its text lives in the draft and in the versions."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="sop_once")]


class SopVersion(Tenant):
    """One version as it was signed: never edited afterwards, `sha256` is the hash of the document.

    `text` is the whole document. Where it was inherited, `parent` is the version of the other government it follows
    and `overlay` the text that names what differs. In force from the start of `in_force_from` in the government's own
    time zone, until a later version is.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    sop = models.ForeignKey(Sop, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    text = models.TextField()
    overlay = models.TextField(blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    drafted_by = models.CharField(max_length=60, blank=True)
    reviewed_by = models.CharField(max_length=60, blank=True)
    signed_by = models.CharField(max_length=160)
    signed_at = models.DateTimeField()
    in_force_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sop", "version"], name="sop_version_once")]
        indexes = [models.Index(fields=["sha256"], name="sop_version_by_hash")]


class SopDraft(Tenant):
    """The next version while it is written: at most one of an SOP. `revision` counts its savings.

    With `parent` the text is an overlay on that version of another government, else a whole document.
    """

    class State(models.TextChoices):
        """Where the draft is on its way to signing."""

        DRAFT = "draft"
        REVIEW = "review"
        REVIEWED = "reviewed"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    sop = models.OneToOneField(Sop, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(SopVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.CharField(max_length=60)
    edited_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=60, blank=True)
    reviewed_by = models.CharField(max_length=60, blank=True)


class SopDraftText(Tenant):
    """Every saving of a draft, so that each can be undone and nothing that was written is lost."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(SopDraft, on_delete=models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    what = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="sop_draft_text_once")]


class Escalation(Tenant):
    """A rung that was reached: a projection of `obligation.escalated`, for the desks of superiors.

    `to` is the actor of the case's own version who is called, `role`, `government_wide` and `named` what that version
    says of them; `open` until the obligation is met or superseded, or its deadline moved away.
    """

    AGENCY_PATH = "agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    started_by = models.PositiveIntegerField()
    rung = models.PositiveSmallIntegerField()
    to = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    government_wide = models.BooleanField(default=False)
    named = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "started_by", "rung"], name="escalation_once"),
        ]
        indexes = [
            models.Index(
                fields=["government", "role", "due_at"], name="escalation_open", condition=models.Q(open=True)
            ),
        ]


class Recount(Tenant):
    """Open cases that are folded anew in the background, because a calendar was revised or a version moved.

    The worker takes it chunk by chunk: `after_case_id` is how far it is, `moved` how many deadlines moved.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    after_case_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="recount_waiting", condition=models.Q(finished_at=None))]
