"""Files at a platform are fetched once, kept under their hash, shown without traces, and refused with a reason."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from tests.channels.test_guarded import serving
from tests.intake.test_photo import METRO, photograph
from tests.world import Lampung

from salur.channels.guarded import Fetched, NotFetched
from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.ports import Attachment, Download, FetchFailed, MediaRef
from salur.intake import media
from salur.intake.files import keep, path_of
from salur.intake.models import Message, StoredFile
from salur.kernel import clock
from salur.kernel.tenancy import EVERYTHING, use

PHOTO = photograph(gps=METRO, taken="2026:11:20 08:15:30")
REF = MediaRef("image", media_id="m1", name="../jalan rusak.exe", content_type="text/html")


@pytest.fixture
def message(lampung: Lampung, settings: Any, tmp_path: Path) -> Message:
    settings.MEDIA_ROOT = str(tmp_path)
    lampung.report("satu")
    with use(EVERYTHING):
        return Message.objects.get(external_id="satu")


class Cdn:
    """What lies at the platform: one answer after the other, content or a refusal."""

    def __init__(self, *answers: bytes | BaseException) -> None:
        self.answers: Iterator[bytes | BaseException] = iter(answers)
        self.asked = 0

    def fetch(self, download: Download) -> Fetched:
        self.asked += 1
        answer = next(self.answers)
        if isinstance(answer, BaseException):
            raise answer
        return Fetched(answer, "text/html")


def stand(monkeypatch: pytest.MonkeyPatch, *answers: bytes | BaseException) -> Cdn:
    cdn = Cdn(*answers)
    monkeypatch.setattr(media, "fetch", cdn.fetch)
    monkeypatch.setattr(WebPlatform, "locate", lambda self, account, ref: Download(f"https://cdn.test/{ref.media_id}"))
    return cdn


def wanted(message: Message, *refs: MediaRef) -> None:
    with use(EVERYTHING):
        media.want(message, refs or (REF,))


def only() -> StoredFile:
    with use(EVERYTHING):
        return StoredFile.objects.get()


def test_a_photograph_is_kept_and_shown_without_traces(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, PHOTO)
    wanted(message)
    assert (only().state, only().sha256) == ("wanted", "")
    assert media.fetch_some() == 1 and media.fetch_some() == 0
    file = only()
    assert (file.state, file.size, file.content_type, file.name) == (
        "kept",
        len(PHOTO),
        "image/jpeg",
        "jalan rusak.jpg",
    )
    assert (file.latitude, file.longitude) == (-5.113, 105.3067)
    assert file.taken_at is not None and file.taken_at.isoformat() == "2026-11-20T01:15:30+00:00"
    assert default_storage.open(path_of(file.sha256)).read() == PHOTO
    assert b"KameraRahasia" not in default_storage.open(path_of(file.shown_sha256)).read()
    assert file.source == {}, "the address is of no use any more"


def test_a_photograph_that_came_along_is_developed_the_same_way(message: Message) -> None:
    with use(EVERYTHING):
        keep(message, (Attachment("foto.jpg", "image/jpeg", PHOTO), Attachment("a.pdf", "application/pdf", b"%PDF-1")))
    assert media.fetch_some() == 1
    with use(EVERYTHING):
        photo, paper = StoredFile.objects.order_by("id")
    assert (photo.state, bool(photo.shown_sha256), photo.latitude) == ("kept", True, -5.113)
    assert (paper.state, paper.shown_sha256) == ("kept", "")


def test_a_private_address_is_refused_for_good_and_the_message_stands(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdn = stand(monkeypatch, NotFetched("private_address", final=True))
    wanted(message)
    media.fetch_some()
    assert (only().state, only().problem) == ("refused", "private_address")
    assert media.fetch_some() == 0 and cdn.asked == 1


def test_what_fails_is_tried_again_with_growing_pauses_and_given_up_at_last(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdn = stand(monkeypatch, *[FetchFailed("sebentar")] * media.TRIES)
    wanted(message)
    now = clock.now()
    for _ in range(media.TRIES):
        with clock.turned_to(now):
            assert media.fetch_some() == 1
            assert media.fetch_some() == 0, "not before its time"
        now += timedelta(hours=1)
    assert (only().state, only().problem, cdn.asked) == ("failed", "sebentar", media.TRIES)


def test_a_worker_that_died_while_fetching_is_followed_by_another(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, KeyboardInterrupt(), PHOTO)
    wanted(message)
    with pytest.raises(KeyboardInterrupt):
        media.fetch_some()
    assert media.fetch_some() == 0, "it may still be at it"
    with clock.turned_to(clock.now() + media.CLAIM):
        assert media.fetch_some() == 1
    assert only().state == "kept"


def test_what_is_no_picture_is_kept_as_what_it_is(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, b"<script>alert(1)</script>", b"OggS" + b"\0" * 20, b"\xff\xd8\xff broken")
    wanted(message, REF, MediaRef("audio", media_id="m2"), MediaRef("image", media_id="m3"))
    media.fetch_some()
    with use(EVERYTHING):
        kept = [(one.content_type, one.name, one.shown_sha256) for one in StoredFile.objects.order_by("id")]
    assert kept == [
        ("application/octet-stream", "jalan rusak", ""),
        ("audio/ogg", "audio.ogg", ""),
        ("image/jpeg", "image.jpg", ""),
    ]


def test_the_same_photograph_of_many_people_lies_once(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    stand(monkeypatch, PHOTO, PHOTO)
    wanted(message, REF, REF)
    media.fetch_some()
    with use(EVERYTHING):
        assert len({(one.sha256, one.shown_sha256) for one in StoredFile.objects.all()}) == 1


def test_an_album_without_end_is_bounded(message: Message) -> None:
    wanted(message, *[REF] * 500)
    with use(EVERYTHING):
        assert StoredFile.objects.count() == media.MOST


def test_the_accounts_own_interface_is_the_trusted_origin(message: Message) -> None:
    with serving() as (base, _), serving() as (other, asked):
        with use(EVERYTHING):
            message.account.settings = {"api_base": f"{base}/instagram"}
            message.account.save()
        wanted(message, MediaRef("image", f"{base}/a"), MediaRef("image", f"{other}/a"))
        media.fetch_some()
        assert asked.asked == []
    with use(EVERYTHING):
        assert [one.state for one in StoredFile.objects.order_by("id")] == ["kept", "refused"]
