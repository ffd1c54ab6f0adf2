"""Signed versions: which is in force, and parsing each once."""

from functools import lru_cache
from pathlib import Path

from salur.agencies.models import Government
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.check import check
from salur.sop.document import STANDARD, SopDocument, load
from salur.sop.models import Sop, SopVersion


class NoSopInForce(LookupError):
    """A government has no signed SOP; the text says how to give it one."""


class NotSignable(ValueError):
    """The document cannot be signed; the text says why."""


def in_force(government: Government) -> SopVersion:
    """The newest signed version in force today, by the government's own calendar day. Raises NoSopInForce."""
    with use(EVERYTHING):
        today = clock.today(government.timezone)
        rows = SopVersion.objects.filter(government=government, in_force_from__lte=today)
        found = rows.only("id", "version", "sha256").order_by("-in_force_from", "-version").first()
    if found is None:
        raise NoSopInForce("no signed SOP is in force for this government: run `salur sop adopt`")
    return found


@lru_cache(maxsize=256)
def document_of(version_id: int) -> SopDocument:
    """The document of a signed version; versions never change, so each is parsed once."""
    with use(EVERYTHING):
        return load(SopVersion.objects.values_list("text", flat=True).get(pk=version_id))


def adopt(government: Government, *, signed_by: str, path: Path = STANDARD) -> SopVersion:
    """Sign a document into force for a government; the same content again changes nothing.

    Raises SopInvalid, and NotSignable for a document with errors or a version number that has another content.
    """
    text = path.read_text(encoding="utf-8")
    document = load(text)
    errors = [problem for problem in check(document) if problem.severity == "error"]
    if errors:
        raise NotSignable("; ".join(f"{problem.field}: {problem.message}" for problem in errors))
    with use(EVERYTHING):
        sop, _ = Sop.objects.get_or_create(
            government=government, code=document.code, defaults={"title": document.title.id}
        )
        known = SopVersion.objects.filter(sop=sop, version=document.version).first()
        if known and known.sha256 != document.sha256:
            raise NotSignable(
                f"version {document.version} was signed already with another content: cases run on it, so it stays. "
                "Give the changed document the next version number"
            )
        return known or SopVersion.objects.create(
            government=government,
            sop=sop,
            version=document.version,
            text=text,
            sha256=document.sha256,
            signed_by=signed_by,
            signed_at=clock.now(),
            in_force_from=document.dates.effective,
        )
