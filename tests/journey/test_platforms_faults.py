"""What goes wrong between a platform and us: lost and repeated hooks, broken answers, limits, ended tokens, changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journey.stage import Scene, Stage, later, stage
from tests.journey.stage import committed as transactional_db

from salur.cases.changed import title_of
from salur.intake.files import path_of
from salur.intake.media import fetch_some
from salur.intake.models import StoredFile
from salur.intake.watch import found_by_poll
from salur.journey.worker import recover_some, run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing import alarms
from salur.publishing.models import Dispatch
from salur_sandbox.files import PLACE

__all__ = ["stage", "transactional_db"]
State = Dispatch.State
ROAD = "Jalan provinsi berlubang parah di depan pasar Gading Rejo, sudah ada yang jatuh. Mohon segera ditambal."
DONE = "Lubang sudah ditambal hari ini. Terima kasih atas laporannya."
NO_FAULTS: dict[str, Any] = {
    "lose": 0, "duplicate": 0, "shuffle": False, "delay": 0, "batch": 1, "fail_next": [], "drop_answer": [],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _mended(stage: Stage) -> Iterator[None]:
    yield
    stage.sandbox.faults(**NO_FAULTS)


def said_by_many(scenes: list[Scene], number: int, **faults: Any) -> dict[str, set[str]]:
    """So many public words of six people to these accounts, in turn, over a bad line; their ids by account."""
    sandbox = scenes[0].sandbox
    posts = {one.key: sandbox.post(one.key, "Jadwal perbaikan jalan") for one in scenes}
    sandbox.faults(seed=7, **faults)
    said: dict[str, set[str]] = {one.key: set() for one in scenes}
    people = ("siti", "budi", "wayan", "dewi", "ahmad", "nur")
    for n in range(number):
        scene, person = scenes[n % len(scenes)], people[n % len(people)]
        what, where = ("mention", {}) if scene.platform == "x" else ("comment", {"post": posts[scene.key]})
        said[scene.key].add(sandbox.say(scene.key, person, what, f"Lampu jalan nomor {n} padam di Natar", **where))
    sandbox.idle(60)
    sandbox.faults(**NO_FAULTS)
    return said


def reconciled(scene: Scene, said: set[str]) -> int:
    """Ask until nothing new comes; how many were found only so. Every word is here, once."""
    heard = {one.external_id for one in scene.messages()}
    assert heard <= said
    with later(scene.sandbox, minutes=6):
        while scene.ask():
            pass
        run_until_quiet(10_000)
        scene.look_after()
    rows = [one.external_id for one in scene.messages()]
    assert sorted(rows) == sorted(said), "every word is here, and once"
    lost = said - heard
    with use(EVERYTHING):
        assert found_by_poll(scene.fresh(), clock.now() - alarms.DAY) == len(lost)
    assert scene.alarms().get("lost_by_hook") == (f"{len(lost)} / 24 h" if lost else None)
    return len(lost)


@pytest.mark.slow
def test_of_hundreds_of_hooks_over_a_bad_line_nothing_is_lost_and_nothing_twice(stage: Stage) -> None:
    first = stage.scene("facebook")
    hook = {"hook_url": first.there["hook_url"], "secrets": first.there["secrets"]}
    second = stage.scene("facebook", **hook)
    faults = {"lose": 0.05, "duplicate": 0.1, "shuffle": True, "delay": 0.2, "batch": 7}
    said = said_by_many([first, second], 300, **faults)
    run_until_quiet(10_000)
    assert len(first.deliveries()) < 300, "many entries came in one delivery"
    lost = sum(reconciled(scene, said[scene.key]) for scene in (first, second))
    assert 5 <= lost <= 30
    assert len(first.cases()) + len(second.cases()) == 300
    ours = [one for scene in (first, second) for one in scene.ours()]
    assert len(ours) == len({one["parent"] for one in ours}) <= 300, "nobody is acknowledged twice"
    stage.holds()


@pytest.mark.parametrize("platform", ["facebook", "instagram", "threads", "x", "tiktok"])
def test_what_hooks_lose_on_any_platform_is_found_by_asking(stage: Stage, platform: str) -> None:
    scene = stage.scene(platform)
    scene.say("mention" if platform == "x" else "comment", ROAD)
    scene.look_after()
    before = {one.external_id for one in scene.messages()}
    said = said_by_many([scene], 12, lose=0.4, duplicate=0.3, shuffle=True)
    run_until_quiet()
    assert reconciled(scene, said[scene.key] | before) >= 2
    stage.holds()


ECHOING = ("facebook", "instagram", "threads", "x", "tiktok", "whatsapp")
"""They tell us what we said ourselves; YouTube has to be asked, and Telegram can neither tell nor be asked."""


@pytest.mark.parametrize("platform", [*ECHOING, "youtube", "telegram"])
def test_an_answer_whose_receipt_is_lost_is_said_once(stage: Stage, platform: str) -> None:
    scene = stage.scene(platform)
    scene.say(what_is_said(platform), ROAD)
    case = scene.case()
    before = len(scene.ours())
    path = {"threads": "threads_publish", "telegram": "sendMessage"}.get(platform, "")
    stage.sandbox.faults(drop_answer={"platform": platform, "method": "POST", "path": path, "count": 1})
    scene.answer(case, DONE)
    with later(stage.sandbox, minutes=4):
        recover_some()
        run_until_quiet()
        recover_some()
    scene.arrive()
    assert len([one for one in scene.ours()[before:] if DONE in one["text"]]) == 1
    (found,) = scene.dispatches("answer")
    if platform == "telegram":  # an officer decides
        assert found.state == State.UNCERTAIN
        return
    assert found.state == State.SENT and found.external_id == scene.ours()[-1]["id"]
    sent = [fact for fact in ledger.journal(case.stream) if fact.kind == "dispatch.sent"]
    assert sent[-1].data["confirmed_by"] == ("echo" if platform in ECHOING else "read_back")


def what_is_said(platform: str) -> str:
    return {"x": "mention", "whatsapp": "dm", "telegram": "dm"}.get(platform, "comment")


@pytest.mark.parametrize(
    "platform", ["facebook", "instagram", "threads", "x", "tiktok", "youtube", "whatsapp", "telegram"]
)
def test_a_platform_that_asks_to_wait_is_left_in_peace(stage: Stage, platform: str) -> None:
    scene = stage.scene(platform)
    scene.say(what_is_said(platform), ROAD)
    case = scene.case()
    rule = {"platform": platform, "method": "POST", "count": 1, "status": 429, "headers": {"Retry-After": "120"}}
    rule |= {"tiktok": {"code": 40100}, "whatsapp": {"code": 130429}}.get(platform, {})
    rule |= {"telegram": {"retry_after": 120}}.get(platform, {})
    stage.sandbox.faults(fail_next=rule)
    scene.answer(case, DONE)
    (found,) = scene.dispatches("answer")
    assert found.state == State.WAITING and found.attempts == 1 and found.not_before > clock.now()
    asked = len(stage.sandbox.requests(platform=platform))
    run_until_quiet()
    assert len(stage.sandbox.requests(platform=platform)) == asked, "before its time nobody knocks again"
    with later(stage.sandbox, minutes=40):
        run_until_quiet()
    (found,) = scene.dispatches("answer")
    assert found.state == State.SENT and len([one for one in scene.ours() if DONE in one["text"]]) == 1


@pytest.mark.parametrize("platform", ["facebook", "instagram", "threads", "x", "whatsapp", "telegram"])
def test_a_token_withdrawn_midway_stops_the_account_and_loses_nothing(stage: Stage, platform: str) -> None:
    scene = stage.scene(platform)
    scene.say(what_is_said(platform), ROAD)
    stage.sandbox.tokens(scene.key, trouble="revoked")
    scene.answer(scene.case(), DONE)
    assert scene.fresh().stopped and [one.state for one in scene.waiting()] == [State.WAITING]
    stage.sandbox.say(scene.key, "budi", what_is_said(platform), "Lampu jalan padam di Natar, gelap sekali.")
    stage.sandbox.idle()
    run_until_quiet()
    scene.look_after()
    assert "token" in scene.alarms() and len(scene.waiting()) == 2, "what comes in is heard all the same"
    with use(EVERYTHING):
        stage.custodian.user.email = "kustodian@contoh.test"
        stage.custodian.user.save()
        with later(stage.sandbox, minutes=2):
            assert scene.account.pk in {one.alarm.account_id for one in alarms.due()}
    stage.sandbox.tokens(scene.key, trouble="")
    scene.authorise()
    with later(stage.sandbox, minutes=20):
        scene.look_after()
        run_until_quiet()
    assert scene.fresh().stopped == "" and "token" not in scene.alarms()
    assert scene.waiting() == [] and len(scene.ours()) == 3
    stage.holds()


@pytest.mark.parametrize("carried", [True, False], ids=["after the case was opened", "before"])
@pytest.mark.parametrize("platform", ["facebook", "instagram", "whatsapp", "telegram", "x"])
def test_what_a_citizen_changes_or_takes_back_is_changed_here(stage: Stage, platform: str, carried: bool) -> None:
    scene = stage.scene(platform)
    what = "mention" if platform == "x" else "comment" if platform == "facebook" else "dm"
    kept, gone = (stage.sandbox.say(scene.key, person, what, ROAD) for person in ("siti", "budi"))
    if carried:
        scene.arrive()
    stage.sandbox.say(scene.key, "siti", "edit", "Lubangnya kini makin dalam di Gading Rejo.", id=kept)
    taken_back = platform in ("facebook", "instagram", "whatsapp")
    if taken_back:
        stage.sandbox.say(scene.key, "budi", "delete" if platform == "facebook" else "unsend", id=gone)
    scene.arrive()
    first, second = sorted(scene.messages(), key=lambda one: "Lubangnya" not in one.text)
    assert first.text.endswith("Lubangnya kini makin dalam di Gading Rejo.") and first.removed_at is None
    assert (second.removed_at is not None) == taken_back
    assert {case.title for case in scene.cases()} == {title_of(first), title_of(second)}
    assert not taken_back or all(
        ROAD[:30] not in case.title for case in scene.cases() if case.title == title_of(second)
    )
    stage.holds()


@pytest.mark.parametrize("platform", ["facebook", "instagram", "whatsapp", "telegram"])
def test_pictures_are_fetched_without_their_place_and_nothing_is_fetched_from_inside(
    stage: Stage, platform: str, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    scene = stage.scene(platform)
    scene.say("dm", ROAD, media=["photo"])
    fetch_some()
    (photo,) = files(scene)
    assert photo.state == "kept" and photo.content_type == "image/jpeg"
    assert (photo.latitude, photo.longitude) == pytest.approx(PLACE, abs=1e-3) and photo.taken_at is not None
    assert photo.shown_sha256 not in ("", photo.sha256)
    shown = (tmp_path / path_of(photo.shown_sha256)).read_bytes()
    assert b"Exif" not in shown and b"GPS" not in shown
    for bad in ("to-metadata", "to-loopback"):
        scene.say("dm", "Ini fotonya", media=[bad], person="budi")
    fetch_some()
    assert {one.state for one in files(scene)[1:]} == {"refused"}
    assert {one.problem for one in files(scene)[1:]} == {"not_web", "private_address"}


def files(scene: Scene) -> list[StoredFile]:
    """The files of this account's messages, in order."""
    with use(EVERYTHING):
        return list(StoredFile.objects.filter(message__account_id=scene.account.pk).order_by("id"))
