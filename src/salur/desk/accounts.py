"""Sign-in rules of officers: nobody signs up alone, an administrator makes the account."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Officers(DefaultAccountAdapter):
    """Closed to sign-up; everything else as allauth does it, rate limits included."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by an administrator."""
        return False
