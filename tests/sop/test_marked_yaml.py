"""Reading YAML with lines, and refusing what an official cannot see through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.sop.marked_yaml import LARGEST, Flaw, UnreadableYaml, name_of, read

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
    if path in marked.lines:
        assert marked.line_at(name) == line


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "the text is empty"),
        ("# only a remark\n", 0, "the text is empty"),
        ("a: 1\nb: 2\na: 3", 3, "written twice, first on line 1"),
        ("a: &x [1]\nb: *x", 1, "anchors"),
        ("a: 1\nb: *x", 2, "anchors"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tags"),
        ("a: {b: [1, 2}", 1, "expected ',' or ']'"),
        ("a: 1\n b: 2", 2, "mapping values are not allowed"),
        ("a: 1\nb: \0", 2, "a character that YAML does not allow"),
        ("a: \ud800", 1, "a character that YAML does not allow"),
        ("a: 1\n--- \nb: 2", 2, "single document"),
        ("? [a]\n: 1", 1, "a field name must be one word"),
        ("a: " + "[" * 20_000, 0, "nested too deeply"),
        ("#" * (LARGEST + 1), 0, "at most 1,000,000"),
    ],
)
def test_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableYaml) as refused:
        read(text)
    flaw = refused.value.flaws[0]
    assert flaw.line == line
    assert words in flaw.message


def test_every_repeat_is_told() -> None:
    with pytest.raises(UnreadableYaml) as refused:
        read("a: 1\na: 2\nb: {c: 1, c: 2}")
    assert refused.value.flaws == (
        Flaw(2, "a", "is written twice, first on line 1; keep one"),
        Flaw(3, "b.c", "is written twice, first on line 3; keep one"),
    )


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#?% \n\t0~", max_size=40) | st.text(max_size=20))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        marked = read(text)
    except UnreadableYaml as refused:
        assert all(flaw.message and flaw.line >= 0 for flaw in refused.flaws)
    else:
        assert marked.lines[()] >= 1
