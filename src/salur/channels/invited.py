"""Coming when we are asked in: an account that was invited somewhere is looked after at once."""

from salur.channels.models import Account
from salur.kernel import clock
from salur.kernel.models import Entry

INVITE = "invite"
"""What a platform's `parse` says of an invitation, as the detail of what it ignored."""


def look_soon(entry: Entry) -> None:
    """Have the account's poller look at once, which enters the rooms that wait; hears delivery.ignored."""
    if entry.data["detail"] == INVITE:
        Account.objects.filter(pk=entry.data["account_id"]).update(poll_after=clock.now())
