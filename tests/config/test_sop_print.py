"""`salur sop print`."""

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from tests.config.conftest import Salur

from salur.config.cli import cli
from salur.sop.document.load import STANDARD


def first_page(file: Path) -> str:
    return " ".join(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded().split())


def test_without_a_government_it_prints_a_draft_and_needs_no_database(tmp_path: Path) -> None:
    out = tmp_path / "sop.pdf"
    done = CliRunner().invoke(cli, ["sop", "print", str(STANDARD), "-o", str(out)])
    assert done.exit_code == 0 and "marked as a draft" in done.output
    assert "RANCANGAN - belum disahkan" in first_page(out) and "SEKRETARIAT DAERAH" in first_page(out)


def test_in_a_folder_without_salur_it_makes_none(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "salur.config", "sop", "print", STANDARD, "-o", "a.pdf"]
    done = subprocess.run(program, cwd=tmp_path, env={"SALUR_HOME": str(tmp_path / "home")}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF") and not (tmp_path / "home" / "pg").exists()


def test_the_signed_version_of_a_government_is_printed_as_signed(salur: Salur, tmp_path: Path) -> None:
    out = tmp_path / "sop.pdf"
    done = salur("sop", "print", STANDARD, "-o", out, "--government", "18")
    assert done.exit_code == 0 and "the signed form" in done.output
    page = first_page(out)
    assert "RANCANGAN" not in page and "PEMERINTAH PROVINSI LAMPUNG" in page and "Disahkan pada" in page


def test_another_content_is_a_draft_of_that_government(salur: Salur, tmp_path: Path) -> None:
    changed, out = tmp_path / "sop.yaml", tmp_path / "sop.pdf"
    changed.write_text(STANDARD.read_text().replace("unit: Sekretariat Daerah", "unit: Biro Contoh"))
    done = salur("sop", "print", changed, "-o", out, "--government", "18")
    assert done.exit_code == 0 and "has not signed" in done.output
    page = first_page(out)
    assert "RANCANGAN" in page and "PEMERINTAH PROVINSI LAMPUNG BIRO CONTOH" in page and "Disahkan pada" not in page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("answer_within: 14 working_days", "answer_within: dua minggu"),
        ("within: 3 working_days\n    clock: citizen", "within: -3 working_days\n    clock: citizen"),
        ("to: hand_over", "to: nowhere"),
    ],
)
def test_what_check_refuses_is_not_printed(salur: Salur, tmp_path: Path, old: str, new: str) -> None:
    broken, out = tmp_path / "sop.yaml", tmp_path / "sop.pdf"
    text = STANDARD.read_text()
    assert old in text
    broken.write_text(text.replace(old, new, 1))
    told, printed = salur("sop", "check", broken), salur("sop", "print", broken, "-o", out)
    assert (told.exit_code, printed.exit_code) == (1, 1) and told.output == printed.output
    assert list(tmp_path.iterdir()) == [broken]


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(salur: Salur, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "sop.pdf"
    for out in (tmp_path, missing, tmp_path / ("x" * 300)):
        done = salur("sop", "print", STANDARD, "-o", out)
        assert done.exit_code != 0 and str(out) in done.stderr and "Traceback" not in done.stderr
    assert salur("sop", "print", STANDARD).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_is_replaced_whole(salur: Salur, tmp_path: Path) -> None:
    out = tmp_path / "sop.pdf"
    out.write_bytes(b"x" * 1_000_000)
    assert salur("sop", "print", STANDARD, "-o", out).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF") and out.stat().st_size < 1_000_000
    assert list(tmp_path.iterdir()) == [out]


def test_an_unknown_government_is_named(salur: Salur, tmp_path: Path) -> None:
    done = salur("sop", "print", STANDARD, "-o", tmp_path / "sop.pdf", "--government", "99")
    assert done.exit_code == 2 and "'99'" in done.stderr and list(tmp_path.iterdir()) == []
