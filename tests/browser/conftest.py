"""Chromium before a running Salur. The worker is not running: a test carries the journey on itself, between steps."""

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from tests.world import Lampung, known_lampung, ready_lampung

CHROMIUM = Path("/usr/bin/chromium")

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing. On Debian and Ubuntu: apt install chromium")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def lampung(browser: Browser, transactional_db: None) -> Lampung:
    """The small world, committed, so that the server of the test sees it."""
    cache.clear()
    return known_lampung() or ready_lampung()


@pytest.fixture
def served(browser: Browser, transactional_db: None) -> Iterator[str]:
    """The address of the program under an ASGI server, as in use: Django's own cannot hold an open page's stream."""
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
    """Open an address of the running server: `visit(path, width=360, javascript=False)`; each call is a new visitor."""
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
