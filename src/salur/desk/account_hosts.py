"""Which servers the form of an account may have this machine call, by who fills it in."""

import re
from urllib.parse import urlsplit

from salur.channels.deadline import within
from salur.channels.guarded import is_public, resolve
from salur.channels.guide import PUBLIC_HOST, PUBLIC_URL, Entry
from salur.channels.outside import may_be_called

MAIL_HOSTS = frozenset({"imap_host", "smtp_host"})
MAIL_PORTS = frozenset({"imap_port", "smtp_port"})
NOT_NEEDED = frozenset({"answer_url"})
"""Servers without which the platform can be connected: an administrator alone names them."""
ANY_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
SECONDS = 5.0
"""How long the look-up of a name may hold a page."""


def names_host(entry: Entry) -> bool:
    """Whether an entry names a machine that is called for the account."""
    return PUBLIC_HOST in entry.pattern or entry.name in MAIL_HOSTS


def names_place(entry: Entry) -> bool:
    """Whether an entry names a machine that is called, or the door of one."""
    return names_host(entry) or entry.name in MAIL_PORTS


def fits(entry: Entry, value: str, *, administrator: bool) -> bool:
    """Whether a value has the shape its platform asks for; an administrator may name a machine inside the house."""
    if administrator and PUBLIC_URL in entry.pattern:
        return callable_address(value.partition("?")[0])
    pattern = entry.pattern.replace(PUBLIC_HOST, ANY_HOST) if administrator else entry.pattern
    return not pattern or re.fullmatch(pattern, value) is not None


def callable_address(url: str) -> bool:
    """Whether an address may be called at all, as `channels/outside` has it: https, or http to this machine.

    It holds no user name and no password, no query and no fragment.
    """
    try:
        parts = urlsplit(url)
        bare = not (parts.username or parts.query or parts.fragment or re.search(r"\s", url))
        return may_be_called(url) and bool(parts.hostname) and parts.port != 0 and bare
    except ValueError:
        return False


def host_in(value: str) -> str:
    """The machine that a value names: of a web address, of a name behind the last @, or the value itself."""
    if "://" not in value:
        return value.rpartition("@")[2]
    try:
        return urlsplit(value).hostname or ""
    except ValueError:
        return ""


def is_outside(host: str) -> bool:
    """Whether every address of a machine belongs to the open internet; not where its name cannot be looked up.

    The rule is that of `channels/guarded`. Blocks for up to `SECONDS`.
    """
    try:
        addresses = within(SECONDS, lambda: resolve(host, 443))
    except (OSError, ValueError):
        return False
    return bool(addresses) and all(is_public(one) for one in addresses)
