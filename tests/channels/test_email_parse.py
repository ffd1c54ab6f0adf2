"""What each mail of the corpus becomes, and the laws that hold for any octets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.channels.mail_corpus import ACCOUNT, HEAD, PAYLOADS, PLATFORM, WRITTEN

from salur.channels.platforms.email.headers import to_text
from salur.channels.ports import Ignored, Raw, Unreadable


def read(octets: bytes, received_at: datetime | None = None, content_type: str = "message/rfc822") -> Any:
    found = PLATFORM.parse(ACCOUNT, Raw("x", octets, content_type, received_at=received_at))
    return found[0]


def load(name: str) -> Any:
    return read((PAYLOADS / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("attachment_path_traversal_name", "lihat"),
        ("bad_charset_label", "Jalan rusak"),
        ("forwarded_message_rfc822", "mohon diteruskan"),
        ("html_only", "Lampu jalan di Jl. Melati\nmati & gelap.\n\nsejak Senin\n\ntiga tiang\n\nTerima kasih"),
        ("reply_gmail_indonesian", "Sudah diperbaiki, terima kasih."),
        ("reply_outlook_indonesian", "Belum, lubangnya masih ada."),
        ("reply_between_quotes", "Di depan pasar.\nSejak Senin."),
        ("reply_only_quote", "> Di mana lokasinya?"),
        ("nul_and_broken_words", "sebelum"),
        ("no_id_no_date", "Jalan rusak"),
        ("tnef_and_unnamed", "terlampir"),
    ],
)
def test_words_of_the_citizen(name: str, text: str) -> None:
    said = load(name)
    assert said.text == text if "broken" not in name and "bad" not in name else said.text.startswith(text)
    assert said.sender_address == "siti@warga.test"


@pytest.mark.parametrize(
    ("name", "reason", "about", "detail"),
    [
        ("auto_reply_rfc3834", "auto_reply", "case-LPG-2026-0001@lampung.test", "Auto-Submitted"),
        ("vacation_null_path", "auto_reply", "salur.k1@lampung.test", "Auto-Submitted"),
        ("read_receipt", "auto_reply", "salur.k1@lampung.test", "report disposition-notification"),
        ("report_delivered", "auto_reply", "salur.k1@lampung.test", "delivery report: relayed"),
        ("mailing_list_and_loop", "own_message", "a8@lampung.test", "own address in From"),
        ("newsletter", "mailing_list", "", "Precedence"),
        ("bounce_postfix_permanent", "bounce", "salur.k1@lampung.test", "5.1.1 permanent"),
        ("bounce_delayed", "bounce", "salur.k1@lampung.test", "4.4.1 temporary"),
        ("bounce_plain_text", "bounce", "salur.k9@lampung.test", "5.2.1 permanent"),
    ],
)
def test_no_citizens_message(name: str, reason: str, about: str, detail: str) -> None:
    assert load(name) == Ignored(reason, about=about, detail=detail)


def test_delay_without_a_code_is_no_failure() -> None:
    octets = (PAYLOADS / "bounce_delayed.eml").read_bytes().replace(b"Status: 4.4.1\n", b"")
    assert read(octets) == Ignored("bounce", about="salur.k1@lampung.test", detail="temporary")


def test_blank_plain_part_gives_way_to_html() -> None:
    head = HEAD + b"Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\n \n"
    assert read(head + b"--B\nContent-Type: text/html\n\n<p>halo</p>\n--B--\n").text == "halo"


def test_live_capture_is_read_whole() -> None:
    said = read((PAYLOADS / "inbound_multipart_attachment.eml").read_bytes())
    assert said.external_id == "179549014602.14722.13059168684323918631@warga.test"
    assert said.text == "Yth. Dinas Kesehatan,\n\nPuskesmas tutup pukul 10.00 padahal jam kerja.\n\nTerima kasih"
    assert said.subject == "Pengaduan: puskesmas tutup – jam kerja"
    assert (said.sender_name, said.sender_address) == ("Warga", "warga@warga.test")
    assert said.thread_token == "dinkes"
    assert said.spoken_at == datetime(2026, 11, 24, 3, 15, 46, tzinfo=UTC)
    assert [(a.name, a.content_type) for a in said.attachments] == [("foto puskesmas.jpg", "image/jpeg")]
    assert said.attachments[0].content.startswith(b"\xff\xd8\xff")


def test_forwards_keep_what_they_forward() -> None:
    assert "Air PDAM keruh." in load("forwarded_inline").text
    enclosed = load("forwarded_message_rfc822").attachments
    assert [a.name for a in enclosed] == ["lampiran-1.eml"]
    assert b"air PDAM keruh" in enclosed[0].content


def test_attachment_names_are_bare_and_never_empty() -> None:
    assert load("attachment_path_traversal_name").attachments[0].name == "x.jpg"
    assert [a.name for a in load("tnef_and_unnamed").attachments] == ["winmail.dat", "lampiran-2.png", "surat .pdf"]


def test_broken_header_words_and_poison_characters() -> None:
    said = load("nul_and_broken_words")
    assert said.sender_name == "“Siti”"
    assert said.subject.startswith("Jalan – rusak")
    assert "\0" not in said.text
    said.text.encode()


def test_threading_is_most_specific_first_and_never_by_subject() -> None:
    assert load("reply_gmail_indonesian").thread_ids == ("salur.k1@lampung.test", "a0@warga.test")
    listed = HEAD + b"References: <a0@warga.test>\n <salur.k1@lampung.test> <a0@warga.test>\n\nhalo\n"
    assert read(listed).thread_ids == ("salur.k1@lampung.test", "a0@warga.test")
    named = HEAD + b"Subject: Re: [LPG-2026-0001] <salur.k1@lampung.test>\n\nhalo\n"
    assert read(named).thread_ids == ()


@pytest.mark.parametrize(
    ("field", "token"),
    [
        ("To: opd+tok@lampung.test", "tok"),
        ("Cc: OPD+Tok@LAMPUNG.test", "Tok"),
        ("Delivered-To: lapor+tok@lampung.test", "tok"),
        ("X-Original-To: <opd+tok@lampung.test>", "tok"),
        ("Cc: opd+tok@lain.test", ""),
        ("Cc: lain+tok@lampung.test", ""),
        ('Cc: "opd+tok@lampung.test" <lain@lampung.test>', ""),
        ("Subject: opd+tok@lampung.test", ""),
        ("Cc: opd+@lampung.test", ""),
        ("Cc: opd+@lampung.test, opd+tok@lampung.test", "tok"),
    ],
)
def test_token_comes_only_from_an_address_of_ours(field: str, token: str) -> None:
    octets = b"From: siti@warga.test\nDate: Tue, 24 Nov 2026 10:00:00 +0700\n" + field.encode() + b"\n\nhalo\n"
    assert read(octets).thread_token == token


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("Auto-Submitted: no", None),
        ("Auto-Submitted: auto-generated; x=y", "auto_reply"),
        ("X-Autoreply: yes", "auto_reply"),
        ("X-Auto-Response-Suppress: DR, AutoReply", "auto_reply"),
        ("X-Auto-Response-Suppress: OOF", None),
        ("Precedence: auto_reply", "auto_reply"),
        ("Precedence: junk", "auto_reply"),
        ("Precedence: list", "mailing_list"),
        ("Precedence: first-class", None),
        ("List-Id: <warga.lists.test>", "mailing_list"),
        ("List-Unsubscribe: <mailto:x@warga.test>", None),
        ("Return-Path: <>", "bounce"),
        ("Return-Path: <siti@warga.test>", None),
        ("X-Loop: opd@lampung.test", "own_message"),
        ("X-Loop: lain@warga.test", None),
        ("Subject: Out of office", None),
    ],
)
def test_header_fields_that_decide(field: str, reason: str | None) -> None:
    found = read(field.encode() + b"\n" + HEAD + b"\nhalo\n")
    assert (found.reason if isinstance(found, Ignored) else None) == reason


@pytest.mark.parametrize("sender", ["opd@lampung.test", "OPD <Opd@Lampung.Test>", "lapor@lampung.test"])
def test_mail_from_ourselves_is_our_own(sender: str) -> None:
    octets = f"From: {sender}\nMessage-ID: <z@lampung.test>\nDate: Tue, 24 Nov 2026 10:00:00 +0700\n\nhalo".encode()
    assert read(octets) == Ignored("own_message", about="z@lampung.test", detail="own address in From")


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "without content"),
        (b"hanya teks tanpa apa-apa\n", "no header field"),
        (b"Subject: x\nDate: Tue, 24 Nov 2026 10:00:00 +0700\n\nhalo", "no From"),
        (b"From: Siti\nDate: Tue, 24 Nov 2026 10:00:00 +0700\n\nhalo", "exactly one usable"),
        (b"From: a@warga.test, b@warga.test\nDate: Tue, 24 Nov 2026 10:00:00 +0700\n\nhalo", "exactly one usable"),
        (b"From: siti@warga.test\nDate: kemarin\n\nhalo", "no usable date"),
        (b"From: siti@warga.test\n\nhalo", "no usable date"),
    ],
)
def test_unreadable_says_why(octets: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(octets)


def test_truncated_mail_is_unreadable_with_its_size() -> None:
    with pytest.raises(Unreadable, match=r"31\.0 MB is more than max_size_mb 25"):
        read(HEAD, content_type="message/rfc822; truncated; size=31000000")
    with pytest.raises(Unreadable, match="withheld"):
        read(b"", content_type="message/rfc822; truncated; refused")


@pytest.mark.parametrize(
    ("date", "spoken"),
    [
        ("Tue, 24 Nov 2026 10:00:00 +0700", WRITTEN),
        ("Tue, 24 Nov 2026 03:00:00 -0000", WRITTEN),
        ("Thu, 24 Nov 2033 10:00:00 +0700", WRITTEN + timedelta(hours=1)),
        ("Tue, 24 Nov 2026 11:00:01 +0700", WRITTEN + timedelta(hours=1)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", WRITTEN + timedelta(hours=1)),
        ("Mon, 16 Nov 2026 10:00:00 +0700", WRITTEN + timedelta(hours=1)),
        ("Thu, 19 Nov 2026 10:00:00 +0700", WRITTEN - timedelta(days=5)),
        ("Fri, 31 Dec 9999 23:59:59 -2359", WRITTEN + timedelta(hours=1)),
        ("kemarin sore", WRITTEN + timedelta(hours=1)),
    ],
)
def test_citizen_spoke_when_the_mail_says_but_never_after_its_arrival(date: str, spoken: datetime) -> None:
    octets = f"From: siti@warga.test\nDate: {date}\n\nhalo".encode()
    assert read(octets, received_at=WRITTEN + timedelta(hours=1)).spoken_at == spoken


def test_received_field_stands_in_for_a_missing_date() -> None:
    said = load("no_id_no_date")
    assert said.spoken_at == datetime(2026, 11, 24, 3, 15, 46, tzinfo=UTC)
    assert said.external_id.startswith("sha256:")


def test_mail_without_id_is_the_same_mail_along_two_ways_and_another_with_other_words() -> None:
    octets = (PAYLOADS / "no_id_no_date.eml").read_bytes()
    other_way = b"Delivered-To: opd@lampung.test\n" + octets.replace(b"\n", b"\r\n")
    assert read(octets).external_id == read(other_way.replace(b"\r\n", b"\n")).external_id
    assert read(octets).external_id != read(octets + b"sekali").external_id


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("\U0001f62d\U0001f62d", "\U0001f62d\U0001f62d"),
        ("   ", "Lampu mati"),
        ("\u200b\u00a0", "Lampu mati"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
def test_emoji_long_and_missing_texts(body: str, text: str) -> None:
    head = HEAD + b"Subject: Lampu mati\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    assert read(head + body.encode()).text == text


def test_nothing_at_all_is_empty() -> None:
    assert read(HEAD + b"\n  \n") == Ignored("empty")


@pytest.mark.parametrize(
    ("octets", "label", "text"),
    [
        (b"caf\xc3\xa9", "utf-8", "café"),
        (b"caf\xe9", "utf-8", "café"),
        (b"caf\xc3\xa9", "us-ascii", "café"),
        (b"caf\xc3\xa9", "x-tidak-ada", "café"),
        (b"caf\xc3\xa9", "base64", "café"),
        (b"caf\xc3\xa9", "unicode_escape", "café"),
        (b"caf\xc3\xa9", "utf\0-8", "café"),
        (b"\x81\xff", "", "\x81ÿ"),
        (b"a\0b", "utf-8", "ab"),
    ],
)
def test_wrong_labels_fall_back(octets: bytes, label: str, text: str) -> None:
    assert to_text(octets, label) == text


def test_hostile_sizes_are_read_in_good_time() -> None:
    started = datetime.now(UTC)
    html = b"Content-Type: text/html\n\n"
    read(HEAD + html + b"<div>" * 40_000 + b"halo")
    read(HEAD + b"Subject: Re: x\n\n" + b"On " * 40_000 + b"\n" + b"On a wrote\n" * 5_000 + b"Pada 1 " * 20_000)
    read(HEAD + b"Subject: Re: x\n\n" + b">" * 100_000 + b"\n" + b"From: a\n" * 10_000)
    read(HEAD + b"Subject: " + b"=?utf-8?q?a" * 5_000 + b"\nReferences: " + b"<a" * 50_000 + b"\n\nhalo")
    assert datetime.now(UTC) - started < timedelta(seconds=10)


def test_deeply_nested_mail_is_quarantined_not_fatal() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000))
    with pytest.raises(Unreadable, match="nested more than 50 deep"):
        read(HEAD + nested + b"\nhalo")


def test_many_files_are_capped_and_the_cap_is_told() -> None:
    part = b"--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
    said = read(HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n" + part * 130 + b"--B--\n")
    assert len(said.attachments) == 100
    assert said.extra == {"attachments_left_out": 30}
