"""Every platform of the stand-ins, all the way: heard, acknowledged, answered by two people, answered again, told."""

from dataclasses import dataclass

import pytest
from tests.journey.stage import Scene, Stage, stage
from tests.journey.stage import committed as transactional_db

from salur.cases.models import CaseMessage
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.models import Dispatch

__all__ = ["stage", "transactional_db"]
ROAD = "Jalan provinsi berlubang parah di depan pasar Gading Rejo, sudah ada yang jatuh. Mohon segera ditambal."
MORE = "Kemarin malam ada lagi yang jatuh di lubang itu."
DONE = "Lubang sudah ditambal hari ini. Terima kasih atas laporannya."


@dataclass(frozen=True)
class Story:
    """How a citizen speaks on a platform, and by which way the answer returns; `furthest` is what we hear of it."""

    platform: str
    what: str
    way: str
    mode: str = ""
    again: str = ""
    furthest: str = ""

    def __str__(self) -> str:
        return f"{self.platform} {self.what}{' by poll' if self.mode else ''}"


STORIES = (
    Story("facebook", "comment", "public_reply"),
    Story("facebook", "comment", "public_reply", mode="poll"),
    Story("facebook", "visitor_post", "public_reply", again="comment"),
    Story("facebook", "dm", "direct", furthest="read"),
    Story("instagram", "comment", "public_reply"),
    Story("instagram", "dm", "direct", furthest="read"),
    Story("whatsapp", "dm", "direct", furthest="read"),
    Story("threads", "comment", "public_reply"),
    Story("threads", "comment", "public_reply", mode="poll"),
    Story("x", "mention", "public_reply"),
    Story("x", "mention", "public_reply", mode="poll"),
    Story("x", "dm", "direct"),
    Story("tiktok", "comment", "public_reply"),
    Story("youtube", "comment", "public_reply"),
    Story("telegram", "dm", "direct"),
    Story("telegram", "dm", "direct", mode="poll"),
    Story("telegram", "group", "public_reply"),
)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_citizen_is_heard_acknowledged_answered_and_heard_again(stage: Stage, story: Story) -> None:
    scene = stage.scene(story.platform, mode=story.mode)
    first = scene.say(story.what, _addressed(scene, story.what, ROAD))
    case = scene.case()
    assert (case.channel, case.agency and case.agency.code) == (story.platform, "bmbk")
    (heard,) = scene.messages()
    assert heard.external_id.rpartition(":")[2] == first.rpartition(":")[2]
    assert heard.audience == ("public" if story.way == "public_reply" else "private")
    assert heard.link.startswith("https://") or (story.platform, story.what, story.mode) in UNLINKED
    _was_said(scene, story, case.number, about=first)

    scene.handled(case)
    scene.answer(case, DONE)
    _was_said(scene, story, DONE, about=first)
    assert [one.state for one in scene.dispatches()] == ["sent", "sent"]

    _reply(scene, story)
    assert len(scene.messages()) == 2 and scene.case() == case
    scene.answer(case, "Terima kasih, kami periksa lagi.", "question")
    assert len(scene.messages()) == 2, "our own words are no citizen's"
    if story.furthest:
        scene.sandbox.read(scene.key, "siti")
        scene.arrive()
        assert {one.receipt for one in scene.dispatches()} == {story.furthest}
        assert "dispatch.delivered" in [fact.kind for fact in ledger.journal(case.stream)]
    assert len(scene.ours()) == len(scene.dispatches()) == 3
    assert {one.state for one in scene.deliveries()} <= {"understood", "ignored"}
    stage.holds()


UNLINKED = {
    *((platform, "dm", mode) for platform in ("whatsapp", "telegram", "x") for mode in ("", "poll")),
    ("instagram", "comment", ""),
    ("tiktok", "comment", ""),
}
"""Where what comes names no address that an officer could follow: private chats, and hooks that hold ids alone."""


def _addressed(scene: Scene, what: str, text: str) -> str:
    """In a Telegram group a bot hears only what names it."""
    return f"@{scene.there['handle']} {text}" if what == "group" else text


def _was_said(scene: Scene, story: Story, words: str, *, about: str) -> None:
    """Exactly one thing of ours holds these words, by the way expected, where the citizen reads it."""
    (said,) = [one for one in scene.ours() if words in one["text"]]
    assert (said["private"], said["person"]) == (story.way == "direct", "siti")
    assert story.way == "direct" or story.what == "visitor_post" or said["parent"] == about
    (sent,) = [one for one in scene.dispatches() if words in "".join(one.texts)]
    assert (sent.state, sent.way) == (Dispatch.State.SENT, story.way)


def _reply(scene: Scene, story: Story) -> None:
    """The citizen answers our answer, in the same thread or chat."""
    answered = scene.ours()[-1]
    what = story.again or story.what
    # Below a video of YouTube every reply of a thread stands under its first comment.
    parent = answered["parent"] if story.platform == "youtube" else answered["id"]
    where = {"parent": parent} if story.way == "public_reply" else {}
    scene.say(what, _addressed(scene, what, MORE), **where)


def test_a_story_that_names_the_agency_opens_a_case_with_its_picture(stage: Stage) -> None:
    scene = stage.scene("instagram")
    scene.say("story_mention", media=["photo"])
    (heard,) = scene.messages()
    assert heard.audience == "private" and heard.link
    with use(EVERYTHING):
        assert CaseMessage.objects.filter(message=heard).exists()


def test_an_album_and_lines_in_a_row_are_one_case_with_one_acknowledgement(stage: Stage) -> None:
    scene = stage.scene("telegram")
    scene.sandbox.say(scene.key, "siti", "album", ROAD, media=["photo", "photo", "photo"])
    scene.sandbox.say(scene.key, "siti", "dm", MORE)
    scene.sandbox.say(scene.key, "siti", "dm", "Terima kasih.")
    scene.arrive()
    assert len(scene.messages()) == 5 and scene.case()
    assert len(scene.ours()) == len(scene.dispatches("acknowledgement")) == 1
