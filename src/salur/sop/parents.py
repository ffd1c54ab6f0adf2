"""A government that follows another's SOP: adopting it, where it diverges, and what a revision of it brings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from salur.agencies.models import Government
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.compare import Difference
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.drafts import begin, demand_newest, demand_no_draft, held, rewrite, write_first
from salur.sop.following import laid_over
from salur.sop.inherit import Conflicts, Extends, Overlay, diverging, read_overlay, rebase, written
from salur.sop.models import Sop, SopDraft, SopVersion
from salur.sop.sign import adopt_text
from salur.sop.versions import NoSopInForce, Refused, document_of, in_force, newest


@dataclass(frozen=True)
class Following:
    """Where a version stands towards the one it follows.

    `diverging` is what it sets otherwise. `newer` is the last signed version of the parent where that is a later one;
    `brings` then tells which of its changes would hold here, and which the own settings hide.
    """

    parent: SopVersion
    diverging: list[Difference]
    newer: SopVersion | None
    brings: Conflicts | None


def notices(versions: Iterable[SopVersion]) -> dict[int, Said]:
    """For each SOP (by id) whose last signed version follows another that was revised since: the sentence about it."""
    follow = {one.sop_id: one.parent for one in _last_of_each(versions) if one.parent is not None}
    revised = _newest_of({parent.sop_id for parent in follow.values()})
    return {
        sop_id: _revised(parent, revised[parent.sop_id])
        for sop_id, parent in follow.items()
        if revised[parent.sop_id].version > parent.version
    }


def _revised(old: SopVersion, new: SopVersion) -> Said:
    return Said(
        _("the SOP of %(government)s that this one follows was revised: version %(old)s → %(new)s"),
        {"government": old.government.name, "old": old.version, "new": new.version},
    )


def _last_of_each(versions: Iterable[SopVersion]) -> list[SopVersion]:
    last: dict[int, SopVersion] = {}
    for one in versions:
        if one.sop_id not in last or last[one.sop_id].version < one.version:
            last[one.sop_id] = one
    return list(last.values())


def _newest_of(sop_ids: set[int]) -> dict[int, SopVersion]:
    """The last signed version of each of these SOPs, of whichever government, without its text."""
    with use(EVERYTHING):
        rows = SopVersion.objects.filter(sop_id__in=sop_ids).select_related("sop", "government")
        return {one.sop_id: one for one in rows.defer("text", "overlay").order_by("version")}


def following(version: SopVersion) -> Following | None:
    """Where a signed version stands towards the one it follows; None where it follows none."""
    parent = version.parent
    if parent is None:
        return None
    last = _newest_of({parent.sop_id})[parent.sop_id]
    newer = last if last.version > parent.version else None
    old = document_of(parent.pk)
    brings = rebase(read_overlay(version.overlay), document_of(newer.pk), old)[1] if newer else None
    return Following(parent, diverging(old, document_of(version.pk)), newer, brings)


def adoptable(government: Government) -> SopVersion | None:
    """The SOP in force of the government above, which this one may adopt; None where there is no such government."""
    above = government.parent
    if above is None:
        return None
    try:
        found = in_force(above)
    except NoSopInForce:
        return None
    with use(EVERYTHING):
        rows = SopVersion.objects.select_related("sop", "government").defer("text", "overlay")
        return rows.get(pk=found.pk)


def begin_child(government_id: int, parent_version_id: int, *, actor: str) -> SopDraft:
    """Begin a draft that follows a signed version of another government and sets nothing otherwise yet.

    Number, unit, approver and dates stay this government's own, as its last version has them. Raises Refused while
    there is a draft already, and for a version of the government itself.
    """
    government = Government.objects.get(pk=government_id)
    parent = SopVersion.objects.select_related("sop", "government").get(pk=parent_version_id)
    sop = _child(government, parent)
    demand_no_draft(sop)
    last = newest(sop.pk)
    text = written(_first_overlay(government, parent, last, _a_month_on(clock.today(government.timezone)), None))
    return write_first(sop, text, parent_id=parent.pk, from_version=last.version if last else None, actor=actor)


def adopt_from(government: Government, parent: SopVersion, *, signed_by: str, actor: str = ledger.SYSTEM) -> SopVersion:
    """Put a signed version of another government into force here as it is, under this government's own signature.

    From today, or from the day after its last version takes effect. Raises Refused and NotSignable.
    """
    with use(EVERYTHING):
        last = newest(_child(government, parent).pk)
    today = clock.today(government.timezone)
    from_day = max(today, last.in_force_from + timedelta(days=1)) if last else today
    text = written(_first_overlay(government, parent, last, from_day, signed_by))
    return adopt_text(government, text, signed_by=signed_by, actor=actor)


def _child(government: Government, parent: SopVersion) -> Sop:
    if parent.government_id == government.pk:
        raise Refused(Said(_("this is the government's own SOP: begin its next version instead")))
    sop, _made = Sop.objects.get_or_create(
        government=government, code=parent.sop.code, defaults={"title": parent.sop.title}
    )
    return sop


def _a_month_on(today: date) -> date:
    return today + timedelta(days=30)


def _first_overlay(
    government: Government, parent: SopVersion, last: SopVersion | None, from_day: date, signed_by: str | None
) -> Overlay:
    """Who answers for the paper here: as in the last version of this government, else what must be corrected."""
    known: SopDocument | None = document_of(last.pk) if last else None
    own: dict[str, Any] = {
        "unit": known.unit if known and known.unit else government.name,
        "number": known.number if known else "-",
        "version": last.version + 1 if last else 1,
        "dates": {"created": clock.today(government.timezone).isoformat(), "effective": from_day.isoformat()},
        "approver": (known or document_of(parent.pk)).approver.model_dump(mode="json", exclude_defaults=True),
        "revisions": [revision.model_dump(mode="json") for revision in known.revisions] if known else [],
    }
    if signed_by is not None:
        position, _comma, name = signed_by.partition(",")
        own["approver"] = {"position": position.strip(), "name": name.strip() or position.strip()}
    extends = Extends(government=parent.government.code, sop=parent.sop.code, version=parent.version)
    return Overlay(extends, own, {})


def begin_rebased(government_id: int, code: str, *, actor: str) -> SopDraft:
    """Begin the next version of an SOP that follows another, on the newest version of that one. Raises Refused."""
    draft = begin(government_id, code, actor=actor)
    return follow_newest(draft.pk, base_revision=draft.revision, actor=actor)


def follow_newest(draft_id: int, *, base_revision: int, actor: str) -> SopDraft:
    """Lay the overlay of a draft over the newest signed version of the SOP it follows, as a new revision.

    What became equal or is no longer there falls out of the overlay. Raises Conflict as `drafts.save`, Refused where
    nothing newer is followed, and SopInvalid where the rest does not fit the new version.
    """
    draft = held(draft_id)
    demand_newest(draft, base_revision, draft.text)
    if draft.parent_id is None:
        raise Refused(Said(_("this SOP follows no other")))
    parent, overlay, _document = laid_over(draft.text)
    last = _newest_of({parent.sop_id})[parent.sop_id]
    if last.version <= parent.version:
        raise Refused(Said(_("the draft follows the newest version already")))
    fresh, _brings = rebase(overlay, document_of(last.pk), document_of(parent.pk))
    return rewrite(draft, written(fresh), "", actor)
