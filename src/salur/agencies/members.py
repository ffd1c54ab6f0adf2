"""Officers' accounts: made by an administrator, never by sign-up."""

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from salur.agencies.models import Agency, Member, Role


class MemberProblem(ValueError):
    """The officer cannot be added; the text says what to change."""


@transaction.atomic
def add_member(agency: Agency, *, username: str, name: str, role: str, password: str) -> Member:
    """Make a sign-in with one role in one agency. Raises MemberProblem.

    Coordinators and administrators see their whole government, so they belong to its coordinating agency.
    """
    users = get_user_model()
    username = username.strip().lower()
    if not username or not name.strip():
        raise MemberProblem("give a user name and a name")
    if role not in Role.values:
        raise MemberProblem(f"unknown role {role!r}; one of: {', '.join(Role.values)}")
    if users.objects.filter(username__iexact=username).exists():
        raise MemberProblem(f"the user name {username!r} is taken")
    try:
        validate_password(password)
    except ValidationError as problem:
        raise MemberProblem(" ".join(problem.messages)) from problem
    user = users.objects.create_user(username=username, password=password)
    return Member.objects.create(
        government_id=agency.government_id, agency=agency, user=user, name=name.strip(), role=role
    )
