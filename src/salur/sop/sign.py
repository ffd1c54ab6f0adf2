"""Signing: a leader puts a reviewed draft into force from a date, or an administrator adopts a signed paper."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from salur.agencies.models import Government
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import STANDARD
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.drafts import document_of_draft, editors, held
from salur.sop.following import document_from, is_overlay, laid_over, whole_text
from salur.sop.models import Sop, SopDraft, SopVersion
from salur.sop.proofs.check import Facts, Problem, check
from salur.sop.queries import facts_of
from salur.sop.versions import NotSignable, Refused, enact, hold_signing, out_of_line, stream


def hindrances(
    sop: Sop, document: SopDocument, found: Iterable[Problem], signed: Iterable[SopVersion]
) -> tuple[list[Problem], list[Said]]:
    """For what a document cannot become the next version of an SOP: errors of the proofs, and its number and dates.

    `found` is what the proofs say of it, `signed` all signed versions of the government.
    """
    return [one for one in found if one.severity == "error"], list(out_of_line(sop, document, signed))


def placed(problem: Problem) -> Said:
    """A finding with the field it stands at."""
    return Said(_("%(field)s: %(said)s"), {"field": problem.field, "said": problem.said})


def demand_signable(sop: Sop, document: SopDocument, government: Facts | None) -> None:
    """Raises NotSignable with everything that stands against it.

    `government` is what the government has today; None leaves unproved who is there to act.
    """
    signed = SopVersion.objects.filter(government_id=sop.government_id).defer("text", "overlay")
    errors, late = hindrances(sop, document, check(document, government), signed)
    if errors or late:
        raise NotSignable((*map(placed, errors), *late))


def sign(draft_id: int, *, sha256: str, signed_as: str, actor: str) -> SopVersion:
    """Sign a reviewed draft: it is the next version from `dates.effective` on, and the draft is done.

    `sha256` is the hash of the document that was on the page: what is signed is what was seen. `signed_as` is position
    and name as they stand on the paper. Who wrote any text of the draft cannot sign it; its reviewer may.

    Raises NotSignable with everything that stands against it, and Refused when the draft is gone (another leader
    signed it), was not reviewed, or is another one than was seen.
    """
    draft = _held_alone(draft_id)
    document = document_of_draft(draft)
    if draft.state != SopDraft.State.REVIEWED:
        raise Refused(Said(_("the draft was not reviewed yet: another person than its writers reviews it first")))
    if document.sha256 != sha256:
        raise Refused(Said(_("the draft is not the one you saw: read it again before you sign")))
    written_by = editors(draft)
    if actor in written_by:
        raise Refused(Said(_("who wrote the draft cannot sign it: another leader must")))
    demand_signable(draft.sop, document, facts_of(draft.government_id))
    version = enact(
        draft.sop,
        document,
        text=whole_text(draft.text, overlay=draft.parent_id is not None),
        overlay=draft.text if draft.parent_id else "",
        parent_id=draft.parent_id,
        drafted_by=draft.edited_by,
        reviewed_by=draft.reviewed_by,
        editors=written_by,
        signed_by=signed_as,
        actor=actor,
    )
    draft.delete()
    return version


def _held_alone(draft_id: int) -> SopDraft:
    for government_id in SopDraft.objects.filter(pk=draft_id).values_list("government_id", flat=True):
        hold_signing(government_id)
    return held(draft_id)


def adopt(government: Government, *, signed_by: str, path: Path = STANDARD, actor: str = ledger.SYSTEM) -> SopVersion:
    """Sign a document into force for a government; the same content again changes nothing.

    For a paper that was signed outside of Salur, and for the first of a government, which has no officers yet: nobody
    reviews it here, and who is there to act is not asked. A file that begins with `extends` follows the version of the
    government that it names. Raises SopInvalid and NotSignable.
    """
    return adopt_text(government, path.read_text(encoding="utf-8"), signed_by=signed_by, actor=actor)


@transaction.atomic
def adopt_text(government: Government, text: str, *, signed_by: str, actor: str) -> SopVersion:
    """As `adopt`, of a text: a whole document, or an overlay on another government's version."""
    overlay = is_overlay(text)
    document = document_from(text, overlay=overlay)
    with use(EVERYTHING):
        hold_signing(government.pk)
        sop, _made = Sop.objects.get_or_create(
            government=government, code=document.code, defaults={"title": document.title.id}
        )
        ledger.hold(stream(sop.pk))
        known = SopVersion.objects.filter(sop=sop, version=document.version).first()
        if known is not None and known.sha256 == document.sha256:
            return known
        demand_signable(sop, document, None)
        return enact(
            sop,
            document,
            text=whole_text(text, overlay=overlay),
            overlay=text if overlay else "",
            parent_id=laid_over(text)[0].pk if overlay else None,
            signed_by=signed_by,
            actor=actor,
        )
