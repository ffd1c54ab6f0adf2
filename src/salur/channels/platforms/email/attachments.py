"""The files of one mail, under names that are never paths."""

import mimetypes
import re
import unicodedata
from email.message import Message

from salur.channels.platforms.email.body import enclosed, file_name, is_attached, leaves, octets_of
from salur.channels.platforms.email.headers import decode_words, to_text
from salur.channels.ports import Attachment

MAX_COUNT = 100
MAX_NAME = 150
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,100}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}", re.ASCII)


def attachments_of(message: Message) -> tuple[tuple[Attachment, ...], int]:
    """The first MAX_COUNT files, inline pictures and enclosed mails included, and how many more there were."""
    parts = [part for part in leaves(message) if is_attached(part)]
    if parts == [message] and not octets_of(message):
        return (), 0
    kept = tuple(_attachment(part, number) for number, part in enumerate(parts[:MAX_COUNT], start=1))
    return kept, len(parts) - len(kept)


def _attachment(part: Message, number: int) -> Attachment:
    content_type = part.get_content_type().lower()
    if not _TYPE.fullmatch(content_type):
        content_type = "application/octet-stream"
    extension = ".eml" if content_type == "message/rfc822" else mimetypes.guess_extension(content_type) or ".bin"
    name = safe_name(_given_name(part)) or f"lampiran-{number}{extension}"
    return Attachment(name=name, content_type=content_type, content=_content(part))


def _given_name(part: Message) -> str:
    return decode_words(to_text(file_name(part).encode("utf-8", "surrogateescape"), "utf-8"))


def safe_name(name: str) -> str:
    """A bare file name: the last path step without control or direction-changing characters; "" if nothing is left."""
    visible = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    bare = re.split(r"[/\\]", visible.replace(":", "_"))[-1].strip()
    bare = bare.lstrip(". ").rstrip(". ")
    if len(bare) <= MAX_NAME:
        return bare
    stem, dot, extension = bare.rpartition(".")
    if not dot or len(extension) > 12:
        return bare[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(extension) - 1]}.{extension}"


def _content(part: Message) -> bytes:
    if not part.is_multipart():
        return octets_of(part)
    return b"\r\n".join(_as_octets(inner) for inner in enclosed(part))


def _as_octets(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError):  # the generator refuses some fields it has parsed itself
        return message.as_string().encode("utf-8", "surrogateescape")
