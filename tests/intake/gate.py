"""A platform invented for the gate's tests, an account on it, and a caller that speaks ASGI."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from salur.agencies.models import Agency, Government
from salur.channels.hooks import Answer, HookRequest, Keep, Refused, body_key, same, secrets_of
from salur.channels.models import Account
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.ports import AccountView
from salur.channels.ways import Capabilities
from salur.config.front import Front
from salur.intake.gate.entrance import Gate
from salur.intake.models import Delivery, HookCount
from salur.kernel.tenancy import EVERYTHING, use

NAME, SECRET, KEY = "signed", "rahasia-aplikasi", "k" * 22
LARGEST = 10_000
BASE = "https://salur.test/pusat"
Act = Callable[[Gate], Awaitable[Any]]


class SignedPlatform(DefaultPlatform):
    """HMAC-SHA256 over the body in the header `x-signature`; `x-key` names the dedupe key where it is given."""

    capabilities = Capabilities(ways=(), hooks=True, largest_hook=LARGEST)

    def __init__(self) -> None:
        self.seen: list[HookRequest] = []

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        self.seen.append(request)
        if request.method == "GET":
            return Answer(200, request.query)
        secrets = secrets_of(account.credentials, "app_secret", request.now)
        if not same(request.headers.get(b"x-signature", b""), *(_sign(secret, request.body) for secret in secrets)):
            raise Refused("bad_signature")
        if request.body == b"fails":
            raise KeyError("081234567890 said something")
        key = request.headers.get(b"x-key", b"").decode("utf-8", "surrogateescape") or body_key(request.body)
        content_type = request.headers.get(b"content-type", b"application/json").decode("latin-1")
        return Keep(key, content_type, b"{}", "application/json")


def _sign(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, body, hashlib.sha256).hex().encode()


def signed(body: bytes, secret: str = SECRET, **more: bytes) -> dict[bytes, bytes]:
    """Headers for a body; `more` are further ones, underscores for dashes."""
    extra = {name.replace("_", "-").encode(): value for name, value in more.items()}
    return {b"x-signature": _sign(secret.encode(), body)} | extra


def new_account(key: str = KEY, **change: Any) -> Account:
    """An account on the invented platform, in a government of its own."""
    with use(EVERYTHING):
        government, _ = Government.objects.get_or_create(code="99", defaults={"name": "Uji", "level": "province"})
        agency, _ = Agency.objects.get_or_create(
            government=government, code="uji", defaults={"name": "Dinas Uji", "short_name": "Uji", "kind": "dinas"}
        )
        values = {"platform": NAME, "address": key, "credentials": {"app_secret": SECRET}, "hook_key": key} | change
        return Account.objects.create(government=government, agency=agency, **values)


@dataclass(frozen=True)
class Told:
    """What the gate answered; status 0 where it answered nothing."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


async def ask(
    gate: Gate | Front,
    body: bytes = b"",
    headers: Mapping[bytes, bytes] | None = None,
    *,
    path: str = f"/hooks/{NAME}/{KEY}",
    method: str = "POST",
    query: bytes = b"",
    parts: list[dict[str, Any]] | None = None,
    stays: bool = True,
) -> Told:
    """Call the gate once. `parts` are the ASGI messages of the body; a sender that does not stay leaves after them."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": list((headers or {}).items()),
    }
    coming = parts if parts is not None else [{"type": "http.request", "body": body, "more_body": False}]
    queue = list(coming)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if queue:
            return queue.pop(0)
        if stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await gate(scope, receive, send)
    if not sent:
        return Told(0, {}, b"")
    start, end = sent
    return Told(start["status"], dict(start["headers"]), end["body"])


def at_the_gate(act: Act) -> Any:
    """Run `act` with a gate in an event loop of its own, and close the gate."""

    async def run() -> Any:
        gate = Gate(BASE)
        try:
            return await act(gate)
        finally:
            await gate.close()

    return asyncio.run(run())


def stored() -> list[Delivery]:
    """What the gate stored, by its key."""
    with use(EVERYTHING):
        return list(Delivery.objects.order_by("external_id"))


def counted() -> dict[str, int]:
    """How many calls were refused, by reason."""
    with use(EVERYTHING):
        return dict(HookCount.objects.values_list("reason", "number"))
