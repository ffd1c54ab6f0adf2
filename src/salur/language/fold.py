"""Characters as people style them, folded to plain lower-case letters, with the way back to the original. Pure.

Mathematical alphabets, fullwidth, circled, superscript and ligature letters are folded by Unicode itself (NFKD, Unicode
Standard Annex 15). What it leaves alone is folded here: small capitals, letters in parentheses, negative circled and
squared letters, regional indicators, stroked letters, letters of other scripts that look Latin.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# Letters of other scripts that look Latin, small capitals, stroked and phonetic letters: they slip past filters.
_CYRILLIC = ("аеорсухіјѕԁһкмтв", "aeopcyxijsdhkmtb")
_GREEK = ("αοινρτκευχ", "aoivptkeux")
_SMALL_CAPITALS = ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz")
_STROKED = ("øłđħŧɡıɑƒɓɗɨʉƙɩ", "oldhtgiafbdiukl")
_LOOKALIKES = {
    ord(a): b
    for strange, plain in (_CYRILLIC, _GREEK, _SMALL_CAPITALS, _STROKED)
    for a, b in zip(strange, plain, strict=True)
}
# Blocks of the letters A to Z that Unicode does not fold to one letter: in parentheses (small and capital), negative
# circled, negative squared, regional indicators.
_LETTER_BLOCKS = tuple((first, first + 25) for first in (0x249C, 0x1F110, 0x1F150, 0x1F170, 0x1F1E6))
_INVISIBLE = ("Cf", "Mn", "Me")
# Two regional indicators are a flag, not letters; the same flag again and again too.
_FLAGS = re.compile("([\U0001f1e6-\U0001f1ff]{2})\\1*(?![\U0001f1e6-\U0001f1ff])")
_INDICATORS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_STRANGE = re.compile(r"[^\x00-\x7f]")

_EMOJI_GROUPS = (
    ("emojisetuju", "👍👌💯✅✔🤝"),
    ("emojitolak", "👎❌🚫"),
    ("emojimarah", "😡😠🤬👿😤💢🖕"),
    ("emojisedih", "😢😭😞😔🥺😥😿💔"),
    ("emojitakut", "😱😨😰"),
    ("emojisenang", "😊🥰😍❤💕🎉🥳"),
    ("emojitertawa", "😂🤣😅😆"),
    ("emojimual", "🤢🤮🤧"),
    ("emojimohon", "🙏🤲"),
    ("emojipuji", "👏🙌💪🔝"),
    ("emojiapi", "🔥🧯🚒"),
    ("emojibanjir", "🌊"),
    ("emojihujan", "🌧⛈☔"),
    ("emojidarurat", "🚨🆘⚠"),
    ("emojiambulans", "🚑"),
    ("emojipolisi", "🚓👮"),
    ("emojijalan", "🚧🕳🛣"),
    ("emojisampah", "🗑🚮🚯"),
    ("emojilampu", "💡🔦"),
    ("emojiair", "💧🚰🚱"),
    ("emojisekolah", "🏫🎒"),
    ("emojisakit", "🏥🤒🩺💉"),
    ("emojiuang", "💰💵💸🤑"),
    ("emojijudi", "🎰🎲🃏"),
    ("emojitelepon", "📞☎📱"),
    ("emojitempat", "📍📌"),
)
# What an emoji says, as one word of its own: 🔥 is not the word "kebakaran", so it never speaks with its weight.
EMOJI_WORDS = {character: word for word, characters in _EMOJI_GROUPS for character in characters}
EMOJI_NAMES = frozenset(EMOJI_WORDS.values())


@dataclass(frozen=True, slots=True)
class Folded:
    """Plain lower-case `text`, and where its characters stood.

    `starts` are the places in `text` at which the distance to the original changes; the piece from `starts[n]` on stood
    at `origins[n]`, one character for one where `running[n]`, else all of it at that one character.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    running: tuple[bool, ...]

    def origin(self, place: int) -> int:
        """The place in the original of the character at `place`."""
        piece = bisect_right(self.starts, place) - 1
        return self.origins[piece] + (place - self.starts[piece] if self.running[piece] else 0)


def fold(text: str) -> Folded:
    """Fold a text: styles, accents and case gone, invisible characters dropped, emoji that carry meaning as words.

    Never raises; time is linear in the text.
    """
    if text.isascii():
        return Folded(text.lower(), (0,), (0,), (True,))
    if _INDICATORS.search(text):
        text = _INDICATORS.sub(_without_flags, text)
    pieces: list[str] = []
    starts, origins, running = [0], [0], [True]
    size = done = 0
    for match in _STRANGE.finditer(text):
        place = match.start()
        plain, piece = text[done:place].lower(), _fold_character(match[0])
        pieces += (plain, piece)
        size += len(plain)
        done = place + 1
        if len(piece) != 1:
            if piece:
                starts.append(size)
                origins.append(place)
                running.append(False)
            size += len(piece)
            starts.append(size)
            origins.append(done)
            running.append(True)
        else:
            size += 1
    pieces.append(text[done:].lower())
    return Folded("".join(pieces), tuple(starts), tuple(origins), tuple(running))


def _without_flags(match: re.Match[str]) -> str:
    """A run of regional indicators: nothing but blanks where it is flags, else the letters."""
    return " " * len(match[0]) if _FLAGS.fullmatch(match[0]) else match[0]


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    """One character as plain lower-case letters; nothing for marks and invisible characters: they split no words."""
    if character in EMOJI_WORDS:
        return f" {EMOJI_WORDS[character]} "
    code = ord(character)
    for first, last in _LETTER_BLOCKS:
        if first <= code <= last:
            return chr(ord("a") + code - first)
    before, plain = "", character
    while before != plain:
        before = plain
        plain = unicodedata.normalize("NFKD", plain).casefold().translate(_LOOKALIKES)
        plain = "".join(_digit(part) for part in plain if unicodedata.category(part) not in _INVISIBLE)
    return plain


def _digit(character: str) -> str:
    """A decimal digit of any script as 0 to 9; every other character as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
