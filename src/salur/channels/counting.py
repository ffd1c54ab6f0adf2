"""How long a text is for a platform, and how it is cut so that it fits: between words, never inside one. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from salur.channels.ways import Counting, TextLimit

X_URL = 23
"""What any link weighs on X, however long it is (twitter-text, configuration v3, transformedURLLength)."""
X_LIGHT = ((0x0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that weigh one on X; all others weigh two, and an emoji two as a whole (twitter-text, v3)."""
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of text messages, seven bits a sign (3GPP TS 23.038, section 6.2.1)."""
GSM_ESCAPED = frozenset("^{}\\[~]|€\f")
"""Its extension: two septets a sign (3GPP TS 23.038, section 6.2.1.1)."""
SMS_GSM = (160, 153)
SMS_UCS2 = (70, 67)
"""Signs of a message alone and of each part of a longer one (3GPP TS 23.040, section 9.2.3.24.1)."""

_URL = re.compile(r"(?i)https?://[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:[/?#][a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?")
_BARE = re.compile(r"(?i)(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?")
_TAIL = ".,;:!?)'"
_JOINER = "\u200d"
_GAP = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


def length(text: str, counting: Counting) -> int:
    """How long the text is in the platform's own counting; for `sms` the number of messages it is charged as."""
    return _COUNTED[counting](text)


def split(text: str, limit: TextLimit, ending: str = "") -> tuple[str, ...]:
    """The text in pieces that each fit, in order, at most `limit.parts` of them.

    It is cut between paragraphs or sentences where that costs no further piece, else between words; only a word longer
    than a whole piece is cut, between two graphemes. What does not fit into the last piece is left out, and `ending`
    (which names where the rest can be read) stands in its place.
    """
    text = text.strip()
    for boundaries in ((_PARAGRAPH, _SENTENCE, _GAP), (_GAP,)):
        pieces = list(_pieces(text, limit, boundaries))
        if len(pieces) <= limit.parts:
            return tuple(pieces)
    kept = pieces[: limit.parts - 1]
    rest = text
    for piece in kept:
        rest = rest[len(piece) :].lstrip()
    return (*kept, shorten(rest, limit, ending))


def shorten(text: str, limit: TextLimit, ending: str = "") -> str:
    """The beginning of the text, whole words, with dots and `ending` behind it; the text itself where it fits.

    An ending that is longer than the whole limit is left out.
    """
    text = text.strip()
    if length(text, limit.counting) <= limit.most:
        return text
    dots = "..." if limit.counting == "sms" else "…"  # the one-sign ellipsis would make a text message UCS-2
    tail = f"{dots} {ending}" if ending else dots
    if length(tail, limit.counting) > limit.most:
        tail = dots
    ends = [gap.start() for gap in _GAP.finditer(text)]
    fitting = _last_fitting(ends, lambda end: length(f"{text[:end]}{tail}", limit.counting) <= limit.most)
    if fitting:
        return f"{text[:fitting]}{tail}"
    marks = [end for end in _grapheme_ends(text[: limit.most * 160]) if end < len(text)]
    return f"{text[: _last_fitting(marks, lambda end: length(text[:end] + tail, limit.counting) <= limit.most)]}{tail}"


def graphemes(text: str) -> list[str]:
    """The text in user-perceived characters: what combines, joins or modifies stays with its base.

    The rules of UAX 29 that matter for cutting: combining marks, joiners, emoji modifiers, flags, CR LF, Hangul.
    """
    found, start = [], 0
    for end in _grapheme_ends(text):
        found.append(text[start:end])
        start = end
    return found


def has_link(text: str) -> bool:
    """Whether a platform would make a link of something in the text."""
    return _URL.search(text) is not None or _BARE.search(text) is not None


def _pieces(text: str, limit: TextLimit, boundaries: Sequence[re.Pattern[str]]) -> Iterator[str]:
    while text:
        if length(text, limit.counting) <= limit.most:
            yield text
            return
        cut = _cut(text, limit, boundaries)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()


def _cut(text: str, limit: TextLimit, boundaries: Sequence[re.Pattern[str]]) -> int:
    """Where the first piece ends: at the best boundary that leaves it at least half full, else between words."""

    def fits(end: int) -> bool:
        return length(text[:end], limit.counting) <= limit.most

    furthest = _last_fitting([gap.start() for gap in _GAP.finditer(text)], fits)
    if not furthest:
        word = _GAP.split(text, maxsplit=1)[0]
        return _last_fitting(_grapheme_ends(word), fits) or _last_fitting(range(1, len(word) + 1), fits) or 1
    for boundary in boundaries:
        ends = [gap.start() for gap in boundary.finditer(text[: furthest + 2]) if gap.start() <= furthest]
        if ends and ends[-1] * 2 >= furthest:
            return ends[-1]
    return furthest


def _last_fitting(ends: Sequence[int], fits: Callable[[int], bool]) -> int:
    """The furthest of ascending ends that fits, 0 where none does; a longer text never counts less, word by word."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if fits(ends[middle]) else (low, middle)
    while low and not fits(ends[low - 1]):
        low -= 1
    return ends[low - 1] if low else 0


def _grapheme_ends(text: str) -> list[int]:
    ends, flags = [], 0
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        flags = flags + 1 if _is_flag(before) else 0
        if not _sticks(before, after, flags):
            ends.append(place)
    return [*ends, len(text)] if text else []


def _sticks(before: str, after: str, flags: int) -> bool:
    if before == "\r" and after == "\n":
        return True
    if before in "\r\n" or after in "\r\n":
        return False
    if after == _JOINER or unicodedata.category(after) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if "\U000e0020" <= after <= "\U000e007f":  # the tags of regional flags
        return True
    if before == _JOINER and _is_pictograph(after):
        return True
    return (_is_flag(before) and _is_flag(after) and flags % 2 == 1) or _is_hangul_pair(before, after)


def _is_hangul_pair(before: str, after: str) -> bool:
    return "\u1100" <= after <= "\u11ff" and ("\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _is_pictograph(sign: str) -> bool:
    return sign >= "\U0001f000" or "\u2190" <= sign <= "\u2bff" or sign in "\u00a9\u00ae\u3030\u303d\u3297\u3299"


def _x_weight(text: str) -> int:
    text, weight, place = unicodedata.normalize("NFC", text), 0, 0
    for start, end in _links(text):
        weight += _plain_x_weight(text[place:start])
        # A bare name is linked only under a known top-level domain: it never counts for less than it may weigh.
        weight += X_URL if text[start : start + 4].lower() == "http" else max(X_URL, end - start)
        place = end
    return weight + _plain_x_weight(text[place:])


def _links(text: str) -> list[tuple[int, int]]:
    found = [(one.start(), one.start() + len(one[0].rstrip(_TAIL))) for one in _URL.finditer(text)]
    bare = [(one.start(), one.start() + len(one[0].rstrip(_TAIL))) for one in _BARE.finditer(text)]
    return sorted(found + [one for one in bare if not any(start < one[1] and one[0] < end for start, end in found)])


def _plain_x_weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        2 if len(one) > 1 and _is_emoji(one) else sum(1 if _is_light(sign) else 2 for sign in one)
        for one in graphemes(text)
    )


def _is_emoji(grapheme: str) -> bool:
    return _is_pictograph(grapheme[0]) or "\ufe0f" in grapheme or "\u20e3" in grapheme


def _is_light(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in X_LIGHT)


def _sms_parts(text: str) -> int:
    if all(sign in GSM_BASIC or sign in GSM_ESCAPED for sign in text):
        sizes, (alone, each) = [2 if sign in GSM_ESCAPED else 1 for sign in text], SMS_GSM
    else:
        sizes, (alone, each) = [2 if sign > "\uffff" else 1 for sign in text], SMS_UCS2
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, each
    for size in sizes:  # a sign of two septets or surrogates is never torn between two parts
        if size > room:
            parts, room = parts + 1, each
        room -= size
    return parts


_COUNTED: dict[Counting, Callable[[str], int]] = {
    "characters": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "x_weighted": _x_weight,
    "sms": _sms_parts,
}
