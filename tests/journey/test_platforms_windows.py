"""What a platform forbids is a state with a reason, and the next lawful way: windows, one private reply, summons."""

import pytest
from tests.journey.stage import Stage, later, stage
from tests.journey.stage import committed as transactional_db
from tests.world import actor

from salur.cases.models import Case
from salur.channels.counting import length
from salur.channels.registry import PLATFORMS
from salur.journey.act import act
from salur.kernel import ledger
from salur.publishing import dispatch
from salur.publishing.models import Dispatch

__all__ = ["stage", "transactional_db"]
State = Dispatch.State
ROAD = "Jalan provinsi berlubang parah di depan pasar Gading Rejo, sudah ada yang jatuh. Mohon segera ditambal."
DONE = "Lubang sudah ditambal hari ini. Terima kasih atas laporannya."
WHO = "Mohon kirim foto KTP dan nomor NIK Anda agar dapat kami periksa."


def last_forbidden(case: Case) -> tuple[str, str]:
    """Reason and next way of the newest `dispatch.not_permitted` in the journal."""
    events = [fact for fact in ledger.journal(case.stream) if fact.kind == "dispatch.not_permitted"]
    return events[-1].data["reason"], events[-1].data["next_way"]


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_after_a_day_only_an_officer_may_and_after_a_week_nobody(stage: Stage, platform: str) -> None:
    scene = stage.scene(platform, features=["human_agent"])
    scene.say("dm", ROAD)
    case = scene.case()
    with later(stage.sandbox, hours=25):
        scene.answer(case, DONE)
        assert [(one.state, one.way) for one in scene.dispatches("answer")] == [(State.SENT, "tagged")]
    with later(stage.sandbox, days=8):
        scene.answer(case, "Kami periksa lagi.", "question")
        (late,) = scene.dispatches("question")
        assert (late.state, late.way) == (State.NOT_PERMITTED, "")
        assert last_forbidden(case) == ("window", "hand")
    assert [one["text"][:9] for one in scene.ours()] == ["Terima ka", "Lubang su"]


def test_without_the_right_to_it_nobody_writes_after_a_day_and_an_officer_does_it_by_hand(stage: Stage) -> None:
    scene = stage.scene("facebook")
    scene.say("dm", ROAD)
    case = scene.case()
    with later(stage.sandbox, hours=25):
        scene.answer(case, DONE)
        (late,) = scene.dispatches("answer")
        assert late.state == State.NOT_PERMITTED and late.deep_link.startswith("https://")
        assert last_forbidden(case) == ("window", "hand")
        act(dispatch.decide, late.pk, went_out=True, actor=actor(stage.operator))
    (done,) = scene.dispatches("answer")
    assert done.state == State.SENT
    assert stage.sandbox.state(scene.key)["said"][-1]["text"] != DONE, "the program itself said nothing"
    sent = [fact for fact in ledger.journal(case.stream) if fact.kind == "dispatch.sent"]
    assert sent[-1].data["confirmed_by"] == "officer" and sent[-1].actor == actor(stage.operator)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_question_for_personal_data_goes_private_once_and_then_asks_in_public(stage: Stage, platform: str) -> None:
    scene = stage.scene(platform)
    scene.say("comment", ROAD)
    case = scene.case()
    scene.answer(case, WHO, "question")
    scene.answer(case, f"{WHO} Terima kasih.", "question")
    assert [one.way for one in scene.dispatches("question")] == ["private_reply", "public_reply"]
    assert [(one["private"], WHO[:20] in one["text"]) for one in scene.ours()][1:] == [(True, True), (False, True)]
    scene.say("dm", "Ini datanya.", person="siti")
    assert scene.case() == case, "what the citizen answers in private continues the public case"
    scene.answer(case, DONE)
    assert [one.state for one in scene.dispatches("answer")] == [State.SENT]


def test_who_did_not_name_us_on_x_is_not_answered_by_a_program(stage: Stage) -> None:
    scene = stage.scene("x")
    post = stage.sandbox.post(scene.key, "Jadwal perbaikan jalan")
    scene.say("comment", ROAD, post=post)
    case = scene.case()
    (silent,) = scene.dispatches("acknowledgement")
    assert (silent.state, scene.ours()) == (State.NOT_PERMITTED, [])
    assert last_forbidden(case) == ("summons", "hand") and silent.deep_link.startswith("https://x.com/")


def test_after_a_day_whatsapp_takes_an_approved_template_and_nothing_else(stage: Stage) -> None:
    bare = stage.scene("whatsapp")
    bare.say("dm", ROAD)
    templates = {"answer": {"name": "kabar_laporan", "language": "id"}}
    ready = stage.scene("whatsapp", templates={"kabar_laporan": 1}, settings={"templates": templates})
    ready.say("dm", ROAD, person="budi")
    with later(stage.sandbox, hours=25):
        bare.answer(bare.case(), DONE)
        ready.answer(ready.case(), DONE)
    (forbidden,) = bare.dispatches("answer")
    assert forbidden.state == State.NOT_PERMITTED and last_forbidden(bare.case()) == ("window", "template")
    (sent,) = ready.dispatches("answer")
    assert (sent.state, sent.way) == (State.SENT, "template") and DONE in ready.ours()[-1]["text"]
    assert sent.cost > 0


def test_a_person_who_shut_us_out_is_not_written_to(stage: Stage) -> None:
    told, untold = stage.scene("telegram"), stage.scene("whatsapp")
    for scene in (told, untold):
        scene.say("dm", ROAD)
        stage.sandbox.block(scene.key, "siti")
        scene.arrive()
        scene.answer(scene.case(), DONE)
        scene.arrive()
    assert [one.state for one in told.dispatches("answer")] == [State.NOT_PERMITTED]
    assert last_forbidden(told.case())[0] == "blocked", "Telegram said so before"
    assert [one.state for one in untold.dispatches("answer")] == [State.FAILED], "WhatsApp says so afterwards"
    stage.sandbox.block(told.key, "siti", blocked=False)
    told.say("dm", "Halo lagi")
    told.answer(told.case(), "Kami periksa lagi.", "question")
    assert [one.state for one in told.dispatches("question")] == [State.SENT]


def test_a_long_answer_is_said_in_parts_in_order_in_one_thread(stage: Stage) -> None:
    scene = stage.scene("threads")
    said = scene.say("comment", ROAD)
    words = [f"kata{number}" for number in range(130)]
    scene.answer(scene.case(), " ".join(words))
    (sent,) = scene.dispatches("answer")
    assert sent.state == State.SENT and len(sent.said) == len(sent.texts) > 1
    parts = [one for one in scene.ours() if one["id"] in sent.said]
    assert [one["id"] for one in parts] == sent.said and {one["parent"] for one in parts} == {said}
    assert [word for part in parts for word in part["text"].split() if word.startswith("kata")] == words
    assert all(len(one["text"].encode()) <= 500 for one in parts)
    assert len(scene.messages()) == 1
    stage.holds()


@pytest.mark.parametrize(("platform", "what"), [("instagram", "comment"), ("whatsapp", "dm")])
def test_what_is_longer_than_all_parts_ends_with_the_way_to_the_rest(stage: Stage, platform: str, what: str) -> None:
    scene = stage.scene(platform)
    scene.say(what, ROAD)
    case = scene.case()
    words = [f"kata{number}" for number in range(900)]
    scene.answer(case, " ".join(words))
    (sent,) = scene.dispatches("answer")
    limit = next(way.limit for way in PLATFORMS[platform].capabilities.ways if way.name == sent.way)
    assert sent.state == State.SENT and len(sent.said) == limit.parts
    parts = [one["text"] for one in scene.ours()[-limit.parts :]]
    assert all(length(one, limit.counting) <= limit.most for one in parts)
    told = [word.rstrip("…") for part in parts for word in part.split() if word.startswith("kata")]
    assert told == words[: len(told)] and len(told) > 100, "no word is broken or left out on the way"
    assert case.link in parts[-1]
