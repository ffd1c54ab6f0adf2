"""The program under an ASGI server, as in use: Django's own server of tests cannot hold an open page's stream."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.test import override_settings
from playwright.sync_api import Browser, Page
from tests.browser.conftest import Opener
from tests.world import Lampung


@pytest.fixture
def served(browser: Browser, transactional_db: None) -> Iterator[str]:
    """The address of the running program."""
    with socket.create_server(("127.0.0.1", 0)) as listening, override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        config = uvicorn.Config(
            ASGIStaticFilesHandler(get_asgi_application()),
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def visit(browser: Browser, served: str, lampung: Lampung) -> Iterator[Opener]:
    """Open an address there: `visit(path, width=360)`; each call is a new visitor. In place of the one of Django."""
    contexts = []

    def open_page(path: str, *, width: int = 1280, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=served,
            locale="id-ID",
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
