"""The sandbox as one web application: platforms under their names, people's pages, and the control of it all."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from salur_sandbox import control, files, pages
from salur_sandbox.clock import Clock
from salur_sandbox.deliver import Courier
from salur_sandbox.faults import Faults
from salur_sandbox.platform import Platform
from salur_sandbox.platforms.facebook import Facebook
from salur_sandbox.platforms.instagram import Instagram
from salur_sandbox.platforms.telegram import Telegram
from salur_sandbox.platforms.threads import Threads
from salur_sandbox.platforms.tiktok import TikTok
from salur_sandbox.platforms.whatsapp import WhatsApp
from salur_sandbox.platforms.x import X
from salur_sandbox.platforms.youtube import YouTube
from salur_sandbox.world import Person, World

KINDS: tuple[type[Platform], ...] = (Facebook, Instagram, WhatsApp, Threads, X, TikTok, YouTube, Telegram)
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
LOG = 5_000
SECRET = re.compile(r"((?:access_token|input_token|fb_exchange_token|client_secret|refresh_token)=)[^&]+")
PEOPLE = (
    ("siti", "Siti Rahmawati", "siti.rahma", "6281234000001"),
    ("budi", "Budi Santoso", "budi_santoso", "6281234000002"),
    ("wayan", "I Wayan Sudarma", "wayan_s", "6281234000003"),
    ("dewi", "Dewi Lestari", "dewi.l", "6281234000004"),
    ("ahmad", "Ahmad Fauzi", "ahmadfz", "6281234000005"),
    ("nur", "Nur Aini", "nuraini", ""),
)
"""Invented. The last one hides her number on WhatsApp."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Sandbox:
    """One world with all platforms in it. Not shared between processes: it lives in memory.

    `first` is the number ids begin with: whoever keeps what earlier runs said must never see an id again.
    """

    def __init__(self, base: str = "http://127.0.0.1:8001", first: int = 0) -> None:
        self.first = first
        self.clock = Clock()
        self.faults = Faults()
        self.courier = Courier(self.clock, self.faults)
        self.base = base
        self.requests: list[dict[str, Any]] = []
        self.reset()

    def reset(self) -> None:
        """An empty world with the invented people, no faults, and the machine's time."""
        self.clock.shift = 0.0
        self.faults.clear()
        self.courier.forget()
        self.requests.clear()
        self.world = World(self.clock, self.first)
        self.world.base = self.base
        self.platforms = {kind.name: kind(self.world, self.courier) for kind in KINDS}
        for key, name, handle, phone in PEOPLE:
            self.add_person(key, name, handle, phone)

    def add_person(self, key: str, name: str, handle: str, phone: str) -> Person:
        """One more invented citizen."""
        number = 1_000_000 + 7919 * (len(self.world.people) + 1)
        self.world.people[key] = Person(key, name, handle, phone, number)
        return self.world.people[key]

    def begin(self, scene: dict[str, Any]) -> None:
        """Put accounts and what they published into the world: {accounts: [...], posts: [{account, text}]}."""
        for wanted in scene.get("accounts", ()):
            self.platforms[wanted["platform"]].connect(wanted)
        for post in scene.get("posts", ()):
            self.platform_of(post["account"]).publish(self.world.account(post["account"]), post["text"])

    def platform_of(self, account: str) -> Platform:
        """The platform on which an account is. Raises Wrong."""
        return self.platforms[self.world.account(account).platform]

    def _answering(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def answering(request: Request) -> Response:
            return await self.answer(self.platforms[name], request)

        return answering

    async def answer(self, platform: Platform, request: Request) -> Response:
        """One call to a platform's interface, written down."""
        call, answer = await platform.call(request)
        rule = None
        if call.method != "GET" and answer.status < 300:
            rule = self.faults.takes(self.faults.drop_answer, platform.name, call.method, call.path)
        self.requests.append(
            {
                "at": self.clock.now(),
                "platform": platform.name,
                "method": call.method,
                "path": call.path,
                "query": SECRET.sub(r"\1***", "" if call.path.startswith(("/bot", "/file")) else request.url.query),
                "body": SECRET.sub(r"\1***", call.raw.decode("utf-8", "replace"))[:4000],
                "status": answer.status,
                "answer": answer.data,
                "dropped": rule is not None,
            }
        )
        del self.requests[:-LOG]
        if rule is not None:
            return _Broken()
        if answer.data is None:
            return Response(b"", answer.status, answer.headers)
        return JSONResponse(answer.data, answer.status, answer.headers)

    def application(self) -> "Outermost":
        """The ASGI application; its lifespan runs the courier."""

        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            task = asyncio.create_task(self.courier.run())
            yield
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        routes: list[BaseRoute] = [*pages.routes(self), *control.routes(self), Route("/_media/{name}", files.serve)]
        for name in self.platforms:
            routes.append(Route(f"/{name}/{{path:path}}", self._answering(name), methods=METHODS))
        return Outermost(Starlette(routes=routes, lifespan=lifespan))


class _Broken(Response):
    """The act was done; the connection breaks before a single byte of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(scope["sandbox.send"], "__self__", None), "transport", None)
        if transport is None:
            # Not under uvicorn: an answer that promises more than it holds breaks too.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
            return
        transport.abort()
        for _ in range(5):
            await asyncio.sleep(0)


class Outermost:
    """Keeps the server's own `send` at hand, beneath whatever the framework wraps around it."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        scope["sandbox.send"] = send
        await self.app(scope, receive, send)
