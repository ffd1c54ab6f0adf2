"""Open pages learn at once that something changed: PostgreSQL's NOTIFY, handed on as server-sent events.

The bell says that cases changed and never what they say: the page then asks for itself anew, as its officer, in its
own scope. Each web process listens with one connection for all its pages.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog

from salur.kernel.tenancy import Scope

log = structlog.get_logger("salur.desk")
CHANNEL = "salur_live"
GATHER = 0.15
"""Seconds in which further changes are gathered into one message to the page."""
STILL_HERE = 20.0
LONGEST = 15 * 60.0
"""Seconds after which a page has to ask anew, so that a sign-out or another role takes hold."""
MOST_PAGES = 400
NAMED = 50
"""Cases named in one message; a page that shows another asks for itself anyway when there are more."""


@dataclass(eq=False)
class Page:
    """One open page: whose changes it may hear of, and those it has not been told yet."""

    scope: Scope
    changed: set[int] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def hears(self, government_id: int, agency_id: int) -> bool:
        """Whether a change in a case of this agency is within its scope; 0 is a case that no agency has yet."""
        if self.scope.government_id not in (None, government_id):
            return False
        return self.scope.agency_ids is None or agency_id in self.scope.agency_ids


class Hub:
    """The pages open in one process, and the one connection that hears for them all."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self._listening: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def open(self, scope: Scope, parameters: dict[str, Any]) -> AsyncIterator[Page]:
        """A page that is told of changes for as long as the block runs. The first one starts the listening."""
        page = Page(scope)
        self.pages.add(page)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(parameters))
        try:
            yield page
        finally:
            self.pages.discard(page)

    def ring(self, payload: str) -> None:
        """Note one change, government:agency:case, with every page that may hear of it."""
        try:
            government_id, agency_id, case_id = map(int, payload.split(":"))
        except ValueError:
            return
        for page in self.pages:
            if page.hears(government_id, agency_id):
                page.changed.add(case_id)
                page.woken.set()

    async def _listen(self, parameters: dict[str, Any]) -> None:
        """Listen until no page is open any more; after a lost connection every page asks for itself anew."""
        while self.pages:
            with suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    for page in self.pages:
                        page.woken.set()
                    while self.pages:
                        async for notice in listening.notifies(timeout=5):
                            self.ring(notice.payload)
            if self.pages:
                await asyncio.sleep(1)


_HUBS: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    return _HUBS.setdefault(id(asyncio.get_running_loop()), Hub())


async def events(scope: Scope, connect: dict[str, Any]) -> AsyncIterator[bytes]:
    """The stream of one page (WHATWG HTML, section 9.2): `changed` with the ids of the cases, gathered for a moment.

    Ends after LONGEST seconds; the browser then connects again and is admitted anew.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST
    async with hub().open(scope, connect) as page:
        yield b"retry: 2000\n\n"
        while loop.time() < until:
            try:
                await asyncio.wait_for(page.woken.wait(), STILL_HERE)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            await asyncio.sleep(GATHER)
            cases, page.changed = sorted(page.changed)[-NAMED:], set()
            page.woken.clear()
            yield f"event: changed\ndata: {json.dumps({'cases': cases})}\n\n".encode()


def full() -> bool:
    """Whether this process carries as many pages as it should."""
    return sum(len(one.pages) for one in _HUBS.values()) >= MOST_PAGES
