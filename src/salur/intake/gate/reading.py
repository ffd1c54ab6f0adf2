"""Reading a request's body: bounded in size and in time."""

import asyncio
from typing import Any

PATIENCE = 20.0
"""Seconds a body may take."""
LOOK_EVERY = 1.0


class TooLarge(Exception):
    """The body is larger than the platform's largest hook."""


class TooSlow(Exception):
    """The body did not come in time."""


class Gone(Exception):
    """The sender went away."""


class Reader:
    """Reads bodies for one event loop. One watch for all of them: a timer for each would cost more than the reading."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._until: dict[asyncio.Task[Any], float] = {}

    async def body(self, receive: Any, largest: int) -> bytes:
        """The whole body. Raises TooLarge, TooSlow or Gone."""
        task: asyncio.Task[Any] = asyncio.current_task()  # type: ignore[assignment]  # ASGI servers run tasks
        self._until[task] = self._loop.time() + PATIENCE
        try:
            message = await receive()
            body: bytes = message.get("body", b"")
            if message.get("more_body"):
                body = await _rest(receive, body, largest)
            elif message["type"] == "http.disconnect":
                raise Gone
        except asyncio.CancelledError:
            if task in self._until:
                raise
            task.uncancel()
            raise TooSlow from None
        finally:
            self._until.pop(task, None)
        if len(body) > largest:
            raise TooLarge
        return body

    async def watch(self) -> None:
        """End the reading of whoever takes too long; until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = self._loop.time()
            for task in [task for task, until in self._until.items() if until < now]:
                del self._until[task]
                task.cancel()


async def _rest(receive: Any, first: bytes, largest: int) -> bytes:
    parts, size, more = [first], len(first), True
    while more:
        if size > largest:
            raise TooLarge
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)
