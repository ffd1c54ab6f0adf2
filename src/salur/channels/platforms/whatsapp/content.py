"""What one WhatsApp message says: its words, its files, and in signs what is neither (a place, a card, an order). Pure.

Source: WhatsApp Business Platform, "Webhooks: messages" (one object for each type, named as the type).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from salur.channels.platforms.loose import each, first, ident, part, rows, table, words
from salur.channels.platforms.text import clean_json, clean_line
from salur.channels.ports import MediaRef

FileKind = Literal["image", "video", "audio", "file", "sticker"]
FILES: dict[str, FileKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "file",
    "sticker": "sticker",
}
PIN, CARD, CART = "\N{ROUND PUSHPIN}", "\N{TELEPHONE RECEIVER}", "\N{SHOPPING TROLLEY}"


def words_of(message: Mapping[str, Any]) -> str:
    """All that it says in words, line by line."""
    said = [
        words(message, "text", "body"),
        *(words(message, kind, "caption") for kind in FILES),
        words(message, "button", "text"),
        _chosen(table(message, "interactive")),
        _place(table(message, "location")),
        *_cards(message),
        _order(table(message, "order")),
    ]
    return "\n".join(one for one in said if one)


def files_of(message: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """Its files by their ids: an id lasts for weeks, the address beside it for five minutes."""
    return tuple(_files(message))


def _files(message: Mapping[str, Any]) -> Iterator[MediaRef]:
    for name, kind in FILES.items():
        one = table(message, name)
        media_id, url = ident(one, "id"), words(one, "url")
        if media_id or url.startswith("https://"):
            yield MediaRef(
                kind,
                url="" if media_id else url,
                media_id=media_id,
                name=_bare(clean_line(words(one, "filename"))),
                content_type=ident(one, "mime_type").partition(";")[0],
            )


def _bare(name: str) -> str:
    """A file name without any path."""
    return name.replace("\\", "/").rpartition("/")[2][:120]


def facts_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What is known beyond words: coordinates in degrees (WGS 84), and whether it was passed on by somebody."""
    latitude, longitude = _degrees(message, "latitude", 90), _degrees(message, "longitude", 180)
    found: dict[str, Any] = {}
    if latitude is not None and longitude is not None:
        found = {"latitude": latitude, "longitude": longitude}
    context = table(message, "context")
    if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
        found["forwarded"] = True
    return found


def _degrees(message: Mapping[str, Any], name: str, most: float) -> float | None:
    found = part(message, "location", name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not -most <= found <= most:
        return None
    return float(found)


def _place(spot: Mapping[str, Any]) -> str:
    latitude, longitude = words(spot, "latitude"), words(spot, "longitude")
    where = f"{latitude}, {longitude}" if latitude and longitude else ""
    named = ", ".join(one for one in (words(spot, "name"), words(spot, "address")) if one)
    if not where and not named:
        return ""
    return f"{PIN} {named} ({where})" if named and where else f"{PIN} {named or where}"


def _cards(message: Mapping[str, Any]) -> Iterator[str]:
    for _, one in each(message, "contacts"):
        name = first(words(one, "name", "formatted_name"), words(one, "name", "first_name"))
        numbers = [first(words(phone, "phone"), ident(phone, "wa_id")) for _, phone in each(one, "phones")]
        told = ", ".join(piece for piece in (clean_line(name), *numbers) if piece)
        if told:
            yield f"{CARD} {told}"


def _order(order: Mapping[str, Any]) -> str:
    wanted = [
        f"{words(one, 'quantity') or '1'} x {ident(one, 'product_retailer_id')}"
        for _, one in each(order, "product_items")
    ]
    listed = f"{CART} {', '.join(wanted)}" if wanted else ""
    return "\n".join(one for one in (words(order, "text"), listed) if one)


def _chosen(interactive: Mapping[str, Any]) -> str:
    """What was chosen from buttons or a list, or filled into a form."""
    picked = table(interactive, "button_reply") or table(interactive, "list_reply")
    if picked:
        told = (words(picked, "title"), words(picked, "description"))
        return "\n".join(one for one in told if one) or words(picked, "id")
    form = table(interactive, "nfm_reply")
    return "\n".join(_filled(form)) or words(form, "body")


def _filled(form: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a form, except the token of its flow; nothing where the answer is no object."""
    answer = form.get("response_json")
    if isinstance(answer, str):
        try:
            answer = clean_json(json.loads(answer))
        except (ValueError, RecursionError):
            return
    for key, value in answer.items() if isinstance(answer, Mapping) else ():
        listed = value if isinstance(value, list) else [value]
        told = ", ".join(found for found in (words(one) for one in listed) if found)
        if told and key != "flow_token":
            yield f"{clean_line(str(key))}: {told}"


def troubles(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The errors that stand in an object, as (code, title): titles are WhatsApp's own, never a person's words."""
    return [
        (ident(one, "code"), clean_line(first(words(one, "title"), words(one, "message")))[:120])
        for one in rows(value, "errors")
        if isinstance(one, Mapping)
    ]
