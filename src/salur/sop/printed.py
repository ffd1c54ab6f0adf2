"""The paper of a signed version and of a draft, with what the paper says about its signing."""

from functools import lru_cache

from django.conf import settings

from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import printing
from salur.sop.drafts import document_of_draft
from salur.sop.models import SopDraft, SopVersion
from salur.sop.printing import Seal
from salur.sop.versions import document_of


def seal_of(version: SopVersion) -> Seal:
    """What the paper of a signed version says about its signing, in the time zone of its government."""
    return Seal(
        government=version.government.name,
        base_url=settings.SALUR_BASE_URL,
        sha256=version.sha256,
        signed_by=version.signed_by,
        signed_at=version.signed_at,
        in_force_from=version.in_force_from,
        timezone=version.government.timezone,
    )


@lru_cache(maxsize=16)
def paper_of(version_id: int) -> bytes:
    """The signed form of a version as PDF. Versions never change, so those that are read often are set once."""
    with use(EVERYTHING):
        version = SopVersion.objects.select_related("government").get(pk=version_id)
        return printing.pdf(document_of(version_id), seal_of(version))


def paper_of_draft(draft: SopDraft) -> bytes:
    """The form of a draft as PDF, marked as one on every page. Raises SopInvalid as `document_of_draft`."""
    document = document_of_draft(draft)
    government = draft.sop.government
    seal = Seal(government.name, settings.SALUR_BASE_URL, document.sha256, timezone=government.timezone)
    return printing.pdf(document, seal)
