"""A server of the Mastodon client interface on loopback: mastodon-mock with its demonstration people, in `.servers`.

How `.servers` is made stands in tests/servers/matrix.py.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import httpx
import pytest
from tests.servers.mail import free_ports
from tests.servers.matrix import SERVERS

START_SECONDS = 40


@contextmanager
def running() -> Iterator[str]:
    """Start it; yields its address. Skips the test where it is not installed."""
    program = SERVERS / "mastodon_mock"
    if not program.exists():
        pytest.skip("mastodon-mock is missing: see tests/servers/matrix.py for how .servers is made")
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [str(program), "serve", "--host", "127.0.0.1", "--port", str(port), "--in-memory", "--demo"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{url}/api/v2/instance", timeout=2).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None and monotonic() < until, "mastodon-mock did not start"
                sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
