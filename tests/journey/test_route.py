"""The route and the events hold together, and the page of the path is what the route says."""

from pathlib import Path

from salur.journey.path import as_markdown
from salur.journey.route import ROUTE
from salur.kernel.events import Event


def every_event(base: type[Event] = Event) -> list[type[Event]]:
    found = [kind for sub in base.__subclasses__() for kind in (sub, *every_event(sub))]
    return [kind for kind in found if kind.__module__.startswith("salur.")]


def test_every_heard_event_is_routed_and_every_routed_event_is_heard() -> None:
    assert {event.KIND for event in every_event() if event.HEARD} == set(ROUTE)


def test_every_kind_is_written_by_the_room_it_belongs_to() -> None:
    for event in every_event():
        noun, dot, verb = event.KIND.partition(".")
        assert dot and noun and verb, event
        assert event.__module__.endswith(".events"), event


def test_the_page_of_the_path_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "PATH.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "run `make path`"
