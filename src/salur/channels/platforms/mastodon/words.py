"""What a status says as plain text, and who stands behind an account of it. Pure."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from salur.channels.platforms.loose import first, ident, words
from salur.channels.ports import AccountView

_LINES = ("br", "li", "div", "tr")
_PARAGRAPHS = ("p", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3")
_SILENT = ("script", "style", "template")
_LONGEST = 200_000


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _LINES:
            self.pieces.append("\n")
        elif tag in _PARAGRAPHS:
            self.pieces.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT and self.silent > 0
        if tag in _PARAGRAPHS:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def plain(html: str) -> str:
    """HTML as text: paragraphs apart, line breaks kept, no tag left, no script's content."""
    reader = _Plain()
    reader.feed(html[:_LONGEST])
    reader.close()
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def said_in(status: Mapping[str, Any]) -> str:
    """The words of a status, behind its content warning where it has one."""
    warning, text = words(status, "spoiler_text"), plain(words(status, "content"))
    return "\n\n".join(one for one in (warning, text) if one)


def own_handle(account: AccountView) -> str:
    """user@host of the account, in small letters."""
    return account.address.strip().lstrip("@").lower()


def handle(account: AccountView, person: Mapping[str, Any]) -> str:
    """user@host of somebody; accounts of our own server come without their host. "" where it is not told."""
    acct = first(ident(person, "acct"), ident(person, "username")).lstrip("@").lower()
    if not acct or "@" in acct:
        return acct
    host = own_handle(account).partition("@")[2] or (urlsplit(ident(person, "url")).hostname or "")
    return f"{acct}@{host}" if host else acct
