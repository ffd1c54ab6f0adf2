"""How an account is connected, as data: what an officer fills in, and what they do at the platform. Pure.

Texts are English message ids that the desk translates: mark each with `gettext_noop`, so that they are gathered.
"""

from dataclasses import dataclass


def gettext_noop(message: str) -> str:
    """The message itself; marks it for the catalogue of screen texts."""
    return message


@dataclass(frozen=True)
class Entry:
    """One thing to fill in. `secret` ones are encrypted and never shown again; `address` becomes the account's address.

    `choices` are (value, label) pairs; `pattern` is a regular expression the whole value must match.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    address: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    default: str = ""


@dataclass(frozen=True)
class Guide:
    """The guided page of one platform.

    `label` is the platform's own name, `icon` its sign on the screens. `steps` are told before the form, `after` once
    the hook address is known (it is shown with the verification token beside it). `scopes` are the permissions to ask.
    `offered` is False for what nobody connects by hand.
    """

    label: str
    icon: str = "message"
    steps: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    after: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    console: str = ""
    offered: bool = True
