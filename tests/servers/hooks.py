"""A hook on loopback: what a platform calls where no gate runs. It verifies as the gate does and keeps the bodies."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep, time

from salur.channels.hooks import Answer, HookRequest, Keep, Refused
from salur.channels.ports import AccountView, Item, Platform, Raw

PATIENCE = 20


class Hook:
    """What came in, in order, once by its key. While `failing`, every call is answered 500 and counted."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.account: AccountView | None = None
        self.kept: dict[str, Raw] = {}
        self.failing = False
        self.failed = 0

    def call(self, request: HookRequest) -> tuple[int, bytes, str]:
        """Status, body and type of the answer to one call."""
        if self.failing:
            self.failed += 1
            return 500, b"", "text/plain"
        assert self.account is not None
        try:
            found = self.platform.verify(self.account, request)
        except Refused as refused:
            return refused.status, b"", "text/plain"
        if isinstance(found, Answer):
            return found.status, found.body, found.content_type
        assert isinstance(found, Keep)
        self.kept.setdefault(found.external_id, Raw(found.external_id, request.body, found.content_type, via="hook"))
        return 200, found.answer, found.answer_type

    def items(self) -> list[Item]:
        """Everything understood from what came in."""
        assert self.account is not None
        return [item for raw in list(self.kept.values()) for item in self.platform.parse(self.account, raw)]

    def wait(self, kind: type, number: int = 1) -> list[Item]:
        """The items of one kind, as soon as there are so many."""
        until = monotonic() + PATIENCE
        while monotonic() < until:
            found = [item for item in self.items() if isinstance(item, kind)]
            if len(found) >= number:
                return found
            sleep(0.05)
        raise AssertionError(f"{len(found)} of {number} {kind.__name__} came within {PATIENCE} seconds: {self.items()}")


@contextmanager
def listening(hook: Hook, port: int) -> Iterator[str]:
    """Serve the hook on a port of this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path, _, query = self.path.partition("?")
            headers = {name.lower().encode(): value.encode() for name, value in self.headers.items()}
            suffix = path.removeprefix("/hook")
            url = f"http://127.0.0.1:{port}{self.path}"
            status, answer, kind = hook.call(
                HookRequest(self.command, suffix, query.encode(), headers, body, url, time())
            )
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = _serve

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        server.shutdown()
        server.server_close()
