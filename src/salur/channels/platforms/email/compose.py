"""Writing one mail: the same octets for the same utterance, and no way for its words to become header fields."""

import re
from datetime import datetime
from email import generator, policy
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.utils import format_datetime, quote
from io import BytesIO

from salur.channels.platforms.email.headers import clean_id, usable_address
from salur.channels.platforms.email.identity import message_id_for
from salur.channels.platforms.text import clean_line, without_poison
from salur.channels.ports import AccountView, Outbound, SendFailed

MAX_SUBJECT = 250
MAX_NAME = 100
MAX_REFERENCES = 20
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_TOKEN = re.compile(r"[A-Za-z0-9_.=-]{1,100}", re.ASCII)
_ID = re.compile(r"[\x21-\x7e]{1,250}")


def compose(account: AccountView, out: Outbound, from_name: str, at: datetime) -> bytes:
    """The mail as octets with CRLF line ends, no line over 998 octets, ASCII only (quoted-printable).

    `at` is its Date. Raises SendFailed (permanent) for a recipient or thread token that no mail can carry.
    """
    if not usable_address(out.to):
        raise SendFailed("the recipient's address is no usable e-mail address", permanent=True)
    message = Message(policy=policy.compat32)
    message["Message-ID"] = f"<{message_id_for(out.once_key, account.address)}>"
    message["Date"] = format_datetime(at)
    message["From"] = _mailbox(from_name, account.address)
    message["To"] = _mailbox(out.to_name, out.to)
    message["Subject"] = _encoded(_line(out.subject, MAX_SUBJECT), "Subject")
    if out.thread_token:
        message["Reply-To"] = reply_address(account.address, out.thread_token)
    answered, earlier = _ids([out.in_reply_to]), _ids(out.references)
    if answered:
        message["In-Reply-To"] = " ".join(answered)
    if answered or earlier:
        message["References"] = " ".join(dict.fromkeys([*earlier[:1], *earlier[1:][-MAX_REFERENCES:], *answered]))
    if out.automatic:
        message["Auto-Submitted"] = "auto-replied"
    message["X-Loop"] = account.address
    message["MIME-Version"] = "1.0"
    message.set_payload(without_poison(out.text).replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n", _UTF8)
    stream = BytesIO()
    generator.BytesGenerator(stream, mangle_from_=False, maxheaderlen=76).flatten(message, linesep="\r\n")
    return stream.getvalue()


def reply_address(address: str, token: str) -> str:
    """local+token@domain, by which an answer finds its case without any header of the citizen's program."""
    local, _, domain = address.rpartition("@")
    if not _TOKEN.fullmatch(token):
        raise SendFailed("the thread token holds characters that no address can carry", permanent=True)
    return f"{local}+{token}@{domain}"


def _line(text: str, longest: int) -> str:
    line = clean_line(without_poison(text))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _encoded(text: str, field: str) -> str:
    """ASCII as it is, else as RFC 2047 words of at most 75 characters with one space between."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=field).encode(linesep="")


def _mailbox(name: str, address: str) -> str:
    display = _line(name, MAX_NAME)
    if not display:
        return address
    if display.isascii():
        return f'"{quote(display)}" <{address}>'
    return f"{_encoded(display, 'From')} <{address}>"


def _ids(values: tuple[str, ...] | list[str]) -> list[str]:
    """Message-IDs with brackets; ids of another make, as the hashes of mails without one, are left out."""
    cleaned = [clean_id(v) for v in values]
    return [f"<{i}>" for i in dict.fromkeys(cleaned) if "@" in i and "<" not in i and ">" not in i and _ID.fullmatch(i)]
