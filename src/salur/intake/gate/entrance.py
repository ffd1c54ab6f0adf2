"""The ASGI application behind `/hooks/<platform>/<key>`: what is genuine is committed, and only then answered 200."""

import asyncio
import time
from typing import Any

import structlog

from salur.channels.hooks import Answer, HookRequest, Refused
from salur.intake.gate.answers import (
    COME_BACK,
    MALFORMED,
    NOWHERE,
    TOO_LARGE,
    TOO_SLOW,
    WRONG_METHOD,
    Answered,
    answer,
)
from salur.intake.gate.committer import Committer, Full, Outcome
from salur.intake.gate.doors import Door, Doors
from salur.intake.gate.line import Away, Line
from salur.intake.gate.reading import Gone, Reader, TooLarge, TooSlow
from salur.intake.gate.tally import Tally

log = structlog.get_logger("salur.intake")
PREFIX = "/hooks/"
METHODS = frozenset({"GET", "POST", "PUT"})


class Office:
    """What serves one event loop: two connections, and the tasks beside the requests."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.committer = Committer()
        asking = Line()
        self._lines = self.committer.wire, asking
        self.doors = Doors(asking)
        self.tally = Tally(asking)
        self.reader = Reader()
        beside = self.committer.run(), self.doors.listen(), self.tally.run(), self.reader.watch()
        self._tasks = [self.loop.create_task(one) for one in beside]

    async def close(self) -> None:
        """End the tasks: what waits is answered 503, what was counted is written."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for line in self._lines:
            await line.close()


class Gate:
    """An ASGI application for the platforms' hooks. It begins with its first request: nothing needs a lifespan.

    `base_url` is the public address of this installation, without a slash at the end.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._office: Office | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request. Nothing of it, its address included, is ever logged."""
        office = self._office
        if office is None or office.loop is not asyncio.get_running_loop():
            office = self._office = Office()
        try:
            start, body = await self._answer(office, scope, receive)
        except Gone:
            return
        except Exception as problem:  # a fault of ours: nothing was acknowledged, the sender will come back
            log.error("hook not answered", error=type(problem).__name__)
            start, body = COME_BACK
        await send(start)
        await send(body)

    async def close(self) -> None:
        """End what serves the present event loop."""
        office, self._office = self._office, None
        if office is not None:
            await office.close()

    async def _answer(self, office: Office, scope: Any, receive: Any) -> Answered:
        method = scope["method"]
        if method not in METHODS:
            return WRONG_METHOD
        parts = scope["path"].split("/", 4)
        if len(parts) < 4:
            return NOWHERE
        try:
            door = office.doors.known(parts[3]) or await office.doors.find(parts[3])
        except Away:
            return COME_BACK
        if door is None or door.name != parts[2]:
            return NOWHERE
        headers = dict(scope["headers"])
        try:
            if int(headers.get(b"content-length", 0)) > door.largest:
                raise TooLarge
            body = await office.reader.body(receive, door.largest)
        except TooLarge:
            office.tally.add(door, "too_large")
            return TOO_LARGE
        except TooSlow:
            office.tally.add(door, "too_slow")
            return TOO_SLOW
        query = scope["query_string"]
        url = self._base_url + scope["raw_path"].decode("latin-1")
        if query:
            url += "?" + query.decode("latin-1")
        suffix = "/" + parts[4] if len(parts) > 4 else ""
        request = HookRequest(method, suffix, query, headers, body, url, time.time())
        return await _pass(office, door, request)


async def _pass(office: Office, door: Door, request: HookRequest) -> Answered:
    try:
        found = door.platform.verify(door.view, request)
    except Refused as refused:
        office.tally.add(door, refused.reason)
        return answer(refused.status)
    except Exception as problem:  # what a stranger sends must not become our failure
        office.tally.failed(door, problem)
        return MALFORMED
    if isinstance(found, Answer):
        return answer(found.status, found.body, found.content_type)
    try:
        outcome = await office.committer.keep(door, found, request.body)
    except Full:
        return COME_BACK
    if outcome is Outcome.KEPT:
        return answer(200, found.answer, found.answer_type)
    if outcome is Outcome.AWAY:
        return COME_BACK
    office.tally.add(door, "malformed")
    return MALFORMED
