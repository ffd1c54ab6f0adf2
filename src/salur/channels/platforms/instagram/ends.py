"""The two ways an Instagram account is signed in, and where each is served.

Source: Instagram Platform "Overview": Instagram Login (graph.instagram.com, a token of the account, 60 days) and
Facebook Login (graph.facebook.com, a token of the Page it is linked to).
"""

from salur.channels.platforms.loose import first, ident
from salur.channels.platforms.meta.graph import FACEBOOK, INSTAGRAM, Graph
from salur.channels.ports import AccountView


def by_facebook(account: AccountView) -> bool:
    """Whether the account is signed in by Facebook Login (setting `login`)."""
    return ident(account.settings, "login") == "facebook"


def host(account: AccountView) -> str:
    """The host that serves this account."""
    return FACEBOOK if by_facebook(account) else INSTAGRAM


def graph(account: AccountView) -> Graph:
    """The interface for this account; raises SendFailed for a bad `api_base`."""
    return Graph(account, host(account))


def inbox_owner(account: AccountView) -> str:
    """Whose conversations its messages are: the Page's with Facebook Login, else its own."""
    return first(ident(account.settings, "page_id") if by_facebook(account) else "", account.address)


def user_name(account: AccountView) -> str:
    """Its user name in small letters, without the sign before it; "" where it is not known."""
    return ident(account.settings, "username").lstrip("@").lower()


def own(account: AccountView, *more: str) -> frozenset[str]:
    """Ids and user name by which the account itself is known."""
    return frozenset(one for one in (account.address, inbox_owner(account), user_name(account), *more) if one)
