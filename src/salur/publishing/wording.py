"""What is said by a way: with or without signature and link, cut to its length, masked where everybody reads. Pure."""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from salur.channels.counting import split
from salur.channels.ways import TextLimit, Way
from salur.publishing.personal import Known, without_personal_data

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n+")


@dataclass(frozen=True)
class Wording:
    """The words of one answer to one citizen.

    `signature` tells who speaks and how to go on, `short_signature` the same without the closing line, `bare_signature`
    without the link too; all are empty for what a program says. `link` leads to the case, `number` is its number,
    `ending` stands where a text had to be shortened and names the link, `bare_ending` the number alone. `notices` were
    folded in. `known` is whose data must not be public.
    """

    text: str
    number: str = ""
    link: str = ""
    signature: str = ""
    short_signature: str = ""
    bare_signature: str = ""
    ending: str = ""
    bare_ending: str = ""
    automatic: bool = False
    notices: tuple[str, ...] = ()
    known: Known = field(default_factory=Known)

    def on(self, way: Way) -> tuple[str, ...]:
        """The messages in which it is said by this way. What a program says where messages cost is one message.

        No message is spent on the ends of a signature: its closing line goes first, then the line with the link.
        """
        signatures: Sequence[str] = (self.signature, self.short_signature, self.bare_signature)
        text, ending = "\n\n".join((self.text, *self.notices)), self.ending
        if not way.links:
            text, ending = without_link(text, self.link, self.number), self.bare_ending
            signatures = (self.bare_signature,)
        limit = replace(way.limit, parts=1) if self.automatic and way.cost else way.limit
        whole = f"{text}\n\n{_affordable(text, signatures, limit)}".strip()
        if way.public and self.automatic:
            whole = without_personal_data(whole, self.known)
        return split(whole, limit, ending)


def _affordable(text: str, signatures: Iterable[str], limit: TextLimit) -> str:
    """The fullest of the signatures, given from full to bare, with which the text takes the fewest messages."""
    endless = replace(limit, parts=sys.maxsize)
    written = [one for one in signatures if one]
    return min(written, key=lambda one: len(split(f"{text}\n\n{one}", endless)), default="")


def without_link(text: str, link: str, number: str) -> str:
    """The text without the link to the case: the sentence that leads there goes, unless it tells the number.

    A link that a person wrote by hand stays.
    """
    if not link or link not in text:
        return text
    kept: list[str] = []
    place = 0
    for end, gap in _sentences(text):
        sentence = text[place:end]
        if link in sentence:
            bare = sentence.replace(link, "")
            sentence = re.sub(r"\s*[:(\-]?\s*\)?\s*([.!?]?)$", r"\1", bare.rstrip()) if number in bare else ""
        kept.append(sentence + gap if sentence else "")
        place = end + len(gap)
    return "".join(kept).strip()


def _sentences(text: str) -> Sequence[tuple[int, str]]:
    """Where each sentence ends, and the white space behind it."""
    return [*((gap.start(), gap[0]) for gap in _SENTENCE_END.finditer(text)), (len(text), "")]
