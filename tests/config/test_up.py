"""One process tree: what Salur needs ends it when it ends, what is only a toy comes back."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from salur.config import up

STAYS = "import time; time.sleep(60)"


class Healthy(BaseHTTPRequestHandler):
    """The health page of a web process."""

    def do_GET(self) -> None:
        """Answer as Salur does."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"program": "salur"}).encode())

    def log_message(self, format: str, *args: object) -> None:  # the name that the base class gives it
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    for number, handler in before.items():
        signal.signal(number, handler)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_sandbox_comes_back_and_the_others_go_on(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(up, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(up._Child, "pause", 0.1)
    starts, web = tmp_path / "starts", tmp_path / "web"
    falls = f"open({str(starts)!r}, 'a').write('x')"
    stays = f"import os; open({str(web)!r}, 'a').write(str(os.getpid()) + ' '); {STAYS}"

    def tend() -> None:
        if starts.exists() and len(starts.read_text()) >= 3:
            os.kill(os.getpid(), signal.SIGTERM)

    commands = {"web 1": python(stays), "sandbox": python(falls)}
    assert up.run(commands, url, lambda: None, tend=tend, may_fall=frozenset({"sandbox"})) == 0
    assert len(web.read_text().split()) == 1
    said = capsys.readouterr().err
    assert said.count("the sandbox process ended (status 0); it starts again in ") >= 2


def test_a_web_or_worker_process_that_ends_still_ends_all(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    import time

    begun = time.monotonic()
    commands = {"worker 1": python("import time; time.sleep(1); raise SystemExit(7)"), "sandbox": python(STAYS)}
    assert up.run(commands, url, lambda: None, may_fall=frozenset({"sandbox"})) == 7
    assert time.monotonic() - begun < 20
    assert "the worker 1 process ended by itself (status 7)" in capsys.readouterr().err


def test_a_process_that_ends_before_the_program_is_ready_is_a_problem() -> None:
    with pytest.raises(up.UpProblem, match="the web 1 process ended at once"):
        up.run({"web 1": python("raise SystemExit(3)")}, "http://127.0.0.1:9", lambda: None)
