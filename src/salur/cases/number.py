"""Case numbers: readable aloud, not guessable, checkable. Pure."""

import secrets
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"  # no 0/O, 1/I/L, U/V; 29 is prime, which the check sign needs


def new_number(government_code: str, at: datetime) -> str:
    """A fresh number such as `18-2611-7QK4-MXRC`: government, year and month of `at`, seven random signs, a check sign.

    29**7 values a month and government make guessing hopeless beside the rate limit of the tracking page.
    """
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    head = f"{government_code.replace('.', '')}-{at:%y%m}"
    check = _check(head.replace("-", "") + body)
    return f"{head}-{body[:4]}-{body[4:]}{check}"


def _check(text: str) -> str:
    """The sign that makes the weighted sum of all before it; one wrong sign or two swapped neighbours change it."""
    values = [int(sign) if place < len(text) - 7 else ALPHABET.index(sign) for place, sign in enumerate(text)]
    total = sum(weight * value for weight, value in enumerate(values, start=1))
    return ALPHABET[total % len(ALPHABET)]


def read_number(text: str) -> str | None:
    """The canonical number behind what a person typed (case, blanks and dashes do not matter), or None."""
    plain = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    if len(plain) not in (14, 16) or not plain[:-8].isdigit() or set(plain[-8:]) - set(ALPHABET):
        return None
    head, body = f"{plain[:-12]}-{plain[-12:-8]}", plain[-8:]
    if _check(plain[:-1]) != body[7]:
        return None
    return f"{head}-{body[:4]}-{body[4:]}"
