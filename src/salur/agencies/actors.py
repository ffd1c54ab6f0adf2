"""Which officers fill an actor of the SOP: the one place where a role on paper becomes people."""

from collections.abc import Iterable

from salur.agencies.models import Member


def fills(
    member: Member, code: str, *, role: str, government_wide: bool, named: bool, case_agency_id: int | None
) -> bool:
    """Whether an officer is the actor `code` in a case of this agency.

    `role`, `government_wide` and `named` are what the SOP says of the actor. An officer to whom a position was given
    is that actor and no other; a named actor is only who holds the position. An actor that is not government-wide is
    filled within the case's agency: by its own officers, and by those of the agency above it where `member_of` brought
    the units along.
    """
    if not member.active or member.role != role:
        return False
    if member.position != code and (named or member.position):
        return False
    if government_wide:
        return True
    units: Iterable[int] = getattr(member, "unit_ids", None) or ()
    return case_agency_id is not None and case_agency_id in {member.agency_id, *units}
