"""No request fills the memory: by what it declares, and by what it brings."""

import asyncio
import importlib
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from salur.config.body_limit import LARGEST_BODY, BodyLimit
from salur.intake.file_types import MAX_TOTAL


class Taker:
    """An application that reads to the end and answers 200, or sees its client go."""

    def __init__(self) -> None:
        self.read = 0
        self.gone = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.gone = True
                return
            self.read += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def statuses(application: Any, chunks: list[bytes], *headers: tuple[bytes, bytes], path: str = "/lapor/") -> list[int]:
    """Send a body in chunks; the statuses that were answered."""
    waiting = [{"type": "http.request", "body": one, "more_body": True} for one in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Any] = []

    async def receive() -> Any:
        if not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
        "server": ("localhost", 80),
    }
    asyncio.run(application(scope, receive, send))
    return [message["status"] for message in sent if message["type"] == "http.response.start"]


def test_what_is_within_the_limit_passes_whole() -> None:
    taker = Taker()
    assert statuses(BodyLimit(taker, 100), [b"x" * 60, b"x" * 40], (b"content-length", b"100")) == [200]
    assert (taker.read, taker.gone) == (100, False)


def test_a_declared_excess_is_refused_before_anything_is_read() -> None:
    taker = Taker()
    assert statuses(BodyLimit(taker, 100), [b"x" * 101], (b"content-length", b"101")) == [413]
    assert (taker.read, taker.gone) == (0, False)


def test_a_stream_is_cut_at_the_limit() -> None:
    taker = Taker()
    assert statuses(BodyLimit(taker, 100), [b"x" * 60] * 1_000) == [413]
    assert (taker.read, taker.gone) == (60, True)


def test_django_takes_the_cut_for_a_client_that_left() -> None:
    assert statuses(BodyLimit(ASGIHandler(), 100), [b"x" * 60] * 5) == [413]


def test_the_server_runs_behind_the_limit_and_every_form_fits_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {})  # the module changes them for its process
    application = importlib.import_module("salur.config.asgi").pages
    assert isinstance(application, BodyLimit)
    assert MAX_TOTAL * 1.05 < application.largest == LARGEST_BODY
