"""For tests: a sandbox in a thread of its own, and its control in plain calls."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from salur_sandbox.app import Sandbox
from salur_sandbox.serve import server


class Control:
    """The control of a running sandbox. Every call raises RuntimeError with the sandbox's words where it refuses."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._http = httpx.Client(base_url=base, timeout=30, trust_env=False)

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def api_base(self, platform: str) -> str:
        """The address under which a platform's interface stands."""
        return f"{self.base}/{platform}"

    def _post(self, name: str, /, **given: Any) -> Any:
        return _told(self._http.post(f"/_control/{name}", json=given))

    def _get(self, name: str, /, **given: str) -> Any:
        return _told(self._http.get(f"/_control/{name}", params=given))

    def reset(self) -> None:
        """Begin anew."""
        self._post("reset")

    def account(self, platform: str, **given: Any) -> dict[str, Any]:
        """A new account with invented credentials."""
        told: dict[str, Any] = self._post("accounts", platform=platform, **given)
        return told

    def accounts(self) -> list[dict[str, Any]]:
        """All accounts, with their credentials."""
        told: list[dict[str, Any]] = self._get("accounts")
        return told

    def person(self, key: str, name: str, **given: Any) -> None:
        """A new invented citizen."""
        self._post("people", key=key, name=name, **given)

    def post(self, account: str, text: str) -> str:
        """The account publishes something; returns its id."""
        return str(self._post("posts", account=account, text=text)["id"])

    def say(self, account: str, person: str, what: str, text: str = "", **given: Any) -> str:
        """A person says or does something; returns the id of what was said."""
        return str(self._post("say", account=account, person=person, what=what, text=text, **given)["id"])

    def read(self, account: str, person: str) -> None:
        """A person opens the conversation."""
        self._post("read", account=account, person=person)

    def block(self, account: str, person: str, *, blocked: bool = True) -> None:
        """A person shuts the account out, or lets it in again."""
        self._post("block", account=account, person=person, blocked=blocked)

    def tokens(self, account: str, **given: Any) -> dict[str, Any]:
        """Spoil or mend the tokens of an account."""
        told: dict[str, Any] = self._post("tokens", account=account, **given)
        return told

    def faults(self, **given: Any) -> dict[str, Any]:
        """Set what goes wrong on purpose."""
        told: dict[str, Any] = self._post("faults", **given)
        return told

    def clock(self, **given: float) -> float:
        """Move the time; returns the sandbox's now in unix seconds."""
        return float(self._post("clock", **given)["now"])

    def handshake(self, account: str) -> bool:
        """Have the platform prove the account's hook."""
        return bool(self._post("handshake", account=account)["ok"])

    def idle(self, seconds: float = 10) -> None:
        """Wait until no hook is due or under way. Raises RuntimeError when that takes too long."""
        if self._post("idle", seconds=seconds)["waiting"]:
            raise RuntimeError("hooks are still under way")

    def state(self, account: str) -> dict[str, Any]:
        """What lies under and around an account."""
        told: dict[str, Any] = self._get("state", account=account)
        return told

    def requests(self, **given: str) -> list[dict[str, Any]]:
        """Calls to the platforms' interfaces."""
        told: list[dict[str, Any]] = self._get("requests", **given)
        return told

    def deliveries(self, **given: str) -> list[dict[str, Any]]:
        """Tries to bring hooks."""
        told: list[dict[str, Any]] = self._get("deliveries", **given)
        return told


def _told(answer: httpx.Response) -> Any:
    if answer.status_code != 200:
        raise RuntimeError(f"the sandbox refuses: {answer.text}")
    return answer.json()


@contextmanager
def running() -> Iterator[Control]:
    """A sandbox on a free port of this machine, for as long as the block runs."""
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    web: uvicorn.Server = server(Sandbox(base))
    thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    control = Control(base)
    try:
        control.accounts()  # the socket listens already: this waits until the application is up
        yield control
    finally:
        control.close()
        web.should_exit = True
        thread.join(10)
        listening.close()
