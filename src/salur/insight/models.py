"""What the lab was asked, and what it found."""

from django.db import models

from salur.agencies.models import Government
from salur.kernel.tenancy import Tenant


class LabRun(Tenant):
    """One question to the lab: where a period hurt, or what a text would have made of it. A worker answers it.

    `text` is the whole document that is tried ("" for where it hurts) as it was when asked; `result` the answer as
    `lab/json_form` writes it. A run whose worker died is taken again: `beat_at` is when it last moved.
    """

    class Kind(models.TextChoices):
        """What is asked."""

        HURTS = "hurts"
        SIMULATE = "simulate"

    class State(models.TextChoices):
        """How far the answer is."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    since = models.DateField()
    until = models.DateField()
    language = models.CharField(max_length=5, default="id")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["government", "-id"], name="lab_run_newest")]
