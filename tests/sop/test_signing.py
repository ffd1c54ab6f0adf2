"""The signature: what was seen, who may, from which day, and two at the same instant."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.sop.drafting import CODE, FASTER, FROM_DECEMBER, NOW, changed, refusal, save, signed
from tests.world import Lampung, actor, ready_lampung

from salur.agencies.models import Government
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import drafts, review
from salur.sop.document.load import STANDARD, load
from salur.sop.models import Sop, SopDraft, SopDraftText, SopVersion
from salur.sop.sign import adopt, sign
from salur.sop.versions import NotSignable, Refused, enact, in_force, states, stream


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with use(EVERYTHING), clock.turned_to(NOW):
        yield


@pytest.fixture
def staff(lampung: Lampung) -> dict[str, str]:
    """An officer for every actor of the standard SOP of the province, as the journal names them."""
    return {name: actor(member) for name, member in lampung.sop_staff().items()}


@pytest.fixture
def ready(lampung: Lampung, staff: dict[str, str]) -> SopDraft:
    """A draft of version 2 that was reviewed."""
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    draft = save(draft, staff["writer"], FROM_DECEMBER, FASTER)
    act(review.submit, draft.pk, revision=draft.revision, actor=staff["writer"])
    return act(review.approve_review, draft.pk, revision=draft.revision, actor=staff["reviewer"])


def test_the_signed_version_is_what_was_seen_and_takes_effect_on_its_day(
    lampung: Lampung, ready: SopDraft, staff: dict[str, str]
) -> None:
    version = signed(ready, staff["secretary"])
    assert (version.version, version.text) == (2, ready.text)
    assert version.sha256 == load(ready.text).sha256
    assert (version.drafted_by, version.reviewed_by) == (staff["writer"], staff["reviewer"])
    assert version.in_force_from == date(2026, 12, 1)
    fact = ledger.journal(stream(ready.sop_id))[-1]
    assert (fact.kind, fact.actor, fact.data["sha256"]) == ("sop.signed", staff["secretary"], version.sha256)
    assert not SopDraft.objects.exists()
    assert in_force(lampung.province).version == 1
    with clock.turned_to(datetime.fromisoformat("2026-12-01T00:00:00+07:00")):
        assert in_force(lampung.province).version == 2


def test_the_journal_keeps_who_wrote_once_the_draft_is_gone(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    draft = save(draft, staff["second"], FROM_DECEMBER)
    draft = save(draft, staff["operator"], FASTER)
    act(review.submit, draft.pk, revision=3, actor=staff["second"])
    draft = act(review.approve_review, draft.pk, revision=3, actor=staff["reviewer"])
    signed(draft, staff["head"])
    assert not SopDraftText.objects.filter(draft_id=draft.pk).exists()
    told = {fact.kind: fact.data.get("editors") for fact in ledger.journal(stream(draft.sop_id))}
    wrote = sorted(staff[name] for name in ("writer", "second", "operator"))
    assert told["sop.reviewed"] == told["sop.signed"] == wrote


def test_nobody_of_salur_wrote_an_adopted_paper(lampung: Lampung) -> None:
    sop = Sop.objects.get(government=lampung.province)
    assert [fact.data["editors"] for fact in ledger.journal(stream(sop.pk)) if fact.kind == "sop.signed"] == [[]]


def test_another_text_than_was_seen_is_not_signed(ready: SopDraft, staff: dict[str, str]) -> None:
    stale = load(changed(ready.text, ("within: 3 working_days", "within: 9 working_days"))).sha256
    assert "not the one you saw" in refusal(lambda: signed(ready, staff["head"], sha256=stale))
    for nobody in ("  ", "x" * 161):
        assert "position and name" in refusal(partial(signed, ready, staff["head"], signed_as=nobody))
    assert SopDraft.objects.get(pk=ready.pk).state == "reviewed"


def test_who_wrote_cannot_sign_and_the_reviewer_may(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["head"])
    draft = save(draft, staff["writer"], FROM_DECEMBER)
    act(review.submit, draft.pk, revision=2, actor=staff["writer"])
    draft = act(review.approve_review, draft.pk, revision=2, actor=staff["secretary"])
    assert "another leader" in refusal(lambda: signed(draft, staff["head"]))
    assert signed(draft, staff["secretary"]).reviewed_by == staff["secretary"]


def test_of_two_leaders_one_signs_and_the_other_gets_a_sentence(ready: SopDraft, staff: dict[str, str]) -> None:
    signed(ready, staff["head"])
    assert "signed or discarded meanwhile" in refusal(lambda: signed(ready, staff["secretary"]))
    assert SopVersion.objects.filter(sop_id=ready.sop_id).count() == 2


@pytest.mark.parametrize(
    ("day", "word"),
    [("2026-11-23", "has passed"), ("2026-12-01", "two versions cannot be in force"), ("2026-12-02", "")],
)
def test_the_day_of_the_third_version(
    lampung: Lampung, ready: SopDraft, staff: dict[str, str], day: str, word: str
) -> None:
    signed(ready, staff["head"])  # version 2, from 1 December
    third = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    assert load(third.text).version == 3
    third = save(third, staff["writer"], ("effective: 2026-12-01", f"effective: {day}"), (FASTER[1], FASTER[0]))
    submit: dict[str, Any] = {"revision": third.revision, "actor": staff["writer"]}
    if word:
        assert word in refusal(lambda: act(review.submit, third.pk, **submit))
    else:
        assert act(review.submit, third.pk, **submit).state == "review"


def test_today_counts_in_the_time_zone_of_the_government(lampung: Lampung, tmp_path: Path) -> None:
    text = STANDARD.read_text().replace("version: 1\n", "version: 2\n", 1)
    file = tmp_path / "sop.yaml"
    file.write_text(text.replace(FROM_DECEMBER[0], "effective: 2026-11-25"))
    # 18.30 in London is half past one of the next day in Lampung.
    with clock.turned_to(datetime.fromisoformat("2026-11-25T18:30:00+00:00")), pytest.raises(NotSignable):
        adopt(lampung.province, signed_by="Sekda", path=file)
    with clock.turned_to(datetime.fromisoformat("2026-11-25T16:30:00+00:00")):
        assert adopt(lampung.province, signed_by="Sekda", path=file).version == 2


@pytest.mark.parametrize(
    ("pairs", "word"),
    [
        ([("version: 1\n", "version: 3\n"), FROM_DECEMBER], "next version number"),
        ([FASTER], "next version number"),
        ([("version: 1\n", "version: 2\n"), ("effective: 2025-01-02", "effective: 2024-12-03")], "has passed"),
        ([("version: 1\n", "version: 2\n")], "two versions cannot be in force"),
        ([("version: 1\n", "version: 2\n"), ("effective: 2025-01-02", "effective: 2126-01-02")], "more than a year"),
        ([("code: case_handling", "code: another_one")], "another SOP"),
    ],
)
def test_a_paper_out_of_line_is_not_adopted(
    lampung: Lampung, tmp_path: Path, pairs: list[tuple[str, str]], word: str
) -> None:
    file = tmp_path / "sop.yaml"
    file.write_text(changed(STANDARD.read_text(), *pairs))
    before = SopVersion.objects.count(), Sop.objects.count()
    assert word in refusal(lambda: adopt(lampung.province, signed_by="Sekda", path=file))
    assert (SopVersion.objects.count(), Sop.objects.count()) == before


def test_a_version_starts_within_a_leap_year(lampung: Lampung, tmp_path: Path) -> None:
    file = tmp_path / "sop.yaml"
    for effective, good in (("2027-11-26", False), ("2027-11-25", True)):
        file.write_text(
            changed(
                STANDARD.read_text(),
                ("version: 1\n", "version: 2\n"),
                ("effective: 2025-01-02", f"effective: {effective}"),
            )
        )
        with clock.turned_to(datetime.fromisoformat("2026-11-24T03:00:00+00:00")):
            if good:
                assert adopt(lampung.province, signed_by="Sekda", path=file).version == 2
            else:
                assert "more than a year" in refusal(lambda: adopt(lampung.province, signed_by="Sekda", path=file))


def test_the_first_version_may_be_older_than_salur(lampung: Lampung) -> None:
    new = Government.objects.create(code="18.77", name="Kabupaten Contoh", level="regency")
    assert adopt(new, signed_by="Sekda").in_force_from == date(2025, 1, 2)
    assert adopt(new, signed_by="Sekda").version == 1  # again: nothing changes
    assert SopVersion.objects.filter(government=new).count() == 1


def test_each_version_says_where_it_stands(lampung: Lampung, ready: SopDraft, staff: dict[str, str]) -> None:
    signed(ready, staff["head"])
    versions = list(SopVersion.objects.filter(government=lampung.province))
    first, second = sorted(versions, key=lambda one: one.version)
    november, december = date(2026, 11, 30), date(2026, 12, 1)
    assert states(versions, november) == {first.pk: "in_force", second.pk: "signed"}
    assert states(versions, december) == {first.pk: "superseded", second.pk: "in_force"}


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_the_same_instant_make_one_version() -> None:
    lampung = ready_lampung()
    draft = act(drafts.begin, lampung.province.pk, CODE, actor="member:1")
    SopDraft.objects.filter(pk=draft.pk).update(state=SopDraft.State.REVIEWED, reviewed_by="member:2")
    text = changed(draft.text, FROM_DECEMBER)
    SopDraft.objects.filter(pk=draft.pk).update(text=text)
    lampung.sop_staff()
    at_once, said = threading.Barrier(2), list[str]()

    def leader(who: str) -> None:
        try:
            at_once.wait()
            with clock.turned_to(NOW):
                act(sign, draft.pk, sha256=load(text).sha256, signed_as="Sekda, Contoh", actor=who)
            said.append("signed")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=leader, args=(who,)) for who in ("member:3", "member:4")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said)[0] == "signed" and "signed or discarded meanwhile" in sorted(said)[1]
    assert SopVersion.objects.filter(sop_id=draft.sop_id).count() == 2
    assert [fact.kind for fact in ledger.journal(stream(draft.sop_id))].count("sop.signed") == 2


@pytest.mark.django_db(transaction=True)
def test_two_sops_signed_at_the_same_instant_take_effect_on_different_days(monkeypatch: pytest.MonkeyPatch) -> None:
    lampung = ready_lampung()
    lampung.sop_staff()
    ready: list[SopDraft] = []
    for code in (CODE, "roads_only"):
        draft = act(drafts.begin, lampung.province.pk, code, actor="member:1")
        draft = save(draft, "member:1", FROM_DECEMBER)
        SopDraft.objects.filter(pk=draft.pk).update(state=SopDraft.State.REVIEWED, reviewed_by="member:2")
        ready.append(draft)
    proved, said = threading.Barrier(2), list[str]()

    def once_both_are_proved(*what: Any, **how: Any) -> SopVersion:
        """Both would be here together, each proved without the other, if nothing kept them apart."""
        with suppress(threading.BrokenBarrierError):
            proved.wait(timeout=0.5)
        return enact(*what, **how)

    def leader(draft: SopDraft) -> None:
        try:
            with clock.turned_to(NOW):
                signed(draft, "member:3")
            said.append("signed")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    monkeypatch.setattr("salur.sop.sign.enact", once_both_are_proved)
    threads = [threading.Thread(target=leader, args=(draft,)) for draft in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said)[1] == "signed" and "takes effect on" in sorted(said)[0]
    assert SopVersion.objects.filter(government=lampung.province, in_force_from=date(2026, 12, 1)).count() == 1
