"""`salur sop check`, `format` and `schema` as an official at the command line meets them."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from salur.config.cli import cli
from salur.sop.document.load import STANDARD, load

Run = Callable[..., Result]
TEXT = STANDARD.read_text(encoding="utf-8")


@pytest.fixture
def sop(tmp_path: Path) -> Run:
    """Runs `salur sop COMMAND` on a file with this content; no database is asked."""

    def run(command: str, content: str | bytes, *options: Any) -> Result:
        file = tmp_path / "sop.yaml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        began = time.perf_counter()
        done = CliRunner().invoke(cli, ["sop", command, str(file), *map(str, options)])
        assert time.perf_counter() - began < 10
        assert file.read_bytes() == (content if isinstance(content, bytes) else content.encode())
        return done

    return run


def test_the_standard_can_be_signed(sop: Run) -> None:
    done = sop("check", TEXT)
    assert done.exit_code == 0, done.output
    assert "versi 1: dapat ditandatangani" in done.stdout and load(TEXT).sha256 in done.stdout
    assert "can be signed" in sop("check", TEXT, "--language", "en").stdout
    assert json.loads(sop("check", TEXT, "--json").stdout) == []


def test_flaws_are_said_in_plain_indonesian_at_their_line(sop: Run, tmp_path: Path) -> None:
    text = TEXT.replace("actor: coordinator", "aktor: coordinator", 1).replace("2025-01-02", "2 Januari")
    done = sop("check", text)
    assert done.exit_code == 1
    verify = TEXT[: TEXT.index("- code: verify")].count("\n") + 1
    assert done.stdout.splitlines() == [
        f'{tmp_path}/sop.yaml:12: kesalahan: dates.effective: "2 Januari" bukan tanggal; tulis tahun-bulan-tanggal, '
        "misalnya 2026-01-31",
        f"{tmp_path}/sop.yaml:{verify}: kesalahan: obligations[0].actor: belum ada; tambahkan",
        f'{tmp_path}/sop.yaml:{verify + 2}: kesalahan: obligations[0].aktor: "aktor" bukan nama isian di sini; '
        "perbaiki ejaannya atau hapus; mungkin maksudnya actor?",
    ]
    english = sop("check", text, "--language", "en").stdout
    assert f":{verify + 2}: error: obligations[0].aktor: " in english and "did you mean actor?" in english


def test_findings_of_the_proofs_have_their_line(sop: Run) -> None:
    text = TEXT.replace("actor: operator", "actor: kepala_dinas", 1)
    line = TEXT[: TEXT.index("actor: operator")].count("\n") + 1
    done = sop("check", text, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert ("error", line, "obligations[1].actor") in {(one["severity"], one["line"], one["field"]) for one in found}
    assert set(found[0]) == {"severity", "line", "field", "message"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "teksnya kosong"),
        (b"\xff\xfe" + "code: a".encode("utf-16-le"), "UTF-16"),
        (b"%PDF-1.7\x00\x01", "bukan berkas teks"),
        (b"code: a\ntitle: caf\xe9", ":2: kesalahan: baris ini memuat karakter yang bukan UTF-8"),
        (TEXT.encode() * 300, "jauh lebih besar"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", ":1: kesalahan: a: kata yang diawali & atau *"),
        (b"a: !!python/object/apply:os.system [ls]", "tag YAML"),
        (b"a: " + b"[" * 100_000, "bertumpuk"),
        (TEXT.replace("  id: P", "\tid: P", 1).encode(), ":5: kesalahan: ada karakter tab"),
        (b"code: a\nunit: b\x07", ":2: kesalahan: ada karakter tak terlihat"),
        (b"hanya kata-kata", "daftar isian"),
        (b"a: 1\n" * 3, ":2: kesalahan: a: ditulis dua kali, pertama pada baris 1"),
        (TEXT.replace("number: SOP", "number: [SOP", 1).encode(), ":8: kesalahan: daftar yang dibuka dengan [ belum"),
    ],
)
def test_files_of_every_kind_get_one_clear_sentence(sop: Run, content: bytes, words: str) -> None:
    done = sop("check", content)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit)
    assert words in done.stdout
    assert len(json.loads(sop("check", content, "--json").stdout)) >= 1


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()])
def test_byte_order_mark_and_line_ends_of_windows_are_read(sop: Run, content: bytes) -> None:
    assert sop("check", content).exit_code == 0
    wrong = sop("check", content.replace(b"version: 1", b"version: satu", 1))
    assert ":9: kesalahan: version: " in wrong.stdout


def test_format_writes_the_canonical_form(sop: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.yaml"
    done = sop("format", TEXT, "-o", out)
    assert done.exit_code == 0 and done.stdout == ""
    written = out.read_text(encoding="utf-8")
    assert load(written) == load(TEXT) and "#" not in written
    assert sop("format", written).stdout == written
    refused = sop("format", TEXT.replace("version: 1", "version: 0"), "-o", out)
    assert refused.exit_code == 1 and "version" in refused.stderr
    assert out.read_text(encoding="utf-8") == written
    assert sop("format", TEXT, "-o", tmp_path / "no" / "out.yaml").exit_code == 1


def test_the_schema_is_written() -> None:
    done = CliRunner().invoke(cli, ["sop", "schema"])
    assert json.loads(done.stdout)["$schema"].endswith("2020-12/schema")
