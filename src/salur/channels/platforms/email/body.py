"""The words of one mail: which part holds them, in which character set, and what HTML says as plain text."""

import html
import re
from email.message import Message

import nh3

from salur.channels.platforms.email.headers import to_text

MAX_HTML = 2_000_000
MAX_TAGS = 1_000
_DROPPED_WITH_CONTENT = {"script", "style", "title", "template", "noscript", "textarea", "iframe", "object", "svg"}
_BREAKING = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "hr"} | {
    f"h{n}" for n in range(1, 7)
}
_EMBEDDED = re.compile(r"data:[^\s\"'<>]{100,}")
_PARAGRAPHS = re.compile(r"</(?:p|h[1-6]|ul|ol|table|blockquote|pre)>")
_BREAKS = re.compile(r"<(?:br|hr|div|blockquote|li)\b[^<>]*>|</(?:div|li|tr)>")
_INVISIBLE = re.compile("[\\s\u00ad\u034f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")


def octets_of(part: Message) -> bytes:
    """The decoded content of a single part; empty when it has none."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def file_name(part: Message) -> str:
    """The name its sender gave this part, undecoded; "" without one or where the field is beyond reading."""
    try:
        return str(part.get_filename() or "")
    except (ValueError, LookupError):
        return ""


def is_attached(part: Message) -> bool:
    """A part that its sender named or marked as an attachment, or that is no text to read."""
    if part.get_content_disposition() == "attachment" or file_name(part):
        return True
    return part.get_content_type() not in ("text/plain", "text/html")


def enclosed(part: Message) -> list[Message]:
    """The messages or parts inside this one, without touching the content of a single part."""
    payload = part.get_payload() if part.is_multipart() else []
    return [p for p in payload if isinstance(p, Message)] if isinstance(payload, list) else []


def leaves(message: Message) -> list[Message]:
    """All single parts in order. An enclosed mail or report is one leaf: its words are not the sender's."""
    found: list[Message] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(enclosed(part)))
        else:
            found.append(part)
    return found


def text_of(message: Message) -> str:
    """What the sender wrote, as plain text: the plain parts, else the HTML parts; "" where there is neither."""
    readable = [part for part in leaves(message) if not is_attached(part)]
    plain = [_decoded(part) for part in readable if part.get_content_type() == "text/plain"]
    if any(not is_blank(text) for text in plain):
        return tidy("\n\n".join(plain))
    rich, left = [], MAX_HTML
    for part in readable:
        if part.get_content_type() == "text/html" and left > 0:
            source = _EMBEDDED.sub("", _decoded(part))[:left]
            left -= len(source)
            rich.append(html_to_text(source))
    return tidy("\n\n".join(rich))


def _decoded(part: Message) -> str:
    return to_text(octets_of(part), str(part.get_param("charset", "") or ""))


def html_to_text(source: str) -> str:
    """The visible words of HTML with their line breaks; scripts and styles are dropped with their content."""
    flowing = re.sub(r"\s+", " ", _EMBEDDED.sub("", source)[:MAX_HTML])
    # Cleaning costs the square of the nesting, so what has very many tags is cleaned piece by piece.
    pieces = re.split(r"(?=<)", flowing)
    groups = ("".join(pieces[i : i + MAX_TAGS]) for i in range(0, len(pieces), MAX_TAGS))
    kept = "".join(_only_breaks(group) for group in groups)
    broken = _BREAKS.sub("\n", _PARAGRAPHS.sub("\n\n", kept))
    return html.unescape(re.sub(r"<[^<>]*>", "", broken))


def _only_breaks(source: str) -> str:
    return nh3.clean(source, tags=_BREAKING, attributes={}, clean_content_tags=_DROPPED_WITH_CONTENT, link_rel=None)


def tidy(text: str) -> str:
    """Uniform line ends, no space at line ends, at most one empty line in a row."""
    lines = [line.rstrip().replace("\xa0", " ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_blank(text: str) -> bool:
    """Whether nothing visible is in it."""
    return not _INVISIBLE.sub("", text)
