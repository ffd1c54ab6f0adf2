"""SOP documents and their signed versions."""

from django.db import models

from salur.agencies.models import Government
from salur.kernel.tenancy import Tenant


class Sop(Tenant):
    """One SOP of one government; its text lives in the versions."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="sop_once")]


class SopVersion(Tenant):
    """One version as it was signed: never edited afterwards, `sha256` is the hash of the document."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    sop = models.ForeignKey(Sop, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    signed_by = models.CharField(max_length=160)
    signed_at = models.DateTimeField()
    in_force_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sop", "version"], name="sop_version_once")]
