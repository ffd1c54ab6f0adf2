from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.world import Lampung

from salur.config import ready
from salur.config.cli import cli

Salur = Callable[..., Result]


@pytest.fixture
def salur(lampung: Lampung, monkeypatch: pytest.MonkeyPatch) -> Salur:
    """The command line on the test's own database, which is up already and whose transaction must stay open."""

    @contextmanager
    def as_it_is(*, create: bool = False) -> Iterator[None]:
        yield

    monkeypatch.setattr(ready, "database", as_it_is)

    def run(*arguments: Any, text: str | None = None) -> Result:
        return CliRunner().invoke(cli, [str(one) for one in arguments], input=text)

    return run
