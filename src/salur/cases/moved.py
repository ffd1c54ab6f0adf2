"""Two officers at one case: whoever acts on an old page is told what happened meanwhile."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from salur.kernel import ledger
from salur.kernel.events import Fact

T = TypeVar("T")


class Moved(RuntimeError):
    """People did or said something in the case since the page was made."""


def last_word(facts: Sequence[Fact]) -> int:
    """The seq of the last thing that a person did or said; what the system wrote down by itself moves nothing."""
    return max((fact.seq for fact in facts if fact.actor != ledger.SYSTEM), default=0)


def unmoved(case_id: int, seen: int) -> None:
    """Hold the case until the transaction ends and make sure that nobody acted since `seen`. Raises Moved."""
    stream = f"case:{case_id}"
    ledger.hold(stream)
    if last_word(ledger.journal(stream)) != seen:
        raise Moved(f"{stream} moved on")


def unless_moved(case_id: int, seen: int, verb: Callable[[], T]) -> T:
    """Run a verb on a case that nobody acted on since `seen`. Raises Moved, and whatever the verb raises."""
    unmoved(case_id, seen)
    return verb()
