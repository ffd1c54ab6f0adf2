"""The running program and a real server of Mastodon's interface: asked for mentions, heard, answered in the thread."""

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.journey.program import Program
from tests.servers.mastodon import running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
ROAD = "@ada Jalan provinsi berlubang parah di depan pasar Gading Rejo, mohon segera ditambal."
NUMBER = re.compile(r"\b18-\d{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def program() -> Iterator[Program]:
    home = Path(tempfile.mkdtemp(prefix="salur-mastodon-", dir="/tmp"))
    home.chmod(0o755)
    one = Program(home)
    yield one
    one.stop()


def toot(url: str, words: str, **more: Any) -> str:
    """A citizen writes; the id of it."""
    headers = {"Authorization": "Bearer grace_token"}
    told = httpx.post(f"{url}/api/v1/statuses", json={"status": words, **more}, headers=headers, timeout=20)
    return str(told.raise_for_status().json()["id"])


def below(url: str, status: str) -> list[dict[str, Any]]:
    """What stands under a status."""
    told = httpx.get(f"{url}/api/v1/statuses/{status}/context", headers={"Authorization": "Bearer grace_token"})
    found: list[dict[str, Any]] = told.raise_for_status().json()["descendants"]
    return found


def test_a_mention_becomes_a_case_and_its_answer_stands_in_the_thread(program: Program) -> None:
    with running() as url:
        program.command("government", "lampung")
        account = ["--government=18", "--agency=bmbk", "--platform=mastodon", "--address=@ada@sosial.test"]
        settings = [f"--set=api_base={url}", "--secret=access_token"]
        program.command("account", "add", *account, *settings, status=None, SALUR_SECRET_ACCESS_TOKEN="ada_token")
        program.start()
        asked = toot(url, ROAD, visibility="public")
        until = time.monotonic() + 120
        while time.monotonic() < until and not below(url, asked):
            time.sleep(0.5)
        (said,) = below(url, asked)
        assert NUMBER.search(said["content"]), "the acknowledgement names the number"
        assert said["in_reply_to_id"] == asked and said["account"]["acct"].startswith("ada")
        toot(url, "@ada Sudah ada yang jatuh kemarin.", in_reply_to_id=said["id"])
        until = time.monotonic() + 120
        while time.monotonic() < until and (intake := program.doctor()["intake"])["understood"] < 2:
            time.sleep(2)  # a server is asked once a minute
        assert intake["holds"] and intake["quarantined"] == 0 and intake["understood"] == 2
        assert "1 cases folded, 0 differed" in program.command("rebuild", "--check"), "both words are one case"
        assert len([one for one in below(url, asked) if NUMBER.search(one["content"])]) == 1
