"""From a posted form to a changed text: which sections changed, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from salur.desk.sop_editor.posted import change, keys_twice, read
from salur.desk.sop_editor.shapes import section_field
from salur.sop.document.load import flaws_of
from salur.sop.document.marked_yaml import MarkedYaml
from salur.sop.document.marked_yaml import read as read_yaml
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.document.write import set_section
from salur.sop.following import laid_over, whole_text
from salur.sop.inherit import written
from salur.sop.models import SopDraft
from salur.sop.retell import retold
from salur.sop.versions import document_of


@dataclass(frozen=True)
class Edit:
    """What a form would make of the document.

    `data` is the plain data of the whole document with the form laid over it, `document` the same validated, or None
    while `errors` (sentences by place, as `obligations[2].within`) stand against it.
    """

    data: Mapping[str, Any]
    document: SopDocument | None
    errors: Mapping[str, list[Said]]


def edit(data: Mapping[str, Any], sections: tuple[str, ...], form: QueryDict, deed: str = "") -> Edit:
    """Lay the sections of a form over the document's plain data, after one `deed` where a button asked for it."""
    fresh = dict(data)
    errors: dict[str, list[Said]] = {}
    for section in sections:
        shape = section_field(section)
        if shape.shape == "items" and f"{section}-count" not in form:
            continue  # a form that does not show the list says nothing about it
        value = read(shape, form, section)
        for key in sorted(keys_twice(shape, form, section)):
            errors.setdefault(section, []).append(Said(_("the code %(code)s is used twice"), {"code": key}))
        if deed.partition(":")[2].partition("-")[0] == section:
            value = change(value if value is not None else data.get(section), deed)
        fresh[section] = value
        if value is None:
            del fresh[section]
    try:
        document = SopDocument.model_validate(fresh)
    except ValidationError as wrong:
        for flaw in flaws_of(wrong, MarkedYaml(fresh, {})):
            errors.setdefault(flaw.field, []).append(flaw.said)
        return Edit(fresh, None, errors)
    return Edit(fresh, None if errors else document, errors)


def changed(old: SopDocument, new: SopDocument) -> tuple[str, ...]:
    """The sections in which two documents differ, in the order of the document."""
    return tuple(name for name in SopDocument.model_fields if getattr(old, name) != getattr(new, name))


def plain(draft: SopDraft, text: str) -> Mapping[str, Any]:
    """The plain data of the whole document that a text of the draft stands for."""
    data: Mapping[str, Any] = read_yaml(whole_text(text, overlay=draft.parent_id is not None)).data
    return data


def rewritten(draft: SopDraft, text: str, sections: tuple[str, ...], wanted: Edit) -> str:
    """A text of the draft with some sections written anew; every other byte stays as it was.

    An overlay is told anew: it names what differs from the version it follows, and nothing else.
    """
    if draft.parent_id is not None and wanted.document is not None:
        parent, overlay, _whole = laid_over(text)
        return written(retold(overlay, document_of(parent.pk), wanted.document)) if sections else text
    for section in sections:
        text = set_section(text, section, wanted.data.get(section))
    return text
