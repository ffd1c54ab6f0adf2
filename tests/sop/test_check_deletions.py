"""Whatever is deleted from a document, the check gives an answer and says nothing twice."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.sop.broken import DATA, broken

from salur.sop.document.model import SopDocument
from salur.sop.proofs.check import Facts, Problem, check

NOTHING = Facts(roles=frozenset(), positions=frozenset(), channels=frozenset({"web"}), calendar_years=frozenset())


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in plain data where an item of a list or an entry of a mapping can be taken away."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for name, value in inner for found in ((*path, name), *places(value, (*path, name)))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(places(DATA)), min_size=1, max_size=3))
def test_whatever_is_deleted_the_check_answers(deleted: list[tuple[str | int, ...]]) -> None:
    data = broken().model_dump(mode="json")
    for path in deleted:
        take_away(data, path)
    try:
        document = SopDocument.model_validate(data)
    except ValidationError:
        return  # the reader of the document refuses it already
    assert_said(check(document, NOTHING))


@pytest.mark.parametrize("path", [path for path in places(DATA) if len(path) <= 2], ids=str)
def test_any_single_deletion_is_answered(path: tuple[str | int, ...]) -> None:
    data = broken().model_dump(mode="json")
    take_away(data, path)
    try:
        document = SopDocument.model_validate(data)
    except ValidationError:
        return
    assert_said(check(document, NOTHING))


def take_away(data: Any, path: tuple[str | int, ...]) -> None:
    for name in path[:-1]:
        try:
            data = data[name]
        except (KeyError, IndexError):
            return
    if isinstance(data, dict):
        data.pop(path[-1], None)
    elif path[-1] < len(data):
        data.pop(path[-1])


def assert_said(found: list[Problem]) -> None:
    assert all(problem.field and str(problem.said) for problem in found)
    assert not [said for said, count in Counter((one.field, str(one.said)) for one in found).items() if count > 1]
