"""What files are taken, and what they are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.intake.file_types import safe_name, type_of

STARTS = {
    b"\xff\xd8\xff\xe0": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"RIFF\x00\x00\x00\x00WEBPVP8 ": "image/webp",
    b"\x00\x00\x00\x18ftypheic": "image/heic",
    b"%PDF-1.7": "application/pdf",
}


@pytest.mark.parametrize(("start", "expected"), STARTS.items())
def test_the_content_tells_the_type(start: bytes, expected: str) -> None:
    assert type_of(start + bytes(20)) == expected


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"MZ\x90", b"RIFF\x00\x00\x00\x00WAVE", b"PK\x03\x04", b" %PDF-"]
)
def test_anything_else_is_nothing_of_ours(content: bytes) -> None:
    assert type_of(content) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("foto jalan.JPG", "foto jalan.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\x\\lubang.jpeg", "lubang.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("", "lampiran.jpg"),
        ("a\u202egpj.exe", "a gpj.jpg"),
        ("jalan<1>.php.jpg", "jalan 1 .php.jpg"),
    ],
)
def test_names_are_made_harmless(name: str, expected: str) -> None:
    assert safe_name(name, "image/jpeg") == expected


@given(st.text(max_size=300))
def test_no_name_is_a_path_or_hidden_or_long(name: str) -> None:
    made = safe_name(name, "application/pdf")
    assert made.endswith(".pdf") and len(made) <= 80
    assert not made.startswith((".", " ")) and not set(made) & set('/\\\0\n<>:"|?*')
