"""The best that a person can do where a program may not answer."""

from datetime import UTC, datetime
from itertools import permutations

from salur.channels.ways import TextLimit, Way
from salur.publishing.plan import Context, NotPermitted, Wish, plan

CONTEXT = Context(datetime(2026, 11, 24, 3, tzinfo=UTC), automatic=True)
TEMPLATE, TAGGED = Way("template", TextLimit(1024)), Way("tagged", TextLimit(300), automatic=False)
GRANTED = Way("direct", TextLimit(300), needs="human_agent")


def next_way(*ways: Way) -> str:
    found = plan(ways, CONTEXT, Wish(), lambda way: ("Sudah.",))
    assert isinstance(found, NotPermitted)
    return found.next_way


def test_a_way_for_a_person_comes_before_a_template_and_the_hand_last() -> None:
    for ways in permutations((TEMPLATE, TAGGED, GRANTED)):
        assert next_way(*ways) == "tagged"
    assert next_way(GRANTED, TEMPLATE) == "template"
    assert next_way(GRANTED) == "hand"
