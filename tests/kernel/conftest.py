"""Homes of an embedded server, stopped and removed at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.cluster import eventually, new_home, watchdogs

from salur.kernel.postgres import Embedded


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as place:
        yield place


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    with new_home() as place:
        with Embedded(place):
            pass
        yield place


@pytest.fixture
def used_home(made_once: Path) -> Path:
    """A home whose cluster stands and is down: making one takes longer than most tests."""
    eventually(lambda: not Embedded(made_once).is_running() and not watchdogs(made_once))
    return made_once
