"""The laws of reading mail that hold for any octets, and what we write read again as a citizen would."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.channels.mail_corpus import ACCOUNT, CITIZEN, CORPUS, HEAD, PLATFORM, WRITTEN

from salur.channels.platforms.email.attachments import safe_name
from salur.channels.platforms.email.compose import compose
from salur.channels.platforms.email.headers import decode_words
from salur.channels.platforms.email.identity import message_id_for
from salur.channels.platforms.email.mailbox import _identity
from salur.channels.platforms.email.quotes import without_quotes
from salur.channels.ports import Ignored, Inbound, Outbound, Raw, Unreadable


def parsed_or_unreadable(octets: bytes) -> None:
    raw = Raw("x", octets, "message/rfc822")
    try:
        found = PLATFORM.parse(ACCOUNT, raw)
    except Unreadable as error:
        assert str(error)
        return
    if isinstance(found[0], Ignored):
        assert found[0].reason in {"bounce", "auto_reply", "mailing_list", "own_message", "empty"}
        return
    (said,) = found
    assert said.external_id == _identity(octets)
    assert said.spoken_at.tzinfo is not None
    for text in (said.text, said.subject, said.sender_name, said.external_id, said.thread_token, *said.thread_ids):
        assert "\0" not in text
        text.encode()
    assert "\n" not in said.subject + said.sender_name
    assert said.text or said.attachments
    for file in said.attachments:
        assert file.name not in ("", ".", "..")
        assert not set(file.name) & set("/\\\0\r\n")
    assert PLATFORM.parse(ACCOUNT, raw) == found


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_octets_are_understood_ignored_or_unreadable(octets: bytes) -> None:
    parsed_or_unreadable(octets)
    parsed_or_unreadable(HEAD + octets)
    parsed_or_unreadable(HEAD + b"\n" + octets)


@given(
    st.sampled_from(CORPUS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=20)), min_size=1, max_size=6),
)
@settings(max_examples=200, deadline=None)
def test_any_damage_to_a_mail_is_borne(path: Path, cuts: list[tuple[float, int, bytes]]) -> None:
    octets = path.read_bytes()
    for where, length, inserted in cuts:
        at = int(where * len(octets))
        octets = octets[:at] + inserted + octets[at + length :]
    parsed_or_unreadable(octets)


@given(st.text(max_size=300))
def test_attachment_names_never_hold_a_path(name: str) -> None:
    safe = safe_name(name)
    assert not set(safe) & set("/\\\0\r\n:")
    assert safe not in (".", "..")
    assert len(safe) <= 150
    assert safe_name(safe) == safe


@given(st.text(max_size=200))
def test_quotes_never_take_everything(text: str) -> None:
    kept = without_quotes(text)
    assert bool(kept) == bool(text.strip())


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=400)
IDS = st.from_regex(r"[A-Za-z0-9._-]{1,90}@[a-z0-9]{1,30}\.test", fullmatch=True)


@given(
    text=WORDS.filter(lambda t: any(c.isalnum() for c in t)),
    subject=WORDS,
    name=WORDS,
    key=st.text(st.characters(codec="utf-8"), min_size=1, max_size=150),
    answered=IDS,
    earlier=st.lists(IDS, max_size=5),
    token=st.from_regex(r"[A-Za-z0-9_=-]{1,60}", fullmatch=True),
    automatic=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_what_we_write_is_what_a_citizen_reads(
    text: str, subject: str, name: str, key: str, answered: str, earlier: list[str], token: str, automatic: bool
) -> None:
    out = Outbound(key, "siti@warga.test", text, subject, name, answered, tuple(earlier), token, automatic)
    octets = compose(ACCOUNT, out, name, WRITTEN)
    assert octets.isascii()
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    assert b"\n" not in octets.replace(b"\r\n", b"")
    found = PLATFORM.parse(CITIZEN, Raw("x", octets, "message/rfc822"))
    assert octets.count(b"Auto-Submitted: auto-replied") == automatic
    assert f"Reply-To: opd+{token}@lampung.test".encode() in octets.replace(b"\r\n ", b" ")
    if automatic:
        assert found[0] == Ignored("auto_reply", about=answered, detail="Auto-Submitted")
        return
    assert isinstance(found, list)
    (said,) = found
    assert isinstance(said, Inbound)
    assert said.external_id == message_id_for(key, ACCOUNT.address)
    assert said.sender_address == ACCOUNT.address
    assert set(said.thread_ids) == {answered, *earlier}
    assert said.thread_ids[0] == answered
    assert said.spoken_at == WRITTEN
    assert said.subject.startswith(decode_words(subject)[:200].strip()) or "=?" in subject
    # our own copy of it is known as ours
    echo = PLATFORM.parse(ACCOUNT, Raw("x", octets, "message/rfc822"))
    assert echo == [Ignored("own_message", about=said.external_id, detail="own Message-ID")]


def test_composed_text_survives_whole() -> None:
    text = "Yth. Ibu Siti,\n\n.titik\nFrom baris ini\n" + "kata " * 400 + "\n😀 selesai"
    out = Outbound("k", "siti@warga.test", text)
    found = PLATFORM.parse(CITIZEN, Raw("x", compose(ACCOUNT, out, "Dinas", WRITTEN), "message/rfc822"))
    assert isinstance(found, list)
    assert found[0].text == text.replace("kata \n", "kata\n")


def test_header_fields_cannot_be_smuggled_in() -> None:
    out = Outbound(
        "k\r\nBcc: x@x.test", "siti@warga.test", "a", subject="a\r\nBcc: x@x.test", to_name='"\r\nBcc: x@x.test'
    )
    octets = compose(ACCOUNT, out, "Dinas\nBcc: x@x.test", WRITTEN)
    head = octets.partition(b"\r\n\r\n")[0]
    assert not [line for line in head.split(b"\r\n") if line.lower().startswith(b"bcc")]
