"""Mails that are made to cost: each is read or refused within seconds, whatever it is built of."""

import time
from collections.abc import Callable

import pytest

from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.email.bounded import MAX_DEPTH, MAX_PARTS
from salur.channels.ports import AccountView, Ignored, Inbound, Raw, Unreadable

ACCOUNT = AccountView(1, "email", "opd@lampung.test", {})
SECONDS = 5
HEAD = b"""From: Siti <siti@warga.test>
To: opd@lampung.test
Date: Tue, 24 Nov 2026 10:00:00 +0700
Message-ID: <x@warga.test>
"""
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"


def read(octets: bytes) -> list[Inbound] | Ignored:
    return EmailPlatform().parse(ACCOUNT, Raw("x", octets, "message/rfc822"))


def nested(depth: int, inmost: bytes) -> bytes:
    levels = [b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)]
    return HEAD + b"".join(levels) + b"Content-Type: text/plain\n\n" + inmost


def siblings(count: int, more: bytes = b"") -> bytes:
    return MIXED + (b"--b\nContent-Type: text/plain" + more + b"\n\nhalo\n") * count + b"--b--\n"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nested multiparts": (lambda: nested(900, b"halo\n" * 50_000), "nested more than 50 deep"),
    "nested mails": (lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 900 + b"\nhalo", "nested more than 50 deep"),
    "deep and long": (lambda: nested(40, b"a\n" * 900_000), "parts nested"),
    "lines": (lambda: HEAD + b"\n" * 20_000_000, "lines"),
    "bare carriage returns": (lambda: HEAD + b"\n" + b"\r" * 20_000_000, "lines"),
    "parts": (lambda: MIXED + b"--b\n\n" * 300_000, "more than 1000 parts"),
    "reports of delivery": (
        lambda: HEAD + b"Content-Type: message/delivery-status\n\n" + b"A: b\n\n" * 300_000,
        "more than 1000 parts",
    ),
    "fields": (lambda: HEAD + b"A: b\n" * 900_000 + b"\nhalo", "header fields"),
    "parameters": (lambda: HEAD + b"Content-Type: text/plain" + b";" * 20_000_000 + b"\n\nhalo", "parameters"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_take_hours_is_refused_within_seconds(name: str) -> None:
    build, told = REFUSED[name]
    octets = build()
    began = time.monotonic()
    with pytest.raises(Unreadable, match=told):
        read(octets)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize(
    "octets",
    [
        siblings(900, b"; a=b" * 90),
        siblings(900, b'; name="' + b'\\"' * 5_000),
        HEAD + b"Subject: x\n" + b" y\n" * 500_000 + b"\nhalo",
        HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 1_000_000 + b"\n\nhalo",
        HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 3_000_000 + b"halo",
        MIXED + (b"--b\nContent-Type: text/html\n\n" + b"<b><i>" * 300_000 + b"\n") * 9,
        HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 300_000 + b"\n\n--" + b"b" * 300_000 + b"\n\nx",
    ],
    ids=["parameters", "quotes", "folds", "words", "html", "html parts", "boundary"],
)
def test_what_is_odd_and_bearable_is_read_within_seconds(octets: bytes) -> None:
    began = time.monotonic()
    read(octets)
    assert time.monotonic() - began < SECONDS


def test_as_deep_and_as_many_as_is_allowed_is_still_read() -> None:
    deep, many = read(nested(MAX_DEPTH, b"halo")), read(siblings(MAX_PARTS))
    assert isinstance(deep, list) and deep[0].text == "halo"
    assert isinstance(many, list) and many[0].text.count("halo") == MAX_PARTS
    with pytest.raises(Unreadable):
        read(nested(MAX_DEPTH + 1, b"halo"))
    with pytest.raises(Unreadable):
        read(siblings(MAX_PARTS + 1))


def test_a_forwarded_digest_of_a_hundred_mails_is_no_bomb() -> None:
    one = b"--b\nContent-Type: message/rfc822\n\n" + nested(2, b"isi " * 1_000 + b"\n--b1--\n--b0--\n")
    said = read(MIXED + b"--b\n\nmohon dibaca\n" + one * 100 + b"--b--\n")
    assert isinstance(said, list) and said[0].text == "mohon dibaca" and len(said[0].attachments) == 100
