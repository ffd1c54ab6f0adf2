"""What Meta's adapters never do, whatever comes: raise anything but Unreadable, drop a delivery, give what cannot be
stored."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.meta_corpus import FACEBOOK, GRAM, INSTAGRAM, PAGE, THREAD, THREADS, raw
from tests.channels.shaken import ITEMS, REASONS, any_json, corpus, damaged, load

from salur.channels.ports import AccountView, Ignored, Inbound, Platform, Unreadable

READERS: list[tuple[Platform, AccountView]] = [(FACEBOOK, PAGE), (INSTAGRAM, GRAM), (THREADS, THREAD)]
FILES = [load(path) for path in corpus("facebook", "messenger", "instagram", "threads", "hostile")]
WORDLESS = {"words": "missing"}


def holds(platform: Platform, account: AccountView, value: Any, via: str) -> None:
    """The law for one value."""
    delivery = raw(value, via)
    try:
        items = platform.parse(account, delivery)
    except Unreadable as error:
        assert str(error)
        return
    assert items, "a delivery that says nothing is ignored with a reason, never dropped"
    for item in items:
        assert isinstance(item, ITEMS)
        if isinstance(item, Ignored):
            assert item.reason in REASONS
        if isinstance(item, Inbound):
            assert item.external_id and item.spoken_at.tzinfo is not None
            assert item.text or item.media or item.extra.get("words") == "missing", "silence is said to be silence"
            assert item.answer_at or item.audience == "private"
            assert all(one.url.startswith(("https://", "http://")) for one in item.media)
        for told in vars(item).values():
            if isinstance(told, str):
                assert "\0" not in told
                told.encode()
            elif isinstance(told, dict):
                json.dumps(told, allow_nan=False).encode()


@pytest.mark.parametrize("via", ["hook", "poll"])
@given(any_json)
@settings(max_examples=150, deadline=None)
def test_any_json_is_items_or_unreadable(via: str, value: Any) -> None:
    for platform, account in READERS:
        holds(platform, account, value, via)


@given(st.sampled_from(FILES).flatmap(damaged))
@settings(max_examples=400, deadline=None)
def test_a_damaged_payload_is_items_or_unreadable(value: Any) -> None:
    for platform, account in READERS:
        holds(platform, account, value, "hook")


POLLED = st.fixed_dictionaries(
    {"polled": st.sampled_from(["comment", "post", "mention", "tagged", "message", "reply"]), "data": any_json},
    optional={"post": any_json, "account": any_json},
)


@given(POLLED)
@settings(max_examples=200, deadline=None)
def test_any_polled_list_is_items_or_unreadable(value: Any) -> None:
    for platform, account in READERS:
        holds(platform, account, value, "poll")


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_octets_are_items_or_unreadable(octets: bytes) -> None:
    for platform, account in READERS:
        try:
            assert platform.parse(account, raw(octets))
        except Unreadable:
            continue


def test_a_thousand_updates_a_long_text_and_a_deep_nesting_are_read() -> None:
    value = {"item": "comment", "verb": "add", "post_id": "1_1", "message": "macet"}
    changes = [{"field": "feed", "value": value | {"comment_id": f"1_{n}"}} for n in range(1000)]
    changes[7]["value"] = value | {"comment_id": "1_7", "message": "x" * 100_000}
    found = FACEBOOK.parse(PAGE, raw({"object": "page", "entry": [{"id": "1", "changes": changes}]}))
    assert len(found) == 1000
    assert sorted(len(one.text) for one in found if isinstance(one, Inbound))[-2:] == [5, 100_000]
    with pytest.raises(Unreadable):
        FACEBOOK.parse(PAGE, raw(b'{"entry":' + b"[" * 100_000))
