"""The draft of the next version: begun, saved without losing a word, undone, given up."""

from collections.abc import Iterable
from dataclasses import dataclass

from salur.agencies.models import Government
from salur.kernel import clock, ledger
from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.document.write import set_value
from salur.sop.events import SopDiscarded, SopDrafted
from salur.sop.following import document_from, laid_over
from salur.sop.inherit import apply, read_overlay
from salur.sop.models import Sop, SopDraft, SopDraftText
from salur.sop.versions import Refused, document_of, newest, stream

UNDO, REDO = "~undo", "~redo"
"""What stands in `SopDraftText.what` of a revision that took a former one back, or took that back. Nobody types it."""


class Conflict(RuntimeError):
    """Somebody else saved since the text that was changed was read; nothing was written.

    `theirs` is the newest saving, `base` the one the caller began from (None: it never was one of this draft), and
    `text` what the caller wanted to save, so that the page can show all three.
    """

    def __init__(self, theirs: SopDraftText, base: SopDraftText | None, text: str) -> None:
        self.theirs, self.base, self.text = theirs, base, text
        super().__init__(f"revision {theirs.revision} was saved by {theirs.actor} meanwhile")


def begin(government_id: int, code: str, *, actor: str) -> SopDraft:
    """Begin the next version of an SOP of a government; for a code it has no SOP of, a new one from the standard.

    The draft starts from the last signed version, in force or not yet, with the next version number; where that one
    follows another government's SOP, it starts from the overlay. Raises Refused while there is a draft already.
    """
    government = Government.objects.get(pk=government_id)
    standard = load(STANDARD.read_text(encoding="utf-8"))
    sop, _made = Sop.objects.get_or_create(government=government, code=code, defaults={"title": standard.title.id})
    demand_no_draft(sop)
    last = newest(sop.pk)
    if last is None:
        text = set_value(STANDARD.read_text(encoding="utf-8"), ("code",), code)
        load(text)  # raises SopInvalid for a code that is none
        return write_first(sop, text, parent_id=None, from_version=None, actor=actor)
    text = set_value(last.overlay or last.text, ("version",), last.version + 1)
    return write_first(sop, text, parent_id=last.parent_id, from_version=last.version, actor=actor)


def write_first(sop: Sop, text: str, *, parent_id: int | None, from_version: int | None, actor: str) -> SopDraft:
    """The draft with its first text; the caller holds the SOP's stream and knows that there is no draft."""
    draft: SopDraft = SopDraft.objects.create(
        government_id=sop.government_id,
        sop=sop,
        parent_id=parent_id,
        text=text,
        edited_by=actor,
        edited_at=clock.now(),
    )
    _keep(draft, "")
    event = SopDrafted(from_version=from_version, parent_id=parent_id)
    ledger.record(event, stream=stream(sop.pk), government_id=sop.government_id, actor=actor)
    return draft


def demand_no_draft(sop: Sop) -> None:
    """Hold the SOP until the transaction ends. Raises Refused while there is a draft of it."""
    ledger.hold(stream(sop.pk))
    if SopDraft.objects.filter(sop=sop).exists():
        raise Refused(Said(_("there is a draft of this SOP already: go on with that one, or discard it first")))


def save(draft_id: int, *, base_revision: int, text: str, what: str, actor: str) -> SopDraft:
    """Save a changed text as the next revision; `what` says in a few words what was changed ("" is allowed).

    `base_revision` is the revision that was changed. The text must be a valid document, so that a draft can always be
    shown; whether it may be signed is not asked yet. A text that changes nothing makes no revision. What was submitted
    or reviewed goes back to being a draft: nobody has judged the new text.

    Raises SopInvalid, Conflict when another revision was saved meanwhile, and Refused when the draft is gone.
    """
    draft = held(draft_id)
    document_of_text(draft, text)
    demand_newest(draft, base_revision, text)
    return draft if text == draft.text else rewrite(draft, text, what.strip().lstrip("~")[:200], actor)


def undo(draft_id: int, *, base_revision: int, actor: str) -> SopDraft:
    """Take the last change back, as a new revision with the text before it; again and it goes further back.

    Raises Refused when nothing is left to undo, and Conflict as `save`.
    """
    draft = held(draft_id)
    demand_newest(draft, base_revision, draft.text)
    done = _trail(draft)[0]
    if len(done) < 2:
        raise Refused(Said(_("there is nothing left to undo: this is the text the draft began with")))
    return rewrite(draft, _text_of(draft, done[-2]), UNDO, actor)


def redo(draft_id: int, *, base_revision: int, actor: str) -> SopDraft:
    """Take the last undoing back, as a new revision. Raises Refused when nothing was undone, and Conflict as `save`."""
    draft = held(draft_id)
    demand_newest(draft, base_revision, draft.text)
    undone = _trail(draft)[1]
    if not undone:
        raise Refused(Said(_("nothing was undone that could be done again")))
    return rewrite(draft, _text_of(draft, undone[-1]), REDO, actor)


def discard(draft_id: int, *, base_revision: int, actor: str) -> None:
    """Give a draft up. Its last text stays in the journal of the SOP. Raises Conflict and Refused as `save`."""
    draft = held(draft_id)
    demand_newest(draft, base_revision, draft.text)
    event = SopDiscarded(revision=draft.revision, text=draft.text)
    ledger.record(event, stream=stream(draft.sop_id), government_id=draft.government_id, actor=actor)
    draft.delete()


@dataclass(frozen=True)
class Steps:
    """How many changes of a draft can be undone, and how many can be done again."""

    undo: int
    redo: int


def steps(draft: SopDraft) -> Steps:
    """How far undo and redo reach."""
    done, undone = _trail(draft)
    return Steps(undo=len(done) - 1, redo=len(undone))


def held(draft_id: int) -> SopDraft:
    """The draft, with nobody else at it until the transaction ends. Raises Refused when it is gone."""
    sop_id = SopDraft.objects.filter(pk=draft_id).values_list("sop_id", flat=True).first()
    if sop_id is not None:
        ledger.hold(stream(sop_id))
    rows = SopDraft.objects.select_related("sop__government", "parent")
    draft: SopDraft | None = rows.filter(pk=draft_id).first()
    if draft is None:
        raise Refused(Said(_("this draft was signed or discarded meanwhile: look at the list of SOPs")))
    return draft


def document_of_text(draft: SopDraft, text: str) -> SopDocument:
    """The whole document that a text of this draft stands for. Raises SopInvalid."""
    return document_from(text, overlay=draft.parent_id is not None)


def document_of_draft(draft: SopDraft) -> SopDocument:
    """The whole document that a draft is now."""
    if draft.parent_id is None:
        return load(draft.text)
    return apply(document_of(draft.parent_id), read_overlay(draft.text))


def editors(draft: SopDraft) -> list[str]:
    """Everybody who saved a text of this draft since it was begun, as the journal names them, sorted."""
    rows = SopDraftText.objects.filter(draft=draft)
    return sorted(rows.values_list("actor", flat=True).distinct())


def rewrite(draft: SopDraft, text: str, what: str, actor: str) -> SopDraft:
    """Write the next revision of a draft that the caller holds; a submitted draft is a draft again."""
    draft.text, draft.revision = text, draft.revision + 1
    draft.edited_by, draft.edited_at = actor, clock.now()
    if draft.parent_id is not None:
        draft.parent_id = laid_over(text)[0].pk  # an overlay says itself which version it follows
    draft.state, draft.submitted_by, draft.reviewed_by = SopDraft.State.DRAFT, "", ""
    draft.save()
    _keep(draft, what)
    return draft


def _keep(draft: SopDraft, what: str) -> None:
    SopDraftText.objects.create(
        government_id=draft.government_id,
        draft=draft,
        revision=draft.revision,
        text=draft.text,
        what=what,
        actor=draft.edited_by,
        at=draft.edited_at,
    )


def demand_newest(draft: SopDraft, base_revision: int, text: str) -> None:
    """Raises Conflict, with the text that the caller wanted to save, when another revision was saved meanwhile."""
    if base_revision != draft.revision:
        rows = SopDraftText.objects.filter(draft=draft)
        raise Conflict(rows.get(revision=draft.revision), rows.filter(revision=base_revision).first(), text)


def _text_of(draft: SopDraft, revision: int) -> str:
    text: str = SopDraftText.objects.values_list("text", flat=True).get(draft=draft, revision=revision)
    return text


def _trail(draft: SopDraft) -> tuple[list[int], list[int]]:
    rows = SopDraftText.objects.filter(draft=draft).order_by("revision")
    return trail(rows.values_list("revision", "what").iterator())


def trail(revisions: Iterable[tuple[int, str]]) -> tuple[list[int], list[int]]:
    """Of all (revision, what): those whose changes hold, the present one last, and those undone, the latest last."""
    done: list[int] = []
    undone: list[int] = []
    for revision, what in revisions:
        if what == UNDO:
            undone.append(done.pop())
        elif what == REDO:
            done.append(undone.pop())
        else:
            done.append(revision)
            undone.clear()
    return done, undone
