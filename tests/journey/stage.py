"""A stage in one process: the stand-ins of the platforms, the real gate before the real database, and our worker.

The gate answers over HTTP from a thread of its own, so what it keeps is committed; the worker runs in the test.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import pytest_django
import uvicorn
from django.core.management import call_command
from django.test import override_settings
from tests.sandbox.accounts import CALLED
from tests.world import Lampung, actor, known_lampung, ready_lampung

from salur.cases.handle import verify
from salur.cases.models import Case, CaseMessage
from salur.channels.connect import connect, set_custodians
from salur.channels.models import Account, Alarm
from salur.intake.gate.entrance import Gate
from salur.intake.models import Delivery, Message
from salur.intake.poll import poll
from salur.intake.queries import conservation
from salur.intake.watch import watch
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch, Reply
from salur.publishing.replies import approve, draft
from salur_sandbox.client import Control, running

DASHBOARD = ("facebook", "instagram", "whatsapp", "threads")
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody types these passwords
_numbers = count(1)


class Stage:
    """The world, the sandbox and the gate, with the officers of the coordinating agency."""

    def __init__(self, world: Lampung, sandbox: Control) -> None:
        self.world, self.sandbox = world, sandbox
        self.operator = world.officer("op", "operator", "diskominfotik")
        self.approver = world.officer("ap", "approver", "diskominfotik")
        self.custodian = world.officer("kus", "coordinator", "diskominfotik")

    def scene(self, platform: str, **given: Any) -> "Scene":
        """A new account, on both sides, that nobody else in the run has."""
        return Scene(self, platform, **given)

    def holds(self) -> None:
        """Once all has come in: received = understood + ignored + quarantined, and nothing waits to be understood."""
        self.sandbox.idle(30)
        run_until_quiet()
        with use(EVERYTHING):
            assert conservation().holds and not Delivery.objects.filter(state="received").exists()


class Scene:
    """One official account: at the stand-in and here, subscribed as the program itself subscribes it.

    With `mode` "poll" nobody is told where our hook is: the account is only asked. `given` goes to the stand-in.
    """

    def __init__(
        self, stage: Stage, platform: str, *, mode: str = "", settings: dict[str, Any] | None = None, **given: Any
    ) -> None:
        self.stage, self.sandbox, self.platform = stage, stage.sandbox, platform
        self.asked = mode == "poll" or platform == "youtube"
        number = next(_numbers)
        handle = f"salur_{number}_bot" if platform == "telegram" else f"diskominfotik_{number}"
        address = handle if platform == "telegram" else str(4_000_000_000_000_000 + number)
        hook = "" if self.asked else self._connect(address).hook_url
        if platform in DASHBOARD and hook:  # the address of the hook is typed into the platform's own pages
            given = {"hook_url": hook, **({} if platform == "threads" else {"fields": []}), **given}
        own = {} if platform == "telegram" else {"id": address}
        self.there = stage.sandbox.account(platform, handle=handle, **own, **given)
        self.key: str = self.there["key"]
        told = {"username": handle, **self.there["more"], "api_base": stage.sandbox.api_base(platform)}
        told |= {"login": "facebook"} if platform == "instagram" else {}
        told |= {"mode": mode} if mode else {}
        told |= {"features": self.there["features"]} if self.there["features"] else {}
        token = {CALLED.get(platform, "access_token"): self.there["token"]}
        self.account = self._connect(
            address, settings={**told, **(settings or {})}, credentials={**self.there["secrets"], **token}
        )
        with use(EVERYTHING):
            set_custodians(self.account.pk, [stage.custodian])
        self.look_after()

    def authorise(self) -> None:
        """A custodian signs in anew: whatever the platform has in force now is what we have too."""
        (now,) = [one for one in self.sandbox.accounts() if one["key"] == self.key]
        token = {CALLED.get(self.platform, "access_token"): now["token"]}
        self.account = self._connect(self.account.address, credentials={**now["secrets"], **token})

    def _connect(self, address: str, **more: Any) -> Account:
        with use(EVERYTHING):
            return connect(self.stage.world.agency("diskominfotik"), self.platform, address, **more)

    # -- what time brings

    def look_after(self) -> None:
        """The heartbeat of the account, whether it is due or not."""
        with use(EVERYTHING):
            Account.objects.filter(pk=self.account.pk).update(checked_at=None)
            watch(Account.objects.get(pk=self.account.pk))

    def arrive(self) -> None:
        """Whatever is on its way to us comes in by the gate, or is asked for, and is carried to the end."""
        self.sandbox.idle(30)
        if self.asked:
            self.ask()
        run_until_quiet()
        if self.platform == "telegram" and self.waiting():
            time.sleep(1.1)  # one message a second to one person
            run_until_quiet()
        self.sandbox.idle(30)
        run_until_quiet()

    def waiting(self) -> list[Dispatch]:
        """What has not gone out."""
        return [one for one in self.dispatches() if one.state == Dispatch.State.WAITING]

    def ask(self) -> int:
        """Poll the account once; how many deliveries were new."""
        with use(EVERYTHING):
            return poll(Account.objects.get(pk=self.account.pk))

    def fresh(self) -> Account:
        """The account as it stands."""
        with use(EVERYTHING):
            return Account.objects.get(pk=self.account.pk)

    # -- what people do

    def say(self, what: str, text: str = "", *, person: str = "siti", **more: Any) -> str:
        """A citizen says something, and it comes to us; the platform's id of it."""
        said = self.sandbox.say(self.key, person, what, text, **more)
        self.arrive()
        return said

    def answer(self, case: Case, text: str, purpose: str = "answer") -> None:
        """The operator writes, the approver releases, the time for an undo passes."""
        reply = act(draft, case.pk, purpose=purpose, text=text, actor=actor(self.stage.operator))
        act(approve, reply.pk, actor=actor(self.stage.approver))
        self.arrive()

    def handled(self, case: Case) -> None:
        """The coordinating agency takes the case up."""
        act(verify, case.pk, actor=actor(self.stage.custodian))

    # -- what there is

    def ours(self) -> list[dict[str, Any]]:
        """What the account said, as the platform's readers see it, in order."""
        return [one for one in self.sandbox.state(self.key)["said"] if one["ours"]]

    def messages(self) -> list[Message]:
        """What came in on this account, in the order it was said."""
        with use(EVERYTHING):
            rows = Message.objects.filter(account_id=self.account.pk).select_related("account")
            return list(rows.order_by("spoken_at", "external_id"))

    def cases(self) -> list[Case]:
        """The cases that messages of this account are in, oldest first."""
        with use(EVERYTHING):
            ids = CaseMessage.objects.filter(message__account_id=self.account.pk).values("case_id")
            return list(Case.objects.filter(pk__in=ids).select_related("agency").order_by("id"))

    def case(self) -> Case:
        """The only case of this account."""
        (found,) = self.cases()
        return found

    def dispatches(self, purpose: str = "") -> list[Dispatch]:
        """What we sent or tried to send from here, in order."""
        with use(EVERYTHING):
            rows = Dispatch.objects.filter(account_id=self.account.pk).select_related("reply", "message")
            return [one for one in rows.order_by("id") if purpose in ("", one.reply.purpose)]

    def replies(self) -> list[Reply]:
        """The replies of this account's cases."""
        with use(EVERYTHING):
            return list(Reply.objects.filter(case__in=[one.pk for one in self.cases()]).order_by("id"))

    def deliveries(self) -> list[Delivery]:
        """Everything that came, raw."""
        with use(EVERYTHING):
            return list(Delivery.objects.filter(account_id=self.account.pk).order_by("id"))

    def alarms(self) -> dict[str, str]:
        """What is wrong now."""
        with use(EVERYTHING):
            return {one.kind: one.detail for one in Alarm.objects.filter(account_id=self.account.pk, ended_at=None)}


@contextmanager
def later(sandbox: Control, **by: float) -> Iterator[None]:
    """Some time has passed for both sides, for as long as the block runs."""
    passed = timedelta(**by)
    sandbox.clock(by=passed.total_seconds())
    try:
        with clock.turned_to(clock.now() + passed):
            yield
    finally:
        sandbox.clock(by=-passed.total_seconds())


class _Door:
    """The gate as a server would serve it, closed with its loop."""

    def __init__(self, base: str) -> None:
        self.gate = Gate(base)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.gate(scope, receive, send)


@contextmanager
def gate_running(listening: socket.socket) -> Iterator[None]:
    """The real gate on this socket, in a thread with a loop of its own."""
    door = _Door(f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(door, log_level="warning", access_log=False, lifespan="off"))

    async def serve() -> None:
        try:
            await server.serve(sockets=[listening])
        finally:
            await door.gate.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """Transactions that are really committed, emptied once for all tests of a file.

    A module takes it under the name of the fixture that it replaces: `committed as transactional_db`.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def stage(transactional_db: None) -> Iterator[Stage]:
    """One stage for all tests of a file; each makes accounts of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening, running() as sandbox:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with override_settings(SALUR_BASE_URL=base, PASSWORD_HASHERS=QUICK), gate_running(listening):
            yield Stage(known_lampung() or ready_lampung(), sandbox)
