"""One matter, its voices and its messages. Columns that the SOP derives are a projection of the journal."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from salur.agencies.models import Agency, Function, Government
from salur.channels.models import Account
from salur.intake.models import Message
from salur.kernel.crypto import EncryptedText
from salur.kernel.tenancy import Tenant


class Case(Tenant):
    """One matter. Everything below the comment is derived from the journal and can be rebuilt from it."""

    AGENCY_PATH = "agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=200)
    channel = models.CharField(max_length=20)
    spoken_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    confidential = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    # The projection: written by cases/project.py from the fold, in the transaction of the event.
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    function = models.ForeignKey(Function, null=True, on_delete=models.PROTECT, related_name="+")
    horizon = models.CharField(max_length=8, default="short")
    status = models.CharField(max_length=20, default="new")
    next_actor = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True)
    citizen_due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    provisional = models.BooleanField(default=False)
    breaches = models.PositiveSmallIntegerField(default=0)
    wakes_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["government", "agency", "due_at", "id"], name="case_queue", condition=models.Q(closed_at=None)
            ),
            models.Index(
                fields=["government", "due_at", "id"], name="case_queue_all", condition=models.Q(closed_at=None)
            ),
            models.Index(fields=["wakes_at"], name="case_waking", condition=models.Q(closed_at=None)),
            models.Index(fields=["closes_at"], name="case_closing", condition=models.Q(closed_at=None)),
            models.Index(fields=["government", "-id"], name="case_newest"),
            models.Index(
                fields=["government", "agency", "-id"],
                name="case_waiting",
                condition=models.Q(closed_at=None, due_at=None),
            ),
            models.Index(
                fields=["government", "agency", "-id"], name="case_closed", condition=models.Q(closed_at__isnull=False)
            ),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="case_title_trigrams"),
        ]

    @property
    def stream(self) -> str:
        """The name of this case's journal in the ledger."""
        return f"case:{self.pk}"

    @property
    def link(self) -> str:
        """Where its citizens follow it."""
        return f"{settings.SALUR_BASE_URL}/lacak/{self.number}/"

    @property
    def paused(self) -> bool:
        """Whether the clocks stand still: no instant is promised then, for it moves on with every day."""
        return self.closed_at is None and self.citizen_due_at is None


class Voice(Tenant):
    """One citizen's stake in one case: who, where to answer, which flags. Name and address are encrypted.

    Only a voice that is `told` hears what is said in the case.
    """

    AGENCY_PATH = "case__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = EncryptedText(blank=True)
    address = EncryptedText(blank=True)
    address_index = models.CharField(max_length=32, blank=True)
    anonymous = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    told = models.BooleanField(default=True)


class CaseMessage(Tenant):
    """Which message was said in which case, and by which voice. A message belongs to one case."""

    AGENCY_PATH = "case__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="+")
    is_copy = models.BooleanField(default=False)


class Referral(Tenant):
    """The recorded handing of a case to an agency (disposisi)."""

    AGENCY_PATH = "case__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    from_agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)


class Evidence(Tenant):
    """A file by which an agency shows that a matter is done; the content lies under its hash in the media folder."""

    AGENCY_PATH = "case__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="evidence_once")]
