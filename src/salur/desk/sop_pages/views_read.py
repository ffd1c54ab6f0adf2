"""Reading SOPs: the list, one version, its text, its history, and two of them side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from salur.agencies.models import Member
from salur.agencies.queries import member_names
from salur.desk.journal import who
from salur.desk.officer import OfficerRequest, officer
from salur.desk.sop_pages.reading import plain, sections
from salur.kernel import clock, ledger
from salur.kernel.events import Fact
from salur.sop import queries
from salur.sop.compare import Difference, Mark, differences, marked, sentence
from salur.sop.document.model import SopDocument
from salur.sop.drafts import document_of_text
from salur.sop.models import Sop, SopDraft, SopVersion
from salur.sop.parents import notices
from salur.sop.saying import in_words
from salur.sop.versions import document_of, states, stream

TOLD = {
    "sop.drafted": _("began a draft"),
    "sop.submitted": _("gave the draft to review"),
    "sop.returned": _("gave the draft back"),
    "sop.reviewed": _("reviewed the draft and found it ready to be signed"),
    "sop.signed": _("signed version %(version)s, in force from %(in_force_from)s"),
    "sop.discarded": _("discarded the draft"),
}


@dataclass(frozen=True)
class Listed:
    """One SOP in the list: its versions newest first, each with its state, and its draft."""

    sop: Sop
    versions: list[tuple[SopVersion, str]]
    draft: SopDraft | None
    notice: str


@officer("see_sop")
def sop_list(request: OfficerRequest) -> HttpResponse:
    """The SOPs of the government with their states, and what has to be known of their parents."""
    signed, drafts = queries.versions(), {draft.sop_id: draft for draft in queries.drafts()}
    standing, told = standing_of(request.member, signed), notices(signed)
    rows = []
    for sop in queries.sops():
        own = [(version, standing[version.pk]) for version in signed if version.sop_id == sop.pk]
        notice = told.get(sop.pk)
        rows.append(Listed(sop, own, drafts.get(sop.pk), in_words(notice) if notice else ""))
    return render(request, "desk/sop/list.html", {"rows": rows})


@officer("see_sop")
def version(request: OfficerRequest, version_id: int) -> HttpResponse:
    """One signed version, as a document to read."""
    found = _version(version_id)
    signed = queries.versions()
    siblings, standing = [one for one in signed if one.sop_id == found.sop_id], standing_of(request.member, signed)
    names = member_names({found.drafted_by, found.reviewed_by})
    newer = [one for one in siblings if one.version > found.version and standing[one.pk] == "in_force"]
    notice = notices(siblings).get(found.sop_id)
    context = {
        "version": found,
        "state": standing[found.pk],
        "sections": sections(document_of(found.pk)),
        "siblings": [(one, standing[one.pk]) for one in siblings],
        "draft": queries.draft_of(found.sop_id),
        "drafted_by": who(found.drafted_by, names) if found.drafted_by else "",
        "reviewed_by": who(found.reviewed_by, names) if found.reviewed_by else "",
        "newer": newer[0] if newer else None,
        "notice": in_words(notice) if notice and standing[found.pk] != "superseded" else "",
    }
    return render(request, "desk/sop/version.html", context)


@officer("see_sop")
def export(request: OfficerRequest, version_id: int) -> HttpResponse:
    """The text of a version as a file, byte for byte as it was signed."""
    found = _version(version_id)
    response = HttpResponse(found.text.encode(), content_type="application/yaml; charset=utf-8")
    name = f"sop-{request.member.government.code}-{found.sop.code}-v{found.version}.yaml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@officer("see_sop")
def history(request: OfficerRequest, sop_id: int) -> HttpResponse:
    """Who drafted, reviewed and signed, when, and under which hash; the latest first."""
    sop = sop_in_scope(sop_id)
    facts = ledger.journal(stream(sop.pk))
    writers = {fact.seq: fact.data.get("editors", []) for fact in facts}
    names = member_names({fact.actor for fact in facts}.union(*writers.values()))
    lines = [
        (fact, who(fact.actor, names), _line(fact), ", ".join(who(one, names) for one in writers[fact.seq]))
        for fact in reversed(facts)
    ]
    return render(request, "desk/sop/history.html", {"sop": sop, "lines": lines, "versions": queries.versions(sop.pk)})


def _line(fact: Fact) -> str:
    said = {name: _day(value) if name == "in_force_from" else value for name, value in fact.data.items()}
    return gettext(TOLD.get(fact.kind, fact.kind)) % said


def _day(written: str) -> str:
    return date_format(date.fromisoformat(written), "j F Y")


@dataclass(frozen=True)
class Side:
    """A version or the draft of the SOP of a title, as one side of a comparison."""

    token: str
    title: str
    label: str
    document: SopDocument


@dataclass(frozen=True)
class Compared:
    """One difference in words: where, the sentence, both values, and for texts their marked words.

    Of a `long` text the sentence only says that it changed.
    """

    section: str
    kind: str
    sentence: str
    place: str
    old: str
    new: str
    marks: tuple[Mark, ...]

    @property
    def long(self) -> bool:
        """Whether the values are too long to stand in the sentence."""
        return self.old not in self.sentence or self.new not in self.sentence


@officer("see_sop")
def compare(request: OfficerRequest) -> HttpResponse:
    """Two versions, or a version and the draft, side by side in words. `old` and `new` are v<id> or d<id>."""
    signed, drafts = queries.versions(), queries.drafts()
    choices = [(f"d{draft.pk}", _draft_label(draft)) for draft in drafts]
    choices += [(f"v{one.pk}", _version_label(one)) for one in signed]
    wanted = request.GET.get("old", ""), request.GET.get("new", "")
    context: dict[str, Any] = {"choices": choices, "wanted": wanted}
    if all(wanted):
        old, new = (_side(token) for token in wanted)
        context |= {"old": old, "new": new, "found": compared(old.document, new.document)}
    return render(request, "desk/sop/compare.html", context)


def compared(old: SopDocument, new: SopDocument) -> list[Compared]:
    """The differences of two documents in words, in the order of the document."""
    return [_compared(difference) for difference in differences(old, new)]


def in_short(found: Iterable[Difference]) -> list[str]:
    """Differences as one sentence each, which begins with the part of the document it is about."""
    pairs = ((in_words(one.section), in_words(sentence(one))) for one in found)
    return [said if said.startswith(f"{section}:") else f"{section}: {said}" for section, said in pairs]


def _compared(one: Difference) -> Compared:
    return Compared(
        section=in_words(one.section),
        kind=one.kind,
        sentence=in_words(sentence(one)),
        place=in_words(one.place),
        old=plain(one.old),
        new=plain(one.new),
        marks=marked(one) if one.kind == "changed" else (),
    )


def _side(token: str) -> Side:
    kind, number = token[:1], token[1:]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    if kind == "v":
        found = _version(int(number))
        return Side(token, found.sop.title, gettext("Version %(n)s") % {"n": found.version}, document_of(found.pk))
    draft = queries.draft(int(number)) if kind == "d" else None
    if draft is None:
        raise Http404
    return Side(token, draft.sop.title, gettext("Draft"), document_of_text(draft, draft.text))


def _version_label(version: SopVersion) -> str:
    return f"{version.sop.title}, " + gettext("Version %(n)s") % {"n": version.version}


def _draft_label(draft: SopDraft) -> str:
    return f"{draft.sop.title}, " + gettext("Draft")


def standing_of(member: Member, versions: list[SopVersion]) -> dict[int, str]:
    """The state of each of these versions today, by the day of the officer's government."""
    return dict(states(versions, clock.today(member.government.timezone)))


def sop_in_scope(sop_id: int) -> Sop:
    """One SOP that the officer may see. Raises Http404."""
    found = next((sop for sop in queries.sops() if sop.pk == sop_id), None)
    if found is None:
        raise Http404
    return found


def _version(version_id: int) -> SopVersion:
    found = queries.version(version_id)
    if found is None:
        raise Http404
    return found
