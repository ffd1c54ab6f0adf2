"""Officers signed in at the desk."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.world import Lampung

from salur.agencies.models import Member

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(lampung: Lampung) -> SignIn:
    """Make an officer and return their browser; the officer stands in `client.member`."""

    def browser(role: str, agency: str = "bmbk", government: str = "18", name: str = "") -> Client:
        member = lampung.officer(name or f"{role}-{agency}-{government}".replace(".", ""), role, agency, government)
        return signed_in(member)

    return browser


def signed_in(member: Member) -> Client:
    """A browser in which this officer is signed in."""
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.member = member  # type: ignore[attr-defined]  # so that a test can name the officer
    return client
