"""`salur sandbox` serves every platform, in no home at all."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.servers.mail import free_ports


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


def test_the_command_begins_with_one_account_a_platform_and_ids_that_grow(port: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "salur.config", "sandbox", "--port", str(port)]
    seen: list[set[str]] = []
    for _ in range(2):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line == f"Sandbox ready http://127.0.0.1:{port}/"
            accounts = httpx.get(f"http://127.0.0.1:{port}/_control/accounts", timeout=20).json()
            assert len({account["platform"] for account in accounts}) == 8
            seen.append({account["id"] for account in accounts})
        finally:
            process.terminate()
            process.wait(20)
    assert not seen[0] & seen[1]
