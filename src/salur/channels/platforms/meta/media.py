"""Files, links and places that come with a message of Meta's platforms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from salur.channels.platforms.loose import each, first, ident, part, words
from salur.channels.platforms.text import clean_line
from salur.channels.ports import MediaRef

_KINDS: dict[str, Literal["image", "video", "audio", "file", "sticker"]] = {
    "image": "image",
    "photo": "image",
    "animated_image_share": "image",
    "video": "video",
    "video_inline": "video",
    "video_share": "video",
    "reel": "video",
    "ig_reel": "video",
    "audio": "audio",
    "file": "file",
    "story_mention": "image",
    "ig_story": "image",
    "story": "image",
    "share": "image",
    "ig_post": "image",
    "post": "image",
    "sticker": "sticker",
}
_SHARED = frozenset({"share", "story_mention", "ig_reel", "reel", "ig_post", "post", "ig_story", "story"})
MOST = 30


@dataclass(frozen=True)
class Enclosed:
    """What was found: files to fetch, words for what is no file, facts for the record; `like`: nothing but a heart."""

    media: tuple[MediaRef, ...] = ()
    lines: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    like: bool = False


def web_address(value: Any) -> str:
    """The value where it is an address of the web, else ""."""
    text = words(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    decent = parts.scheme in ("https", "http") and bool(parts.netloc) and not any(c.isspace() for c in text)
    return text if decent and len(text) <= 4000 else ""


def enclosed(attachments: Any) -> Enclosed:
    """Read the attachments of one private message (Messenger Platform "message" event; Instagram likewise)."""
    media: list[MediaRef] = []
    lines: list[str] = []
    extra: dict[str, Any] = {}
    likes = others = 0
    for _, one in each(attachments):
        kind = ident(one, "type")
        if kind == "like_heart":
            likes += 1
            continue
        others += 1
        media += _file(kind, one)
        lines += _words(kind, one)
        extra.update(_facts(kind, one))
    return Enclosed(tuple(media[:MOST]), tuple(lines[:MOST]), extra, like=bool(likes) and not others)


def _file(kind: str, one: Mapping[str, Any]) -> Iterator[MediaRef]:
    payload = part(one, "payload")
    url = first(web_address(part(payload, "url")), web_address(part(one, "url")))
    name = clean_line(words(payload, "title")).rsplit("/", 1)[-1][:120]
    if url and kind in _KINDS:
        what = "sticker" if kind == "image" and ident(payload, "sticker_id") else _KINDS[kind]
        yield MediaRef(what, url=url, name=name if kind == "file" else "")


def _words(kind: str, one: Mapping[str, Any]) -> Iterator[str]:
    """A place, a shared page or a contact in words: what stands for the text where there is no other."""
    place = _place(one) if kind == "location" else None
    title = first(words(one, "payload", "title"), words(one, "title"))
    if place is not None:
        yield f"Lokasi: {place[0]}, {place[1]}"
    if kind not in _KINDS or kind in _SHARED:
        yield from filter(None, (title,))
    if kind not in _KINDS and kind != "location":
        yield from filter(None, (first(words(one, "payload", "url"), words(one, "url")),))


def _facts(kind: str, one: Mapping[str, Any]) -> dict[str, Any]:
    place = _place(one) if kind == "location" else None
    if place is not None:
        return {"latitude": place[0], "longitude": place[1]}
    return {"story_mention": True} if kind == "story_mention" else {}


def _place(one: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS 84), where both are numbers on the globe."""
    spot = part(one, "payload", "coordinates")
    lat, lon = part(spot, "lat"), first_number(part(spot, "long"), part(spot, "lng"), part(spot, "lon"))
    if not _number(lat) or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return float(lat), lon


def first_number(*values: Any) -> float | None:
    """The first that is a number."""
    return next((float(one) for one in values if _number(one)), None)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
