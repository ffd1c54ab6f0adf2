"""The running program and a real homeserver: asked in, it comes; a complaint is a case, and its answer returns.

From the homeserver's push through the gate to the case, the acknowledgement, and back into the citizen's room.
"""

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journey.program import Program
from tests.servers.mail import free_ports
from tests.servers.matrix import AS_TOKEN, HS_TOKEN, NAME, needs_synapse, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
OPD = f"@opd:{NAME}"
NUMBER = re.compile(r"\b18-\d{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def program() -> Iterator[Program]:
    needs_synapse()
    home = Path(tempfile.mkdtemp(prefix="salur-matrix-", dir="/tmp"))
    home.chmod(0o755)
    one = Program(home)
    yield one
    one.stop()


def connect(program: Program, port: int) -> str:
    """Connect the agency's account; returns the address that the homeserver shall call."""
    account = ["--government", "18", "--agency", "bmbk", "--platform", "matrix", "--address", OPD]
    settings = ["--set", f"homeserver=http://127.0.0.1:{port}", "--secret", "as_token", "--secret", "hs_token"]
    secrets = {"SALUR_SECRET_AS_TOKEN": AS_TOKEN, "SALUR_SECRET_HS_TOKEN": HS_TOKEN}
    program.command("account", "add", *account, *settings, status=None, **secrets)
    number = program.account("matrix")
    (hook,) = re.findall(r"http\S+/hooks/matrix/\S+", program.command("account", "show", number))
    return hook


def test_a_citizen_in_a_room_is_heard_and_answered(program: Program) -> None:
    (port,) = free_ports(1)
    program.command("government", "lampung")
    hook = connect(program, port)
    program.start()
    with running(hook, port) as synapse:
        siti = synapse.citizen("siti")
        room = siti.room_with(OPD)
        siti.text(room, "Jalan provinsi berlubang parah di depan pasar Gading Rejo, mohon segera ditambal.")
        until = time.monotonic() + 120
        while time.monotonic() < until and not siti.heard(room, OPD):
            time.sleep(0.5)
        (said,) = siti.heard(room, OPD)
        assert NUMBER.search(said["content"]["body"]), "the acknowledgement names the number"
        assert said["content"]["msgtype"] == "m.notice", "a program spoke, and says so"
        siti.text(room, "Sudah ada yang jatuh kemarin.")
        time.sleep(5)
        intake = program.doctor()["intake"]
        assert intake["holds"] and intake["quarantined"] == 0
        assert "1 cases folded, 0 differed" in program.command("rebuild", "--check"), "both words are one case"
        assert len(siti.heard(room, OPD)) == 1
