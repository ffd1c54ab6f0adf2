"""The pages of the editor: sections as forms, live proofs and flow chart, undo, and what to do when two people edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies.queries import member_names
from salur.desk.journal import who
from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.sop_editor.dress import dress, on_screen
from salur.desk.sop_editor.edits import Edit, changed, edit, plain, rewritten
from salur.desk.sop_editor.labels import PAGES, label_of
from salur.desk.sop_editor.live import live
from salur.desk.sop_editor.shapes import Node, fill, places_of, section_field
from salur.journey.act import act
from salur.sop.compare import differences, sentence
from salur.sop.document.model import SopDocument
from salur.sop.drafts import Conflict, document_of_text, redo, save, steps, undo
from salur.sop.models import SopDraft
from salur.sop.queries import draft as draft_in_scope
from salur.sop.saying import in_words
from salur.sop.versions import Refused

FIRST = next(iter(PAGES))


@dataclass(frozen=True)
class Clash:
    """Somebody else changed the same sections meanwhile: what they changed, and since which revision."""

    by: str
    theirs: list[str]
    revision: int


def _found(draft_id: int) -> SopDraft:
    """The draft in the officer's scope; for everybody else it does not exist (404)."""
    found = draft_in_scope(draft_id)
    if found is None:
        raise Http404
    return found


@officer("write_sop")
def page(request: OfficerRequest, draft_id: int, page: str = FIRST) -> HttpResponse:
    """One page of the editor. POST saves it, or changes the rows of its lists where a `deed` was asked for."""
    draft, sections = _found(draft_id), _sections(page)
    data = plain(draft, draft.text)
    if request.method != "POST" or "whole" not in request.POST:
        # What did not arrive whole says nothing: a field that is missing in it was not deleted.
        return _page(request, draft, page, data, draft.revision)
    revision = _revision(request)
    deed = request.POST.get("deed", "")
    wanted = edit(data, sections, request.POST, deed)
    if deed:
        return _page(request, draft, page, wanted.data, revision, opened=deed)
    if wanted.document is None:
        messages.warning(request, gettext("Not saved yet: some fields need a look."))
        return _page(request, draft, page, wanted.data, revision, errors=wanted.errors, status=422)
    return _save(request, draft, page, wanted, revision)


def _save(request: OfficerRequest, draft: SopDraft, page: str, wanted: Edit, revision: int) -> HttpResponse:
    assert wanted.document is not None  # the caller looked
    sections, old = _sections(page), document_of_text(draft, draft.text)
    mine = tuple(name for name in changed(old, wanted.document) if name in sections)
    what = ", ".join(label_of("SopDocument", name) for name in mine)
    text = rewritten(draft, draft.text, mine, wanted)
    try:
        act(save, draft.pk, base_revision=revision, text=text, what=what, actor=actor(request))
    except Conflict as conflict:
        return _together(request, draft, page, wanted, conflict)
    except Refused as refusal:
        messages.warning(request, in_words(refusal.said))
        return redirect("desk:sop-list")
    messages.success(request, gettext("Saved.") if mine else gettext("Nothing was changed."))
    return redirect("desk:sop-edit-page", draft_id=draft.pk, page=page)


def _together(request: OfficerRequest, draft: SopDraft, page: str, wanted: Edit, conflict: Conflict) -> HttpResponse:
    """Somebody saved meanwhile: other sections are merged by themselves, the same ones are shown to the officer."""
    sections, draft = _sections(page), _found(draft.pk)
    theirs = document_of_text(draft, conflict.theirs.text)
    base = document_of_text(draft, conflict.base.text) if conflict.base else theirs
    by = who(conflict.theirs.actor, member_names({conflict.theirs.actor}))
    touched = set(changed(base, theirs)) & set(sections)
    if conflict.base and not touched:
        messages.info(
            request, gettext("%(name)s changed other parts meanwhile; both changes were kept.") % {"name": by}
        )
        return _save(request, draft, page, _laid_over(draft, sections, request), conflict.theirs.revision)
    said = [in_words(sentence(one)) for one in differences(base, theirs) if one.path.partition(".")[0] in touched]
    clash = Clash(by, said, conflict.theirs.revision)
    return _page(request, draft, page, wanted.data, conflict.theirs.revision, clash=clash, status=409)


def _laid_over(draft: SopDraft, sections: tuple[str, ...], request: OfficerRequest) -> Edit:
    return edit(plain(draft, draft.text), sections, request.POST)


@officer("write_sop")
def preview(request: OfficerRequest, draft_id: int, page: str) -> HttpResponse:
    """The proofs and the flow chart of what stands in the form now, saved or not. Writes nothing."""
    draft = _found(draft_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    wanted = edit(plain(draft, draft.text), _sections(page), request.POST)
    return render(request, "desk/sop_editor/preview.html", {"draft": draft, "live": live(draft, wanted)})


@officer("write_sop")
def step_back(request: OfficerRequest, draft_id: int, page: str, which: str) -> HttpResponse:
    """Take the last saving back (`undo`), or take that back (`redo`)."""
    draft = _found(draft_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    verb = {"undo": undo, "redo": redo}[which]
    try:
        act(verb, draft.pk, base_revision=_revision(request), actor=actor(request))
    except Conflict:
        messages.warning(request, gettext("Somebody else saved meanwhile: look at the text first."))
    except Refused as refusal:
        messages.warning(request, in_words(refusal.said))
    return redirect("desk:sop-edit-page", draft_id=draft.pk, page=page)


def _page(
    request: OfficerRequest,
    draft: SopDraft,
    page: str,
    data: Mapping[str, Any],
    revision: int,
    *,
    errors: Mapping[str, Any] | None = None,
    clash: Clash | None = None,
    opened: str = "",
    status: int = 200,
) -> HttpResponse:
    said = {place: [on_screen(in_words(one)) for one in sentences] for place, sentences in (errors or {}).items()}
    nodes = [dress(_node(section, data, said), data) for section in _sections(page)]
    document, shown = (None, errors or {}) if errors or opened else (_valid(data), {})
    context = {
        "draft": draft,
        "page": page,
        "pages": [(code, label) for code, (label, _) in PAGES.items()],
        "title": PAGES[page][0],
        "nodes": nodes,
        "revision": revision,
        "open": _opened(opened, data),
        "steps": steps(draft),
        "clash": clash,
        "live": live(draft, Edit(data, document, shown)) if not opened else None,
    }
    return render(request, "desk/sop_editor/page.html", context, status=status)


def _node(section: str, data: Mapping[str, Any], errors: Mapping[str, list[str]]) -> Node:
    shape, value = section_field(section), data.get(section)
    places = set(places_of(fill(shape, value, section, section, {})))
    beside: dict[str, list[str]] = {}
    for place, said in errors.items():
        beside.setdefault(_shown_at(place, places), []).extend(said)
    return fill(shape, value, section, section, beside)


def _shown_at(place: str, places: set[str]) -> str:
    """The place of the input beside which an error stands: its own, or that of the field around it."""
    while place and place not in places:
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    return place


def _valid(data: Mapping[str, Any]) -> SopDocument | None:
    return edit(data, (), QueryDict()).document


def _opened(deed: str, data: Mapping[str, Any]) -> set[str]:
    """The items to show unfolded after a deed: the row it was about, or the one it added."""
    what, _, name = deed.partition(":")
    if not name:
        return set()
    parts = name.split("-")
    if what == "add":
        parts = [*parts, str(len(_at(data, parts) or []) - 1)]
    return {"-".join(parts[:length]) for length in range(1, len(parts) + 1)}


def _at(data: Any, parts: list[str]) -> Any:
    """The part of plain data under the name of an input; None where there is none."""
    for part in parts:
        rows = list(data.values()) if isinstance(data, dict) and part.isdecimal() else data
        if isinstance(rows, list):
            data = rows[int(part)] if part.isdecimal() and int(part) < len(rows) else None
        else:
            data = rows.get(part) if isinstance(rows, dict) else None
    return data


def _sections(page: str) -> tuple[str, ...]:
    if page not in PAGES:
        raise Http404
    return PAGES[page][1]


def _revision(request: OfficerRequest) -> int:
    written = request.POST.get("revision", "")
    return int(written) if written.isdecimal() and len(written) < 10 else 0
