"""The one gate through which anything is done to a case: verb, journal and projection in one transaction."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import transaction

from salur.journey.route import ROUTE
from salur.kernel import ledger, memory, tenancy
from salur.kernel.models import Entry
from salur.sop.advance import advance_all

P = ParamSpec("P")
T = TypeVar("T")


def act(verb: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a writing verb and, in the same transaction, bring the projection of every case it touched up to date.

    Windows call it after they looked the case up in their own scope; the verb itself then runs unscoped, since a
    hand-over may put the case out of the caller's sight. What the verb writes waits for the worker. Whatever the verb
    raises undoes everything.
    """
    with tenancy.use(tenancy.EVERYTHING), transaction.atomic(), ledger.collecting() as writing:
        result = verb(*args, **kwargs)
        _advance_all(writing)
        return result


def act_through(verb: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """As `act`, and run in the same transaction every verb that the route has for what was written, to the end.

    For the worker and for imports: one commit brings a report from its raw delivery to the outbox. If anything on the
    way raises, nothing of it happened, and the caller takes the steps one by one.
    """
    with (
        tenancy.use(tenancy.EVERYTHING),
        transaction.atomic(),
        ledger.collecting(follow=True) as writing,
        memory.opened(),
    ):
        result = verb(*args, **kwargs)
        while writing.heard:
            follow(writing.heard.popleft())
        _advance_all(writing)
        if writing.heard:
            raise RuntimeError("advancing a case wrote an event that a verb listens to: it would be lost")
        ledger.write_down()
        return result


def follow(entry: Entry) -> None:
    """Run the verbs that the route has for one entry, in the caller's transaction."""
    for verb in ROUTE.get(entry.kind, ()):
        verb(entry)


def _advance_all(writing: ledger.Writing) -> None:
    cases = [(stream, head) for stream, head in writing.heads.items() if stream.startswith("case:")]
    advance_all((int(stream.removeprefix("case:")), head.government_id) for stream, head in cases)
