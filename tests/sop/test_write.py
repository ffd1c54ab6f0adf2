"""Writing a document: one canonical text, and edits that leave every other byte alone."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salur.sop.document.load import STANDARD, load
from salur.sop.document.marked_yaml import Path, UnreadableYaml, read
from salur.sop.document.model import SopDocument
from salur.sop.document.write import CannotEdit, dump, set_section, set_value

TEXT = STANDARD.read_text(encoding="utf-8")
PLAIN = load(TEXT).model_dump(mode="json")

TRICKY = (
    "yes", "no", "on", "y", "null", "~", "true", "False", "0123", "12", "1e3", "0x1F", "1_000", "-4", ".5",
    "2026-01-31", "12:30", "3 working_days", "a: b", "a:", ":a", "a #b", "#a", "- a", "-", "? a", "[a", "{a}", "}",
    "a, b", "a]",
    "'a'", '"a"', "it's", 'say "a"', "back\\slash", "&a", "*a", "!a", "%a", "@a", "`a`", "|", ">", "---", "...", "a\tb",
    "one\ntwo", "one\n\ntwo\n  three", "one \ntwo", "one\n\ttwo", "one\r\ntwo", "a\u0085b", "a\u2028b\nc", "a\u00a0b",
    "😀", "😀 a\n😀", "é: ñ", "a\ufeffb", "#a\nb", "- a\n- b", "a:\n  b: |\n    c", "a\n---\nb", "=", "<<", "x" * 300,
)  # fmt: skip

_readable = st.characters(exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from(
    "\n\t \u0085:#-'\"\\{}[],|>&*!%@`0\r"
)
texts = (st.sampled_from(TRICKY) | st.text(_readable, min_size=1, max_size=30)).filter(lambda text: text.strip() != "")
short_texts = texts.filter(lambda text: len(text) <= 200)
words = st.fixed_dictionaries({"id": short_texts, "en": short_texts})
codes = st.sampled_from(["yes", "null", "a", "citizen", "x1", "on", "true"]) | st.from_regex(
    r"[a-z][a-z0-9_]{0,8}", fullmatch=True
)
spans = st.builds("{} {}".format, st.integers(1, 900), st.sampled_from(["working_days", "working_hours"]))
coded = st.lists(codes, min_size=1, max_size=3, unique=True)


def of_codes(build: Callable[[str], st.SearchStrategy[Any]]) -> st.SearchStrategy[list[Any]]:
    return coded.flatmap(lambda names: st.tuples(*map(build, names)).map(list))


matchers = st.lists(
    st.sampled_from(["case.opened", "case.verified"])
    | st.fixed_dictionaries({"event": st.just("dispatch.sent")}, optional={"purpose": st.just(["answer"])}),
    min_size=1,
    max_size=2,
)
obligations = of_codes(
    lambda code: st.fixed_dictionaries(
        {
            "code": st.just(code),
            "name": words,
            "actor": codes,
            "starts_on": matchers,
            "met_by": matchers,
            "within": spans | st.sampled_from(["answer_limit", "review_on"]),
            "clock": st.sampled_from(["citizen", "agency"]),
        },
        optional={
            "paused_for": st.none() | st.lists(codes, max_size=2),
            "kinds": st.just(["complaint"]),
            "escalation": st.lists(st.fixed_dictionaries({"after": spans, "to": codes}), max_size=2),
        },
    )
)
steps = of_codes(
    lambda code: st.fixed_dictionaries(
        {"code": st.just(code), "activity": words, "actors": coded},
        optional={
            "symbol": st.sampled_from(["process", "end"]),
            "note": texts,
            "time": texts,
            "next": st.lists(st.fixed_dictionaries({"to": codes}, optional={"when": words}), max_size=2),
        },
    )
)
channels = st.dictionaries(
    codes,
    st.fixed_dictionaries(
        {"first_response": spans},
        optional={
            "service_hours": st.just({"mon": ["07:30-12:00"], "fri": []}),
            "answer_in": st.sampled_from(["same", "private_first", "public_only"]),
        },
    ),
    max_size=3,
)
templates = st.dictionaries(codes, st.fixed_dictionaries({"purpose": st.just("answer"), "text": words}), max_size=3)
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "unit": texts,
        "number": texts,
        "version": st.integers(1, 10**9),
        "legal_basis": st.lists(texts, min_size=1, max_size=3),
        "warnings": st.lists(texts, max_size=3),
        "obligations": obligations,
        "steps": steps,
        "channels": channels,
        "templates": templates,
    },
)
documents = changes.map(lambda changed: SopDocument.model_validate({**PLAIN, **changed}))
law = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@law
@given(documents)
def test_what_is_written_is_read_back_and_written_the_same(document: SopDocument) -> None:
    written = dump(document)
    assert load(written) == document
    assert dump(load(written)) == written


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_texts_survive_everywhere(text: str) -> None:
    both = {"id": text, "en": text}
    data = {**PLAIN, "unit": text, "warnings": [text, text], "title": {"id": "a", "en": "b"}}
    data["templates"] = {"yes": {"purpose": "answer", "text": both}}
    data["steps"] = [{**PLAIN["steps"][0], "note": text}]
    document = SopDocument.model_validate(data)
    assert load(dump(document)) == document
    assert document.templates["yes"].text.id == text.strip()


def test_the_canonical_form_is_readable(standard: SopDocument) -> None:
    written = dump(standard)
    assert load(written).sha256 == standard.sha256
    assert "    name: {id: Menjawab warga, en: Answer the citizen}\n" in written
    assert "    starts_on: [case.opened]\n" in written
    assert "  effective: 2025-01-02\n" in written
    assert "      id: |\n        Terima kasih. Laporan Anda" in written
    assert "paused_for" not in written and "rank" not in written
    assert [line for line in written.split("\n") if line != line.rstrip()] == []


def test_letters_stay_letters_and_words_of_other_readers_are_quoted() -> None:
    document = SopDocument.model_validate({**PLAIN, "unit": "Dinas Pé 😀", "warnings": ["yes", "0123", "1e3", "null"]})
    written = dump(document)
    assert "unit: Dinas Pé 😀\n" in written
    assert 'warnings: ["yes", "0123", "1e3", "null"]\n' in written


# -- edits


def sections_of(text: str) -> dict[str, str]:
    """The bytes from each top-level field to the next, comments included."""
    begins = [(found.start(), found[1]) for found in re.finditer(r"^(\w+):", text, re.MULTILINE)]
    ends = [start for start, _ in begins[1:]] + [len(text)]
    return {name: text[start:end] for (start, name), end in zip(begins, ends, strict=True)}


def scalars(text: str) -> list[Path]:
    return [path for path, place in read(text).places.items() if place.kind == "scalar"]


CRLF = TEXT.replace("\n", "\r\n")
BOM = "\ufeff" + TEXT
originals = st.sampled_from([TEXT, CRLF, BOM, dump(load(TEXT))])
paths = st.sampled_from(scalars(TEXT)).filter(lambda path: path[-1] != "event")


@law
@given(originals, paths, texts | st.integers(0, 99) | st.booleans())
def test_one_value_changes_and_no_other_byte(text: str, path: Path, value: str | int | bool) -> None:
    if path not in read(text).places:  # the canonical form writes {event: x} as x
        return
    changed = set_value(text, path, value)
    place = read(text).places[path]
    assert changed.startswith(text[: place.start])
    # What follows the value stays too; only a remark may now stand behind the | of a text of several lines.
    assert changed.endswith(text[place.end :].partition("\n")[2])
    before, after = read(text).data, read(changed).data
    here: Any = before
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    assert stripped(after) == stripped(before)


@law
@given(originals, paths, texts)
def test_an_edit_and_its_inverse_are_no_edit(text: str, path: Path, value: str) -> None:
    if path not in read(text).places:
        return
    old: Any = read(text).data
    for step in path:
        old = old[step]
    back = set_value(set_value(text, path, value), path, old)
    assert load(back) == load(text)


@pytest.mark.parametrize("text", [TEXT, CRLF, BOM])
def test_a_value_that_is_there_already_changes_no_byte(text: str) -> None:
    marked = read(text)
    for path in scalars(text)[::9]:
        value: Any = marked.data
        for step in path:
            value = value[step]
        assert set_value(text, path, value) == text
    for section, value in marked.data.items():
        assert set_section(text, section, copy.deepcopy(value)) == text


@law
@given(originals, st.sampled_from(["obligations", "steps", "channels", "templates", "warnings", "unit"]), st.data())
def test_a_section_changes_and_the_others_keep_their_bytes(text: str, section: str, data: st.DataObject) -> None:
    kinds = {"obligations": obligations, "steps": steps, "channels": channels, "templates": templates}
    value: Any = data.draw({**kinds, "warnings": st.lists(texts, max_size=3), "unit": texts}[section])
    changed = set_section(text, section, value)
    before, after = sections_of(text), sections_of(changed)
    assert {name: part for name, part in after.items() if name != section} == {
        name: part for name, part in before.items() if name != section
    }
    assert stripped(read(changed).data) == stripped({**read(text).data, section: value})
    assert ("\r\n" in changed) == ("\r\n" in text)
    back = set_section(changed, section, read(text).data[section])
    assert load(back) == load(text)


@law
@given(originals, st.sampled_from(["unit", "related", "channels", "templates", "revisions", "pause_reasons"]))
def test_a_section_is_taken_out_and_put_back(text: str, section: str) -> None:
    value = read(text).data[section]
    without = set_section(text, section, None)
    assert section not in read(without).data
    assert load(without) == SopDocument.model_validate(
        {name: one for name, one in load(text).model_dump(mode="json").items() if name != section}
    )
    again = set_section(without, section, value)
    assert load(again) == load(text)
    assert list(read(again).data) == list(read(text).data)


def stripped(data: Any) -> Any:
    """Data as `load` takes it: the space around a text does not count."""
    if isinstance(data, dict):
        return {key: stripped(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [stripped(value) for value in data]
    return data.strip() if isinstance(data, str) else data


def test_comments_and_layout_stay() -> None:
    text = "# top\nversion:   1   # first\n\nunit: 'Dinas'  # whose\n# between\n"
    text += "notes: |  # long\n  one\n\n  two\n\nlast: [a, b]\n"
    assert set_value(text, ("version",), 2) == text.replace("1  ", "2  ")
    assert set_value(text, ("unit",), "Balai") == text.replace("'Dinas'", "Balai")
    assert set_value(text, ("unit",), "a\nb") == text.replace("'Dinas'  # whose", "|  # whose\n  a\n  b")
    assert set_value(text, ("notes",), "three\n\nfour") == text.replace("one\n\n  two", "three\n\n  four")
    assert set_value(text, ("notes",), "short") == text.replace("|  # long\n  one\n\n  two", "short  # long")
    assert set_value(text, ("last", 1), "a, c") == text.replace("b]", '"a, c"]')
    assert set_section(text, "last", None) == text.replace("last: [a, b]\n", "")
    assert set_value("a:\nb: 1\n", ("a",), "x") == "a: x\nb: 1\n"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("approver", "rank"), "Pembina (IV/a)", "\n  rank: Pembina (IV/a)\n"),
        (("channels", "web", "service_hours"), {"mon": ["08:00-12:00"]}, '    service_hours: {mon: ["08:00-12:00"]}\n'),
        (("channels", "web", "answer_in"), "private_first", ", answer_in: private_first}\n"),
        (("obligations", 0, "paused_for"), [], "\n    paused_for: []\n"),
        (("warnings", 2), "Baru", "\n  - Baru\n"),
        (("dates", "revised"), "2026-02-01", "\n  revised: 2026-02-01\n"),
    ],
)
def test_a_field_that_is_not_there_is_added_in_its_section(path: Path, value: Any, line: str) -> None:
    changed = set_value(TEXT, path, value)
    assert line in changed
    old, new = sections_of(TEXT), sections_of(changed)
    assert {name for name in old if old[name] != new[name]} == {path[0]}
    assert load(set_value(changed, path, None)) == load(TEXT)


def test_a_document_in_one_pair_of_braces_is_written_anew() -> None:
    assert set_section("{a: 1, b: [x]}", "b", ["z"]) == "a: 1\nb: [z]\n"
    assert set_value("{a: 1, b: {c: x}}", ("b", "c"), "y, z") == '{a: 1, b: {c: "y, z"}}'


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("just words", ("a",), 1),
        ("a: 1", (), 1),
        ("a: 1", (0,), 1),
        ("a: 1", ("a", "b"), 1),
        ("a: [1]", ("a", 3), 1),
        ("a: [1]", ("a", "b"), 1),
        ("a: 1", ("a",), "bell \x07"),
        ("? a\n: 1\n? b\n: 2\n", ("b",), [1]),
    ],
)
def test_what_cannot_be_changed_is_refused_in_words(text: str, path: Path, value: Any) -> None:
    with pytest.raises(CannotEdit) as refused:
        set_value(text, path, value)
    assert len(str(refused.value.said)) > 20


def test_an_unreadable_text_is_refused() -> None:
    with pytest.raises(UnreadableYaml):
        set_section("a: [", "a", 1)
