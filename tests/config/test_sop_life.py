"""`salur sop adopt`, `export`, `history` and `move`, as an administrator types them."""

from pathlib import Path

import pytest
from tests.config.conftest import Salur
from tests.world import Lampung, actor

from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import drafts, review
from salur.sop.document.load import STANDARD
from salur.sop.document.write import set_value
from salur.sop.models import SopDraft, SopVersion
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


def test_the_history_names_who_wrote_a_draft_that_was_signed(salur: Salur, lampung: Lampung) -> None:
    people = [lampung.officer(name, "coordinator", "diskominfotik") for name in ("sulastri", "hendra", "ningsih")]
    writer, second, reviewer = (actor(person) for person in people)
    draft = act(drafts.begin, lampung.province.pk, "case_handling", actor=writer)
    text = set_value(draft.text, ("dates", "effective"), clock.today(lampung.province.timezone))
    draft = act(drafts.save, draft.pk, base_revision=1, text=text, what="", actor=second)
    with use(EVERYTHING):
        SopDraft.objects.filter(pk=draft.pk).update(state=SopDraft.State.REVIEW)
    act(review.approve_review, draft.pk, revision=2, actor=reviewer)
    last = salur("sop", "history", "--government", "18").stdout.splitlines()[-2:]
    assert "sop.reviewed  Ningsih" in last[0]
    assert last[1].startswith("  written by ") and "Sulastri" in last[1] and "Hendra" in last[1]
    assert "Ningsih" not in last[1]


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


def test_a_refused_paper_hears_every_reason_on_a_line_of_its_own(salur: Salur, tmp_path: Path) -> None:
    file = tmp_path / "third.yaml"
    file.write_text(set_value(set_value(STANDARD.read_text(), ("version",), 3), ("handover", "bounce_limit"), 4))
    arguments = ["sop", "adopt", "--government", "18", "--signed-by", "Sekda, Contoh", "--file", file]
    done = salur(*arguments)
    told = done.stderr.splitlines()
    assert done.exit_code == 1 and len(told) == 3 and all(line.startswith(f"{file}: kesalahan: ") for line in told)
    assert "bukan 3" in told[0] and "2 Januari 2025" in told[1]
    english = salur(*arguments, "--language", "en").stderr
    assert "not 3" in english and "2 January 2025, which has passed" in english
    file.write_text(
        STANDARD.read_text().replace("version: 1\n", "version: satu\n").replace("clock: agency", "clock: moon")
    )
    flawed = salur(*arguments)
    assert flawed.exit_code == 1 and all(f"{file}:" in line for line in flawed.stderr.splitlines())
    assert ":9: kesalahan: version: " in flawed.stderr
    file.write_bytes(b"code: caf\xe9")
    assert "bukan UTF-8" in salur(*arguments).stderr


def test_a_check_for_a_government_says_what_adopting_would_refuse(salur: Salur, second: Path, tmp_path: Path) -> None:
    signed = tmp_path / "standard.yaml"
    signed.write_bytes(STANDARD.read_bytes())
    # Nobody of the shipped structure has an account yet.
    alone, of_18 = salur("sop", "check", second), salur("sop", "check", second, "--government", "18")
    assert alone.exit_code == 0 and "dapat ditandatangani" in alone.stdout
    assert of_18.exit_code == 1 and "actors.operator.role: Tidak ada" in of_18.stdout
    assert "nomor versi" not in of_18.stdout
    third = tmp_path / "third.yaml"
    third.write_text(set_value(STANDARD.read_text(), ("version",), 3))
    against = salur("sop", "check", third, "--government", "18", "--language", "en").stdout
    assert "next version number, 2, not 3" in against and "which has passed" in against
    assert "next version number" not in salur("sop", "check", signed, "--government", "18", "--language", "en").stdout
    assert salur("sop", "check", third, "--government", "99").exit_code == 2


def test_an_overlay_is_checked_with_the_version_it_follows(
    salur: Salur, second: Path, tmp_path: Path, lampung: Lampung
) -> None:
    adopt(salur, second)
    assert salur("sop", "adopt", "--government", "18.09", "--signed-by", "Sekda, Contoh", "--from", "18").exit_code == 0
    with use(EVERYTHING):
        overlay = SopVersion.objects.get(pk=in_force(lampung.regency).pk).overlay
    file = tmp_path / "overlay.yaml"
    file.write_text(set_value(overlay, ("version",), 5))
    alone = salur("sop", "check", file)
    assert alone.exit_code == 1 and "--government" in alone.stdout
    told = salur("sop", "check", file, "--government", "18.09", "--language", "en").stdout
    assert "No officer" in told and "next version number" in told and "extends" not in told
