"""Readings: what triage made of a message."""

from django.db import models

from salur.agencies.models import Government
from salur.intake.models import Message
from salur.kernel.tenancy import Tenant


class Reading(Tenant):
    """What the rules made of one message, with reasons; the first one is kept beside later corrections."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    reader = models.CharField(max_length=40)
    abstained = models.BooleanField()
    result = models.JSONField()
