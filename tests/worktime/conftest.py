"""The calendars that ship with Salur."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import salur
from salur.worktime.calendar import WorkCalendar


@pytest.fixture(scope="session")
def documents() -> dict[str, Any]:
    path = Path(salur.__file__).parent / "agencies" / "data" / "calendar_lampung.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def five_day(documents: dict[str, Any]) -> WorkCalendar:
    return WorkCalendar.from_document(documents["five_day"])


@pytest.fixture(scope="session")
def six_day(documents: dict[str, Any]) -> WorkCalendar:
    return WorkCalendar.from_document(documents["six_day"])
