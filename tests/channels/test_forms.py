"""The portal form and the clerk's form."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.channels.ports import AccountView, Ignored, Inbound, Outbound, Raw, Receipt, Unreadable
from salur.channels.registry import PLATFORMS, UnknownPlatform, platform

ACCOUNT = AccountView(1, "web", "portal")
FORM: dict[str, Any] = {
    "form_id": "f-1",
    "text": "Jalan rusak\r\ndi depan pasar",
    "title": "Jalan",
    "name": "Siti Rahmawati",
    "email": "siti@warga.test",
    "phone": "+62 812 0000",
    "anonymous": True,
    "confidential": False,
    "kind": "complaint",
    "agency": 3,
    "area": "18.09",
    "government": 1,
    "spoken_at": "2026-11-24T10:00:00+07:00",
}


def read(name: str, form: Any) -> Any:
    body = form if isinstance(form, bytes) else json.dumps(form).encode()
    found = platform(name).parse(ACCOUNT, Raw("x", body, "application/json"))
    return found[0]


def test_portal_form_is_read_with_all_it_knows() -> None:
    said = read("web", FORM)
    assert said == Inbound(
        external_id="f-1",
        text="Jalan rusak\ndi depan pasar",
        spoken_at=datetime.fromisoformat("2026-11-24T10:00:00+07:00"),
        sender_address="siti@warga.test",
        sender_name="Siti Rahmawati",
        subject="Jalan",
        extra={
            "email": "siti@warga.test",
            "phone": "+62 812 0000",
            "anonymous": True,
            "confidential": False,
            "kind": "complaint",
            "agency": 3,
            "area": "18.09",
            "government": 1,
        },
    )


def test_counter_form_needs_its_clerk_and_prefers_the_contact() -> None:
    said = read("counter", {**FORM, "clerk": 7, "contact": "0813-1111", "queue": "A12"})
    assert (said.sender_address, said.extra["clerk"], said.extra["queue"]) == ("0813-1111", 7, "A12")
    with pytest.raises(Unreadable, match="clerk"):
        read("counter", FORM)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"form_id": ""}, "form_id"),
        ({"kind": "keluhan"}, "kind"),
        ({"spoken_at": "2026-11-24T10:00:00"}, "spoken_at"),
        ({"spoken_at": "kemarin"}, "spoken_at"),
        ({"text": None}, "text"),
        ({"anonymous": "mungkin"}, "anonymous"),
    ],
)
def test_wrong_field_is_named_but_not_shown(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unreadable) as error:
        read("web", {**FORM, **change})
    assert field in str(error.value)
    assert "keluhan" not in str(error.value)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b"3", b"{", b"[" * 5_000])
def test_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match="JSON"):
        read("web", body)


def test_poison_is_taken_out_and_empty_forms_are_ignored() -> None:
    said = read("web", {**FORM, "text": "rusak \ud83d jalan \0 nul", "name": "a\nb"})
    assert (said.text, said.sender_name) == ("rusak  jalan  nul", "a b")
    assert read("web", {**FORM, "text": " ", "title": "Jalan"}).text == "Jalan"
    assert read("web", {**FORM, "text": " ", "title": ""}) == Ignored("empty")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.dictionaries(st.sampled_from([*FORM, "clerk"]), x),
    )
)
@settings(max_examples=150)
def test_any_json_is_read_or_unreadable(value: Any) -> None:
    for name in ("web", "counter", "sp4n"):
        try:
            read(name, value)
        except Unreadable as error:
            assert str(error)


def test_answers_go_by_page_by_person_or_by_lapor() -> None:
    answer = Outbound("k1", "0813-1111", "sudah")
    note = Outbound("k1", "0813-1111", "nomor Anda", automatic=True)
    assert platform("web").send(ACCOUNT, answer) == Receipt("page:k1")
    assert platform("counter").send(ACCOUNT, answer) == Receipt("counter:k1", manual=True)
    assert platform("counter").send(ACCOUNT, note) == Receipt("page:k1")
    assert platform("counter").send(ACCOUNT, Outbound("k1", "", "sudah")) == Receipt("page:k1")
    assert platform("sp4n").send(ACCOUNT, answer) == Receipt("sp4n:k1", manual=True)


def test_quiet_platforms_fetch_nothing_and_are_well() -> None:
    for name in ("web", "counter", "sp4n"):
        assert list(platform(name).fetch_since(ACCOUNT, {})) == []
        assert platform(name).probe(ACCOUNT).ok
        assert platform(name).read_back(ACCOUNT, Outbound("k", "", "")) is None
        assert not platform(name).capabilities.can_fetch


def test_registry_knows_its_platforms_and_names_them() -> None:
    assert {"counter", "email", "sp4n", "web"} < set(PLATFORMS)
    with pytest.raises(UnknownPlatform, match=", ".join(sorted(PLATFORMS))):
        platform("faks")
