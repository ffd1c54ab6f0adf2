"""How a case shows what was said: where it was said, what became of it, and nothing of whom it hides."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.intake.talk import at, case_of, come_in, comment, line, talk
from tests.world import Lampung

from salur.cases.models import CaseMessage, Voice
from salur.channels.models import Account
from salur.channels.ports import Edited, MediaRef, Removed
from salur.intake.files import store
from salur.intake.models import StoredFile
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["talk"]
POST = {"id": "post-1", "link": "https://talk.example/p/1", "text": "Jadwal perbaikan jalan."}
COMMENT = comment(1, sender_handle="@siti.contoh", link="https://talk.example/c/1", post=POST)


def page(browser: Client, number: str, queries: int = 12) -> str:
    with CaptureQueriesContext(connection) as asked:
        shown = browser.get(reverse("desk:case", args=[number])).content.decode()
    assert len(asked) <= queries, "\n".join(query["sql"][:150] for query in asked)
    return shown


def test_a_comment_shows_that_it_is_public_who_wrote_it_and_where(talk: Account, sign_in: SignIn) -> None:
    come_in(talk, COMMENT)
    shown = page(sign_in("operator"), case_of(1).number)
    for word in ("Publik", "@siti.contoh", 'href="https://talk.example/c/1"', "Lihat di", POST["text"], POST["link"]):
        assert word in shown, word


def test_a_line_in_a_chat_is_private(talk: Account, sign_in: SignIn) -> None:
    come_in(talk, line(1))
    shown = page(sign_in("operator"), case_of(1).number)
    assert "Pribadi" in shown and "Publik" not in shown and "Lihat di" not in shown


@pytest.mark.parametrize("flag", ["anonymous", "confidential"])
def test_of_whoever_is_hidden_no_handle_no_link_and_no_place_is_shown(
    flag: str, talk: Account, sign_in: SignIn
) -> None:
    come_in(talk, COMMENT)
    photo(1, latitude=-5.42921, longitude=105.26102, shown_sha256="ab" * 32)
    with use(EVERYTHING):
        Voice.objects.update(**{flag: True})
    shown = page(sign_in("operator"), case_of(1).number)
    assert "foto.jpg" in shown and POST["text"] in shown
    for word in ("siti", "Siti Contoh", "talk.example", "-5.42921"):
        assert word not in shown, word


def test_a_link_that_leads_to_no_page_is_none(talk: Account, sign_in: SignIn) -> None:
    come_in(talk, replace(COMMENT, link="javascript:alert(1)", post={"link": "data:text/html,x", "text": "Jadwal"}))
    shown = page(sign_in("operator"), case_of(1).number)
    assert "javascript:" not in shown and "data:" not in shown and "Jadwal" in shown


def photo(number: int, **more: Any) -> None:
    """A photograph with a message."""
    with use(EVERYTHING):
        said = CaseMessage.objects.get(message__external_id=str(number))
        StoredFile.objects.create(
            government_id=said.government_id,
            message_id=said.message_id,
            **{"name": "foto.jpg", "content_type": "image/jpeg", "size": 3, "sha256": "ab" * 32} | more,
            taken_at=at(-60),
        )


@pytest.mark.parametrize(
    ("state", "word", "linked"),
    [
        ("kept", "tempat foto: -5.42921, 105.26102", True),
        ("wanted", "sedang diambil", False),
        ("refused", "tidak diambil", False),
        ("failed", "tidak dapat diambil", False),
    ],
)
def test_a_file_shows_where_it_stands(state: str, word: str, linked: bool, talk: Account, sign_in: SignIn) -> None:
    come_in(talk, COMMENT)
    photo(1, state=state, latitude=-5.42921, longitude=105.26102, shown_sha256="ab" * 32)
    shown = page(sign_in("operator"), case_of(1).number)
    assert word in shown and ("/desk/files/" in shown) is linked


@pytest.mark.parametrize(
    ("content_type", "drawn", "open_told", "hidden_told"),
    [
        ("image/jpeg", True, True, True),
        ("image/jpeg", False, False, False),
        ("image/png", False, False, False),
        ("image/webp", False, False, False),
        ("image/heic", True, True, True),
        ("image/heic", False, False, False),
        ("video/mp4", False, True, False),
        ("audio/ogg", False, True, True),
        ("application/pdf", False, True, True),
    ],
)
@pytest.mark.parametrize("flag", ["", "anonymous", "confidential"])
def test_no_file_betrays_whoever_is_hidden_nor_the_place_of_a_camera(
    content_type: str,
    drawn: bool,
    open_told: bool,
    hidden_told: bool,
    flag: str,
    talk: Account,
    sign_in: SignIn,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    come_in(talk, COMMENT)
    kept, shown = store(b"dengan jejak"), store(b"tanpa jejak")
    photo(1, content_type=content_type, sha256=kept, shown_sha256=shown if drawn else "")
    with use(EVERYTHING):
        Voice.objects.update(**({flag: True} if flag else {"told": True}))
        file = StoredFile.objects.get()
    browser, told = sign_in("operator"), hidden_told if flag else open_told
    page_ = page(browser, case_of(1).number)
    assert ("/desk/files/" in page_) is told
    assert ("tidak dapat ditampilkan tanpa jejak kamera" in page_) is not told
    answer = browser.get(reverse("desk:file", args=[file.pk]))
    assert answer.status_code == (200 if told else 404)
    if told:
        assert b"".join(answer.streaming_content) == (b"tanpa jejak" if drawn else b"dengan jejak")


def test_edited_words_are_folded_away_beside_the_present_ones(talk: Account, sign_in: SignIn) -> None:
    come_in(talk, COMMENT, Edited("1", "Jalan amblas.", at(60)), Edited("1", "Jalan amblas dalam.", at(90)))
    browser = sign_in("operator")
    shown = page(browser, case_of(1).number)
    present, _, earlier = shown.partition('<details class="desk-earlier">')
    assert "Jalan amblas dalam." in present and "Jalan amblas dalam." not in earlier.partition("</details>")[0]
    assert "Jalan berlubang." in earlier and "Jalan amblas." in earlier and "Diubah oleh penulis" in earlier
    assert "mengubah isi sebuah pesan" in shown


def test_removed_words_are_shown_nowhere(talk: Account, sign_in: SignIn) -> None:
    come_in(
        talk, replace(COMMENT, text="Rumah saya di gang melati.", media=(MediaRef("image", "https://x.example/a"),))
    )
    come_in(talk, Edited("1", "Rumah saya di gang mawar.", at(60)), Removed("1", at(90)))
    browser, case = sign_in("coordinator", "diskominfotik"), case_of(1)
    pages = page(browser, case.number) + browser.get(reverse("desk:queue")).content.decode()
    pages += browser.get(f"/lacak/{case.number}/").content.decode()
    assert "melati" not in pages and "mawar" not in pages
    assert pages.count("[dihapus oleh penulis]") >= 3  # words and title at the desk, and by the number
    with use(EVERYTHING):
        file = StoredFile.objects.get()
    assert browser.get(reverse("desk:file", args=[file.pk])).status_code == 404


def test_lines_in_a_row_are_one_block(talk: Account, sign_in: SignIn) -> None:
    come_in(talk, line(1, "Pak"), line(2, "Jalan rusak", 20), line(3, "Terima kasih", 900))
    come_in(talk, line(4, "Betul", 25, sender_address="budi", place="chat-budi"))
    response = sign_in("operator").get(reverse("desk:case", args=[case_of(1).number]))
    blocks = response.context["messages_said"]
    assert [[one.message.text for one in block.lines] for block in blocks] == [["Pak", "Jalan rusak"], ["Terima kasih"]]


def test_an_agency_sees_earlier_words_whoever_keeps_the_account(
    talk: Account, sign_in: SignIn, lampung: Lampung
) -> None:
    come_in(talk, COMMENT, Edited("1", "Sekarang sudah berlubang dalam.", at(5)))
    case = case_of(1)
    with use(EVERYTHING):
        Account.objects.filter(pk=talk.pk).update(agency=lampung.agency("diskominfotik"))
        type(case).objects.filter(pk=case.pk).update(agency=lampung.agency("bmbk"))
    shown = page(sign_in("operator", "bmbk"), case.number)
    assert "Sekarang sudah berlubang dalam." in shown and COMMENT.text in shown
