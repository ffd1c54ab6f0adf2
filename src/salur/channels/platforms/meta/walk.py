"""From one delivery of a Meta hook to its single events, whatever shape it takes; what is no event is said to be none.

Source: Graph API "Webhooks: Getting Started" (`entry`, `changes`, `changed_fields`, up to 1,000 updates of several
accounts a delivery) and the samples of the Instagram Platform, some of which have an array at the root or `field` and
`value` in the entry itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from salur.channels.platforms.loose import first, ident, moment, part, table
from salur.channels.ports import Broken, Ignored

TEST_ACCOUNT = "0"
_MESSAGE_FIELDS = ("messag", "standby")
Kind = Literal["change", "messaging", "standby"]


@dataclass(frozen=True)
class Event:
    """One update. `account` is the entry's id, `sent_at` when the delivery was sent (aware, where it is told)."""

    where: str
    account: str
    kind: Kind
    field: str
    value: Mapping[str, Any]
    sent_at: datetime | None


def walk(found: Any, wanted: str) -> Iterator[Event | Ignored | Broken]:
    """The events of a delivery about `wanted` ("page", "instagram") in their order; what is broken stands alone."""
    for root, one in _roots(found):
        told = ident(one, "object")
        if told and told != wanted:
            yield Broken(root or "object", f"this hook is for '{wanted}', the delivery is about another kind of object")
        elif "entry" not in one and isinstance(one.get("field"), str):
            yield from _entry(root or "entry", one)
        else:
            yield from _entries(root, one)


def _roots(found: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(found, Mapping):
        yield "", found
    elif isinstance(found, list):
        for place, one in enumerate(found):
            whole = isinstance(one, Mapping) and ("entry" in one or isinstance(one.get("field"), str))
            yield str(place), one if whole else {"entry": [one]}


def _entries(root: str, one: Mapping[str, Any]) -> Iterator[Event | Ignored | Broken]:
    prefix = f"{root}.entry" if root else "entry"
    entries = one.get("entry")
    if isinstance(entries, Mapping):
        entries = [entries]
    if not isinstance(entries, list):
        if entries is None and "entry" in one:
            yield Ignored("empty")
        else:
            yield Broken(prefix, "there is no list of entries")
        return
    if not entries:
        yield Ignored("empty")
    for place, entry in enumerate(entries):
        if isinstance(entry, Mapping):
            yield from _entry(f"{prefix}.{place}", entry)
        else:
            yield Broken(f"{prefix}.{place}", "an entry is no object")


def _entry(where: str, entry: Mapping[str, Any]) -> Iterator[Event | Ignored | Broken]:
    account = ident(entry, "id")
    if account == TEST_ACCOUNT:
        yield Ignored("test")
        return
    sent_at = moment(entry, "time")
    said = False
    for kind, pieces in _pieces(entry):
        if pieces is None:
            continue
        rows = [pieces] if isinstance(pieces, Mapping) else pieces
        if not isinstance(rows, list):
            said = True
            yield Broken(f"{where}.{kind}", "there is no list of updates")
            continue
        for place, row in enumerate(rows):
            said = True
            yield _event(f"{where}.{kind}.{place}", account, kind, row, sent_at)
    if not said:
        yield _nothing(where, account, entry)


def _pieces(entry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "changes", entry.get("changes")
    yield "messaging", entry.get("messaging")
    yield "standby", entry.get("standby")
    if isinstance(entry.get("field"), str):
        yield "change", {"field": entry["field"], "value": entry.get("value")}


def _event(where: str, account: str, kind: str, row: Any, sent_at: datetime | None) -> Event | Broken:
    if not isinstance(row, Mapping):
        return Broken(where, "an update is no object")
    if kind in ("messaging", "standby"):
        ref = first(account, ident(row, "recipient", "id"))
        return Event(where, ref, "standby" if kind == "standby" else "messaging", "", row, sent_at)
    field, value = ident(row, "field"), part(row, "value")
    if not isinstance(value, Mapping):
        return Broken(where, "an update has no value: switch 'Include Values' on in the app's webhook settings")
    if field.startswith(_MESSAGE_FIELDS) and table(value, "sender"):
        return Event(where, account, "standby" if field == "standby" else "messaging", field, value, sent_at)
    return Event(where, account, "change", field, value, sent_at)


def _nothing(where: str, account: str, entry: Mapping[str, Any]) -> Ignored | Broken:
    if entry.get("changed_fields"):
        return Broken(
            f"{where}.changed_fields",
            "an update has no values: switch 'Include Values' on in the app's webhook settings; the poll finds them",
        )
    return Ignored("empty", account_ref=account)
