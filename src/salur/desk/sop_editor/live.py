"""What stands beside the form: the proofs of the document as it would be, and its flow chart."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

from salur.desk.sop_editor.edits import Edit
from salur.desk.sop_editor.labels import PAGES, where_of
from salur.sop.document.said import Said as Sentence
from salur.sop.models import SopDraft
from salur.sop.printing.flow import flow_svg
from salur.sop.proofs.check import check
from salur.sop.queries import facts_of, versions
from salur.sop.saying import in_words
from salur.sop.versions import out_of_line


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
    """The proofs, what number and dates stand against, and the flow chart of what a form would make of the document."""
    if wanted.document is None:
        return Live(errors=_of_form(wanted.errors))
    found = check(wanted.document, facts_of(draft.government_id))
    said = [(one.severity, _said(one.field, one.said)) for one in found]
    late = [_said("dates", one) for one in out_of_line(draft.sop, wanted.document, versions())]
    return Live(
        errors=[*(one for severity, one in said if severity == "error"), *late],
        warnings=[one for severity, one in said if severity != "error"],
        charts=[_image(svg) for svg in flow_svg(wanted.document)],
    )


def _of_form(errors: Mapping[str, list[Sentence]]) -> list[Said]:
    return [_said(place, one) for place, said in errors.items() for one in said]


def _said(place: str, sentence: Sentence) -> Said:
    return Said(page_of(place), place, where_of(place), in_words(sentence))


def page_of(place: str) -> str:
    """The page of the editor on which a place of the document stands; "" where none does."""
    section = place.split("[")[0].split(".")[0]
    return next((page for page, (_, sections) in PAGES.items() if section in sections), "")


def _image(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
