"""How the journals of an invented population run: a handful of scenarios, lived through by the real fold.

A story is one case's journal as the verbs would have written it, with places where each case puts its own numbers.
Nothing in it is made up by hand beyond the acts of people: obligations, breaches and columns come from the SOP room.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from salur.cases.events import (
    CaseClosed,
    CaseFollowedUp,
    CaseHeld,
    CaseOpened,
    CaseVerified,
    HorizonSet,
)
from salur.cases.project import Projection
from salur.kernel import ledger
from salur.kernel.events import Event, Fact
from salur.publishing.events import DispatchSent, ReplyApproved, ReplyDrafted, ReplySubmitted
from salur.sop.advance import news, projection
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import Calendars, CaseState, fold
from salur.sop.events import SopStarted
from salur.sop.models import SopVersion
from salur.sop.wording import fill

NUMBER = "@NUMBER@"
OPERATOR, APPROVER = "@OPERATOR@", "@APPROVER@"

Scenario = tuple[int, str, tuple[int, int], tuple[str, ...]]
SCENARIOS: tuple[Scenario, ...] = (
    # weight, name, days since it was said (from, to), what people did
    (54, "silence", (45, 500), ("verify", "follow_up", "answer", "silence")),
    (10, "completed", (45, 500), ("verify", "answer", "completed")),
    (6, "archived", (45, 500), ("verify", "archived")),
    (7, "new", (0, 6), ()),
    (2, "unassigned", (0, 20), ()),
    (9, "in progress", (1, 40), ("verify",)),
    (4, "to approve", (2, 30), ("verify", "draft")),
    (3, "asked", (2, 9), ("verify", "question")),
    (4, "answered", (2, 9), ("verify", "answer")),
    (1, "scheduled", (10, 80), ("verify", "horizon", "answer")),
)
"""Three in ten are open; people of the province, so most of what was answered closes by silence."""


@dataclass(frozen=True)
class Told:
    """One reply of a story: its purpose, text and signers, and whether it went out."""

    purpose: str
    text: str
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Setting:
    """What all stories of one government share."""

    government_id: int
    version: SopVersion
    document: SopDocument
    calendars: Calendars
    now: datetime


@dataclass
class Story:
    """One journal under way; `ended` holds its columns once it was told to the end."""

    setting: Setting
    agency_id: int | None
    agency_name: str
    spoken_at: datetime
    facts: list[Fact] = field(default_factory=list)
    replies: list[Told] = field(default_factory=list)
    at: datetime = field(init=False)
    ended: Projection = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.spoken_at

    def write(self, event: Event, actor: str) -> None:
        """Write one fact down at the story's present instant."""
        self.facts.append(Fact(len(self.facts) + 1, event.KIND, self.at, actor, event.data()))

    def state(self, at: datetime) -> CaseState:
        """What the fold says at an instant."""
        return fold(self.facts, self.setting.document, self.setting.calendars, at)

    def settle(self) -> None:
        """What `sop/advance` would write after an act."""
        for event in list(news(self.state(self.at), self.facts)):
            self.write(event, ledger.SYSTEM)

    def wait_until(self, at: datetime) -> None:
        """Let time pass; the sweep writes every breach down when it comes."""
        while (next_breach := self.columns().wakes_at) is not None and next_breach < at:
            self.at = next_breach + timedelta(seconds=3)
            self.settle()
        self.at = max(self.at, at)

    def columns(self) -> Projection:
        """The projection as `sop/advance` would store it now."""
        return projection(self.state(self.at), self.facts)


def told(setting: Setting, agency: tuple[int, str], scenario: Scenario, dice: random.Random) -> Story:
    """Live one scenario through for an agency (id, name), with instants drawn from `dice`."""
    _, name, (newest, oldest), acts = scenario
    age = timedelta(days=dice.uniform(newest, oldest), minutes=5)
    agency_id, agency_name = (None, "") if name == "unassigned" else agency
    story = Story(setting, agency_id, agency_name, setting.now - age)
    _open(story)
    for act in acts:
        instant = _instant(story, act, dice)
        if instant >= setting.now:
            break
        story.wait_until(instant)
        _do(story, act)
        story.settle()
    story.wait_until(setting.now)
    story.ended = story.columns()
    return story


def _instant(story: Story, act: str, dice: random.Random) -> datetime:
    if act == "silence":
        closes_at = story.columns().closes_at
        return closes_at + timedelta(seconds=3) if closes_at else story.setting.now
    return story.at + timedelta(days=dice.uniform(0.05, 4))


def _open(story: Story) -> None:
    story.write(
        CaseOpened(
            number=NUMBER,
            kind="complaint",
            function=None,
            agency_id=story.agency_id,
            horizon="short",
            spoken_at=story.spoken_at.isoformat(),
            channel="web",
            voice_id=0,
            message_id=0,
            direct=False,
            imported=False,
        ),
        ledger.CITIZEN,
    )
    due = story.state(story.at).citizen_due_at
    version, document = story.setting.version, story.setting.document
    agency = story.agency_name or "koordinator"
    words = fill(
        document.templates["acknowledgement"].text.of("id"),
        {"number": NUMBER, "agency": agency, "due": f"{due:%d-%m-%Y}", "link": f"/lacak/{NUMBER}/"},
    ).strip()
    story.write(
        SopStarted(
            version_id=version.pk,
            sop=document.code,
            version=version.version,
            sha256=version.sha256,
            answer_due_at=due.isoformat() if due else "",
            acknowledgement=words,
        ),
        ledger.SYSTEM,
    )
    story.settle()
    _reply(story, "acknowledgement", words, ledger.SYSTEM, ledger.SYSTEM)
    story.settle()


def _do(story: Story, act: str) -> None:
    match act:
        case "verify":
            story.write(CaseVerified(), OPERATOR)
        case "follow_up":
            story.write(CaseFollowedUp(note="Petugas meninjau lokasi dan menjadwalkan pekerjaan."), OPERATOR)
        case "draft":
            _reply(story, "answer", f"Laporan {NUMBER} sedang kami tangani.", OPERATOR, "")
        case "question":
            _reply(story, "question", f"Mohon sebutkan lokasi tepat laporan {NUMBER}.", OPERATOR, APPROVER)
        case "answer":
            _reply(story, "answer", f"Laporan {NUMBER} sudah kami tangani; terima kasih.", OPERATOR, APPROVER)
        case "horizon":
            review = (story.setting.now + timedelta(days=60)).date().isoformat()
            plan = HorizonSet(
                horizon="medium",
                was_horizon="short",
                reason="Perlu anggaran",
                owner="Bidang",
                plan="apbd_change",
                plan_reference="Usulan anggaran",
                promised_on=None,
                review_on=review,
            )
            story.write(plan, OPERATOR)
        case "completed" | "archived":
            story.write(CaseClosed(by="officer", outcome=act, reason="Selesai ditangani"), APPROVER)
        case "silence":
            story.write(CaseClosed(by="system", outcome="silence", reason="silence"), ledger.SYSTEM)


def _reply(story: Story, purpose: str, text: str, drafter: str, approver: str) -> None:
    """Write the facts of one reply; `reply_id` and `dispatch_id` are its place in the story until a case is made."""
    place = len(story.replies)
    facts: dict[str, Any] = {"reply_id": place, "purpose": purpose, "sha256": ""}
    drafted_at = story.at
    if drafter != ledger.SYSTEM:
        story.write(ReplyDrafted(**facts), drafter)
        story.write(ReplySubmitted(**facts), drafter)
    if not approver:
        story.replies.append(Told(purpose, text, drafter, drafted_at, "", None, None))
        return
    if drafter != ledger.SYSTEM:
        story.settle()
        story.wait_until(story.at + timedelta(hours=2))
    story.write(ReplyApproved(**facts), approver)
    approved_at, story.at = story.at, story.at + timedelta(seconds=1)
    story.settle()
    sent = DispatchSent(
        dispatch_id=place,
        reply_id=place,
        purpose=purpose,
        voice_id=0,
        channel="web",
        external_id="",
        confirmed_by="channel",
    )
    story.write(sent, ledger.SYSTEM)
    if purpose == "question":
        story.write(CaseHeld(reason="incomplete", question_reply_id=place), ledger.SYSTEM)
    story.replies.append(Told(purpose, text, drafter, drafted_at, approver, approved_at, story.at))


def stories(setting: Setting, agencies: list[tuple[int, str]], count: int, dice: random.Random) -> Iterator[Story]:
    """`count` stories, going round the agencies (id, name)."""
    weights = [one[0] for one in SCENARIOS]
    for number in range(count):
        yield told(setting, agencies[number % len(agencies)], dice.choices(SCENARIOS, weights)[0], dice)
