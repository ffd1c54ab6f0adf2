"""The command line as an administrator uses it, and its answers to wrong input."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from tests.journey.program import Program
from tests.kernel.cluster import new_home
from tests.world import Lampung

from salur.agencies.models import Agency, Member
from salur.agencies.queries import member_of
from salur.cases.models import Case
from salur.channels.models import Account
from salur.config.cli import COMMANDS
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import STANDARD

Salur = Callable[..., Result]


def test_help_lists_every_command_without_loading_any(salur: Salur) -> None:
    told = salur("--help").output
    assert all(name in told for name in COMMANDS)
    for name in COMMANDS:
        assert salur(name, "--help").exit_code == 0, name


@pytest.mark.parametrize(
    ("start", "within", "expected"),
    [
        ("2026-03-13T10:00:00+07:00", "3 working_days", "2026-03-25T16:00:00+07:00"),
        ("2026-03-13T10:00", "5 working_days", "2026-03-27T16:30:00+07:00"),
        ("2026-03-13", "14 working_days", "2026-04-10T16:30:00+07:00"),
        ("2025-03-27T23:59:00Z", "5 working_days", "2025-04-15T16:00:00+07:00"),
        ("2026-11-24T15:30", "2 working_hours", "2026-11-25T09:00:00+07:00"),
        ("2026-11-24T15:30", "30 calendar_days", "2026-12-24T15:30:00+07:00"),
    ],
)
def test_deadline_prints_the_instant(salur: Salur, start: str, within: str, expected: str) -> None:
    done = salur("deadline", "--government", "18", "--start", start, "--within", within)
    assert (done.exit_code, done.stdout.strip()) == (0, expected)


@pytest.mark.parametrize(
    ("code", "start", "within", "word"),
    [
        ("99", "2026-03-13", "3 working_days", "no government with the code '99'"),
        ("18", "kemarin", "3 working_days", "kemarin"),
        ("18", "2026-03-13", "tiga hari", "working_days"),
        ("18", "2026-03-13", "-1 working_days", "negative"),
    ],
)
def test_deadline_says_what_is_wrong(salur: Salur, code: str, start: str, within: str, word: str) -> None:
    done = salur("deadline", "--government", code, "--start", start, "--within", within)
    assert done.exit_code == 2 and word in done.stderr


def test_a_deadline_in_a_year_without_decree_is_provisional(salur: Salur) -> None:
    done = salur("deadline", "--government", "18", "--start", "2028-02-28T10:00", "--within", "2 working_days")
    assert done.stdout.strip() == "2028-03-01T16:00:00+07:00"
    assert "provisional" in done.stderr and "2028" in done.stderr


def test_triage_reads_lines_and_goes_on_after_a_bad_one(salur: Salur) -> None:
    lines = ['{"id": 1, "text": "Jalan provinsi berlubang"}', "bukan json", '{"id": 3}', '{"id": 4, "text": ""}']
    done = salur("triage", "--government", "18", text="\n".join(lines))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in told] == [1, None, 3, 4]
    assert told[0]["agencies"][0]["code"] == "bmbk" and not told[0]["abstain"]
    assert set(told[0]) == {
        "id", "kind", "functions", "agencies", "level", "places", "horizon", "urgency", "abstain", "reasons",
    }  # fmt: skip
    assert "line 2" in told[1]["error"] and told[3]["abstain"]
    assert done.exit_code == 1


def test_the_doctor_counts_what_came_in(salur: Salur, lampung: Lampung) -> None:
    lampung.report("satu")
    report = json.loads(salur("doctor", "--json").stdout)
    assert report["intake"] == {
        "received": 1, "understood": 1, "ignored": {}, "quarantined": 0, "waiting": 0, "holds": True,
    }  # fmt: skip
    assert {"database", "migrations", "disk", "intake", "outbox"} <= {one["check"] for one in report["findings"]}


def test_the_standard_sop_can_be_signed_and_a_broken_one_names_its_line(salur: Salur, tmp_path: Path) -> None:
    assert salur("sop", "check", STANDARD).exit_code == 0
    broken = tmp_path / "sop.yaml"
    broken.write_text(STANDARD.read_text().replace("answer_within: 14 working_days", "answer_within: dua minggu", 1))
    done = salur("sop", "check", broken)
    line = next(n for n, text in enumerate(broken.read_text().splitlines(), 1) if "dua minggu" in text)
    assert done.exit_code == 1 and f"{broken}:{line}: " in done.stdout


def test_a_new_government_has_everything_it_needs(salur: Salur) -> None:
    done = salur("government", "add", "18.99", "--name", "Pemerintah Kabupaten Uji", "--from", "18.09")
    assert done.exit_code == 0, done.output
    with use(EVERYTHING):
        own = Agency.objects.filter(government__code="18.99")
        assert own.count() == Agency.objects.filter(government__code="18.09").count()
        assert all(agency.provisional for agency in own)
        assert Account.objects.filter(government__code="18.99", platform="web").count() == 1
    twice = salur("government", "add", "18.99", "--name", "Lagi", "--from", "18.09")
    assert twice.exit_code == 2 and "there already" in twice.stderr
    wrong = salur("government", "add", "3204", "--name", "Salah", "--from", "18")
    assert wrong.exit_code == 2 and "18.09" in wrong.stderr and "pydantic" not in wrong.stderr


def test_an_officer_is_added_once(salur: Salur) -> None:
    def add(password: str) -> Result:
        return salur(
            "member", "add", "siti", "--government", "18", "--agency", "bmbk", "--role", "operator",
            "--name", "Siti", "--password", password,
        )  # fmt: skip

    assert add("pendek").exit_code == 2
    assert add("panjang-sekali-9").exit_code == 0
    assert "taken" in add("panjang-sekali-9").stderr
    with use(EVERYTHING):
        assert Member.objects.get().agency.code == "bmbk"


def test_a_password_is_set_and_a_sign_in_closed(salur: Salur, lampung: Lampung) -> None:
    member = lampung.officer("siti", "operator")
    assert salur("member", "password", "siti", "--password", "pendek").exit_code == 2
    assert salur("member", "password", "Siti", "--password", "baru-sekali-88").exit_code == 0
    member.user.refresh_from_db()
    assert member.user.check_password("baru-sekali-88")
    assert salur("member", "retire", "siti").exit_code == 0
    assert member_of(member.user_id) is None
    assert "no officer" in salur("member", "retire", "budi").stderr


def test_an_sop_that_could_not_acknowledge_is_not_signed(salur: Salur, tmp_path: Path) -> None:
    wrong = tmp_path / "sop.yaml"
    wrong.write_text(STANDARD.read_text().replace("nomor {number} dan", "nomor {number} sebab {reason} dan"))
    done = salur("sop", "check", wrong)
    assert done.exit_code == 1 and "{reason}" in done.stdout


def test_a_signed_version_keeps_its_content(salur: Salur, tmp_path: Path) -> None:
    changed = tmp_path / "sop.yaml"
    changed.write_text(
        STANDARD.read_text().replace("answer_within: 14 working_days", "answer_within: 9 working_days", 1)
    )
    arguments = ["sop", "adopt", "--government", "18", "--signed-by", "Sekda", "--file", changed]
    done = salur(*arguments)
    assert done.exit_code == 1 and "versi 1 adalah yang terakhir" in done.stderr
    changed.write_text(changed.read_text().replace("version: 1", "version: 2", 1))
    assert "dua versi tidak dapat berlaku bersamaan" in salur(*arguments).stderr
    for day, status in (("2999-01-02", 1), (str(clock.today("Asia/Jakarta") + timedelta(days=30)), 0)):
        dated = re.sub(r"effective: [0-9-]+", f"effective: {day}", changed.read_text(), count=1)
        changed.write_text(dated)
        assert salur(*arguments).exit_code == status


def test_a_mailbox_that_cannot_be_reached_is_kept_and_said(salur: Salur) -> None:
    arguments = ["account", "add", "--government", "18", "--agency", "bmbk", "--platform", "email"]
    arguments += ["--address", "bmbk@lampung.test", "--username", "bmbk", "--password", "sangat-rahasia"]
    arguments += ["--set=imap_host=127.0.0.1", "--set=imap_port=1", "--set=smtp_host=127.0.0.1", "--set=smtp_port=1"]
    done = salur(*arguments)
    assert done.exit_code == 1 and "127.0.0.1:1" in done.stdout and "sangat-rahasia" not in done.output
    with use(EVERYTHING):
        account = Account.objects.get(platform="email")
        assert account.credentials["password"] == "sangat-rahasia" and account.problem


def test_rebuild_finds_and_mends_a_column_that_lies(salur: Salur, lampung: Lampung) -> None:
    case = lampung.report("satu")
    with use(EVERYTHING):
        Case.objects.filter(pk=case.pk).update(status="closed")
    found = salur("rebuild", "--check")
    assert found.exit_code == 1 and f"{case.number}: status" in found.stdout
    assert salur("rebuild").exit_code == 0
    assert salur("rebuild", "--check").exit_code == 0


@pytest.mark.slow
def test_a_deadline_is_counted_in_a_home_that_is_not_there_yet() -> None:
    with new_home() as home:
        program = Program(home)
        assert not home.exists()
        arguments = ["--government", "18", "--start", "2026-03-13T10:00", "--within", "3 working_days"]
        assert program.command("deadline", *arguments).strip() == "2026-03-25T16:00:00+07:00"
        assert "there is no Salur" not in program.command("doctor", status=None)


def test_other_commands_begin_no_home_by_themselves() -> None:
    with new_home() as home:
        program = Program(home)
        program.command("doctor", status=1)
        assert not home.exists()


def test_spend_shows_and_limits_the_month(salur: Salur, lampung: Lampung) -> None:
    assert "spent USD 0.0000  no limit" in salur("spend", "show", "18").output
    assert salur("spend", "cap", "18", "--usd", "12.5").exit_code == 0
    assert "limit USD 12.5000, left USD 12.5000" in salur("spend", "show", "18").output
    assert salur("spend", "cap", "18").exit_code == 2 and salur("spend", "cap", "18", "--usd", "-1").exit_code == 2
    assert "no limit" in salur("spend", "cap", "18", "--none").output
    assert "no limit" in salur("spend", "show", "18").output
