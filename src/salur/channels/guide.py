"""How an account is connected, as data: what an officer fills in, and what they do at the platform. Pure.

Texts are English message ids that the desk translates: mark each with `gettext_noop`, so that they are gathered.
"""

from dataclasses import dataclass


def gettext_noop(message: str) -> str:
    """The message itself; marks it for the catalogue of screen texts."""
    return message


PUBLIC_HOST = (
    r"(?!(?:[^:/]*\.)?(?:localhost|localdomain|local|internal|intranet|lan|home|corp|arpa)(?:[:/]|$))"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""The full name of a machine that may be named on a page: a public name, no IP address in any notation (its last part
would be a number) and no name of this machine or of a network of one's own (RFC 6761, RFC 6762, RFC 8375, ICANN
"Name Collision"). A form must not have us call inside the house: such addresses are set on the command line. A public
name that leads to a machine inside needs a certificate for that name there, else the call ends with TLS."""
PUBLIC_PORT = r"(?::[1-9]\d{0,4})?"
PUBLIC_URL = rf"https://{PUBLIC_HOST}{PUBLIC_PORT}(?:/[^\s#@\\]*)?"
"""An https address on such a machine, without user name and fragment."""


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
