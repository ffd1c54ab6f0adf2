"""One delivery of a Page's hook, or one polled row, becomes items. Pure."""

from collections.abc import Mapping

from salur.channels.platforms.facebook.feed import read_change
from salur.channels.platforms.facebook.rows import read_rows
from salur.channels.platforms.loose import first, ident, read_value
from salur.channels.platforms.meta.messages import read_event
from salur.channels.platforms.meta.walk import Event, walk
from salur.channels.ports import AccountView, Item, Raw, Unreadable


def parse(account: AccountView, raw: Raw) -> list[Item]:
    """Every item of the delivery, in its order; raises Unreadable where none can be told apart."""
    found = read_value(raw)
    if isinstance(found, Mapping) and "entry" not in found and not isinstance(found.get("field"), str):
        if "data" not in found and not ident(found, "id"):
            raise Unreadable("neither a delivery of a hook nor a list that was asked for")
        page = first(ident(found, "account"), account.address)
        return read_rows(found, page, frozenset({page, account.address}), raw, inbox(page))
    if not found or not isinstance(found, Mapping | list):
        raise Unreadable("the JSON is no delivery")
    items: list[Item] = []
    for event in walk(found, "page"):
        if not isinstance(event, Event):
            items.append(event)
            continue
        own = frozenset(filter(None, (event.account, account.address)))
        if event.kind == "change":
            items += read_change(event, own, raw)
        else:
            items += read_event(event, own, raw, inbox(event.account))
    return items


def inbox(page: str) -> str:
    """Where an officer finds the Page's conversations ("" for no Page)."""
    return f"https://business.facebook.com/latest/inbox/all?asset_id={page}" if page.isdecimal() else ""
