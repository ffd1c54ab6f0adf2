"""What a citizen reads about a case: where it stands, and what happened, without names of officers or inner notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from salur.cases.correct import voided
from salur.cases.models import Case, CaseMessage
from salur.channels.queries import label_of
from salur.intake.models import Message
from salur.kernel.events import Fact
from salur.language.masking import mask_identity_numbers, mask_personal
from salur.portal.words import CHANNELS, KINDS, OUTCOMES, REPLIES
from salur.publishing.models import Reply
from salur.publishing.queries import SaidInPublic
from salur.sop.engine.state import CaseState, Milestone
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS, word

TAKEN_UP = frozenset({"case.verified", "case.referred", "case.followed_up", "case.horizon_set"})


@dataclass(frozen=True)
class Step:
    """One of the five stations of every case. `state` is done, current or ahead."""

    name: str
    state: str


@dataclass(frozen=True)
class Plan:
    """What a scheduled case waits for: the paper it stands in, what is promised for when, and the next review."""

    reference: str
    promised_on: date | None
    milestones: tuple[Milestone, ...]
    review_on: date | None
    changed: int


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `by` is agency, citizen or event; `text` is what was said, if anything."""

    at: datetime
    title: str
    text: str = ""
    by: str = "event"


@dataclass(frozen=True)
class PublicAnswer:
    """That, where and when something was answered in public, and not what."""

    title: str
    place: str
    at: datetime


def places(said: Iterable[SaidInPublic]) -> list[str]:
    """Where the number of a case was said in public, in the names of the platforms."""
    return sorted({label_of(one.channel) for one in said})


def answers_in_public(said: Iterable[SaidInPublic]) -> list[PublicAnswer]:
    """What we said in public besides the receipt, in the order given."""
    return [
        PublicAnswer(str(REPLIES.get(one.purpose, REPLIES["notice"])), label_of(one.channel), one.at)
        for one in said
        if one.at is not None and one.purpose not in ("", "acknowledgement")
    ]


def steps(case: Case, facts: Iterable[Fact]) -> list[Step]:
    """Where the case stands between received and closed."""
    taken_up = case.status != "new" if case.closed_at is None else any(fact.kind in TAKEN_UP for fact in facts)
    closed, answered = case.closed_at is not None, case.answered_at is not None
    taken_up = taken_up or answered
    reached = [
        (gettext("Received"), True),
        (gettext("Checked"), taken_up),
        (gettext("Being worked on") if case.horizon == "short" else gettext("Scheduled"), taken_up),
        (gettext("Answered"), answered),
        (gettext("Finished"), closed),
    ]
    last = max(index for index, (_, there) in enumerate(reached) if there)
    return [
        Step(name, "current" if index == last else "done" if there else "ahead")
        for index, (name, there) in enumerate(reached)
    ]


def plan(state: CaseState | None) -> Plan | None:
    """The plan a medium- or long-term case stands in; None for others."""
    if state is None or state.horizon == "short":
        return None
    paper = in_words(word(PLANS, state.plan)) if state.plan else ""
    reference = mask_personal(" ".join(filter(None, (paper, state.plan_reference))))
    named = tuple(one._replace(name=mask_personal(one.name)) for one in state.milestones)
    return Plan(reference[:1].upper() + reference[1:], state.promised_on, named, state.review_on, state.reclassified)


def story(case: Case, facts: Sequence[Fact], replies: Iterable[Reply], said: Iterable[CaseMessage]) -> list[Moment]:
    """Everything that may be told of a case, newest first.

    The citizen's own words are shown with personal data masked, and not at all in a confidential case or once they
    were removed; an answer is
    shown once it was sent, whatever the channel, because it was written for who holds the number. Of an answer only
    identity numbers (16 digits) are masked: its phone numbers and addresses are those of the agency. What was struck
    out as a mistake is not told.
    """
    texts = {reply.pk: mask_identity_numbers(reply.text) for reply in replies}
    words = {} if case.confidential else {link.message_id: _words(link.message) for link in said}
    moments, shown, gone = [], set(), voided(facts)
    for fact in facts:
        if fact.seq in gone:
            continue
        if fact.kind == "dispatch.sent":
            if fact.data["reply_id"] in shown:
                continue
            shown.add(fact.data["reply_id"])
        moment = _moment(fact, texts, words)
        if moment:
            moments.append(moment)
    return moments[::-1]


def _words(message: Message) -> str:
    """What a message says now; of one that was removed, that it was."""
    if message.removed_at is None:
        return mask_personal(message.text)
    return gettext("[deleted by the author]") if message.removed_by == "author" else gettext("[no longer shown]")


def _moment(fact: Fact, texts: Mapping[int, str], words: Mapping[int, str]) -> Moment | None:
    data = fact.data
    if fact.kind == "case.opened":
        title = gettext("Received through %(channel)s") % {
            "channel": CHANNELS.get(data["channel"], label_of(data["channel"]))
        }
        return Moment(datetime.fromisoformat(data["spoken_at"]), title, words.get(data["message_id"], ""), "citizen")
    if fact.kind == "message.joined":
        at = datetime.fromisoformat(data["spoken_at"])
        return Moment(at, gettext("You wrote"), words.get(data["message_id"], ""), "citizen")
    if fact.kind == "dispatch.sent":
        purpose = data["purpose"]
        if purpose == "acknowledgement":
            return Moment(fact.at, gettext("Receipt confirmed to you"))
        title = str(REPLIES.get(purpose, REPLIES["notice"]))
        return Moment(fact.at, title, texts.get(data["reply_id"], ""), "event" if purpose == "notice" else "answer")
    title = _title(fact)
    return Moment(fact.at, title) if title else None


def _title(fact: Fact) -> str:
    data = fact.data
    if fact.kind == "case.referred":
        return gettext("Handed to %(agency)s") % {"agency": data["agency_name"]}
    if fact.kind == "case.classified" and data["kind"] != data["was_kind"]:
        return gettext("Now handled as: %(kind)s") % {"kind": KINDS.get(data["kind"], data["kind"])}
    if fact.kind == "case.held":
        asked = data["reason"] == "incomplete"
        return gettext("Waiting for details from you") if asked else gettext("The time was stopped for now")
    if fact.kind == "case.horizon_set":
        return gettext("Put into a plan") if data["horizon"] != "short" else gettext("To be dealt with soon")
    if fact.kind == "case.milestone_reached":
        return gettext("Reached: %(milestone)s") % {"milestone": mask_personal(data["name"])}
    if fact.kind == "case.closed":
        return gettext("Closed: %(outcome)s") % {"outcome": OUTCOMES.get(data["outcome"], data["outcome"])}
    return {
        "case.verified": gettext("Checked and found complete"),
        "case.followed_up": gettext("The agency has worked out what to do"),
        "case.evidence_added": gettext("The agency put evidence of its work into the report"),
        "case.arbiter_called": gettext("It is being decided which agency handles it"),
        "case.reviewed": gettext("Progress was reviewed"),
        "case.resumed": gettext("The time goes on"),
        "case.reopened": gettext("Opened again"),
    }.get(fact.kind, "")
