"""Official accounts: where citizens reach an agency, where answers leave, and what is wrong with them."""

import secrets

from django.conf import settings
from django.db import models

from salur.agencies.models import Agency, Government, Member
from salur.channels.ports import AccountView
from salur.kernel.crypto import EncryptedJson
from salur.kernel.tenancy import Tenant


def new_hook_key() -> str:
    """An address nobody guesses: 128 random bits."""
    return secrets.token_urlsafe(16)


class Account(Tenant):
    """One official account on one platform. Credentials are encrypted at rest; `cursor` is the poller's place.

    `hook_key` stands in the address the platform calls. `stopped` says why nothing is sent until somebody authorises
    the account anew ("" for nothing), `send_after` until when it is left in peace. `custodians` answer for it.
    `quiet_seconds` is the longest silence its own traffic lets one expect (None: not enough traffic to tell).
    """

    AGENCY_PATH = "agency_id"

    class State(models.TextChoices):
        """new -> live; off keeps everything and neither hears nor speaks."""

        NEW = "new"
        LIVE = "live"
        OFF = "off"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    name = models.CharField(max_length=160, blank=True)
    link = models.CharField(max_length=300, blank=True)
    hook_key = models.CharField(max_length=40, unique=True, default=new_hook_key)
    settings = models.JSONField(default=dict)
    credentials = EncryptedJson(blank=True, default=dict)
    cursor = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.LIVE)
    custodians = models.ManyToManyField(Member, related_name="+")
    polled_at = models.DateTimeField(null=True)
    poll_after = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    health = models.JSONField(default=dict)
    token_expires_at = models.DateTimeField(null=True)
    quiet_seconds = models.PositiveIntegerField(null=True)
    stopped = models.CharField(max_length=300, blank=True)
    send_after = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "platform", "address"], name="account_once")]

    @property
    def hook_url(self) -> str:
        """The address to give to the platform."""
        return f"{settings.SALUR_BASE_URL}/hooks/{self.platform}/{self.hook_key}"

    def view(self) -> AccountView:
        """What a platform module may know of this account."""
        return AccountView(
            self.pk, self.platform, self.address, self.settings, self.credentials or {}, hook_url=self.hook_url
        )


class Alarm(Tenant):
    """Something wrong with an account that its custodians must know of, from when until when.

    `kind`: down, token, subscription, silent, lost_by_hook, refused. One of a kind is open at a time.
    """

    AGENCY_PATH = "account__agency_id"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    detail = models.TextField(blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], name="alarm_open_once", condition=models.Q(ended_at=None)
            )
        ]
        indexes = [models.Index(fields=["government", "-began_at"], name="alarm_newest")]
