"""A regency follows the province's SOP: its own settings, where it diverges, and what a revision of it brings."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.world import Lampung

from salur.journey.act import act
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, Scope, use
from salur.sop import drafts, parents, queries
from salur.sop.document.load import STANDARD, SopInvalid, load
from salur.sop.document.write import set_value
from salur.sop.models import SopDraft, SopVersion
from salur.sop.sign import adopt, adopt_text
from salur.sop.versions import NotSignable, Refused, document_of, in_force

NOW = datetime.fromisoformat("2026-11-24T09:00:00+07:00")
WRITER = "member:1"


@pytest.fixture(autouse=True)
def everything() -> Iterator[None]:
    with use(EVERYTHING), clock.turned_to(NOW):
        yield


def revised(lampung: Lampung, tmp_path: Path) -> SopVersion:
    """Version 2 of the province: a shorter follow-up, and another bounce limit."""
    text = set_value(STANDARD.read_text(), ("version",), 2)
    for old, new in (
        ("effective: 2025-01-02", "effective: 2026-11-24"),
        ("bounce_limit: 2", "bounce_limit: 3"),
        ("    within: 5 working_days\n    clock: agency", "    within: 3 working_days\n    clock: agency"),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    file = tmp_path / "province.yaml"
    file.write_text(text)
    return adopt(lampung.province, signed_by="Sekda", path=file)


@pytest.fixture
def child(lampung: Lampung) -> SopVersion:
    """Version 2 of the regency, which follows version 1 of the province."""
    return parents.adopt_from(lampung.regency, _of(in_force(lampung.province)), signed_by="Sekda, Contoh Pejabat")


def _of(version: SopVersion) -> SopVersion:
    found = queries.version(version.pk)
    assert found is not None
    return found


def overridden(draft: SopDraft, **values: str) -> SopDraft:
    """The draft with own settings, by path; . is written as __."""
    lines = "".join(f"  {path.replace('__', '.')}: {value}\n" for path, value in values.items())
    text = draft.text.replace("set: {}\n", f"set:\n{lines}")
    assert text != draft.text
    return act(drafts.save, draft.pk, base_revision=draft.revision, text=text, what="", actor=WRITER)


def test_an_adopted_sop_is_the_parents_under_the_childs_own_signature(lampung: Lampung, child: SopVersion) -> None:
    parent = in_force(lampung.province)
    ours, theirs = document_of(child.pk), document_of(parent.pk)
    assert (child.version, child.parent_id, child.in_force_from) == (2, parent.pk, date(2026, 11, 24))
    assert ours.obligations == theirs.obligations and ours.templates == theirs.templates
    assert (ours.approver.position, ours.approver.name) == ("Sekda", "Contoh Pejabat")
    assert load(child.text).sha256 == child.sha256
    assert in_force(lampung.regency).pk == child.pk
    follows = parents.following(child)
    assert follows is not None and follows.diverging == [] and follows.newer is None


def test_the_second_adoption_of_a_day_takes_effect_on_the_next(lampung: Lampung, child: SopVersion) -> None:
    again = parents.adopt_from(lampung.regency, _of(in_force(lampung.province)), signed_by="Sekda")
    assert (again.version, again.in_force_from) == (3, date(2026, 11, 25))


def test_a_government_does_not_follow_itself(lampung: Lampung) -> None:
    own = _of(in_force(lampung.province))
    with pytest.raises(Refused, match="own SOP"):
        parents.adopt_from(lampung.province, own, signed_by="Sekda")
    with pytest.raises(Refused, match="own SOP"):
        act(parents.begin_child, lampung.province.pk, own.pk, actor=WRITER)


def test_a_draft_on_the_parent_sets_what_it_wants_and_stores_the_whole(lampung: Lampung) -> None:
    parent = in_force(lampung.province)
    draft = act(parents.begin_child, lampung.regency.pk, parent.pk, actor=WRITER)
    draft = overridden(draft, obligations__follow_up__within="4 working_days")
    document = drafts.document_of_draft(draft)
    assert [str(one.within) for one in document.obligations if one.code == "follow_up"] == ["4 working_days"]
    version = adopt_text(lampung.regency, draft.text, signed_by="Sekda", actor=WRITER)
    assert load(version.text).sha256 == document.sha256 and version.overlay == draft.text
    follows = parents.following(_of(version))
    assert follows is not None
    assert [one.path for one in follows.diverging] == ["obligations.follow_up.within"]


def test_the_child_is_told_when_the_parent_is_revised_and_what_it_brings(
    lampung: Lampung, child: SopVersion, tmp_path: Path
) -> None:
    with use(Scope(lampung.regency.pk)):
        assert parents.notices(queries.versions()) == {}
    third = act(drafts.begin, lampung.regency.pk, "case_handling", actor=WRITER)
    third = overridden(third, obligations__follow_up__within="4 working_days")
    text = set_value(third.text, ("dates", "effective"), "2026-11-25")
    signed = _of(adopt_text(lampung.regency, text, signed_by="Sekda", actor=WRITER))
    act(drafts.discard, third.pk, base_revision=third.revision, actor=WRITER)
    revised(lampung, tmp_path)
    with use(Scope(lampung.regency.pk)):
        told = parents.notices(queries.versions())
    assert [str(said) for said in told.values()] == [
        f"the SOP of {lampung.province.name} that this one follows was revised: version 1 → 2"
    ]
    follows = parents.following(signed)
    assert follows is not None and follows.newer is not None and follows.brings is not None
    assert follows.newer.version == 2
    assert [one.path for one in follows.brings.taken_over] == ["handover.bounce_limit"]
    assert [one.path for one in follows.brings.hidden] == ["obligations.follow_up.within"]


def test_a_rebased_draft_takes_the_revision_over_and_keeps_its_own_settings(
    lampung: Lampung, child: SopVersion, tmp_path: Path
) -> None:
    new = revised(lampung, tmp_path)
    draft = act(parents.begin_rebased, lampung.regency.pk, "case_handling", actor=WRITER)
    document = drafts.document_of_draft(draft)
    assert draft.parent_id == new.pk and document.version == 3
    assert document.handover.bounce_limit == 3
    assert document.approver == document_of(child.pk).approver
    with pytest.raises(Refused, match="newest version already"):
        act(parents.follow_newest, draft.pk, base_revision=draft.revision, actor=WRITER)
    back = act(drafts.undo, draft.pk, base_revision=draft.revision, actor=WRITER)
    assert back.parent_id == child.parent_id  # the text says which version it follows
    assert drafts.document_of_draft(back).handover.bounce_limit == 2


def test_what_an_overlay_cannot_follow_is_refused_with_its_line(lampung: Lampung, child: SopVersion) -> None:
    draft = act(drafts.begin, lampung.regency.pk, "case_handling", actor=WRITER)
    for old, new in (
        ("  version: 1", "  version: 9"),
        ("set: {}", "set: {obligations.no_such.within: 4 working_days}"),
        ("set: {}", "set: {obligations.follow_up.within: soon}"),
    ):
        assert old in draft.text
        text = draft.text.replace(old, new, 1)
        with pytest.raises(SopInvalid) as invalid:
            act(drafts.save, draft.pk, base_revision=1, text=text, what="", actor=WRITER)
        assert invalid.value.problems[0].line > 0
    assert SopDraft.objects.get(pk=draft.pk).revision == 1


def test_the_province_has_nobody_above_to_adopt_from(lampung: Lampung) -> None:
    assert parents.adoptable(lampung.province) is None
    offered = parents.adoptable(lampung.regency)
    assert offered is not None and offered.government == lampung.province


def test_an_overlay_out_of_line_changes_nothing(lampung: Lampung, child: SopVersion) -> None:
    text = child.overlay.replace("effective: '2026-11-24'", "effective: '2026-11-20'")
    text = set_value(text, ("version",), 3)
    with pytest.raises(NotSignable, match="has passed"):
        adopt_text(lampung.regency, text, signed_by="Sekda", actor=WRITER)
    assert SopVersion.objects.filter(government=lampung.regency).count() == 2
