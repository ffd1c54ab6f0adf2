"""Reading YAML with lines, and refusing what an official cannot see through."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.sop.document.marked_yaml import DEEPEST, LARGEST, UnreadableYaml, decoded, name_of, read

TEXT = """\
title: Jalan
steps:
  - code: one
    on: yes
  - code: two
    day: 2026-01-31
empty:
number: 007
amount: -12
truth: true
quoted: "12"
"""


def test_values_stay_what_was_written() -> None:
    assert read(TEXT).data == {
        "title": "Jalan",
        "steps": [{"code": "one", "on": "yes"}, {"code": "two", "day": "2026-01-31"}],
        "empty": None,
        "number": "007",
        "amount": -12,
        "truth": True,
        "quoted": "12",
    }


@pytest.mark.parametrize(
    ("path", "name", "line"),
    [
        (("title",), "title", 1),
        (("steps", 1), "steps[1]", 5),
        (("steps", 1, "day"), "steps[1].day", 6),
        (("steps", 1, "lacking"), "steps[1].lacking", 5),
        (("nowhere",), "nowhere", 1),
    ],
)
def test_lines(path: tuple[str | int, ...], name: str, line: int) -> None:
    marked = read(TEXT)
    assert name_of(path) == name
    assert marked.line_of(path) == line
    assert marked.line_at(name) == line


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "the text is empty"),
        ("# only a remark\n", 0, "the text is empty"),
        ("a: 1\nb: 2\na: 3", 3, "written twice, first on line 1"),
        ("a: &x [1]\nb: *x", 1, "shorthand"),
        ("a: 1\nb: *x", 2, "shorthand"),
        ("a: 1\n&b b: 2", 2, "shorthand"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tag"),
        ("a: &", 1, "needs quotes"),
        ("a: {b: [1, 2}", 1, "opened with [ is not closed"),
        ("a: {b: 1\nc: 2\nd: [", 1, "opened with { is not closed"),
        ("a: [", 1, "a value is missing here"),
        ("a: 1\n b: 2", 2, "a colon stands here where none may"),
        ("a: b: c", 1, "a colon stands here where none may"),
        ("a: 1\nb\nc: 2", 2, "this line is no field"),
        ("a:\n\tb: 1", 2, "a tab stands here"),
        ("a: @boss", 1, "cannot begin with @"),
        ("a: 'x\nb: 2", 1, "never closed"),
        ('a: "C:\\q"', 1, "a backslash"),
        ("a: 1\n- b", 2, "indented differently"),
        ("- a\nb: 1", 2, "does not begin with"),
        ("a: - b", 1, "a list item"),
        ("{a: 1}}", 1, "after the end of the document"),
        ("%FOO\n---\na: 1", 1, "begins with %"),
        ("a: 1\nb: \0", 2, "invisible character"),
        ("a: 1\nb: \x07", 2, "U+0007"),
        ('a: 1\nb: "\\a"', 2, "U+0007"),
        ("a: \ud800", 1, "invisible character"),
        ("a: 1\n--- \nb: 2", 2, "a second document"),
        ("? [a]\n: 1", 1, "a field name must be one word"),
        ("a: " + "[" * 20_000, 1, f"more than {DEEPEST} deep"),
        ("a: " + "{a: " * 20_000, 1, f"more than {DEEPEST} deep"),
        ("#" * (LARGEST + 1), 0, f"at most {LARGEST}"),
    ],
)
def test_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableYaml) as refused:
        read(text)
    flaw = refused.value.flaws[0]
    assert words in str(flaw.said)
    assert flaw.line == line


def test_every_repeat_is_told() -> None:
    with pytest.raises(UnreadableYaml) as refused:
        read("a: 1\na: {b: 2}\nb: {c: 1, c: 2}")
    assert [(flaw.line, flaw.field, str(flaw.said)) for flaw in refused.value.flaws] == [
        (2, "a", "is written twice, first on line 1; keep one of the two"),
        (3, "b.c", "is written twice, first on line 3; keep one of the two"),
    ]


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        ("a: 1".encode("utf-16"), 0, "UTF-16"),
        (codecs.BOM_UTF16_BE + b"a", 0, "UTF-16"),
        (b"PK\x03\x04\x00\x00", 0, "no text file"),
        (b"a: 1\nb: caf\xe9\n", 2, "not written in UTF-8"),
        (b"a" * 5_000_000, 0, "5000000 bytes"),
    ],
)
def test_files_that_are_no_text_of_ours(raw: bytes, line: int, words: str) -> None:
    with pytest.raises(UnreadableYaml) as refused:
        decoded(raw)
    assert (refused.value.flaws[0].line, words in str(refused.value)) == (line, True)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_hold_through_byte_order_mark_line_ends_and_emoji(mark: str, end: str) -> None:
    text = mark + end.join(
        ["a: 'x😀'", "b: é", "c: |", "  one", "  two", "", "# remark", "d: {e: 1, f: [g, ]}", "h:", ""]
    )
    marked = read(text)
    assert marked.data == {"a": "x😀", "b": "é", "c": "one\ntwo\n", "d": {"e": 1, "f": ["g"]}, "h": None}
    cut = {name_of(path): text[place.start : place.end] for path, place in marked.places.items() if path}
    assert cut == {
        "a": "'x😀'", "b": "é", "c": end.join(["|", "  one", "  two"]), "d": "{e: 1, f: [g, ]}",
        "d.e": "1", "d.f": "[g, ]", "d.f[0]": "g", "h": "",
    }  # fmt: skip
    assert [place.line for path, place in marked.places.items() if len(path) == 1] == [1, 2, 3, 8, 9]
    assert decoded(text.encode()) == text


def test_the_largest_text_is_read_in_time() -> None:
    began = time.perf_counter()
    assert len(read("a: [" + "x," * (LARGEST // 2 - 4) + "]").data["a"]) == LARGEST // 2 - 4
    assert time.perf_counter() - began < 10  # quadratic time would take minutes


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#?% \n\t0~", max_size=40) | st.text(max_size=20))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        marked = read(text)
    except UnreadableYaml as refused:
        assert all(str(flaw.said) and flaw.line >= 0 for flaw in refused.flaws)
    else:
        assert marked.line_of(()) >= 1
        assert all(0 <= place.start <= place.end <= len(text) for place in marked.places.values())
