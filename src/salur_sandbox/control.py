"""The control of the sandbox: JSON over HTTP, for this machine alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from salur_sandbox.deliver import on_this_machine
from salur_sandbox.world import Account, Said, Token, Wrong

if TYPE_CHECKING:
    from salur_sandbox.app import Sandbox

HERE = ("127.0.0.1", "::1", "testclient")
HOSTS = ("127.0.0.1", "localhost", "[::1]", "testserver")
Data = dict[str, Any]


def routes(sandbox: "Sandbox") -> list[Route]:
    """The routes under /_control."""
    control = Control(sandbox)
    acts: dict[str, Callable[[Data], Any]] = {
        "reset": control.reset,
        "accounts": control.add_account,
        "people": control.add_person,
        "posts": control.add_post,
        "say": control.say,
        "read": control.read,
        "block": control.block,
        "tokens": control.tokens,
        "faults": control.faults,
        "clock": control.clock,
        "handshake": control.handshake,
        "hook": control.hook,
        "idle": control.idle,
    }
    looks: dict[str, Callable[[Data], Any]] = {
        "state": control.state,
        "accounts": control.accounts,
        "people": control.people,
        "requests": control.requests,
        "deliveries": control.deliveries,
        "faults": control.faults,
        "clock": control.clock,
    }
    found = [Route(f"/_control/{name}", guarded(act, reads=False), methods=["POST"]) for name, act in acts.items()]
    return found + [
        Route(f"/_control/{name}", guarded(look, reads=True), methods=["GET"]) for name, look in looks.items()
    ]


def guarded(act: Callable[[Data], Any], *, reads: bool) -> Callable[[Request], Awaitable[Response]]:
    """Only from this machine, by its own name (against DNS rebinding), and as JSON (against foreign pages)."""

    async def handle(request: Request) -> Response:
        client = request.client.host if request.client else ""
        if client not in HERE or (request.url.hostname or "") not in [host.strip("[]") for host in HOSTS]:
            return JSONResponse({"error": "the control is for this machine alone"}, 403)
        given: Any = dict(request.query_params)
        if not reads:
            if not request.headers.get("content-type", "").startswith("application/json"):
                return JSONResponse({"error": "the body must be JSON"}, 415)
            try:
                given = await request.json()
            except ValueError:
                given = None
        if not isinstance(given, dict):
            return JSONResponse({"error": "the body must be a JSON object"}, 400)
        try:
            result = act(given)
            return JSONResponse(await result if asyncio.iscoroutine(result) else result)
        except (Wrong, ValueError, TypeError) as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        except KeyError as wrong:
            return JSONResponse({"error": f"{wrong} is missing"}, 400)

    return handle


class Control:
    """Everything a test, or the page of a newcomer, may ask for."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox

    def reset(self, _given: Data) -> Data:
        """Begin anew."""
        self.sandbox.reset()
        return {}

    # -- accounts and people

    def add_account(self, given: Data) -> Data:
        """A new account: {platform, key?, id?, name?, handle?, secrets?, token?, hook_url?, fields?, features?,
        limits?, more?}. Its answer holds the invented credentials."""
        platform = self.sandbox.platforms.get(str(given.get("platform")))
        if platform is None:
            raise Wrong(f"unknown platform; there are {', '.join(self.sandbox.platforms)}")
        return _account(platform.connect(given))

    def accounts(self, _given: Data) -> list[Data]:
        """All accounts."""
        return [_account(one) for one in self.sandbox.world.accounts.values()]

    def add_person(self, given: Data) -> Data:
        """A new invented citizen: {key, name, handle?, phone?}."""
        key = str(given["key"])
        handle, phone = str(given.get("handle") or key), str(given.get("phone") or "")
        person = self.sandbox.add_person(key, str(given["name"]), handle, phone)
        return {"key": person.key, "name": person.name, "handle": person.handle}

    def people(self, _given: Data) -> list[Data]:
        """All invented citizens."""
        return [
            {"key": one.key, "name": one.name, "handle": one.handle, "blocks": sorted(one.blocks)}
            for one in self.sandbox.world.people.values()
        ]

    def add_post(self, given: Data) -> Data:
        """The account publishes something: {account, text}."""
        account = self.sandbox.world.account(str(given["account"]))
        return {"id": self.sandbox.platform_of(account.key).publish(account, str(given.get("text") or "")).id}

    # -- acts of people

    def say(self, given: Data) -> Data:
        """A person says or does something: {account, person, what, text?, post?, parent?, id?, media?, silent?}."""
        account = self.sandbox.world.account(str(given["account"]))
        person = self.sandbox.world.person(str(given["person"]))
        said = self.sandbox.platform_of(account.key).say(account, person, given)
        return {"id": said[0].id, "ids": [one.id for one in said], "post": said[0].post}

    def read(self, given: Data) -> Data:
        """A person opens the conversation: {account, person}."""
        account = self.sandbox.world.account(str(given["account"]))
        self.sandbox.platform_of(account.key).read(account, self.sandbox.world.person(str(given["person"])))
        return {}

    def block(self, given: Data) -> Data:
        """A person shuts the account out, or lets it in: {account, person, blocked?}."""
        account = self.sandbox.world.account(str(given["account"]))
        person = self.sandbox.world.person(str(given["person"]))
        blocked = bool(given.get("blocked", True))
        (person.blocks.add if blocked else person.blocks.discard)(account.key)
        self.sandbox.platform_of(account.key).blocked(account, person, blocked)
        return {"blocked": blocked}

    # -- what goes wrong, and when

    def tokens(self, given: Data) -> Data:
        """Spoil or mend tokens: {account, trouble?: removed|password|revoked|"", expire?, scopes?, withdrawn?}."""
        account = self.sandbox.world.account(str(given["account"]))
        for token in account.tokens.values():
            self._spoil(token, given)
        if given.get("withdrawn"):
            self.sandbox.platform_of(account.key).withdraw(account)
        return _account(account)

    def _spoil(self, token: Token, given: Data) -> None:
        if "trouble" in given:
            token.trouble = str(given["trouble"])
        if given.get("expire"):
            token.expires_at = self.sandbox.clock.now() - 1
        if "scopes" in given and token.kind == "account":
            token.scopes = set(given["scopes"])

    def faults(self, given: Data) -> Data:
        """What goes wrong on purpose: see `Faults`. Without a body, what is set."""
        self.sandbox.faults.set(given)
        return self.sandbox.faults.told()

    def clock(self, given: Data) -> Data:
        """Move the time: {shift: seconds from the machine's} or {by: seconds from now}."""
        if "shift" in given:
            self.sandbox.clock.shift = float(given["shift"])
        self.sandbox.clock.shift += float(given.get("by", 0))
        return {"shift": self.sandbox.clock.shift, "now": self.sandbox.clock.now()}

    async def handshake(self, given: Data) -> Data:
        """Have the platform prove the account's hook: {account}."""
        account = self.sandbox.world.account(str(given["account"]))
        return {"ok": await self.sandbox.platform_of(account.key).handshake(account)}

    async def hook(self, given: Data) -> Data:
        """Enter the address that the platform calls, as in its own settings: {account, url}. Kept if it is proved."""
        account = self.sandbox.world.account(str(given["account"]))
        url, platform = str(given["url"]), self.sandbox.platform_of(account.key)
        if not on_this_machine(url):
            raise Wrong("the hook must lead to this machine")
        before, account.hook_url = account.hook_url, url
        if not await platform.handshake(account):
            account.hook_url = before
            raise Wrong("the hook did not answer as it must: compare the verify token")
        account.fields = account.fields or set(platform.all_fields)
        return {"hook_url": url}

    async def idle(self, given: Data) -> Data:
        """Wait until no hook is due or under way: {seconds?}. What waits for a later try is not waited for."""
        until = time.monotonic() + float(given.get("seconds", 10))
        while self.sandbox.courier.waiting and time.monotonic() < until:
            await asyncio.sleep(0.02)
        return {"waiting": self.sandbox.courier.waiting}

    # -- looking

    def requests(self, given: Data) -> list[Data]:
        """Calls to the platforms' interfaces, oldest first: {platform?}."""
        rows = self.sandbox.requests
        return [one for one in rows if given.get("platform") in (None, one["platform"])]

    def deliveries(self, given: Data) -> list[Data]:
        """Tries to bring hooks, oldest first: {platform?, account?}."""
        rows = self.sandbox.courier.told()
        wanted = [one for one in rows if given.get("platform") in (None, one["platform"])]
        return [one for one in wanted if given.get("account") in (None, one["account"])]

    def state(self, given: Data) -> Data:
        """What lies under and around one account: {account}."""
        world = self.sandbox.world
        account = world.account(str(given["account"]))
        platform = self.sandbox.platform_of(account.key)
        posts = sorted((one for one in world.posts.values() if one.account == account.key), key=lambda one: -one.at)
        return {
            "account": {
                "key": account.key,
                "platform": account.platform,
                "name": account.name,
                "handle": account.handle,
            },
            "label": platform.label,
            "people_can": platform.people_can,
            "now": self.sandbox.clock.now(),
            "posts": [
                {"id": one.id, "text": one.text, "at": one.at, "foreign": one.foreign, "owner": self._owner(one.owner)}
                for one in posts
            ],
            "said": [self._said(one) for one in world.of(account)],
        }

    def _owner(self, key: str) -> str:
        world = self.sandbox.world
        return world.people[key].name if key in world.people else world.accounts[key].name

    def _said(self, said: Said) -> Data:
        person = self.sandbox.world.person(said.person)
        return {
            "id": said.id,
            "person": person.key,
            "name": person.name,
            "what": said.what,
            "text": said.text,
            "at": said.at,
            "ours": said.ours,
            "private": said.private,
            "post": said.post,
            "parent": said.parent,
            "media": [one.url for one in said.media],
            "removed": said.removed_at is not None,
            "hidden": said.hidden,
            "edited": bool(said.revisions),
            "can_edit": self.sandbox.platform_of(said.account).editable(said),
            "replaced": bool(said.more.get("edited_to")),
            "status": said.status,
        }


def _account(account: Account) -> Data:
    """An account with all its invented credentials: nothing here is a secret of anybody's."""
    tokens = [one for one in account.tokens.values() if one.kind == "account"]
    return {
        "key": account.key,
        "platform": account.platform,
        "id": account.id,
        "name": account.name,
        "handle": account.handle,
        "secrets": account.secrets,
        "token": tokens[-1].value if tokens else "",
        "hook_url": account.hook_url,
        "fields": sorted(account.fields),
        "features": sorted(account.features),
        "more": {name: value for name, value in account.more.items() if isinstance(value, str | bool | int | float)},
    }
