"""A real Matrix homeserver (Synapse) on loopback, with Salur's account as its application service.

It runs in an environment of its own, `.servers` in the top folder: `python3 -m venv .servers` and
`.servers/bin/pip install --require-hashes -r requirements/servers.lock`.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

import httpx
import pytest

SERVERS = Path(__file__).parents[2] / ".servers" / "bin"
NAME = "test.local"
AS_TOKEN = "as_token_of_the_tests"
HS_TOKEN = "hs_token_of_the_tests"
START_SECONDS = 40
CLIENT = "/_matrix/client/v3"


def needs_synapse() -> None:
    """Skip the test where Synapse is not installed."""
    if not (SERVERS / "synapse_homeserver").exists():
        pytest.skip("Synapse is missing: see tests/servers/matrix.py for how .servers is made")


@dataclass
class Synapse:
    """A running homeserver."""

    url: str

    def citizen(self, name: str) -> "Citizen":
        """Register somebody who writes to the agency."""
        with httpx.Client(base_url=self.url, timeout=20) as client:
            body = {"username": name, "password": "rahasia-uji", "auth": {"type": "m.login.dummy"}}
            found = client.post(f"{CLIENT}/register", json=body).raise_for_status().json()
        return Citizen(self.url, found["user_id"], found["access_token"])


@dataclass
class Citizen:
    """Somebody with an ordinary client."""

    url: str
    user_id: str
    token: str
    said: int = 0

    def ask(self, method: str, path: str, **how: Any) -> Any:
        """One request of the client-server interface."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.url, timeout=20, headers=headers) as client:
            return client.request(method, path, **how).raise_for_status().json()

    def room_with(self, *invited: str) -> str:
        """A private room with these people asked in."""
        body = {"preset": "trusted_private_chat", "invite": list(invited), "is_direct": True}
        return str(self.ask("POST", f"{CLIENT}/createRoom", json=body)["room_id"])

    def say(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """Send an event; returns its id."""
        self.said += 1
        path = f"{CLIENT}/rooms/{quote(room)}/send/{kind}/t{self.said}"
        return str(self.ask("PUT", path, json=content)["event_id"])

    def text(self, room: str, words: str) -> str:
        """Say words."""
        return self.say(room, {"msgtype": "m.text", "body": words})

    def redact(self, room: str, event_id: str) -> None:
        """Take something back."""
        self.said += 1
        self.ask("PUT", f"{CLIENT}/rooms/{quote(room)}/redact/{quote(event_id)}/t{self.said}", json={})

    def upload(self, content: bytes, content_type: str) -> str:
        """Put a file on the server; returns its mxc address."""
        found = self.ask("POST", "/_matrix/media/v3/upload", content=content, headers={"content-type": content_type})
        return str(found["content_uri"])

    def heard(self, room: str, sender: str) -> list[dict[str, Any]]:
        """What somebody said in a room, oldest first."""
        path = f"{CLIENT}/rooms/{quote(room)}/messages"
        found = self.ask("GET", path, params={"dir": "b", "limit": "100"})["chunk"]
        return [one for one in reversed(found) if one["sender"] == sender and one["type"] == "m.room.message"]


@contextmanager
def running(hook_url: str, port: int) -> Iterator[Synapse]:
    """A homeserver on a port of this machine that pushes to this address."""
    home = Path(tempfile.mkdtemp(prefix="salur-synapse-"))
    try:
        process = _start(home, port, hook_url)
        try:
            yield Synapse(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=20)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start(home: Path, port: int, hook_url: str) -> subprocess.Popen[bytes]:
    registration = {
        "id": "salur",
        "url": hook_url,
        "as_token": AS_TOKEN,
        "hs_token": HS_TOKEN,
        "sender_localpart": "opd",
        "rate_limited": False,
        "namespaces": {"users": [{"exclusive": True, "regex": f"@opd:{NAME}"}], "rooms": [], "aliases": []},
    }
    (home / "as.yaml").write_text(json.dumps(registration))  # JSON is YAML
    plenty = {"per_second": 10_000, "burst_count": 10_000}
    config = {
        "server_name": NAME,
        "pid_file": str(home / "pid"),
        "listeners": [
            {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": [{"names": ["client"]}]}
        ],
        "database": {"name": "sqlite3", "args": {"database": str(home / "homeserver.db")}},
        "media_store_path": str(home / "media"),
        "signing_key_path": str(home / "signing.key"),
        "trusted_key_servers": [],
        "report_stats": False,
        "macaroon_secret_key": "uji",
        "registration_shared_secret": "uji",
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "app_service_config_files": [str(home / "as.yaml")],
        "rc_message": plenty,
        "rc_registration": plenty,
        "rc_joins": {"local": plenty, "remote": plenty},
        "rc_invites": {"per_room": plenty, "per_user": plenty, "per_issuer": plenty},
        "rc_room_creation": plenty,
        "rc_login": {"address": plenty, "account": plenty, "failed_attempts": plenty},
    }
    (home / "homeserver.yaml").write_text(json.dumps(config))
    command = [str(SERVERS / "python"), "-m", "synapse.app.homeserver", "-c", str(home / "homeserver.yaml")]
    subprocess.run([*command, "--generate-keys"], cwd=home, check=True, capture_output=True, timeout=60)
    log = (home / "log").open("wb")
    process = subprocess.Popen(command, cwd=home, stdout=log, stderr=log)
    until = monotonic() + START_SECONDS
    while monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/_matrix/client/versions", timeout=2).is_success:
                return process
        except httpx.HTTPError:
            sleep(0.1)
    process.kill()
    raise AssertionError((home / "log").read_text()[-3000:])
