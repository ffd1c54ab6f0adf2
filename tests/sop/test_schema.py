"""The published schema says what `load` accepts."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from salur.sop.document.fields import MEANING
from salur.sop.document.load import SopInvalid, load
from salur.sop.document.marked_yaml import read
from salur.sop.document.schema import DIALECT, fields_at, json_schema
from salur.sop.document.write import dump, set_value

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "sop.schema.json"


def test_the_published_schema_is_the_generated_one() -> None:
    written = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    assert PUBLISHED.read_text(encoding="utf-8") == written, "run `salur sop schema -o docs/reference/sop.schema.json`"


def test_every_field_says_what_it_means() -> None:
    schema = json_schema()
    parts = {"SopDocument": schema, **schema["$defs"]}
    parts["EventMatcher"] = parts["EventMatcher"]["anyOf"][1]
    told = {name: set(part["properties"]) for name, part in parts.items()}
    assert told == {name: set(fields) for name, fields in MEANING.items()}
    assert all(one["description"] for part in parts.values() for one in part["properties"].values())
    assert schema["$schema"] == DIALECT


def test_fields_of_a_place() -> None:
    assert fields_at(())[:3] == ("code", "title", "unit")
    assert fields_at(("obligations", 3, "escalation", 0)) == ("after", "to")
    assert fields_at(("obligations", 0, "starts_on", 1)) == ("event", "purpose", "after_answer")
    assert fields_at(("templates", "answer", "text")) == ("id", "en")
    assert fields_at(("kinds",)) == fields_at(("title", "id")) == ()


@pytest.mark.parametrize("written", ["3 working_days", "1 working_hour", "10000 calendar_days", " 2  working_days "])
def test_spans_that_are_read_fit_the_pattern(written: str, standard_text: str) -> None:
    assert load(set_value(standard_text, ("kinds", "complaint", "answer_within"), written))
    assert re.search(_pattern("KindRule", "answer_within"), written)


@pytest.mark.parametrize(
    "written", ["0 working_days", "-1 working_days", "3 days", "3", "three working_days", "3working_days"]
)
def test_spans_that_are_refused_do_not_fit(written: str, standard_text: str) -> None:
    with pytest.raises(SopInvalid):
        load(set_value(standard_text, ("kinds", "complaint", "answer_within"), written))
    assert not re.search(_pattern("KindRule", "answer_within"), written)


def _pattern(part: str, field: str) -> str:
    return str(json_schema()["$defs"][part]["properties"][field]["pattern"])


def _set(*way: Any) -> Callable[[Any], None]:
    *path, last, value = way

    def change(data: Any) -> None:
        for step in path:
            data = data[step]
        if value is None:
            del data[last]
        else:
            data[last] = value

    return change


BROKEN = {
    "missing": _set("title", None),
    "unknown": _set("titel", "x"),
    "code": _set("code", "Kode Salah"),
    "date": _set("dates", "effective", "2 Januari"),
    "version": _set("version", 0),
    "truth": _set("number", True),
    "empty": _set("legal_basis", []),
    "span": _set("kinds", "complaint", "answer_within", "dua minggu"),
    "limit": _set("obligations", 0, "within", "answer"),
    "rung": _set("obligations", 0, "escalation", 0, "after", "-1 working_days"),
    "calendar rung": _set("obligations", 0, "escalation", 0, "after", "1 calendar_days"),
    "clock": _set("obligations", 0, "clock", "boss"),
    "fact": _set("obligations", 0, "met_by", [{"event": "case.verified", "who": "x"}]),
    "kind": _set("kinds", "gripe", {"name": {"id": "a", "en": "b"}, "answer_within": "1 working_days"}),
    "channel": _set("channels", "We b", {"first_response": "1 working_days"}),
    "hours": _set("channels", "web", {"first_response": "1 working_days", "service_hours": {"mon": ["pagi"]}}),
    "place of the answer": _set("channels", "web", {"first_response": "1 working_days", "answer_in": "tiktok"}),
    "limit of hand-overs": _set("handover", "bounce_limit", 99),
    "words": _set("templates", "answer", "text", {"id": "a"}),
}


def test_the_standard_fits_and_the_broken_do_not(standard_text: str) -> None:
    validator = Draft202012Validator
    validator.check_schema(json_schema())
    schema = validator(json_schema())
    data = read(standard_text).data
    assert [error.message for error in schema.iter_errors(data)] == []
    assert schema.is_valid(read(dump(load(standard_text))).data)
    for name, change in BROKEN.items():
        broken = copy.deepcopy(data)
        change(broken)
        assert not schema.is_valid(broken), name
    numbered = {**data, "number": 12}
    assert schema.is_valid(numbered)


@pytest.mark.parametrize("name", BROKEN)
def test_what_the_schema_refuses_is_refused_by_load(name: str, standard_text: str) -> None:
    data = copy.deepcopy(read(standard_text).data)
    BROKEN[name](data)
    with pytest.raises(SopInvalid):
        load(json.dumps(data))
