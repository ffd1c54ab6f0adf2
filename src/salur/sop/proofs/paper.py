"""What the paper needs besides its rules: header, statutory blocks, dates and revision history. Pure.

The blocks are those of PermenPANRB 35/2012 and Permendagri 52/2011.
"""

from collections.abc import Iterator
from itertools import pairwise

from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.proofs.problem import Problem, error, warning

_BLOCKS = {
    "unit": Said(_("the unit that issues the SOP")),
    "qualifications": Said(_("the qualifications of those who carry it out")),
    "related": Said(_("the related SOPs")),
    "equipment": Said(_("the equipment")),
    "warnings": Said(_("the warnings")),
    "records": Said(_("what is recorded")),
}


def paper(document: SopDocument) -> Iterator[Problem]:
    """Empty blocks, and dates or revisions that contradict each other."""
    for field, block in _BLOCKS.items():
        if not getattr(document, field):
            yield warning(field, _("The form asks for %(block)s; this block is empty."), block=block)
    yield from _dates(document)
    yield from _revisions(document)


def _dates(document: SopDocument) -> Iterator[Problem]:
    dates = document.dates
    if dates.effective < dates.created:
        yield error(
            "dates.effective",
            _("The SOP would take effect on %(effective)s, before it was made on %(created)s."),
            effective=dates.effective,
            created=dates.created,
        )
    if dates.revised is not None and dates.revised < dates.created:
        yield error(
            "dates.revised",
            _("The SOP would have been revised on %(revised)s, before it was made on %(created)s."),
            revised=dates.revised,
            created=dates.created,
        )
    if dates.revised is not None and dates.effective < dates.revised:
        yield warning(
            "dates.effective",
            _("The SOP takes effect on %(effective)s, before its revision of %(revised)s."),
            effective=dates.effective,
            revised=dates.revised,
        )


def _revisions(document: SopDocument) -> Iterator[Problem]:
    history = document.revisions
    for place, (earlier, later) in enumerate(pairwise(history), start=1):
        if later.version <= earlier.version or later.date < earlier.date:
            yield warning(
                f"revisions[{place}]",
                _("Revision %(later)s stands after revision %(earlier)s; write the oldest first."),
                later=later.version,
                earlier=earlier.version,
            )
    newest = max((revision.version for revision in history), default=None)
    if newest is None and document.version > 1:
        yield warning(
            "revisions",
            _("The revision history is empty, although this is version %(version)s."),
            version=document.version,
        )
    elif newest is not None and newest != document.version:
        yield warning(
            "revisions",
            _("The newest revision in the history is %(newest)s, but this is version %(version)s."),
            newest=newest,
            version=document.version,
        )
