"""Official accounts: where citizens reach an agency, and where answers leave."""

from django.db import models

from salur.agencies.models import Agency, Government
from salur.channels.ports import AccountView
from salur.kernel.crypto import EncryptedJson
from salur.kernel.tenancy import Tenant


class Account(Tenant):
    """One official account on one platform. Credentials are encrypted at rest; `cursor` is the poller's place."""

    AGENCY_PATH = "agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    settings = models.JSONField(default=dict)
    credentials = EncryptedJson(blank=True, default=dict)
    cursor = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "platform", "address"], name="account_once")]

    def view(self) -> AccountView:
        """What a platform module may know of this account."""
        return AccountView(self.pk, self.platform, self.address, self.settings, self.credentials or {})
