"""Hiding personal data in what everybody with a number may read. Pure."""

import re

MARK = "•••"
# The look behind keeps it linear on a long text without any @.
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
# NIK and family card number: 16 digits, written in one or in groups. Bank cards look alike and are hidden with them.
_SIXTEEN = re.compile(r"(?<!\d)(?:\d[ .\-]?){15}\d(?!\d)")
# Numbers of Indonesian phones: +62, 62 or 0, then 8 to 12 digits with single separators (national numbering plan).
_PHONE = re.compile(r"(?<![\d.,])(?:\+\s?62|62|\(?0)[ .\-]?\(?\d{2,4}\)?(?:[ .\-]?\d){5,9}(?![\d])")


def mask_personal(text: str) -> str:
    """The text with e-mail addresses, 16-digit identity numbers and phone numbers replaced by a mark.

    Rather hides too much than too little; case numbers, dates, amounts of money and road numbers stay readable.
    """
    return _PHONE.sub(MARK, _SIXTEEN.sub(MARK, _EMAIL.sub(MARK, text)))


def mask_identity_numbers(text: str) -> str:
    """The text with 16-digit identity numbers alone replaced: for what an office says, whose contacts shall be read."""
    return _SIXTEEN.sub(MARK, text)
