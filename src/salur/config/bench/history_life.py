"""One invented case while it lives: its world, its clock, and what the fold says after every act.

Nothing beyond the acts of people is made up: obligations, breaches and columns come from the real fold.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from salur.kernel import ledger
from salur.kernel.events import Event, Fact
from salur.sop.advance import news
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import Calendars, CaseState, fold
from salur.worktime.calendar import WorkCalendar
from salur.worktime.deadline import deadline
from salur.worktime.spans import LARGEST_AMOUNT, Span

PACE = {
    # working hours: the median, and how widely they scatter (sigma of the logarithm)
    "verify": (4.0, 0.9),
    "hand_over": (5.0, 0.9),
    "arbitrate": (4.0, 0.6),
    "first_response": (2.0, 0.8),
    "follow_up": (11.0, 0.8),
    "draft": (7.0, 0.9),
    "approve": (2.5, 0.8),
    "answer_again": (9.0, 0.8),
    "review": (4.0, 0.5),
}
"""The steps that people do, and how long each takes them."""
STEPS = {"check_report": "verify", "coordinate": "follow_up", "ask": "first_response", "answer": "draft"}
"""Other names of the same steps: those of the flow table, and the obligation that a slow draft makes late."""
SWEEP = timedelta(seconds=3)


@dataclass(frozen=True)
class Slow:
    """One step made slow: so many working days more, in one agency or (None) in all.

    `step` is one of PACE, or a step of the flow table in STEPS. Raises ValueError for any other.
    """

    step: str
    agency: int | None
    working_days: int

    def __post_init__(self) -> None:
        if STEPS.get(self.step, self.step) not in PACE:
            raise ValueError(f"no step {self.step!r} can be slow: choose one of {', '.join([*PACE, *STEPS])}")

    def hours(self, step: str, agency: int | None) -> float:
        """How many working hours a step of an agency takes more; a working day has seven and a half."""
        meant = STEPS.get(self.step, self.step) == step and self.agency in (None, agency)
        return self.working_days * 7.5 if meant else 0.0


@dataclass(frozen=True)
class World:
    """What all lives share: the signed version they run under, its document, the calendars, agencies, and the time.

    Citizens speak between the aware instants `since` and `until`; `until` is also how far the journals go.
    """

    version_id: int
    version: int
    document: SopDocument
    calendars: Calendars
    agencies: tuple[tuple[int, str], ...]
    since: datetime
    until: datetime
    slow: Slow | None = None


class YearOver(Exception):
    """The next act would lie behind the end of the time told."""


@dataclass
class Life:
    """One journal under way. `number` counts the lives from 0; every id in the journal follows from it."""

    world: World
    number: int
    dice: random.Random
    kind: str
    channel: str
    spoken_at: datetime
    agency: int
    pace: float
    at: datetime
    facts: list[Fact] = field(default_factory=list)
    replies: int = 0
    state: CaseState | None = None

    def write(self, event: Event, actor: str) -> None:
        """Write one fact down at the life's present instant, in UTC as the ledger gives it back."""
        self.facts.append(Fact(len(self.facts) + 1, event.KIND, self.at.astimezone(UTC), actor, {**vars(event)}))

    def settle(self) -> CaseState:
        """Fold, and write what `sop/advance` would write after an act."""
        self.state = fold(self.facts, self.world.document, self.world.calendars, self.at)
        for event in list(news(self.state, self.facts)):
            self.write(event, ledger.SYSTEM)
        return self.state

    def wait_until(self, at: datetime) -> None:
        """Let time pass; the sweep writes down what time alone brings. Raises YearOver at the end of the time."""
        end = min(at, self.world.until)
        while self.state is not None and self.state.wakes_at is not None and self.state.wakes_at + SWEEP < end:
            self.at = self.state.wakes_at + SWEEP
            self.settle()
        self.at = max(self.at, end)
        if at >= self.world.until:
            raise YearOver

    def work(self, step: str, agency: int | None = None) -> None:
        """Let the working time pass that a step takes this agency (or another)."""
        median, scatter = PACE[step]
        hours = median * self.pace * self.dice.lognormvariate(0, scatter)
        hours += self.world.slow.hours(step, agency or self.agency) if self.world.slow else 0
        # Whole hours by the calendar; the minutes fall as they fall.
        span = Span(min(int(hours), LARGEST_AMOUNT), "working_hours")
        at = deadline(self.at, span, self.calendar).at + timedelta(minutes=self.dice.randrange(60))
        self.wait_until(at)

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.dice.random() < share

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar of the agency that holds the case."""
        return self.world.calendars.of(self.agency)
