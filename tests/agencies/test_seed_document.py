"""The shipped seed files hold together, and a wrong one says where it is wrong."""

import csv
from pathlib import Path

import pytest
import yaml

import salur
from salur.agencies.seed_document import SeedError, read_functions, read_governments

SHIPPED = Path(salur.__file__).parent
FUNCTIONS = (SHIPPED / "agencies/data/functions.yaml").read_text(encoding="utf-8")
GOVERNMENTS = (SHIPPED / "agencies/data/lampung.yaml").read_text(encoding="utf-8")

ROADS = "{code: roads, name: {id: Jalan, en: Roads}, level: unknown, strong: [jalan rusak]%s}"


def _functions(extra: str = "", second: str = "") -> str:
    listed = ", ".join(part for part in (ROADS % extra, second) if part)
    return f"{{version: 1, functions: [{listed}]}}"


def test_the_shipped_files_hold_together() -> None:
    functions = read_functions(FUNCTIONS)
    document = read_governments(GOVERNMENTS, functions)
    assert len(document.governments) == 16
    assert len(document.province.agencies) == 49
    assert not document.province.provisional
    assert document.block_for("18.09").provisional
    assert document.block_for("18").coordinator == "diskominfotik"


def test_governments_are_the_regencies_of_the_gazetteer() -> None:
    with (SHIPPED / "places/data/lampung_areas.csv").open(encoding="utf-8", newline="") as file:
        areas = list(csv.DictReader(file))
    document = read_governments(GOVERNMENTS, read_functions(FUNCTIONS))
    names = {area["code"]: area["name"] for area in areas if area["level"] in ("province", "regency")}
    assert {g.code: g.name.removeprefix("Pemerintah ").removeprefix("Provinsi ") for g in document.governments} == names
    codes = {area["code"] for area in areas}
    assert len(codes) == len(areas) == 2896
    assert all(area["parent_code"] in codes for area in areas if area["level"] != "province")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("functions: [", "not valid YAML"),
        ("", "file"),
        ("{version: 2, functions: []}", "version"),
        (_functions(", colour: red"), "colour"),
        (_functions(", weak: [jalan rusak]"), "'jalan rusak' appears 2 times"),
        (_functions("", ROADS % ""), "function code 'roads' appears 2 times"),
        (_functions(", levels: [{level: city, words: [jalan kota]}]"), "levels.0.level"),
        (
            _functions(", levels: [{level: regency, words: [tol]}, {level: national, words: [tol]}]"),
            "given to two levels",
        ),
        (_functions(", pairs: [{words: [jalan raya], near: [rusak]}]"), "must be one word"),
    ],
)
def test_a_wrong_catalogue_says_where(text: str, says: str) -> None:
    with pytest.raises(SeedError, match=says):
        read_functions(text)


def _changed(**changes: object) -> str:
    document = yaml.safe_load(GOVERNMENTS)
    document["province"] |= changes
    return yaml.safe_dump(document)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"coordinator": "tidak-ada"}, "coordinator names the agency 'tidak-ada'"),
        ({"government": "19"}, "government '19' is used but not listed"),
        ({"mandates": {"roads_bridges": "bmbk"}}, "has no agency"),
        ({"mandates": {"roads": "bmbk"}}, "'roads' is no function"),
        ({"mandates": {"roads_bridges": "pu"}}, "mandate roads_bridges names the agency 'pu'"),
    ],
)
def test_a_wrong_government_file_says_where(changes: dict[str, object], says: str) -> None:
    with pytest.raises(SeedError, match=says):
        read_governments(_changed(**changes), read_functions(FUNCTIONS))


def test_an_unknown_government_has_no_block() -> None:
    document = read_governments(GOVERNMENTS, read_functions(FUNCTIONS))
    with pytest.raises(SeedError, match="no government '31'"):
        document.block_for("31")
