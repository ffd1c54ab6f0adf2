"""Whoever sends rubbish for a long time takes no memory from us: neither what is parsed nor what the gate refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.channels.hostile_rounds import WARM_UP
from tests.channels.test_conformance import HOOKED, HOSTILE, account
from tests.world import ready_lampung

from salur.channels.connect import connect
from salur.intake.models import Delivery, HookCount
from salur.kernel.tenancy import EVERYTHING, use

HERE = Path(__file__).parents[2]
MOST = 1_000_000
"""Bytes that a process may grow by after its warm-up: a hundred kept of each delivery to one platform would be more."""


def rounds(how: str, number: int, *more: str) -> dict[str, Any]:
    """What a process of its own tells after so many rounds."""
    command = [sys.executable, "-m", "tests.channels.hostile_rounds", how, str(number), *more]
    paths = os.pathsep.join([str(HERE / "src"), str(HERE)])
    done = subprocess.run(
        command, cwd=HERE, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_hostile_bodies_parsed_for_long_leave_nothing_behind() -> None:
    _before, warm, end = rounds("parse", 300)["resident"]
    assert end - warm < MOST, f"{(end - warm) / 1e6:.1f} MB more after 300 rounds"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_hostile_bodies_at_the_gate_are_refused_counted_and_leave_nothing_behind() -> None:
    agency, keys = ready_lampung().agency("bmbk"), []
    with use(EVERYTHING):
        for name in HOOKED:
            view = account(name)
            made = connect(agency, name, view.address, settings=view.settings, credentials=view.credentials)
            keys.append(f"{name}/{made.hook_key}")
    number = 60
    told = rounds("gate", number, str(connection.settings_dict["NAME"]), ",".join(keys))
    _before, warm, end = told["resident"]
    assert end - warm < MOST, f"{(end - warm) / 1e6:.1f} MB more after {number} rounds"
    assert all(400 <= int(status) < 500 for status in told["refused"]), told["refused"]
    asked = (number + WARM_UP) * len(HOOKED) * len(HOSTILE)
    assert sum(told["refused"].values()) == asked
    with use(EVERYTHING):
        assert not Delivery.objects.exists()
        assert sum(HookCount.objects.values_list("number", flat=True)) == asked
