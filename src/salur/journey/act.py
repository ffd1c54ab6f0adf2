"""The one gate through which anything is done to a case: verb, journal and projection in one transaction."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import transaction

from salur.kernel import ledger, tenancy
from salur.sop.advance import advance

P = ParamSpec("P")
T = TypeVar("T")


def act(verb: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a writing verb and, in the same transaction, bring the projection of every case it touched up to date.

    Windows call it after they looked the case up in their own scope; the verb itself then runs unscoped, since a
    hand-over may put the case out of the caller's sight. Whatever the verb raises undoes everything.
    """
    with tenancy.use(tenancy.EVERYTHING), transaction.atomic(), ledger.collecting() as streams:
        result = verb(*args, **kwargs)
        for stream in [one for one in streams if one.startswith("case:")]:
            advance(int(stream.removeprefix("case:")))
    return result
