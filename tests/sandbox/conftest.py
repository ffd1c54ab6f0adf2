"""A running sandbox, begun anew for each test."""

from collections.abc import Iterator

import pytest
from tests.sandbox.listening import Listener

from salur_sandbox.client import Control, running


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def sandbox(running_sandbox: Control) -> Control:
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.server.shutdown()
    one.server.server_close()
