"""From the first word of a draft to the signature: conflicts, undoing, four eyes, dates and hashes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from tests.world import PASSWORD, Lampung, actor, ready_lampung

from salur.agencies.members import add_member
from salur.agencies.models import Government
from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import drafts, review
from salur.sop.document.load import STANDARD, SopInvalid, load
from salur.sop.models import Sop, SopDraft, SopDraftText, SopVersion
from salur.sop.sign import adopt, sign
from salur.sop.versions import NotSignable, Refused, enact, in_force, states, stream

CODE = "case_handling"
NOW = datetime.fromisoformat("2026-11-24T09:00:00+07:00")


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with use(EVERYTHING), clock.turned_to(NOW):
        yield


@pytest.fixture
def staff(lampung: Lampung) -> dict[str, str]:
    """An officer for every actor of the standard SOP of the province, as the journal names them."""
    return staff_of(lampung)


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])  # nobody signs in here
def staff_of(lampung: Lampung) -> dict[str, str]:
    people = {
        "writer": ("coordinator", ""),
        "second": ("administrator", ""),
        "reviewer": ("approver", ""),
        "operator": ("operator", ""),
        "head": ("leader", ""),
        "secretary": ("leader", "regional_secretary"),
    }
    agency = lampung.agency("diskominfotik")
    return {
        name: actor(
            add_member(
                agency.government_id,
                username=name,
                name=name.title(),
                agency_id=agency.pk,
                role=role,
                position=position,
                password=PASSWORD,
                actor=ledger.SYSTEM,
            )
        )
        for name, (role, position) in people.items()
    }


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def save(draft: SopDraft, actor: str, *pairs: tuple[str, str], what: str = "") -> SopDraft:
    text = changed(draft.text, *pairs)
    return act(drafts.save, draft.pk, base_revision=draft.revision, text=text, what=what, actor=actor)


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return str(refused.value)


FROM_DECEMBER = ("effective: 2025-01-02", "effective: 2026-12-01")
FASTER = ("within: 5 working_days", "within: 3 working_days")


@pytest.fixture
def ready(lampung: Lampung, staff: dict[str, str]) -> SopDraft:
    """A draft of version 2 that was reviewed."""
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    draft = save(draft, staff["writer"], FROM_DECEMBER, FASTER)
    act(review.submit, draft.pk, revision=draft.revision, actor=staff["writer"])
    return act(review.approve_review, draft.pk, revision=draft.revision, actor=staff["reviewer"])


def signed(draft: SopDraft, actor: str, **other: Any) -> SopVersion:
    how = {"sha256": load(draft.text).sha256, "signed_as": "Sekretaris Daerah, Contoh Pejabat"} | other
    return act(sign, draft.pk, actor=actor, **how)


def test_a_draft_begins_as_the_next_version_and_differs_in_nothing_else(
    lampung: Lampung, staff: dict[str, str]
) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    assert draft.text == STANDARD.read_text().replace("\nversion: 1\n", "\nversion: 2\n")
    assert "already" in refusal(lambda: act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"]))


def test_a_new_sop_begins_from_the_standard(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, "roads_only", actor=staff["writer"])
    assert (load(draft.text).code, load(draft.text).version) == ("roads_only", 1)
    with pytest.raises(SopInvalid):
        act(drafts.begin, lampung.province.pk, "Not a code", actor=staff["writer"])
    assert not Sop.objects.filter(code="Not a code").exists()


def test_two_who_save_from_one_revision_lose_nothing(lampung: Lampung, staff: dict[str, str]) -> None:
    begun = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    first = save(begun, staff["writer"], FASTER, what="batas tindak lanjut")
    with pytest.raises(drafts.Conflict) as conflict:
        act(drafts.save, begun.pk, base_revision=1, text=changed(begun.text, FROM_DECEMBER), what="", actor="member:9")
    told = conflict.value
    assert (told.theirs.text, told.theirs.actor, told.theirs.what) == (
        first.text,
        staff["writer"],
        "batas tindak lanjut",
    )
    assert told.base is not None and told.base.text == begun.text
    assert told.text == changed(begun.text, FROM_DECEMBER)
    assert SopDraft.objects.get(pk=begun.pk).text == first.text


def test_a_text_that_cannot_be_shown_is_not_saved(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    for wrong in (("within: 5 working_days", "within: soon"), ("code: case_handling", "- [")):
        with pytest.raises(SopInvalid):
            save(draft, staff["writer"], wrong)
    assert SopDraftText.objects.filter(draft=draft).count() == 1


def test_a_save_that_changes_nothing_makes_no_revision(ready: SopDraft, staff: dict[str, str]) -> None:
    assert save(ready, staff["second"]).revision == ready.revision
    assert SopDraft.objects.get(pk=ready.pk).state == "reviewed"


@given(moves=st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=12))
def test_undo_and_redo_walk_one_line_of_texts(moves: list[str]) -> None:
    """The law of every editor: a list of texts and a place in it; an edit cuts off what lies ahead."""
    rows: list[tuple[int, str]] = [(1, "")]
    texts, place, written = [1], 0, {1: 1}
    for move in moves:
        done, undone = drafts.trail(rows)
        assert (len(done) - 1, len(undone)) == (place, len(texts) - place - 1)
        revision = rows[-1][0] + 1
        if move == "edit":
            texts, place = [*texts[: place + 1], revision], place + 1
            rows.append((revision, ""))
            written[revision] = revision
        elif move == "undo" and place:
            place -= 1
            written[revision] = written[done[-2]]
            rows.append((revision, drafts.UNDO))
        elif move == "redo" and place + 1 < len(texts):
            place += 1
            written[revision] = written[undone[-1]]
            rows.append((revision, drafts.REDO))
        assert written[rows[-1][0]] == texts[place]


def test_undo_goes_back_further_each_time_and_redo_returns(lampung: Lampung, staff: dict[str, str]) -> None:
    writer = staff["writer"]
    begun = act(drafts.begin, lampung.province.pk, CODE, actor=writer)
    one = save(begun, writer, FASTER)
    two = save(one, writer, FROM_DECEMBER)
    back = act(drafts.undo, two.pk, base_revision=3, actor=writer)
    assert back.text == one.text and back.revision == 4
    assert act(drafts.undo, two.pk, base_revision=4, actor=writer).text == begun.text
    assert "nothing left to undo" in refusal(lambda: act(drafts.undo, two.pk, base_revision=5, actor=writer))
    assert act(drafts.redo, two.pk, base_revision=5, actor=writer).text == one.text
    assert act(drafts.redo, two.pk, base_revision=6, actor=writer).text == two.text
    assert "nothing was undone" in refusal(lambda: act(drafts.redo, two.pk, base_revision=7, actor=writer))
    with pytest.raises(drafts.Conflict):
        act(drafts.undo, two.pk, base_revision=6, actor=writer)


def test_a_discarded_draft_stays_in_the_journal(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    act(drafts.discard, draft.pk, base_revision=1, actor=staff["writer"])
    assert not SopDraft.objects.exists()
    facts = ledger.journal(stream(draft.sop_id))
    assert [fact.kind for fact in facts][-2:] == ["sop.drafted", "sop.discarded"]
    assert facts[-1].data["text"] == draft.text
    assert ledger.first_break(stream(draft.sop_id)) is None
    assert "signed or discarded" in refusal(lambda: save(draft, staff["writer"], FASTER))


def test_who_wrote_or_submitted_cannot_review(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    draft = save(draft, staff["second"], FROM_DECEMBER)
    act(review.submit, draft.pk, revision=2, actor=staff["reviewer"])
    for one in ("writer", "second", "reviewer"):
        said = refusal(partial(act, review.approve_review, draft.pk, revision=2, actor=staff[one]))
        assert "another person" in said
    assert act(review.approve_review, draft.pk, revision=2, actor=staff["head"]).state == "reviewed"


def test_a_change_after_the_review_wants_another_review(ready: SopDraft, staff: dict[str, str]) -> None:
    again = save(ready, staff["writer"], ("answer_within: 14 working_days", "answer_within: 60 working_days"))
    assert (again.state, again.submitted_by, again.reviewed_by) == ("draft", "", "")
    assert "not reviewed" in refusal(lambda: signed(again, staff["head"]))


def test_a_draft_is_given_back_with_a_reason(ready: SopDraft, staff: dict[str, str]) -> None:
    give: dict[str, Any] = {"revision": ready.revision, "actor": staff["head"]}
    assert "what has to be changed" in refusal(lambda: act(review.return_draft, ready.pk, reason=" ", **give))
    assert act(review.return_draft, ready.pk, reason="Batas terlalu pendek", **give).state == "draft"
    assert ledger.journal(stream(ready.sop_id))[-1].data["reason"] == "Batas terlalu pendek"
    assert "reload" in refusal(lambda: act(review.return_draft, ready.pk, reason="Lagi", **give))


def test_nothing_is_reviewed_that_cannot_be_signed(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.province.pk, CODE, actor=staff["writer"])
    with pytest.raises(NotSignable) as refused:
        act(review.submit, draft.pk, revision=1, actor=staff["writer"])
    assert any("has passed" in str(reason) for reason in refused.value.reasons)
    broken = save(draft, staff["writer"], FROM_DECEMBER, ("{number} dan", "{nomor} dan"))
    with pytest.raises(NotSignable) as refused:
        act(review.submit, draft.pk, revision=broken.revision, actor=staff["writer"])
    assert ["templates.acknowledgement" in str(reason) for reason in refused.value.reasons][0]


def test_a_role_without_an_officer_stops_the_draft(lampung: Lampung, staff: dict[str, str]) -> None:
    draft = act(drafts.begin, lampung.regency.pk, CODE, actor="member:1")
    draft = save(draft, "member:1", FROM_DECEMBER)
    with pytest.raises(NotSignable) as refused:
        act(review.submit, draft.pk, revision=2, actor="member:1")
    assert any(str(reason).startswith("actors.") for reason in refused.value.reasons)


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
    staff_of(lampung)
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
    staff_of(lampung)
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
