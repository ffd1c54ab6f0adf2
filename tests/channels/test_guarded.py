"""A file is fetched from the open internet or not at all: every way into the house is refused."""

import contextlib
import http.server
import ipaddress
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.channels import guarded
from salur.channels.guarded import NotFetched, fetch, is_public
from salur.channels.ports import Download

PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:0001::",  # 6to4 of 127.0.0.1
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",
    "no address",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_open_internet_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_the_house_may_be_asked(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="192.168.0.0/16"))
def test_what_hides_in_another_form_is_found(inner: Any) -> None:
    number = int(inner)
    for outer in (0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x64FF9B << 96 | number):
        assert not is_public(str(ipaddress.IPv6Address(outer)))


class Shop(http.server.BaseHTTPRequestHandler):
    """A server with files, detours and tricks; `asked` remembers what it was asked and with which headers."""

    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        type(self).asked.append((self.path, dict(self.headers)))
        if self.path.startswith("/go?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self._pour(b"x" * 10_000, 1_000)
        elif self.path == "/promise":
            self.send_response(200)
            self.send_header("Content-Length", "99999999")
            self.end_headers()
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            self._pour(b"x", 100, pause=0.1)
        elif self.path == "/slow-headers":
            self._pour(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100, 1, each=1, pause=0.2)
        elif self.path.startswith("/late-detour?"):
            time.sleep(0.3)
            self.send_response(302)
            self.send_header("Location", self.path[13:])
            self.end_headers()
        elif self.path == "/gone":
            self.send_error(404)
        elif self.path == "/busy":
            self.send_error(503)
        else:
            self.send_response(200)
            self.send_header("Content-Type", "image/png; charset=x")
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"foto")

    def _pour(self, piece: bytes, times: int, pause: float = 0, each: int = 0) -> None:
        pieces = [piece[at : at + each] for at in range(0, len(piece), each)] if each else [piece]
        try:
            for one in pieces * times:
                self.wfile.write(one)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[tuple[str, type[Shop]]]:
    shop = type("OneShop", (Shop,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", shop
    finally:
        server.shutdown()
        server.server_close()


def why(url: str, **how: Any) -> str:
    with pytest.raises(NotFetched) as refused:
        fetch(Download(url, trusted=how.pop("trusted", "")), **how)
    return refused.value.why


def test_a_file_of_the_trusted_origin_comes_with_its_type_and_our_token() -> None:
    with serving() as (base, shop):
        found = fetch(Download(f"{base}/a.png?x=1", {"Authorization": "Bearer t"}, f"{base}/instagram"))
        assert (found.content, found.content_type) == (b"foto", "image/png")
        ((path, headers),) = shop.asked
        assert (path, headers["Authorization"], headers["Host"]) == ("/a.png?x=1", "Bearer t", base[7:])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.test/a.png",
        "ftp://example.test/a.png",
        "file:///etc/passwd",
        "gopher://example.test/",
        "https://user:pass@example.test/a.png",
        "https:///a.png",
        "https://example.test:99999/a",
        "//example.test/a",
        "",
        "\0",
    ],
)
def test_only_plain_https_addresses_are_asked(url: str) -> None:
    assert why(url, resolve=lambda host, port: pytest.fail("looked up")) == "not_web"


@pytest.mark.parametrize("address", [one for one in PRIVATE if one and one != "no address"])
def test_a_name_that_leads_into_the_house_is_refused_before_anybody_is_asked(address: str) -> None:
    assert why("https://cdn.example.test/a.png", resolve=lambda host, port: [address]) == "private_address"


def test_one_private_address_among_public_ones_is_enough() -> None:
    told = why("https://cdn.example.test/a", resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert told == "private_address"


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["203.0.113.9"] if len(looked) > 1 else ["93.184.216.34"]

    asked: list[tuple[str, str]] = []

    def get(parts: Any, address: str, *_: Any) -> guarded.Fetched:
        asked.append((parts.hostname, address))
        return guarded.Fetched(b"", "")

    monkeypatch.setattr(guarded, "_get", get)
    fetch(Download("https://cdn.example.test/a"), resolve=resolve)
    assert (looked, asked) == (["cdn.example.test"], [("cdn.example.test", "93.184.216.34")])


@pytest.mark.parametrize(
    "inside", ["http://169.254.169.254/latest/", "https://127.0.0.1/", "https://[::1]/", "file:///x"]
)
def test_a_redirect_into_the_house_is_refused(inside: str) -> None:
    with serving() as (base, _):
        assert why(f"{base}/go?{inside}", trusted=base) in ("private_address", "not_web")


def test_a_redirect_to_another_port_of_this_machine_is_another_origin() -> None:
    with serving() as (base, _), serving() as (other, shop):
        assert why(f"{base}/go?{other}/a", trusted=base) == "not_web"
        assert shop.asked == []


def test_a_token_stays_with_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []

    def get(parts: Any, address: str, headers: Any, *_: Any) -> Any:
        sent.append(dict(headers))
        return "https://elsewhere.test/b" if parts.hostname == "cdn.test" else guarded.Fetched(b"", "")

    monkeypatch.setattr(guarded, "_get", get)
    fetch(Download("https://cdn.test/a", {"Authorization": "Bearer t"}), resolve=lambda *_: ["93.184.216.34"])
    assert sent == [{"Authorization": "Bearer t"}, {}]


def test_endless_detours_end() -> None:
    with serving() as (base, shop):
        assert why(f"{base}/go?{'/go?' * 9}{base}/a", trusted=base) == "too_many_redirects"
        assert len(shop.asked) == guarded.REDIRECTS + 1


def test_what_is_too_large_is_not_read_to_the_end() -> None:
    with serving() as (base, _):
        assert why(f"{base}/endless", trusted=base, most=50_000) == "too_large"
        assert why(f"{base}/promise", trusted=base, most=50_000) == "too_large"


@pytest.mark.parametrize("path", ["/slow", "/slow-headers"])
def test_what_drips_is_left(path: str) -> None:
    with serving() as (base, _):
        began = time.monotonic()
        assert why(f"{base}{path}", trusted=base, seconds=0.5) == "too_slow"
        assert 0.4 < time.monotonic() - began < 2


def test_detours_share_one_deadline() -> None:
    with serving() as (base, _):
        began = time.monotonic()
        assert why(f"{base}/late-detour?{base}/slow", trusted=base, seconds=0.8) == "too_slow"
        assert time.monotonic() - began < 2


def test_a_name_that_is_looked_up_for_ever_is_left() -> None:
    done = threading.Event()
    began = time.monotonic()
    told = why("https://cdn.example.test/a", resolve=lambda host, port: [str(done.wait(30))], seconds=0.3)
    done.set()
    assert told == "too_slow" and time.monotonic() - began < 2


def test_a_handshake_that_drips_is_left() -> None:
    """TLS that never comes: the time of the whole counts there too."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def drip() -> None:
            other, _ = server.accept()
            with other, contextlib.suppress(OSError):
                other.sendall(b"\x16\x03\x03\x3f\xff")  # a record of 16 KB begins
                for _ in range(50):
                    other.sendall(b"\x00")
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        began, base = time.monotonic(), f"https://127.0.0.1:{port}"
        assert why(f"{base}/a", trusted=base, seconds=0.5) == "too_slow"
        assert time.monotonic() - began < 2


def test_no_thread_and_no_socket_is_left_behind() -> None:
    with serving() as (base, _):
        fetch(Download(f"{base}/a.png", trusted=base))
        time.sleep(0.2)
        before = threading.active_count(), len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            fetch(Download(f"{base}/a.png", trusted=base))
        time.sleep(0.2)
        after = threading.active_count(), len(os.listdir("/proc/self/fd"))
    assert after[0] <= before[0] + 1 and after[1] <= before[1] + 2


@pytest.mark.parametrize(("path", "told", "final"), [("/gone", "gone", True), ("/busy", "unreachable", False)])
def test_a_refusal_says_whether_another_try_helps(path: str, told: str, final: bool) -> None:
    with serving() as (base, _), pytest.raises(NotFetched) as refused:
        fetch(Download(f"{base}{path}", trusted=base))
    assert (refused.value.why, refused.value.final) == (told, final)


@given(st.text(max_size=60))
def test_any_address_is_fetched_or_refused(url: str) -> None:
    with pytest.raises(NotFetched):
        fetch(Download(url), resolve=lambda host, port: ["127.0.0.1"])
