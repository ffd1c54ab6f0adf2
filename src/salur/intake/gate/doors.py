"""Whose hook an address is, kept at hand: every look-up that can be spared is spared."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

import psycopg

from salur.channels.models import Account
from salur.channels.ports import AccountView, Platform
from salur.channels.registry import PLATFORMS
from salur.intake.gate.line import Away, Line, connect
from salur.kernel import crypto

OPEN_SECONDS, CLOSED_SECONDS = 30.0, 5.0
"""How long a known account, and an address that leads nowhere, are believed without asking again. A change is rung on
the channel `salur_accounts` and then believed at once; these bound what an unheard one can do."""
MOST_CLOSED = 10_000
"""Addresses that lead nowhere, remembered at once: whoever tries many must not fill the memory."""
LOOK_SECONDS = 5.0
KEY = re.compile(r"[A-Za-z0-9._~-]{1,40}")
"""What can be a key at all: the rest is never asked for."""
FIND = """
SELECT hook_key, id, government_id, platform, address, settings, credentials FROM channels_account
WHERE hook_key = ANY(%s) AND state <> 'off'
"""


@dataclass(frozen=True, slots=True)
class Door:
    """What the gate knows of one account. `until`: when to ask again, in seconds of the event loop's clock."""

    account_id: int
    government_id: int
    name: str
    platform: Platform
    view: AccountView
    largest: int
    until: float


class Doors:
    """Doors by the key in their address. For one event loop."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._open: dict[str, Door] = {}
        self._closed: dict[str, float] = {}
        self._asked: dict[str, asyncio.Future[Door | None]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._forgotten = 0

    def known(self, key: str) -> Door | None:
        """The door behind a key, if it is at hand."""
        door = self._open.get(key)
        return door if door is not None and self._loop.time() < door.until else None

    async def find(self, key: str) -> Door | None:
        """The door behind a key, None where there is none. Raises Away.

        Keys asked for at the same time are looked up in one statement.
        """
        if not KEY.fullmatch(key) or self._loop.time() < self._closed.get(key, 0.0):
            return None
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = self._loop.create_future()
            if self._looking is None:
                self._looking = self._loop.create_task(self._look())
        return await asyncio.shield(asked)  # others wait for the same answer

    def forget(self) -> None:
        """Believe nothing that was known: some account has changed."""
        self._open.clear()
        self._closed.clear()
        self._forgotten += 1

    async def listen(self) -> None:
        """Forget whenever `salur_accounts` rings, and whenever a ring may have been missed; until cancelled."""
        while True:
            try:
                async with await connect() as line:
                    await line.execute("LISTEN salur_accounts")
                    self.forget()
                    async for _ in line.notifies():
                        self.forget()
            except psycopg.Error:
                await asyncio.sleep(1)

    async def _look(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            before = self._forgotten
            try:
                found = await self._found(list(asked))
            except Exception as problem:  # whatever it is, those who wait must hear of it
                for one in asked.values():
                    one.set_exception(problem)
                    one.exception()  # heard, even if whoever asked has gone
                continue
            for key, one in asked.items():
                door = found.get(key)
                if self._forgotten == before:  # else something changed while we looked
                    self._keep(key, door)
                one.set_result(door)
        self._looking = None

    def _keep(self, key: str, door: Door | None) -> None:
        self._open.pop(key, None)
        if door is not None:
            self._open[key] = door
            return
        if len(self._closed) >= MOST_CLOSED:
            self._closed.clear()
        self._closed[key] = self._loop.time() + CLOSED_SECONDS

    async def _found(self, keys: list[str]) -> dict[str, Door]:
        until = self._loop.time() + OPEN_SECONDS
        rows = await self._line.run(FIND, [keys], seconds=LOOK_SECONDS)
        return {row[0]: _door(row, until) for row in rows if row[3] in PLATFORMS}


def _door(row: tuple[Any, ...], until: float) -> Door:
    key, account_id, government_id, name, address, settings, credentials = row
    try:
        opened = json.loads(crypto.decrypt(credentials)) if credentials else {}
    except crypto.CannotDecrypt as problem:
        raise Away("credentials of an account cannot be opened") from problem
    account = Account(
        pk=account_id, platform=name, address=address, settings=settings, credentials=opened, hook_key=key
    )
    platform = PLATFORMS[name]
    return Door(account_id, government_id, name, platform, account.view(), platform.capabilities.largest_hook, until)
