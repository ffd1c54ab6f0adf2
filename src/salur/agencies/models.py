"""Governments and their structure."""

from django.conf import settings
from django.db import models

from salur.kernel.tenancy import Tenant


class Government(models.Model):
    """A tenant: a province, regency or city. `code` is its Kemendagri code."""

    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    timezone = models.CharField(max_length=40, default="Asia/Jakarta")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Agency(Tenant):
    """A body of one government (OPD). `is_coordinator` keeps the case desk, `is_inspectorate` supervisory matters.

    `provisional` marks an agency of a typical structure that the government has not confirmed yet.
    """

    AGENCY_PATH = "id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    aliases = models.JSONField(default=list)
    is_coordinator = models.BooleanField(default=False)
    is_inspectorate = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    calendar = models.CharField(max_length=40, default="default")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["government", "code"], name="agency_once")]

    def __str__(self) -> str:
        return self.name


class Function(models.Model):
    """A government function (urusan), shared by all governments."""

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]


class Mandate(Tenant):
    """Which agency of a government owns a function."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "function", "agency"], name="mandate_once")]


class Role(models.TextChoices):
    """What an officer is there for."""

    OPERATOR = "operator"
    APPROVER = "approver"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class Member(Tenant):
    """An officer: a sign-in with one role in one agency of one government.

    `position` is the actor of the SOP they are where their role alone does not tell, such as regional_secretary;
    `government_wide` leaders see every agency.
    """

    AGENCY_PATH = "agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    position = models.CharField(max_length=40, blank=True)
    government_wide = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["government", "agency"], name="member_by_agency")]


class CalendarVersion(Tenant):
    """One version of a work calendar with its decree. The newest version of a `key` counts."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, default="default")
    version = models.PositiveIntegerField()
    decree = models.TextField()
    document = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "key", "version"], name="calendar_version_once")]
