"""What the journal of a case says, in plain words."""

from datetime import timedelta

from django.utils import timezone, translation

from salur.desk import journal
from salur.kernel.events import Event, Fact
from salur.sop.document.load import STANDARD, load


def test_every_event_of_a_case_has_a_line_of_its_own() -> None:
    case_kinds = ("case.", "message.joined", "message.copied", "voice.", "obligation.", "reply.", "dispatch.")
    kinds = {kind.KIND for kind in Event.__subclasses__() if kind.__module__.startswith("salur.")}
    of_cases = {kind for kind in kinds if kind.startswith(case_kinds)} | {"sop.started", "sop.moved"}
    at = timezone.now()
    with translation.override("id"):
        told = {
            kind: journal.lines([Fact(1, kind, at, "member:1", {"seq": 0})], {}, None)[0].words for kind in of_cases
        }
    assert [kind for kind, words in told.items() if words == kind] == []


def test_who_was_called_and_why_it_moved_is_told_in_plain_words() -> None:
    at, document = timezone.now(), load(STANDARD.read_text(encoding="utf-8"))
    called = {"code": "answer", "name": "Menjawab warga", "to": "head_of_agency", "due_at": at.isoformat(), "rung": 1}
    moved = {"version": 3, "was_version": 2, "reason": "Batas jawaban dipersingkat"}
    facts = [Fact(1, "obligation.escalated", at, "system", called), Fact(2, "sop.moved", at, "member:1", moved)]
    with translation.override("id"):
        second, first = journal.lines(facts, {"member:1": "Contoh"}, document)
    assert first.words.startswith("memanggil Kepala OPD: Menjawab warga, tenggatnya") and first.tone == "late"
    assert (second.who, second.note) == ("Contoh", "Batas jawaban dipersingkat")
    assert second.words == "memindahkan laporan dari SOP versi 2 ke versi 3"


def test_a_moved_deadline_names_the_old_one_and_what_came_before() -> None:
    at, document = timezone.now(), load(STANDARD.read_text(encoding="utf-8"))
    moved = {"code": "answer", "name": "Menjawab warga", "started_by": 1}
    moved |= {"due_at": "2026-12-11T09:00:00+07:00", "was_due_at": "2026-12-04T09:00:00+07:00"}
    facts = [
        Fact(1, "case.held", at, "member:1", {"reason": "incomplete"}),
        Fact(2, "case.resumed", at + timedelta(days=7), "member:1", {}),
        Fact(3, "obligation.moved", at + timedelta(days=7, seconds=2), "system", moved),
        Fact(4, "obligation.moved", at + timedelta(days=7, seconds=2), "system", moved),
        Fact(5, "obligation.moved", at + timedelta(days=20), "system", moved),
    ]
    with translation.override("id"):
        alone, second, first, *_rest = journal.lines(facts, {}, document)
    told = "mencatat tenggat baru: Menjawab warga, kini 11 Desember 2026 09:00, semula 4 Desember 2026 09:00"
    assert first.words == second.words == told
    assert first.note == second.note == "Sesudah waktu berjalan lagi"
    assert alone.note == "Dihitung ulang, seperti sesudah kalender kerja berubah"
