"""Officers of the measured home."""

import secrets

from salur.agencies.members import add_member
from salur.agencies.models import Agency, Government, Member
from salur.kernel import ledger


def officer(government: Government, agency: str, role: str) -> Member:
    """The officer with this role in the agency with this code; made, with a password nobody knows, where missing."""
    body = Agency.objects.get(government=government, code=agency)
    known = Member.objects.select_related("user", "agency").filter(agency=body, role=role).first()
    return known or add_member(
        government.pk,
        username=f"{role}.{agency}.{government.code}",
        name=f"{role.title()} Pengukuran",
        agency_id=body.pk,
        role=role,
        password=secrets.token_urlsafe(18),
        actor=ledger.SYSTEM,
    )
