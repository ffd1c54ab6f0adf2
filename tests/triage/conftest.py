"""What the government of Lampung and one of its regencies know."""

import csv
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

import salur
from salur.agencies.seed_document import read_functions, read_governments
from salur.triage.knowledge import AgencyEntry, AreaEntry, Knowledge, MandateEntry, RoadEntry

SHIPPED = Path(salur.__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (SHIPPED / "places/data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=4)
def _knowledge(code: str) -> Knowledge:
    functions = read_functions((SHIPPED / "agencies/data/functions.yaml").read_text(encoding="utf-8"))
    text = (SHIPPED / "agencies/data/lampung.yaml").read_text(encoding="utf-8")
    block = read_governments(text, functions).block_for(code)
    aliases = {row["code"]: tuple(filter(None, row["aliases"].split("|"))) for row in _rows("lampung_areas.csv")}
    areas = [
        AreaEntry(row["code"], row["name"], row["level"], row["parent_code"], aliases[row["code"]])
        for row in _rows("lampung_areas.csv")
    ]
    roads = [
        RoadEntry(row["number"], row["name"], row["area_code"], row["road_class"]) for row in _rows("lampung_roads.csv")
    ]
    return Knowledge.build(
        code,
        functions.functions,
        [AgencyEntry(agency.code, agency.name, agency.short_name, agency.aliases) for agency in block.agencies],
        [MandateEntry(function, agency) for function, agency in block.mandates.items()],
        areas,
        roads,
    )


@pytest.fixture(scope="session")
def knowledge() -> Callable[[str], Knowledge]:
    """Knowledge of a government by its code, from the shipped files and without a database."""
    return _knowledge
