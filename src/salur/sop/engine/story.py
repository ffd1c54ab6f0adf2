"""What a journal has told of a case up to a fact: who holds it, what was said, what runs. Pure."""

from datetime import UTC, date, datetime

from salur.sop.engine.rulebook import Rule, Rulebook, Stop, Term
from salur.sop.engine.state import ClosingProposal, Flag, Milestone, RungState, Superseded
from salur.sop.words import LONGER_HORIZONS
from salur.worktime.deadline import Deadline


class Due:
    """A due instant with its ladder: `at` in the calendar's zone, `utc` the same.

    `rungs` holds each rung as not yet reached, `climbed` as reached, `marks` its instant in UTC.
    """

    __slots__ = ("at", "climbed", "deadline", "marks", "rungs", "utc")

    def __init__(self, deadline: Deadline, rungs: tuple[RungState, ...]) -> None:
        self.deadline = deadline
        self.at = deadline.at
        self.utc = deadline.at.astimezone(UTC)
        self.rungs = rungs
        self.climbed = tuple(rung._replace(reached=True) for rung in rungs)
        self.marks = tuple(rung.at.astimezone(UTC) for rung in rungs)


class Pause:
    """A time in which clocks stand still; `ended_at` None while it lasts, `reason` "" while the case is closed.

    `days` keeps how many working days it took on each clock.
    """

    __slots__ = ("began_at", "days", "ended_at", "reason")

    def __init__(self, reason: str, began_at: datetime) -> None:
        self.reason = reason
        self.began_at = began_at
        self.ended_at: datetime | None = None
        self.days: dict[object, int] = {}


class Run:
    """One start of an obligation and what became of it.

    `place` and `met_place` are places in the reading of the journal. `round` and `tenure` are those of the story at
    the start. `binding` tells whether it binds the case as it is now, `bound` whether it ever did and so was ever seen,
    `loosed_at` since when it does not. `on` is the date it was set for.
    `fixed` is its due instant where nothing moves it any more, `latest` one that nothing moves on.
    """

    __slots__ = (
        *("rule", "term", "started_by", "started_at", "place", "agency_id", "round", "tenure", "bound", "binding"),
        *("on", "fixed", "latest", "met_place", "met_at", "ended_at", "ended_why", "ended_agency_id", "loosed_at"),
    )

    def __init__(
        self, rule: Rule, term: Term, started_by: int, started_at: datetime, story: "Story", binds: bool
    ) -> None:
        self.rule = rule
        self.term = term
        self.started_by = started_by
        self.started_at = started_at
        self.place = story.place
        self.agency_id = story.agency_id
        self.round = story.round
        self.tenure = story.tenure
        self.bound = self.binding = binds
        self.on: date | None = None
        self.fixed: Due | None = None
        self.latest: Due | None = None
        self.met_place: int | None = None
        self.met_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.ended_why: Superseded = ""
        self.ended_agency_id: int | str | None = None
        self.loosed_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Neither met nor superseded."""
        return self.met_at is None and self.ended_at is None

    @property
    def over_at(self) -> datetime | None:
        """When it was met, ended or ceased to bind; None while somebody has to do it."""
        if self.met_at is not None:
            return self.met_at
        if self.ended_at is None or self.loosed_at is None:
            return self.ended_at or self.loosed_at
        return min(self.ended_at, self.loosed_at)


class Story:
    """The case as told up to the fact at `place`.

    `answer_stood` tells whether an answer stood before that fact. A `round` ends when the citizen speaks against an
    answer or the case is reopened; a `tenure` when another agency takes the case over. Both are named by the place of
    the fact they began with. `pause` is the one that lasts. `last` holds the last run of each obligation, the only one
    that may still be running. `closures` are the times in which the case was closed, where the document does not
    count these.
    """

    round: int
    tenure: int
    # Plain defaults: a fold must not spend its time on setting what no fact of the journal mentions.
    place: int = 0
    opened_at: datetime | None = None
    spoken_at: datetime | None = None
    kind: str = ""
    function: str = ""
    channel: str = ""
    agency_id: int | str | None = None
    handovers: int = 0
    arbiter_called: bool = False
    horizon: str = "short"
    opening_horizon: str = "short"
    horizon_at: datetime | None = None
    reclassified: int = 0
    owner: str = ""
    plan: str = ""
    plan_reference: str = ""
    review_on: date | None = None
    promised_on: date | None = None
    milestones: tuple[Milestone, ...] = ()
    evidence: int = 0
    taken_up: bool = False
    answer_stood: bool = False
    answered_at: datetime | None = None
    last_answer_at: datetime | None = None
    question_at: datetime | None = None
    closing_proposed: ClosingProposal | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""
    reopened_count: int = 0
    pause: Pause | None = None
    pauses: tuple[Pause, ...] = ()
    closures: tuple[Pause, ...] = ()
    submitted: frozenset[str] = frozenset()
    flags: tuple[Flag, ...] = ()

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.runs: list[Run] = []
        self.last: dict[Rule, Run] = {}

    @property
    def longer(self) -> bool:
        """Whether the case is handled on the medium or long horizon."""
        return self.horizon in LONGER_HORIZONS

    @property
    def stop(self) -> Stop | None:
        """The rule of the pause that lasts."""
        return None if self.pause is None else self.book.stops[self.pause.reason]

    def flag(self, code: str, detail: object) -> None:
        """Notes something odd once."""
        note = Flag(code, str(detail)[:80])
        if note not in self.flags:
            self.flags += (note,)

    def end_pause(self, at: datetime) -> None:
        """Ends the lasting pause, not before it began."""
        if self.pause is not None:
            self.pause.ended_at = max(at, self.pause.began_at)
            self.pause = None
