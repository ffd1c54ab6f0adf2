"""Which accounts are looked after by one app at their platform: one secret of it signs what comes for all. Pure."""

from collections.abc import Mapping

from salur.channels.ports import AccountView

SIGNING = ("app_secret", "instagram_app_secret", "consumer_secret", "client_secret")
"""The secrets of an app, by which Meta, X and TikTok sign for every account that the app looks after."""


def share_an_app(one: AccountView, other: AccountView) -> bool:
    """Whether two accounts of a platform are of one app.

    They are if a signing secret of theirs is the same, be it the one before a rotation that was not carried over yet.
    Nothing else proves it, least of all a number of the app that somebody typed in: without a secret in common a
    delivery for one says nothing about the other.
    """
    return bool(_secrets(one.credentials) & _secrets(other.credentials))


def _secrets(credentials: Mapping[str, str]) -> set[str]:
    names = (*SIGNING, *(f"{name}_previous" for name in SIGNING))
    return {credentials[name] for name in names if credentials.get(name)}
