"""What came in: raw deliveries, and the messages understood from them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from salur.agencies.models import Government
from salur.channels.models import Account
from salur.kernel.crypto import EncryptedJson, EncryptedText
from salur.kernel.tenancy import Tenant


class Delivery(Tenant):
    """One raw inbound receipt, exactly as it came. It is its own queue until it leaves the state `received`.

    `via` says how it came: hook, poll, form or import. Written in bulk by the gate: every index here costs it.
    """

    AGENCY_PATH = "account__agency_id"

    class State(models.TextChoices):
        """received = waiting for the worker; the other three are final (quarantined can be replayed)."""

        RECEIVED = "received"
        UNDERSTOOD = "understood"
        IGNORED = "ignored"
        QUARANTINED = "quarantined"

    # No constraint in the database: checking it locks the account's row at every call, and no account is deleted.
    government = models.ForeignKey(
        Government, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    external_id = models.CharField(max_length=300)
    body = models.BinaryField()
    content_type = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    via = models.CharField(max_length=6, default="form")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="delivery_once")]
        indexes = [
            models.Index(fields=["id"], name="delivery_queue", condition=models.Q(state="received")),
            models.Index(
                fields=["government", "-received_at"],
                name="delivery_in_quarantine",
                condition=models.Q(state="quarantined"),
            ),
            models.Index(
                fields=["account"],
                name="delivery_own_copy",
                condition=models.Q(state="ignored", reason="own_message"),
            ),
            BrinIndex(fields=["received_at"], name="delivery_by_day", autosummarize=True),
        ]


class Message(Tenant):
    """One thing a citizen said. The sender is encrypted; `sender_index` finds the same one again.

    Which agency may see it is decided by the case it was said in (`cases/queries`), not by the mailbox it came to:
    an accused agency owns the mailbox, and must not see the case. `text` and `removed_at` are a projection of what was
    first said and of every `Signal` about it since (`intake/fold`), in whatever order they came. `lead` is the first
    message of the group it belongs to (an album, several lines in a row). `answer_at` is read by the platform alone.
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
    sender_handle = EncryptedText(blank=True)
    sender_index = models.CharField(max_length=32, blank=True)
    contacts = EncryptedJson(blank=True, default=dict)
    extra = models.JSONField(default=dict)
    audience = models.CharField(max_length=8, default="private")
    place = models.CharField(max_length=300, blank=True)
    root_id = models.CharField(max_length=300, blank=True)
    group_key = models.CharField(max_length=120, blank=True)
    lead = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    answer_at = models.JSONField(default=dict)
    link = EncryptedText(blank=True)
    post = models.JSONField(default=dict)
    first_text = models.TextField(blank=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="message_once")]
        indexes = [
            models.Index(fields=["external_id"], name="message_by_external_id"),
            models.Index(fields=["account", "sender_index", "-spoken_at"], name="message_by_sender"),
            models.Index(fields=["id"], name="message_wordless", condition=models.Q(extra__words="missing")),
        ]


class Signal(Tenant):
    """What a platform says about a message, ours or a citizen's: edited, removed, shown, sent, delivered, read, failed,
    echoed. Kept whether or not that message is here yet, because a platform keeps no order.

    `about` is the message's id at the platform, `key` tells signals of one instant apart; `text` is an edit's new text
    or an echo's. As of a `Message`, the case decides which agency may see it: it is read by the ids of messages that
    were found in scope.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    key = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "about", "kind", "at", "key"], name="signal_once")]


class HookCount(Tenant):
    """How often a hook was called in vain on a day (UTC): bad_signature, too_large, malformed, stale."""

    AGENCY_PATH = "account__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day", "reason"], name="hook_count_once")]


class Heard(Tenant):
    """That something came for an account within twenty minutes that begin at `cell`, and when the last of it came.

    `via` is hook or poll. Kept for four weeks, apart from the deliveries: every index there costs the gate.
    """

    AGENCY_PATH = "account__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=6)
    cell = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "via", "cell"], name="heard_once")]


class StoredFile(Tenant):
    """A file a citizen sent with a message; the content lies under its hash in the media folder.

    One that lies at the platform is `wanted` until it was fetched from `source`; refused (too large, no address that
    may be asked) and failed are final and say why in `problem`. `arrived` is a photograph not yet drawn anew.
    `shown_sha256` is the same picture without what the camera wrote into it; the camera's place and time stand in
    `latitude`, `longitude` (WGS 84) and `taken_at`.
    """

    class State(models.TextChoices):
        """wanted -> kept | refused | failed; arrived -> kept."""

        WANTED = "wanted"
        ARRIVED = "arrived"
        KEPT = "kept"
        REFUSED = "refused"
        FAILED = "failed"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    shown_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.KEPT)
    source = EncryptedJson(blank=True, default=dict)
    not_before = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="file_wanted", condition=models.Q(state__in=["wanted", "arrived"]))]
