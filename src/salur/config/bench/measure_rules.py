"""How fast the pure parts are: counting deadlines and reading texts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from time import perf_counter

from salur.agencies.queries import calendars_of
from salur.config.bench.figures import Figure, rates, times
from salur.config.bench.invented import reports
from salur.config.ready import government
from salur.triage.read import knowledge_of
from salur.triage.rules import read
from salur.worktime.deadline import deadline
from salur.worktime.spans import Span

PROVINCE = "18"


def deadlines(*, count: int, rounds: int) -> list[Figure]:
    """Deadlines of 14 working days a second, from instants all over 2025 and 2026, on the province's calendar."""
    calendar = calendars_of(government(PROVINCE).pk)["default"]
    first, span = datetime(2025, 1, 2, 0, 13, tzinfo=calendar.timezone), Span(14, "working_days")
    starts = [first + timedelta(minutes=number * 700_000 // count) for number in range(count)]
    work = [partial(deadline, start, span, calendar) for start in starts]
    return _rounds("deadline", "a deadline of 14 working days", work, rounds)


def readings(*, count: int, rounds: int) -> list[Figure]:
    """Readings of texts of about 300 characters a second, with everything that is known of the province."""
    knowledge = knowledge_of(government(PROVINCE))
    texts = [f"{one.title}\n{one.text}" for one in islice(reports(), count)]
    length = sum(map(len, texts)) // len(texts)
    work = [partial(read, text, knowledge) for text in texts]
    return _rounds("triage", f"a reading of {length} characters", work, rounds)


def _rounds(measure: str, name: str, work: Sequence[Callable[[], object]], rounds: int) -> list[Figure]:
    for act in work[: len(work) // 4 + 1]:
        act()
    single, speed = [], []
    for _ in range(rounds):
        begun = perf_counter()
        for act in work:
            start = perf_counter()
            act()
            single.append(perf_counter() - start)
        speed.append(len(work) / (perf_counter() - begun))
    return [rates(measure, name, speed), times(measure, name, single)]
