"""The difference of two documents: nothing is overlooked, and an official can read it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from salur.sop.compare import Difference, Mark, differences, marked, sentence
from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.document.paper import Branch
from salur.sop.document.rules import EventMatcher, Rung
from salur.sop.document.values import Part, Words
from salur.sop.field_words import FIELDS
from salur.sop.matching import matched
from salur.sop.saying import in_words
from salur.worktime.hours import read_week
from salur.worktime.spans import Span

Changed = tuple[str, str, Any]
"""The path by codes, the field changed as class and name, and the changed value."""

_FILLED = {
    "revised": date(2025, 5, 5),
    "service_hours": read_week({"mon": ["08:00-12:00"]}),
    "paused_for": ("incomplete",),
    "promised_within": Span(3, "calendar_days"),
    "review_within": Span(3, "calendar_days"),
    "when": Words(id="Bila perlu", en="If needed"),
    "escalation": (Rung(after=Span(1, "working_days"), to="coordinator"),),
    "next": (Branch(to="close"),),
    "starts_on": (EventMatcher(event="case.held"),),
}
"""What stands in a field that the standard leaves empty."""


def changed(value: Any, field: str, path: str) -> Iterator[Changed]:
    """Every way to change one thing in a value of the document."""
    part, _, name = field.partition(".")
    if isinstance(value, Part):
        for inner in type(value).model_fields:
            deeper = getattr(value, inner)
            for where, what, new in changed(deeper, f"{type(value).__name__}.{inner}", f"{path}.{inner}".strip(".")):
                yield where, what, replaced(value, inner, new)
    elif isinstance(value, Mapping):
        for code, entry in value.items():
            for where, what, new in changed(entry, "", f"{path}.{code}"):
                yield where, what, {**value, code: new}
            yield f"{path}.{code}", field, {key: one for key, one in value.items() if key != code}
    elif isinstance(value, tuple) and name != "service_hours":
        yield from changed_list(value, field, path)
    else:
        yield path, field, other(value, name)


def changed_list(value: tuple[Any, ...], field: str, path: str) -> Iterator[Changed]:
    name = field.partition(".")[2]
    if not value:
        yield path, field, _FILLED.get(name, ("x",))
    for place, item in enumerate(value):
        here = path
        key = next((key for key in ("code", "to", "version") if hasattr(item, key)), "")
        if key:
            here = f"{path}.{getattr(item, key)}"
        yield here if key else path, field, value[:place] + value[place + 1 :]
        if place:  # either of the two may be the one that was moved
            yield path, field, (*value[: place - 1], item, value[place - 1], *value[place + 1 :])
        if isinstance(item, Part) and not isinstance(item, EventMatcher | Words):
            for where, what, new in changed(item, "", here):
                if what.partition(".")[2] == key:
                    where = path  # another key is another item
                yield where, what, (*value[:place], new, *value[place + 1 :])


def other(value: Any, name: str) -> Any:
    if value is None:
        return _FILLED[name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    return Span(value.amount + 1, value.unit) if isinstance(value, Span) else f"{value}lain"


def replaced(part: Any, field: str, value: Any) -> Any:
    """A part with one field changed; unlike `model_copy` nothing computed before is kept."""
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    return type(part).model_construct(**{**fields, field: value})


def mirrored(found: list[Difference]) -> set[tuple[str, str, str, str]]:
    back = {"added": "removed", "removed": "added", "changed": "changed"}
    return {(one.path, back[one.kind], str(one.new), str(one.old)) for one in found}


def told(found: list[Difference]) -> set[tuple[str, str, str, str]]:
    return {(one.path, one.kind, str(one.old), str(one.new)) for one in found}


def test_no_change_is_overlooked_and_each_is_named(standard: SopDocument) -> None:
    seen: set[str] = set()
    for path, field, document in changed(standard, "", ""):
        found = differences(standard, document)
        assert found, path
        assert any(one.path.startswith(path) for one in found), (path, [one.path for one in found])
        assert told(differences(document, standard)) == mirrored(found), path
        for one in found:
            assert str(sentence(one)) and str(one.section), path
        seen.add(field)
    # A matcher is said as a whole; its fields have names for the editor.
    every = {f"{part}.{field}" for part, fields in FIELDS.items() if part != "EventMatcher" for field in fields}
    nested = {"dates", "approver", "title", "handover", "closure", "official_accounts", "text"}
    groups = {"custody", "posting", "response", "after_answer", "after_question", "name", "activity", "summary"}
    assert {field for field in every - seen if field.partition(".")[2] not in nested | groups} == set()


CHANGED = [document for _path, _field, document in changed(load(STANDARD.read_text(encoding="utf-8")), "", "")]


@given(st.sampled_from(CHANGED), st.sampled_from(CHANGED))
def test_both_directions_say_the_same(one: SopDocument, other: SopDocument) -> None:
    found = differences(one, other)
    assert bool(found) == (one != other)
    assert told(differences(other, one)) == mirrored(found)


def test_every_field_of_the_model_has_a_name(standard: SopDocument) -> None:
    def parts(value: Any) -> Iterator[type[Part]]:
        if isinstance(value, Part):
            yield type(value)
            value = [getattr(value, field) for field in type(value).model_fields]
        if isinstance(value, list | tuple | Mapping):
            for inner in value.values() if isinstance(value, Mapping) else value:
                yield from parts(inner)

    used = {part for part in parts(standard) if part is not Words}
    assert len(used) > 20
    assert {part.__name__: set(part.model_fields) for part in used} == {
        part: set(fields) for part, fields in FIELDS.items()
    }


def test_equal_documents_do_not_differ(standard: SopDocument) -> None:
    again = SopDocument.model_validate(standard.model_dump(mode="json"))
    turned = replaced(standard, "kinds", dict(reversed(standard.kinds.items())))
    assert differences(standard, again) == []
    assert differences(standard, turned) == []


def edited(standard: SopDocument, edit: Callable[[dict[str, Any]], object]) -> SopDocument:
    data = standard.model_dump(mode="json")
    edit(data)
    return SopDocument.model_validate(data)


def obligation(data: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in data["obligations"] if one["code"] == code)


def move(items: list[Any], source: int, target: int) -> None:
    items.insert(target, items.pop(source))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            lambda data: obligation(data, "follow_up").update(within="3 working_days"),
            "Batas Mengoordinasikan dan merumuskan tindak lanjut: 5 → 3 hari kerja",
        ),
        (
            lambda data: obligation(data, "follow_up").update(within="8 working_hours"),
            "Batas Mengoordinasikan dan merumuskan tindak lanjut: 5 hari kerja → 8 jam kerja",
        ),
        (
            lambda data: obligation(data, "follow_up")["escalation"].append(
                {"after": "2 working_days", "to": "regional_secretary"}
            ),
            "Anak tangga pada Mengoordinasikan dan merumuskan tindak lanjut ditambahkan: Sekretaris Daerah, 2 hari "
            "kerja setelah tenggat",
        ),
        (lambda data: data["templates"]["answer"]["text"].update(id="{answer}"), "Teks templat jawaban (Indonesia)"),
        (
            lambda data: move(data["steps"], 3, 5),
            "Langkah Meminta kelengkapan kepada warga dipindah dari nomor 4 ke nomor 6",
        ),
        (
            lambda data: data["obligations"].pop(0),
            "Kewajiban Memeriksa dan meneruskan laporan dihapus: Koordinator, 3 hari kerja",
        ),
        (
            lambda data: data["channels"].update(radio={"first_response": "1 working_days"}),
            "Kanal radio ditambahkan: 1 hari kerja",
        ),
        (lambda data: data["dates"].update(effective="2025-02-02"), "efektif: 2 Januari 2025 → 2 Februari 2025"),
        (lambda data: data["steps"][1].update(time=""), "Waktu langkah Mencatat laporan"),
        (lambda data: data["closure"]["after_answer"].update(within="7 working_days"), "10 → 7 hari kerja"),
        (lambda data: data["actors"]["operator"].update(named=True), "pelaksana Operator OPD: tidak → ya"),
        (lambda data: data["legal_basis"].append("Peraturan Gubernur Contoh"), "Dasar hukum ditambahkan: Peraturan"),
    ],
)
def test_an_official_can_read_it(edit: Callable[[dict[str, Any]], object], words: str, standard: SopDocument) -> None:
    found = differences(standard, edited(standard, edit))
    with translation.override("id"):
        said = [in_words(sentence(one)) for one in found]
    assert len(found) == 1 and words in said[0], said


def test_emptiness_that_means_all_is_said(standard: SopDocument) -> None:
    only = edited(standard, lambda data: obligation(data, "verify").update(kinds=["complaint"], paused_for=[]))
    assert [str(sentence(one)) for one in differences(standard, only)] == [
        "Kinds of Verify and forward the report: all → Complaint",
        "Pause reasons of Verify and forward the report: every pause reason → none",
    ]


def test_what_was_empty_is_added(standard: SopDocument) -> None:
    noted = edited(standard, lambda data: data["steps"][1].update(note="Segera"))
    there = "Note of step Record the report with a number and send the receipt"
    assert [str(sentence(one)) for one in differences(standard, noted)] == [f"{there} added: Segera"]
    assert [str(sentence(one)) for one in differences(noted, standard)] == [f"{there} deleted: Segera"]


def test_what_is_gone_is_called_by_its_old_name(standard: SopDocument) -> None:
    def edit(data: dict[str, Any]) -> None:
        for rule in data["obligations"]:
            rule["escalation"] = [rung for rung in rule["escalation"] if rung["to"] != "head_of_agency"]
        data["steps"] = [step for step in data["steps"] if step["code"] != "schedule"]
        del data["actors"]["head_of_agency"]

    said = [str(sentence(one)) for one in differences(standard, edited(standard, edit))]
    assert "Actor Head of agency deleted: leader" in said
    assert "Rung of Give the first response deleted: Head of agency, 1 working day after the due instant" in said
    assert "Step Set owner, plan reference, promise and review deleted: Agency operator, Head of agency" in said


def test_one_day_is_not_one_days(standard: SopDocument) -> None:
    shorter = edited(standard, lambda data: obligation(data, "follow_up").update(within="1 working_day"))
    with translation.override("en"):
        said = [in_words(sentence(one)) for one in differences(standard, shorter)]
    assert said == ["Limit of Coordinate and formulate the follow-up: 5 → 1 working day"]


def test_the_changed_words_of_a_text_are_marked(standard: SopDocument) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["legal_basis"][0] = data["legal_basis"][0].replace("25 Tahun 2009", "30 Tahun 2014")

    [found] = differences(standard, edited(standard, edit))
    marks = marked(found)
    assert found.kind == "changed" and found.path == "legal_basis"
    assert [mark for mark in marks if mark.kind != "same"] == [
        Mark("25", "removed"),
        Mark("30", "added"),
        Mark("2009", "removed"),
        Mark("2014", "added"),
    ]
    assert "".join(mark.text for mark in marks if mark.kind != "added") == found.old
    assert "".join(mark.text for mark in marks if mark.kind != "removed") == found.new


def test_only_words_that_changed_are_marked(standard: SopDocument) -> None:
    longer = edited(standard, lambda data: data["title"].update(en=data["title"]["en"] + " today"))
    [added] = differences(standard, longer)
    assert [mark.kind for mark in marked(added)] == ["same", "added"]
    assert [mark.kind for mark in marked(*differences(longer, standard))] == ["same", "removed"]
    shorter = edited(standard, lambda data: obligation(data, "verify").update(within="2 working_days"))
    assert marked(*differences(standard, shorter)) == ()


@given(st.permutations(range(7)))
def test_as_few_as_possible_are_moved_and_the_same_both_ways(order: list[int]) -> None:
    old = list(range(7))
    moved = {row.key for row in matched(old, order, str) if row.moved}
    assert moved == {row.key for row in matched(order, old, str) if row.moved}
    rest = [item for item in order if (str(item), 1) not in moved]
    assert rest == sorted(rest)
    assert len(rest) == max(len(chain) for chain in ascending(order))


def ascending(order: list[int]) -> list[list[int]]:
    chains: list[list[int]] = [[]]
    for item in order:
        chains += [[*chain, item] for chain in chains if not chain or chain[-1] < item]
    return chains
