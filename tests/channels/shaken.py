"""What no platform may stumble over: any JSON at all, and real payloads with one node dropped or replaced."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from salur.channels.ports import (
    AccountNews,
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    Platform,
    Raw,
    Receipted,
    Removed,
    Unreadable,
)

PAYLOADS = Path(__file__).parent / "payloads"
ITEMS = (Inbound, Edited, Removed, Receipted, Echoed, AccountNews, Ignored, Broken)
REASONS = {
    *("bounce", "auto_reply", "mailing_list", "own_message", "empty", "reaction", "typing", "unknown_kind", "test"),
    "other_account",
}

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.sampled_from(["\ud83d", "\0", "9" * 400, "-1", "2026-11-24T03:26:10Z", "https://x", "mxc://", "@a:b"])
)
any_json = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
)


def corpus(*folders: str) -> list[Path]:
    """The payload files of these platforms, by name."""
    return sorted(path for folder in folders for path in (PAYLOADS / folder).glob("*.json"))


def load(path: Path) -> Any:
    """The JSON of a payload file."""
    return json.loads(path.read_text())


@st.composite
def damaged(draw: st.DrawFn, value: Any) -> Any:
    """The value with one to three of its nodes dropped or replaced by anything."""
    found = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        places = [*_places(found)]
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            del holder[key]
        else:
            holder[key] = draw(any_json)
    return found


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def read_anyhow(platform: Platform, account: AccountView, value: Any, content_type: str = "application/json") -> None:
    """Read a value and hold that there are items fit to store, or Unreadable, and nothing else."""
    raw = Raw("k", json.dumps(value).encode(), content_type)
    try:
        items = platform.parse(account, raw)
    except Unreadable:
        return
    assert items, "a delivery that says nothing is ignored with a reason, never dropped"
    for item in items:
        assert isinstance(item, ITEMS)
        if isinstance(item, Ignored):
            assert item.reason in REASONS
        if isinstance(item, Inbound):
            assert item.external_id and (item.text or item.media or item.attachments)
            assert item.spoken_at.tzinfo is not None
        _storable(item)


def _storable(item: Any) -> None:
    """No text that a database refuses, and nothing that is no JSON where JSON is kept."""
    for name, value in vars(item).items():
        if isinstance(value, str):
            assert "\0" not in value, name
            value.encode()
        elif isinstance(value, dict):
            json.dumps(value, allow_nan=False).encode()
