"""What stands beside the form: the proofs of the document as it would be, and its flow chart."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salur.desk.sop_editor.dress import on_screen, where_of
from salur.desk.sop_editor.edits import Edit
from salur.desk.sop_editor.labels import PAGES
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said as Sentence
from salur.sop.models import SopDraft
from salur.sop.printing.flow import flow_svg
from salur.sop.proofs.check import check
from salur.sop.queries import facts_of, versions
from salur.sop.saying import in_words
from salur.sop.sign import hindrances


@dataclass(frozen=True)
class Said:
    """One finding in words: where it stands, on which page of the editor, and how the screen calls that place."""

    page: str
    place: str
    where: str
    text: str


@dataclass(frozen=True)
class Live:
    """Findings of the form's own checks and of the proofs, and the pages of the flow chart as images."""

    errors: list[Said] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)


def live(draft: SopDraft, wanted: Edit) -> Live:
    """The findings and the flow chart of what a form would make of the document."""
    if wanted.document is None:
        return Live(errors=[_said(place, one, wanted.data) for place, said in wanted.errors.items() for one in said])
    errors, warnings = findings(draft, wanted.document, wanted.data)
    return Live(errors, warnings, [_image(svg) for svg in flow_svg(wanted.document)])


def findings(draft: SopDraft, document: SopDocument, data: Mapping[str, Any]) -> tuple[list[Said], list[Said]]:
    """What stops the signature of a document, its number and dates included, and the warnings.

    `data` is the document in plain, for what its parts are called.
    """
    found = check(document, facts_of(draft.government_id))
    errors, late = hindrances(draft.sop, document, found, versions())
    return (
        [*(_said(one.field, one.said, data) for one in errors), *(_said("dates", one, data) for one in late)],
        [_said(one.field, one.said, data) for one in found if one.severity != "error"],
    )


def _said(place: str, sentence: Sentence, data: Mapping[str, Any]) -> Said:
    return Said(page_of(place), place, where_of(place, data), on_screen(in_words(sentence)))


def page_of(place: str) -> str:
    """The page of the editor on which a place of the document stands; "" where none does."""
    section = place.split("[")[0].split(".")[0]
    return next((page for page, (_, sections) in PAGES.items() if section in sections), "")


def _image(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
