"""`salur sop adopt`, `export`, `history` and `move`, as an administrator types them."""

from pathlib import Path

import pytest
from tests.config.conftest import Salur
from tests.world import Lampung

from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import STANDARD
from salur.sop.document.write import set_value
from salur.sop.models import SopVersion
from salur.sop.queries import version_in
from salur.sop.versions import in_force


@pytest.fixture
def second(lampung: Lampung, tmp_path: Path) -> Path:
    """The text of a second version, in force from today."""
    text = set_value(STANDARD.read_text(), ("version",), 2)
    text = set_value(text, ("dates", "effective"), clock.today(lampung.province.timezone))
    file = tmp_path / "second.yaml"
    file.write_text(set_value(text, ("handover", "bounce_limit"), 4))
    return file


def adopt(salur: Salur, file: Path) -> None:
    done = salur("sop", "adopt", "--government", "18", "--signed-by", "Sekda, Contoh", "--file", file)
    assert done.exit_code == 0 and "version 2, in force from" in done.stdout


def test_the_export_is_the_signed_text_to_the_byte(salur: Salur, second: Path) -> None:
    assert salur("sop", "export", "--government", "18").stdout_bytes == STANDARD.read_bytes()
    adopt(salur, second)
    assert salur("sop", "export", "--government", "18").stdout_bytes == second.read_bytes()
    assert salur("sop", "export", "--government", "18", "--version", "1").stdout_bytes == STANDARD.read_bytes()
    missing = salur("sop", "export", "--government", "18", "--version", "7")
    assert missing.exit_code == 1 and "signed are: 1, 2" in missing.stderr


def test_the_history_names_hash_and_signature(salur: Salur, second: Path, lampung: Lampung) -> None:
    adopt(salur, second)
    said = salur("sop", "history", "--government", "18").stdout
    assert "case_handling version 2" in said and "Sekda, Contoh" in said and "sop.signed" in said
    assert in_force(lampung.province).sha256 in said


def test_a_regency_takes_the_province_over(salur: Salur, second: Path, lampung: Lampung) -> None:
    adopt(salur, second)
    arguments = ["sop", "adopt", "--government", "18.09", "--signed-by", "Sekda, Contoh"]
    both = salur(*arguments, "--from", "18", "--file", second)
    assert both.exit_code == 2 and "not both" in both.stderr
    assert salur(*arguments, "--from", "18").exit_code == 0
    with use(EVERYTHING):
        child = SopVersion.objects.get(pk=in_force(lampung.regency).pk)
        assert child.parent_id == in_force(lampung.province).pk
    assert salur("sop", "adopt", "--government", "18", "--signed-by", "X", "--from", "18").exit_code == 1


@pytest.mark.parametrize("text", ["[1, 2", "code: case_handling\n", "&a [*a]\n", "!!python/object:os.system {}\n"])
def test_what_is_no_document_is_refused_and_nothing_changes(salur: Salur, tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text)
    with use(EVERYTHING):
        before = SopVersion.objects.count()
    done = salur("sop", "adopt", "--government", "18", "--signed-by", "Sekda", "--file", file)
    assert done.exit_code == 1 and "Traceback" not in done.output
    with use(EVERYTHING):
        assert SopVersion.objects.count() == before


def test_cases_move_once_the_preview_was_read(salur: Salur, second: Path, lampung: Lampung) -> None:
    case = lampung.report("pindah")
    adopt(salur, second)
    arguments = ["sop", "move", "--government", "18", "--from", "1", "--to", "2", "--reason", "Batas baru"]
    dry = salur(*arguments, "--dry-run")
    assert "1 open case(s), 0 would change" in dry.stdout and "Nothing was changed" in dry.stdout
    assert "sop.moved" not in {fact.kind for fact in ledger.journal(case.stream)}
    assert "1 case(s) moved" in salur(*arguments).stdout
    assert "0 case(s) moved" in salur(*arguments).stdout
    assert version_in(ledger.journal(case.stream)) == in_force(lampung.province).pk
    back = salur("sop", "move", "--government", "18", "--from", "2", "--to", "1", "--reason", "Kembali")
    assert back.exit_code == 1 and "not newer" in back.stderr
