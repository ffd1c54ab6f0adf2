"""Taking off what a mail program quotes below an answer, and never a word of the citizen."""

import re

from mailparser_reply.parser import EmailMessage

_LONGEST_LINE = 300
_QUOTED = re.compile(r"\s*>")
_WROTE = re.compile(r"(?i)^[> ]*pada\b.*\d.*\b(?:menulis|tulis)\s*:\s*$")
_HEADER_FIELD = re.compile(r"(?i)^[>* ]*(?:dari|from)[* ]*:")
_NEXT_FIELD = re.compile(
    r"(?i)^[>* ]*(?:dikirim|terkirim|tanggal|kepada|ke|perihal|subjek|cc|tembusan|sent|date|to|subject)[* ]*:"
)
_SEPARATOR = re.compile(r"(?i)^[> ]*-{3,} ?(?:pesan asli|original message) ?-{3,}$")
_FORWARDED = re.compile(
    r"(?im)^[> ]*(?:-{3,} ?(?:forwarded message|pesan (?:yang )?(?:di)?terusk?an)\b|begin forwarded message:)"
)
_FORWARD_SUBJECT = re.compile(r"(?i)^\s*(?:fwd?|trs|terusan)\s*:")
_REPLY_SUBJECT = re.compile(r"(?i)^\s*(?:re|bls|balas|balasan)\s*(?:\[\d+\])?\s*:")
# The library's ready pattern for English programs ("On ... wrote:", Outlook's block, "Original Message").
_ENGLISH = EmailMessage(text="", languages=["en"]).HEADER_REGEX


def is_forward(text: str, subject: str) -> bool:
    """A forwarded mail: what stands below belongs to the message."""
    return bool(_FORWARD_SUBJECT.match(subject) or _FORWARDED.search(text))


def looks_like_reply(subject: str) -> bool:
    """Whether the subject begins as mail programs begin an answer; decides what is taken off, never the thread."""
    return bool(_REPLY_SUBJECT.match(subject))


def without_quotes(text: str) -> str:
    """The new words of an answer.

    Words written between or below quoted lines stay. Where taking off would leave nothing, nothing is taken off.
    """
    lines = text.split("\n")
    start = _first_quote_line(lines)
    above = _without_trailing_quotes(lines[:start])
    below = lines[start:]
    header = _header_length(below)
    if header:
        above += [line for line in below[header:] if not _QUOTED.match(line)]
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(above)).strip()
    return kept or text.strip()


def _without_trailing_quotes(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[-1].strip() or _QUOTED.match(kept[-1])):
        kept.pop()
    return kept


def _first_quote_line(lines: list[str]) -> int:
    """Index of the line where the quoted mail announces itself, else the number of lines."""
    found = next((i for i in range(len(lines)) if _announces(lines, i)), len(lines))
    # Long lines are cut before the library's patterns see them: their cost grows with the square of a line.
    english = _ENGLISH.search("\n".join(line.strip()[:_LONGEST_LINE] for line in lines[:found]))
    if english and re.search(r"(?i)wrote:|from:|original message", english.group()):
        lead = len(english.group()) - len(english.group().lstrip("\n"))
        found = english.string.count("\n", 0, english.start() + lead)
    return found


def _announces(lines: list[str], index: int) -> bool:
    line = lines[index].strip()[:_LONGEST_LINE]
    if _SEPARATOR.match(line):
        return True
    if _HEADER_FIELD.match(line):
        return index + 1 < len(lines) and bool(_NEXT_FIELD.match(lines[index + 1][:_LONGEST_LINE]))
    return _wrote_length(lines, index) > 0


def _wrote_length(lines: list[str], index: int) -> int:
    """How many lines "Pada ... menulis:" takes from here, wrapped over three lines at most; 0 when it is none."""
    if not lines[index].lstrip("> ")[:5].lower().startswith("pada"):
        return 0
    for count in (1, 2, 3):
        if _WROTE.match(" ".join(line.strip()[:_LONGEST_LINE] for line in lines[index : index + count])):
            return count
    return 0


def _header_length(lines: list[str]) -> int:
    """Lines of an announcement that is followed by lines marked with ">"; 0 where the quoted mail is unmarked.

    Only below marked lines can unmarked ones be told apart as new words.
    """
    if not lines or _HEADER_FIELD.match(lines[0]) or _SEPARATOR.match(lines[0].strip()):
        return 0
    for index in range(1, min(len(lines), 5)):
        if _QUOTED.match(lines[index]):
            return index
    return 0
