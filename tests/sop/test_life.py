"""From the first word of a draft to the signature: conflicts, undoing, four eyes, dates and hashes."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sop.drafting import CODE, FASTER, FROM_DECEMBER, NOW, changed, refusal, save, signed
from tests.world import Lampung, actor

from salur.journey.act import act
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import drafts, review
from salur.sop.document.load import STANDARD, SopInvalid, load
from salur.sop.models import Sop, SopDraft, SopDraftText
from salur.sop.versions import NotSignable, stream


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
