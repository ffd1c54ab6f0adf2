"""Questions about official accounts; every answer holds only what the scope in force may see."""

from salur.channels.models import Account


def account_of(agency_id: int, platform: str) -> Account | None:
    """The active account of an agency on a platform; the oldest where there are several."""
    rows = Account.objects.filter(agency_id=agency_id, platform=platform, state=Account.State.LIVE)
    return rows.select_related("agency", "government").order_by("id").first()


def web_account(government_id: int) -> Account | None:
    """The account by which the portal's reports to a government arrive."""
    rows = Account.objects.filter(government_id=government_id, platform="web", state=Account.State.LIVE)
    return rows.select_related("agency", "government").order_by("id").first()


def accounts() -> list[Account]:
    """Every account in scope."""
    return list(Account.objects.select_related("agency", "government").order_by("id"))
