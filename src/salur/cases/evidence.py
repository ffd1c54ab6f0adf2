"""Files by which an agency shows that a matter is done. A photograph used twice is said, never hidden."""

import hashlib

from django.utils import translation
from django.utils.translation import gettext

from salur.cases.correct import voided
from salur.cases.events import EvidenceAdded
from salur.cases.handle import NotPossible, held_open, write
from salur.cases.models import Case, Evidence
from salur.channels.ports import Attachment
from salur.intake.files import store
from salur.kernel import clock, ledger

MOST = 20
"""Files of one case: enough for before, during and after, and no archive."""


def add_evidence(case_id: int, *, file: Attachment, note: str = "", actor: str) -> None:
    """Keep a file as evidence, its content under its hash.

    The same content in another case of the government is taken too, but the note says so: one photograph for several
    reports is a known way to feign work. Raises NotPossible for a file that is in this case already, and beyond MOST.
    """
    case = held_open(case_id)
    digest = hashlib.sha256(file.content).hexdigest()
    standing = _standing(case)
    if digest in standing:
        raise NotPossible("this file is evidence of the case already")
    if len(standing) >= MOST:
        raise NotPossible("a case keeps at most twenty files as evidence")
    store(file.content)
    # A file whose entry was struck out as a mistake may come again; its row is there.
    row, _ = Evidence.objects.update_or_create(
        case=case,
        sha256=digest,
        defaults={
            "government_id": case.government_id,
            "name": file.name[:200],
            "content_type": file.content_type[:120],
            "size": len(file.content),
            "note": note.strip()[:200],
            "at": clock.now(),
            "actor": actor,
        },
    )
    reused = Evidence.objects.filter(government_id=case.government_id, sha256=digest).exclude(case=case).exists()
    said = " ".join(filter(None, (row.note, _warning() if reused else "")))
    write(case, EvidenceAdded(evidence_id=row.pk, name=row.name, sha256=digest, note=said, reused=reused), actor)


def _standing(case: Case) -> set[str]:
    """The hashes of the evidence that was not struck out."""
    facts = ledger.journal(case.stream)
    gone = voided(facts)
    return {fact.data["sha256"] for fact in facts if fact.kind == EvidenceAdded.KIND and fact.seq not in gone}


def _warning() -> str:
    with translation.override("id"):
        return gettext("Warning: the same file is evidence in another report too.")


def evidence_file(evidence_id: int) -> Evidence | None:
    """One file of evidence, if its case is in scope."""
    return Evidence.objects.filter(pk=evidence_id).first()
