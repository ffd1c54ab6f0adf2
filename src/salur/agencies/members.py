"""Officers' accounts: made by an administrator, never by sign-up."""

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from salur.agencies.events import MemberAdded, MemberRetired
from salur.agencies.models import Agency, Member, Role
from salur.kernel import ledger


class CannotAdd(ValueError):
    """The officer cannot be added; `problems` holds sentences by field."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {' '.join(said)}" for field, said in problems.items()))


@transaction.atomic
def add_member(
    government_id: int,
    *,
    username: str,
    name: str,
    agency_id: int,
    role: str,
    password: str,
    actor: str,
    position: str = "",
    government_wide: bool = False,
) -> Member:
    """Make a sign-in with one role in one agency of a government, and write it down. Raises CannotAdd.

    `position` is the actor of the SOP that this officer is by name; `government_wide` leaders see every agency.
    """
    users = get_user_model()
    username, name, problems = username.strip().lower(), name.strip(), dict[str, list[str]]()
    agency = Agency.objects.filter(government_id=government_id, pk=agency_id).first()
    if agency is None:
        problems["agency"] = ["choose an agency of this government"]
    if not username:
        problems["username"] = ["give a user name"]
    elif users.objects.filter(username__iexact=username).exists():
        problems["username"] = ["this user name is taken"]
    if not name:
        problems["name"] = ["give a name"]
    if role not in Role.values:
        problems["role"] = ["choose one of the roles"]
    if government_wide and role != Role.LEADER:
        problems["government_wide"] = ["only a leader can be responsible for the whole government"]
    try:
        validate_password(password, users(username=username))
    except ValidationError as problem:
        problems["password"] = [str(message) for message in problem.messages]
    if agency is None or problems:
        raise CannotAdd(problems)
    user = users.objects.create_user(username=username, password=password)
    member: Member = Member.objects.create(
        government_id=government_id,
        agency=agency,
        user=user,
        name=name,
        role=role,
        position=position.strip(),
        government_wide=government_wide,
    )
    event = MemberAdded(member_id=member.pk, agency_id=agency.pk, role=role, position=member.position)
    ledger.record(event, stream=f"member:{member.pk}", government_id=government_id, actor=actor)
    return member


class NoSuchMember(LookupError):
    """No officer has this user name."""


@transaction.atomic
def set_password(username: str, password: str) -> Member:
    """Give an officer a new password; every session of theirs ends with it. Raises NoSuchMember and CannotAdd."""
    member = _member(username)
    try:
        validate_password(password, member.user)
    except ValidationError as problem:
        raise CannotAdd({"password": [str(message) for message in problem.messages]}) from problem
    member.user.set_password(password)
    member.user.save(update_fields=["password"])
    return member


@transaction.atomic
def set_email(username: str, email: str) -> Member:
    """Keep the address to which an officer is written, "" for none. Raises NoSuchMember and CannotAdd."""
    member = _member(username)
    if email:
        try:
            validate_email(email)
        except ValidationError as problem:
            raise CannotAdd({"email": [str(message) for message in problem.messages]}) from problem
    member.user.email = email
    member.user.save(update_fields=["email"])
    return member


@transaction.atomic
def retire(username: str, *, actor: str) -> Member:
    """Close an officer's sign-in; what they did keeps their name. Raises NoSuchMember."""
    member = _member(username)
    member.active = member.user.is_active = False
    member.save(update_fields=["active"])
    member.user.save(update_fields=["is_active"])
    event = MemberRetired(member_id=member.pk)
    ledger.record(event, stream=f"member:{member.pk}", government_id=member.government_id, actor=actor)
    return member


def _member(username: str) -> Member:
    found = Member.objects.select_related("user").filter(user__username__iexact=username.strip()).first()
    if found is None:
        raise NoSuchMember(f"no officer has the user name {username!r}")
    return found
