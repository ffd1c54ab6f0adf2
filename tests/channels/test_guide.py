"""What a page takes as an address of another machine: a public name by https, and nothing inside the house."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.channels.guide import PUBLIC_HOST, PUBLIC_URL
from salur.channels.registry import PLATFORMS

DECENT = [
    "https://matrix.lampung.go.id",
    "https://matrix.lampung.go.id/",
    "https://sosial.contoh.id:8443",
    "https://contoh.id/hooks/salur?key=a%20b",
    "https://xn--kontoh-1ya.id/a",
    "https://a.local.go.id",
]
REFUSED = [
    "http://matrix.lampung.go.id",
    "https://localhost",
    "https://localhost:8008/a",
    "https://LOCALHOST.localdomain",
    "https://db.localhost",
    "https://printer.local",
    "https://vault.internal:8200/",
    "https://router.home.arpa",
    "https://router.lan/x",
    "https://intranet",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0x7f.0.0.1",
    "https://0177.0.0.1",
    "https://10.0.0.5:8443/x",
    "https://169.254.169.254/latest",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]",
    "https://contoh.id@127.0.0.1/",
    "https://u:p@contoh.id/",
    "https://contoh.id\\@127.0.0.1",
    "https://127.0.0.1#.contoh.id",
    "https://127.0.0.1/.contoh.id",
    "https://127.0.0.1\t.contoh.id",
    "https://contoh.id.",
    "https://.contoh.id",
    "https://１２７.0.0.1",
    "https://contoh。id",
    "https:///contoh.id",
    "//contoh.id",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("url", DECENT)
def test_a_public_name_is_taken(url: str) -> None:
    assert re.fullmatch(PUBLIC_URL, url)


@pytest.mark.parametrize("url", REFUSED)
def test_nothing_inside_the_house_is_taken(url: str) -> None:
    assert not re.fullmatch(PUBLIC_URL, url)


@given(st.ip_addresses().map(str) | st.integers(0, 2**32 - 1).map(str) | st.integers(0, 2**32 - 1).map(hex))
def test_no_address_by_number_is_taken(host: str) -> None:
    assert not re.fullmatch(PUBLIC_HOST, host) and not re.fullmatch(PUBLIC_URL, f"https://{host}/")


@pytest.mark.parametrize(
    ("platform", "name"),
    [("webhook", "answer_url"), ("matrix", "homeserver"), ("mastodon", "instance"), ("mastodon", "address")],
)
def test_the_pages_hold_addresses_against_it(platform: str, name: str) -> None:
    (entry,) = (one for one in PLATFORMS[platform].guide.entries if one.name == name)
    before = "@opd@" if name == "address" else "https://"
    assert re.fullmatch(entry.pattern, f"{before}sosial.contoh.id")
    for inside in ("localhost", "127.0.0.1", "127.0.0.1:8443", "[::1]", "intranet", "db.internal"):
        assert not re.fullmatch(entry.pattern, before + inside)
    assert not re.fullmatch(entry.pattern, "http://sosial.contoh.id")


def test_a_page_names_no_folder_of_this_machine() -> None:
    assert "folder" not in {entry.name for entry in PLATFORMS["sms"].guide.entries}
