"""What came in: raw deliveries, and the messages understood from them."""

from django.db import models

from salur.agencies.models import Government
from salur.channels.models import Account
from salur.kernel.crypto import EncryptedJson, EncryptedText
from salur.kernel.tenancy import Tenant


class Delivery(Tenant):
    """One raw inbound receipt, exactly as it came. It is its own queue until it leaves the state `received`."""

    AGENCY_PATH = "account__agency_id"

    class State(models.TextChoices):
        """received = waiting for the worker; the other three are final (quarantined can be replayed)."""

        RECEIVED = "received"
        UNDERSTOOD = "understood"
        IGNORED = "ignored"
        QUARANTINED = "quarantined"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=300)
    body = models.BinaryField()
    content_type = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="delivery_once")]
        indexes = [
            models.Index(fields=["id"], name="delivery_queue", condition=models.Q(state="received")),
            models.Index(fields=["government", "state", "-received_at"], name="delivery_by_state"),
        ]


class Message(Tenant):
    """One thing a citizen said. The sender is encrypted; `sender_index` finds the same one again.

    Which agency may see it is decided by the case it was said in (`cases/queries`), not by the mailbox it came to:
    an accused agency owns the mailbox, and must not see the case.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=300)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    spoken_at = models.DateTimeField()
    sender_address = EncryptedText(blank=True)
    sender_name = EncryptedText(blank=True)
    sender_index = models.CharField(max_length=32, blank=True)
    contacts = EncryptedJson(blank=True, default=dict)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="message_once")]
        indexes = [models.Index(fields=["external_id"], name="message_by_external_id")]


class StoredFile(Tenant):
    """A file a citizen sent with a message; the content lies under its hash in the media folder."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
