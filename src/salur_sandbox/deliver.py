"""Bringing webhooks to whoever subscribed: signed, tried again with longer and longer pauses, and given up at last."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from salur_sandbox.clock import Clock
from salur_sandbox.faults import Faults

TICK = 0.02
AT_ONCE = 8
LOG = 5_000


@dataclass(frozen=True)
class Manner:
    """How a vendor delivers: answer wanted within `timeout` seconds, tried again for `keep` seconds (0: never again),
    pauses from `first` seconds doubling up to `longest`."""

    timeout: float
    keep: float
    first: float = 1.0
    longest: float = 3600.0


@dataclass(eq=False)
class Hook:
    """One webhook on its way, like no other: a twin sent on purpose is told apart from it.

    `wrap` makes the body of one or more `items`; `sign` gives the headers at each try. `failing` is told how each try
    went, so that a vendor can switch a dead hook off.
    """

    platform: str
    account: str
    url: str
    items: list[Any]
    wrap: Callable[[list[Any]], bytes]
    sign: Callable[[bytes], Mapping[str, str]]
    manner: Manner
    failing: Callable[[bool], None]
    together: bool = False
    id: int = 0
    due: float = 0.0
    born: float = 0.0
    tries: int = 0
    state: str = "waiting"
    status: int = 0
    body: bytes = b""
    merged: list["Hook"] = field(default_factory=list, repr=False)


def on_this_machine(url: str) -> bool:
    """Whether an address leads to this machine: the sandbox calls nobody else."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")


class Courier:
    """All hooks that wait, were brought, lost or given up."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self.clock = clock
        self.faults = faults
        self.hooks: list[Hook] = []
        self.log: list[dict[str, Any]] = []
        self.client: httpx.AsyncClient | None = None
        self._number = 0
        self._flying: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()

    def bring(self, hook: Hook) -> None:
        """Take a hook over: lost, once or twice, as the faults say."""
        self._number += 1
        now = self.clock.now()
        hook.id, hook.born, hook.due = self._number, now, now + self.faults.delay
        if not on_this_machine(hook.url):
            hook.state = "refused"
            self._note(hook, 0, "the sandbox calls this machine only")
        elif self.faults.falls(self.faults.lose):
            hook.state = "lost"
            self._note(hook, 0, "lost on purpose")
        else:
            self.hooks.append(hook)
            if self.faults.falls(self.faults.duplicate):
                twin = Hook(**{**hook.__dict__, "id": hook.id, "merged": []})
                self.hooks.append(twin)

    def again(self, since: float, account: str) -> int:
        """Send once more what was brought to an account since then (X's replay). Returns how many."""
        old = [one for one in self.log if one["account"] == account and one["at"] >= since and one["hook"] is not None]
        fresh = {one["hook"].id: one["hook"] for one in old}
        for hook in fresh.values():
            self.hooks.append(Hook(**{**hook.__dict__, "tries": 0, "state": "waiting", "due": self.clock.now()}))
        return len(fresh)

    @property
    def waiting(self) -> int:
        """How many are due now or under way; what waits for a later try is not counted."""
        now = self.clock.now()
        return sum(1 for hook in self.hooks if hook.due <= now + 0.1) + len(self._flying)

    def forget(self) -> None:
        """Drop everything."""
        self.hooks.clear()
        self.log.clear()

    async def run(self) -> None:
        """Deliver until cancelled."""
        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False, limits=limits) as self.client:
            with contextlib.suppress(asyncio.CancelledError):
                while True:
                    self._start_due()
                    await asyncio.sleep(TICK)
            for task in self._flying:
                task.cancel()

    def _start_due(self) -> None:
        now = self.clock.now()
        due = [hook for hook in self.hooks if hook.due <= now]
        if self.faults.shuffle:
            self.faults.chance.shuffle(due)
        for hook in due:
            if hook not in self.hooks or len(self._flying) >= AT_ONCE:
                continue
            if hook.url in self._busy and not self.faults.shuffle:
                continue
            self._gather(hook, due)
            self.hooks.remove(hook)
            self._busy.add(hook.url)
            task = asyncio.ensure_future(self._try(hook))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    def _gather(self, hook: Hook, due: list[Hook]) -> None:
        """Several waiting entries of one address become one POST, also those of several accounts."""
        if not hook.together or hook.tries or self.faults.batch < 2:
            return
        for other in due:
            same = other is not hook and other.url == hook.url and other.together and not other.tries
            if same and other.platform == hook.platform and other in self.hooks:
                hook.items = [*hook.items, *other.items]
                hook.merged.append(other)
                self.hooks.remove(other)
            if len(hook.items) >= self.faults.batch:
                return

    async def _try(self, hook: Hook) -> None:
        # The very same bytes at every try, as a platform that keeps what it could not bring does.
        hook.body = hook.body or hook.wrap(hook.items)
        hook.tries += 1
        status, problem = 0, ""
        try:
            assert self.client is not None
            headers = {"Content-Type": "application/json", **hook.sign(hook.body)}
            answer = await self.client.post(hook.url, content=hook.body, headers=headers, timeout=hook.manner.timeout)
            status = answer.status_code
        except httpx.HTTPError as error:
            problem = type(error).__name__
        finally:
            self._busy.discard(hook.url)
        good = 200 <= status < 300
        hook.failing(good)
        hook.status = status
        if good:
            hook.state = "brought"
        else:
            self._later(hook)
        self._note(hook, status, problem)

    def _later(self, hook: Hook) -> None:
        now, manner = self.clock.now(), hook.manner
        # The first repetition comes at once, the others with longer and longer pauses.
        pause = 0.05 if hook.tries == 1 else min(manner.longest, manner.first * 2 ** (hook.tries - 2))
        if now + pause - hook.born > manner.keep:
            hook.state = "given up"
            return
        hook.state, hook.due = "waiting", now + pause
        self.hooks.append(hook)

    def _note(self, hook: Hook, status: int, problem: str) -> None:
        self.log.append(
            {
                "at": self.clock.now(),
                "hook": hook if hook.state != "lost" else None,
                "id": hook.id,
                "platform": hook.platform,
                "account": hook.account,
                "try": hook.tries,
                "state": hook.state,
                "status": status,
                "problem": problem,
                "body": (hook.body or hook.wrap(hook.items)).decode("utf-8", "replace"),
            }
        )
        del self.log[:-LOG]

    def told(self) -> list[dict[str, Any]]:
        """The log without what cannot be written as JSON; the newest last."""
        return [{name: value for name, value in one.items() if name != "hook"} for one in self.log]


def compact(data: Any) -> bytes:
    """JSON as most vendors write it: UTF-8, without blanks."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
