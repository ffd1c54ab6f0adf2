"""Case numbers: readable aloud, not guessable, checkable. Pure."""

import secrets
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, no U


def new_number(government_code: str, at: datetime) -> str:
    """A fresh number such as `18-2611-7QK4-MXRC`: government, year and month of `at`, seven random signs, a check sign.

    30**7 values a month and government make guessing hopeless beside the rate limit of the tracking page.
    """
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    head = f"{government_code.replace('.', '')}-{at:%y%m}"
    return f"{head}-{body[:4]}-{body[4:]}{_check(head + body)}"


def _check(text: str) -> str:
    total = sum(weight * ord(sign) for weight, sign in enumerate(text.replace("-", ""), start=3))
    return ALPHABET[total % len(ALPHABET)]


def read_number(text: str) -> str | None:
    """The canonical number behind what a person typed (case, blanks and dashes do not matter), or None."""
    plain = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    if len(plain) not in (14, 16) or not plain[:-8].isdigit() or set(plain[-8:]) - set(ALPHABET):
        return None
    head, body = f"{plain[:-12]}-{plain[-12:-8]}", plain[-8:]
    if _check(head + body[:7]) != body[7]:
        return None
    return f"{head}-{body[:4]}-{body[4:]}"
