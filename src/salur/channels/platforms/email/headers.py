"""Reading single header fields of mail as it really comes: broken encodings, folded lines, several addresses."""

import base64
import re
from email import quoprimime
from email.message import Message
from email.utils import getaddresses

from salur.channels.platforms.text import clean_line, without_poison

MAX_ID = 250
MAX_FIELD = 20_000
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,10}", re.ASCII)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ID_IN_BRACKETS = re.compile(r"<([^<>]{1,2000})>")
# Codecs that are no character sets, or whose cost grows with the square of the text.
_NO_CHARSET = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


def raw_values(message: Message, name: str) -> list[str]:
    """All values of one field, top first, unfolded, as text but not yet decoded from RFC 2047; cut at MAX_FIELD."""
    wanted = name.lower()
    values = []
    for key, value in message.raw_items():
        if key.lower() == wanted:
            octets = str(value)[:MAX_FIELD].encode("utf-8", "surrogateescape")
            values.append(clean_line(to_text(octets, "utf-8")))
    return values


def raw_value(message: Message, name: str) -> str:
    """The topmost value of one field as `raw_values` gives it; "" without one."""
    return next(iter(raw_values(message, name)), "")


def to_text(octets: bytes, label: str) -> str:
    """Decode with the labelled character set, else UTF-8, else Windows-1252.

    Never fails, and never leaves NUL or lone surrogates.
    """
    name = label.strip().strip("\"'").lower().replace("-", "_")
    for charset in (name, "utf_8", "cp1252"):
        if not charset or charset in _NO_CHARSET:
            continue
        try:
            return without_poison(octets.decode(charset))
        except (LookupError, ValueError):
            continue
    return without_poison(octets.decode("latin-1"))


def decode_words(value: str) -> str:
    """Decode RFC 2047 words; what is broken stays as it was written.

    Octets of neighbouring words with one character set are joined first: many senders cut inside a character.
    """
    pieces: list[tuple[str, bytes] | str] = []
    end = 0
    for match in _WORD.finditer(value):
        octets = _word_octets(match[2], match[3])
        if octets is None:
            continue
        gap, charset = value[end : match.start()], match[1].partition("*")[0]
        last = pieces[-1] if pieces else ""
        if gap.strip() or isinstance(last, str):
            pieces += [gap, (charset, octets)]
        elif last[0].lower() == charset.lower():
            pieces[-1] = (charset, last[1] + octets)
        else:
            pieces.append((charset, octets))
        end = match.end()
    pieces.append(value[end:])
    return clean_line(without_poison("".join(p if isinstance(p, str) else to_text(p[1], p[0]) for p in pieces)))


def _word_octets(encoding: str, text: str) -> bytes | None:
    try:
        if encoding in "qQ":
            return quoprimime.header_decode(text).encode("latin-1")
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None


def usable_address(address: str) -> bool:
    """Whether an answer can be sent there: local part and dotted domain in ASCII, at most 254 characters."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def same_address(one: str, other: str) -> bool:
    """Whether both are one mailbox; upper and lower case make no difference."""
    return one.casefold() == other.casefold()


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """(display name, address) pairs of these fields in order; only addresses an answer could go to."""
    found = []
    for name in names:
        for display, address in getaddresses(raw_values(message, name)):
            if usable_address(address):
                local, _, domain = address.rpartition("@")
                found.append((decode_words(display), f"{local}@{domain.lower()}"))
    return found


def message_ids(value: str) -> list[str]:
    """The ids in Message-ID, In-Reply-To or References, without their brackets, in order, each once."""
    found = [clean_id(i) for i in _ID_IN_BRACKETS.findall(value)]
    if not found and "@" in value and " " not in value.strip():
        found = [clean_id(value)]
    return list(dict.fromkeys(i for i in found if 0 < len(i) <= MAX_ID))


def clean_id(value: str) -> str:
    """A message id without brackets, white space and control characters."""
    return "".join(c for c in value.strip("<> \t\r\n") if c.isprintable() and not c.isspace())
