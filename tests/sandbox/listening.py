"""Somebody who takes the sandbox's hooks, and plain clients of its interfaces."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from salur_sandbox import signing
from salur_sandbox.client import Control


class Listener:
    """A hook: keeps what comes, answers `statuses` in turn (then 200), and proves itself to Meta and X."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.verify_token = ""
        self.consumer_secret = ""
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                status, body = listener.prove(query)
                self.answer(status, body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.answer(listener.statuses.pop(0) if listener.statuses else 200, b"ok")

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def prove(self, query: dict[str, str]) -> tuple[int, bytes]:
        if "crc_token" in query:
            told = {"response_token": signing.x(self.consumer_secret, query["crc_token"].encode())}
            return 200, json.dumps(told).encode()
        if query.get("hub.verify_token") == self.verify_token:
            return 200, query["hub.challenge"].encode()
        return 403, b""

    @property
    def events(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]


def api(sandbox: Control, platform: str, **headers: str) -> httpx.Client:
    """A plain client of one platform's interface."""
    return httpx.Client(base_url=sandbox.api_base(platform), headers=headers, trust_env=False, timeout=20)


def graph(sandbox: Control, account: dict[str, Any]) -> httpx.Client:
    """A client of a Meta platform with the account's token."""
    client = api(sandbox, account["platform"])
    client.params = httpx.QueryParams({"access_token": account["token"]})
    return client


def code_of(answer: httpx.Response) -> tuple[int, int]:
    """Code and subcode of a Graph error."""
    told = answer.json()["error"]
    return told["code"], told.get("error_subcode", 0)
