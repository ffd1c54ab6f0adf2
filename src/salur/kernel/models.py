"""The ledger's tables: entries that are never changed, and the queue of those still to be heard."""

from django.db import models


class Entry(models.Model):
    """One thing that happened. Append-only: a trigger refuses every UPDATE and DELETE.

    `stream` is "case:12", "message:7", ...; `seq` counts from 1 within it; `hash` covers the entry and `prev_hash`.
    """

    government_id = models.BigIntegerField()
    stream = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="entry_once_per_seq")]
        indexes = [models.Index(fields=["government_id", "at"], name="entry_by_government")]


class Waiting(models.Model):
    """An entry that verbs have still to hear. The row goes in their transaction: that is the handled mark."""

    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, primary_key=True, related_name="+")
    not_before = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    stuck = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["entry"], name="waiting_ready", condition=models.Q(stuck=False))]
