"""Telling advertisements of gambling from what citizens write, by how they are made rather than by brand.

Brands change weekly; the make does not: a name glued to lucky digits, letters of several scripts inside one word, a
name framed by the same sign on both sides, letters spread with blanks, and the promises around it. The weights are
ours, set by hand; nothing was learned from texts of others. Pure, and bounded by what `normalise` reads.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from salur.language.normalise import Normalised
from salur.triage import cue_words

# From this score on an advertisement is likelier than not; one point more makes it this many times likelier.
_EVEN = 3.0
_STEEPNESS = 4.0
# A name written in plain letters weighs less than this; styled ones weigh more.
_PLAIN_NAME = 4.5
_WORDS_READ = 400
_SHORTEST_NAME = 3
# A text that is styled nearly throughout is a matter of taste; one styled word in a plain sentence is not.
_TASTE = 0.6

_NAME_AND_DIGITS = re.compile(r"([a-z]{3,16}?)(\d{1,4}|4d|jp)")
_LEET_NAME = re.compile(r"[a-z]{2,8}\d[a-z]{1,8}(?:\d[a-z]{1,4})?\d{0,4}(?<=[a-z]\d\d|\d\d\d)")
_LUCKY = re.compile(r"(\d)\1{1,3}|[1-9][36]8|303|4d|69|78|89|[1-9]00|[1-9](?:88|77|99)")
_SPREAD = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,4}?){3,15}(?:[^\W_\d]|\d{1,4})(?![^\W_])")
_PARTED = re.compile(
    r"(?<![^\W_])([A-Za-z]{4,14})(?:[^\w\s.,:;!?'\"()/@#&*+=%-]+\s?(\d{2,3})(?!\d)|(\d)[.\u00b7](\d)(?!\d)"
    r"|[_ ]((\d)\6{1,2}|138|303|4D|365)(?![\w.,]))"
)
_FRAMED = re.compile(r"([^\w\s.,:;!?'\"()/@#&*-])[\s\ufe0f\u200d]{0,3}([^\s].{1,28}?[^\s])[\s\ufe0f\u200d]{0,3}\1")
_BRACKETED = re.compile(r"[【『「⟦〖《║❚▌★☆◈]{1,4}[^\w]{0,3}([^\W_].{1,28}?[^\W_])[^\w]{0,3}[】』」⟧〗》║❚▐★☆◈]+")
_LEET = str.maketrans("013457@!$", "oieastais")
_SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнгηαβεικορτυνχμωᗪᑌᖇᗩᑎᗷᑭᒪᔕᗰ" + _SMALL_CAPITALS,
    "aeopcyxijsdhkmtbhrnabeikoptuvxmwduranbplsm" + "abcdefghijklmnoprstuvwyz",
)

# Greek, Cyrillic, Cherokee, Canadian syllables, Lisu: none of them stands inside a Latin word by honest means.
_FOREIGN = ((0x370, 0x52F), (0x13A0, 0x13FF), (0x1400, 0x167F), (0xA4D0, 0xA4FF))


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for an advertisement (or, below zero, against): what, how much, the writer's characters."""

    code: str
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Advertised:
    """How likely a text advertises gambling, `p` between 0 and 1, and the signs that were weighed."""

    p: float
    signs: tuple[Sign, ...]


_NOTHING = Advertised(0.0, ())


def gambling(words: Normalised) -> Advertised:
    """Weigh the signs of a gambling advertisement in a text. Raises nothing."""
    signs = [*_names(words), *_spread_letters(words), *_parted(words), *_framed(words)]
    promised = _promises(words, bool(signs))
    if not signs and not promised:
        return _NOTHING
    signs += promised
    if signs[0].weight < _PLAIN_NAME and (civic := _civic(words)):
        signs.append(Sign("civic", -1.5, civic))
    score = sum(sign.weight for sign in signs)
    return Advertised(round(1.0 / (1.0 + math.exp(-math.log(_STEEPNESS) * (score - _EVEN))), 4), tuple(signs))


def _civic(words: Normalised) -> str:
    """The second word of a complaint or an address, if there is one: such texts name houses, shops and users too."""
    hits = {hit.phrase: words.quote(hit.first, hit.last) for hit in cue_words.CIVIC.find(words)}
    return list(hits.values())[1] if len(hits) > 1 else ""


def _names(words: Normalised) -> list[Sign]:
    """The word that looks most like a brand; a second one adds a little."""
    original = words.original
    found: dict[str, Sign] = {}
    tokens = words.tokens[:_WORDS_READ]
    run: list[int] = []
    styled = 0
    for place, token in enumerate(tokens):
        raw = original[token.start : token.end]
        code, weight = _look(raw)
        if code == "styled" or code == "piece":
            styled += 1
            run.append(place)
        elif run:
            _close_run(run, words, found)
            run = []
        if weight and not _addressed(raw, token.start, original):
            found.setdefault(raw, Sign(code, weight, raw))
    if run:
        _close_run(run, words, found)
    if styled > max(5, _TASTE * len(tokens)):
        found = {raw: sign for raw, sign in found.items() if sign.code not in ("styled", "pieces")}
    best = sorted(found.values(), key=lambda sign: -sign.weight)[:2]
    return best[:1] + [Sign(other.code, 0.4, other.evidence) for other in best[1:] if other.weight >= 1.0]


def _addressed(raw: str, start: int, original: str) -> bool:
    """Whether the word is a user's handle, or a plain hashtag such as those of anniversaries."""
    before = original[start - 1] if start else ""
    return before == "@" or before == "#" and raw.isascii()


def _close_run(run: list[int], words: Normalised, found: dict[str, Sign]) -> None:
    """Neighbouring styled pieces, each too short to be a name, make one name: "DO R A 77" in letters of mathematics."""
    quote = words.quote(run[0], run[-1] + 1)
    letters = sum(character.isalnum() for character in quote)
    if 1 < len(run) <= 12 and letters >= 4:
        found.setdefault(quote, Sign("pieces", 3.5, quote))


@lru_cache(maxsize=32768)
def _look(raw: str) -> tuple[str, float]:
    """What a single written word looks like: a code and its weight; weight 0 for an ordinary word."""
    plain = raw.lower() if raw.isascii() else _plain(raw)
    if raw.isascii():
        if plain.isalpha():
            return _brand_ending(raw, plain)
        return _glued_digits(raw, plain, 0.0)
    scripts = _scripts(raw)
    if not _is_styled(scripts):
        return "", 0.0
    code, weight = _glued_digits(raw, plain, 2.0)
    if weight > 3.0:
        return code, weight
    if sum(character.isalpha() for character in plain) < _SHORTEST_NAME:
        return "piece", 0.0
    if len(scripts) > 1 and scripts != {"plain", "marked"}:
        return "mixed_letters", 3.5
    return "styled", 3.2 if "marked" not in scripts else 2.0


def _is_styled(scripts: set[str]) -> bool:
    """Whether Latin letters were dressed up; letters of another language, marks and all, are not."""
    return bool(scripts - {"plain", "marked", "foreign"}) or "plain" in scripts and len(scripts) > 1


def _glued_digits(raw: str, plain: str, styled: float) -> tuple[str, float]:
    """A name with digits glued behind it, such as lucky pairs; house numbers and school numbers are not names."""
    match = _NAME_AND_DIGITS.fullmatch(plain)
    if match is None:
        return ("leet_digits", 2.6 + styled) if _LEET_NAME.fullmatch(plain) else ("", 0.0)
    name, digits = match.groups()
    if name in cue_words.NUMBERED or (digits == "jp" and len(name) < _SHORTEST_NAME + 1):
        return "", 0.0
    lucky = _LUCKY.fullmatch(digits) is not None or digits == "jp"
    # "anak2" doubles a word; round numbers count things
    weight = 0.0 if len(digits) == 1 else 0.8 if digits[-1] == "0" and not lucky else 2.7
    if weight and len(name) > _SHORTEST_NAME:
        weight += 0.3
    if weight and raw[:1].isupper():
        weight += 0.3
    if weight and raw[: len(name)].isupper():
        weight += 0.4
    ending = _brand_ending(name, name)[1] / 2
    return "name_digits", weight + ending + (styled if weight else 0.0)


def _brand_ending(raw: str, plain: str) -> tuple[str, float]:
    """A single word that ends as gambling brands do: -bet, -toto, -slot, -win."""
    if len(plain) < 6 or plain in cue_words.NO_BRANDS:
        return "", 0.0
    for ending, weight in cue_words.BRAND_ENDINGS:
        if plain.endswith(ending):
            return "brand_ending", weight + (1.0 if raw.isupper() and weight < 3 else 0.0)
    return "", 0.0


@lru_cache(maxsize=8192)
def _plain(raw: str) -> str:
    """The word in plain lower-case letters, whatever script its letters were taken from."""
    letters = []
    for character in raw:
        code = ord(character)
        for first, last in ((0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF)):
            if first <= code <= last:
                letters.append(chr(ord("a") + code - first))
                break
        else:
            digit = unicodedata.digit(character, None)
            decomposed = str(digit) if digit is not None else unicodedata.normalize("NFKD", character).casefold()
            letters.append("".join(part for part in decomposed if not unicodedata.combining(part)))
    return "".join(letters).translate(_LOOKALIKES)


def _scripts(raw: str) -> set[str]:
    """From which alphabets the letters and digits of a word were taken: plain, marked, or a style's name."""
    return {_script(character) for character in raw} - {""}


@lru_cache(maxsize=8192)
def _script(character: str) -> str:
    """The alphabet of one character; nothing for emoji and invisible characters."""
    code = ord(character)
    if code < 0x250:
        if not character.isalnum():
            return ""
        return "plain" if code < 0x80 or character.isalpha() and code >= 0xC0 else ""
    if 0x1D400 <= code <= 0x1D7FF:
        return "mathematical"
    if 0xFF10 <= code <= 0xFF5A:
        return "wide"
    if 0x2460 <= code <= 0x24FF or 0x2776 <= code <= 0x2793 or 0x1F130 <= code <= 0x1F189:
        return "enclosed"
    if character in _SMALL_CAPITALS:
        return "small_capitals"
    if unicodedata.combining(character):
        return "marked"
    return "foreign" if any(first <= code <= last for first, last in _FOREIGN) else ""


def _spread_letters(words: Normalised) -> list[Sign]:
    """Letters of one name spread with blanks or dots: "s l o t", "T.A.P.I.S"; styled ones weigh more."""
    text = words.original[:4000]
    for match in _SPREAD.finditer(text):
        quote = match.group()
        plain = _plain(quote)
        letters = "".join(character for character in plain if character.isalnum())
        if len(letters) < 4 or sum(character.isalpha() for character in letters) < 3:
            continue
        name = letters.translate(_LEET)
        weight = 1.6
        if _glued_digits(letters, letters, 0.0)[1] or _brand_ending(name, name)[1] or name in cue_words.GAMBLING_NAMES:
            weight = 3.4
        elif _is_styled(_scripts(quote)):
            weight = 3.2
        return [Sign("spread_letters", weight, quote)]
    return []


def _parted(words: Normalised) -> list[Sign]:
    """A name parted from its digits by a sign, or digits parted by a dot, so that the whole is not one word."""
    for match in _PARTED.finditer(words.original[:4000]):
        name, glued, spaced = match.group(1), match.group(2), match.group(5)
        if name.lower() not in cue_words.NUMBERED and (glued or name.isupper()):
            return [Sign("parted", 3.0 if glued else 2.4 if spaced else 2.8, match.group())]
    return []


def _framed(words: Normalised) -> list[Sign]:
    """A short name between two equal signs, or in ornamental brackets."""
    if words.original.isascii():
        return []
    text = words.original[:4000]
    for pattern, group in ((_BRACKETED, 1), (_FRAMED, 2)):
        for match in pattern.finditer(text):
            inside = match.group(group)
            plain = _plain(inside)
            letters = "".join(character for character in plain if character.isalnum())
            if len(letters) < 4 or len(inside.split()) > 1 and not _SPREAD.fullmatch(inside):
                continue
            digits = any(character.isdigit() for character in letters)
            if inside.isupper() or digits or _is_styled(_scripts(inside)):
                return [Sign("framed", 2.2 if pattern is _FRAMED else 2.6, match.group())]
    return []


def _promises(words: Normalised, named: bool) -> list[Sign]:
    """What gambling advertisements promise; without a name, talk against gambling is weighed against it."""
    found: dict[str, Sign] = {}
    against = ""
    for hit in cue_words.GAMBLING.find(words):
        meaning, quote = hit.meanings[0], words.quote(hit.first, hit.last)
        if meaning == "against":
            against = against or quote
            continue
        weight = {"sure": 3.0, "strong": 2.2, "weak": 0.7, "promise": 0.5}[meaning]
        if meaning == "strong" and not quote.isascii():
            weight += 1.2
        found.setdefault(hit.phrase, Sign("promise", weight, quote))
    for token in words.tokens[:_WORDS_READ]:
        raw = words.original[token.start : token.end]
        if _disguised(raw):
            found.setdefault(raw, Sign("disguised", 3.2, raw))
    signs = sorted(found.values(), key=lambda sign: -sign.weight)[:6]
    if against and signs and not named and not any(sign.code == "disguised" for sign in signs):
        signs.append(Sign("against", -3.0, against))
    return signs


@lru_cache(maxsize=32768)
def _disguised(raw: str) -> bool:
    """Whether a gambling word was written with digits or signs for letters so that filters pass it over."""
    if not raw.isascii() or raw.isalpha() or raw.isdigit():
        return False
    return raw.lower().translate(_LEET) in cue_words.GAMBLING_NAMES
