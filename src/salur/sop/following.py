"""The text of a draft or a version as a whole document, also where it follows another government's SOP."""

import re

from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import SopInvalid, load
from salur.sop.document.model import SopDocument
from salur.sop.document.said import _
from salur.sop.document.write import dump
from salur.sop.inherit import Extends, Overlay, apply, read_overlay
from salur.sop.models import SopVersion
from salur.sop.overlay import flaw
from salur.sop.versions import document_of

_EXTENDS = re.compile(r"^extends:", re.MULTILINE)


def is_overlay(text: str) -> bool:
    """Whether a text names only what differs from another government's version, instead of being a whole document."""
    return _EXTENDS.search(text) is not None


def parent_of(extends: Extends) -> SopVersion | None:
    """The signed version that an overlay names, of whichever government: signed SOPs are public papers."""
    with use(EVERYTHING):
        rows = SopVersion.objects.select_related("sop", "government").defer("text", "overlay")
        found: SopVersion | None = rows.filter(
            government__code=extends.government, sop__code=extends.sop, version=extends.version
        ).first()
    return found


def laid_over(text: str) -> tuple[SopVersion, Overlay, SopDocument]:
    """The version an overlay follows, the overlay, and the document that comes of them. Raises SopInvalid."""
    overlay = read_overlay(text)
    parent = parent_of(overlay.extends)
    if parent is None:
        problem = _("names no signed version: write government, sop and version as they stand on the paper")
        raise SopInvalid([flaw(overlay.marked, ("extends",), problem)])
    return parent, overlay, apply(document_of(parent.pk), overlay)


def document_from(text: str, *, overlay: bool) -> SopDocument:
    """The whole document that a text stands for; with `overlay` it names only what differs. Raises SopInvalid."""
    return laid_over(text)[2] if overlay else load(text)


def whole_text(text: str, *, overlay: bool) -> str:
    """The text of the whole document: a document as it stands, an overlay written out. Raises SopInvalid."""
    return dump(laid_over(text)[2]) if overlay else text
