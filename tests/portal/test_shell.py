"""What every page stands in: the frame, the error pages, the sign-in pages."""

import re
from pathlib import Path

import polib
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied, server_error
from tests.world import PASSWORD, Lampung

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")


def test_error_pages_say_what_to_do_and_leak_nothing(client: Client, lampung: Lampung) -> None:
    gone = client.get("/tidak-ada/?rahasia=1").content.decode()
    assert "Halaman ini tidak ada" in gone and "Traceback" not in gone and "urlpatterns" not in gone
    request = RequestFactory().get("/")
    assert "Anda tidak dapat" in permission_denied(request, Exception("rahasia")).content.decode()
    broken = server_error(request).content.decode()
    assert "gangguan di pihak kami" in broken and "rahasia" not in broken


def test_pages_run_nothing_inline_and_ask_nobody_else(client: Client, lampung: Lampung) -> None:
    case = lampung.report("satu")
    for path in ("/", "/lapor/", "/lacak/", f"/lacak/{case.number}/", "/akun/login/", "/tidak-ada/"):
        answer = client.get(path)
        page = answer.content.decode()
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)", page) and not re.search(r"\son\w+=", page), path
        assert not OUTSIDE.search(page.replace("http://127.0.0.1:8000/", "/")), path
        assert page.count("<main") == 1 and page.count("<h1") == 1 and 'href="#content"' in page, path


def test_the_language_can_be_changed_and_stays(client: Client, lampung: Lampung) -> None:
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/lacak/"})
    assert answer.status_code == 302 and answer.url == "/lacak/"
    assert "Follow a report" in client.get("/lacak/").content.decode()


def test_signing_in_tells_a_mistake_and_then_lets_in(client: Client, lampung: Lampung) -> None:
    lampung.officer("petugas", "operator")
    wrong = client.post("/akun/login/", {"login": "petugas", "password": "salah"}).content.decode()
    assert 'id="errors"' in wrong and 'value="petugas"' in wrong
    right = client.post("/akun/login/", {"login": "petugas", "password": PASSWORD})
    assert right.status_code == 302 and right.url == "/desk/"
    assert "Keluar?" in client.get("/akun/logout/").content.decode()
    change = client.get("/akun/password/change/").content.decode()
    assert "Ganti kata sandi" in change and change.count('type="password"') == 3


def test_nobody_signs_up_and_other_account_pages_are_shut(client: Client, db: None) -> None:
    assert "dibuat oleh administrator" in client.get("/akun/signup/").content.decode()
    for path in ("email/", "password/reset/", "confirm-email/", "reauthenticate/"):
        assert client.get(f"/akun/{path}").status_code == 404


def test_every_icon_named_is_on_the_sheet() -> None:
    known = set(re.findall(r'"([a-z0-9-]+)"', (ROOT / "scripts" / "vendor.toml").read_text().split("names =")[1]))
    named = {
        icon
        for path in (ROOT / "src" / "salur").rglob("templates/**/*.html")
        for icon in re.findall(r'"salur/icon\.html" with name="([a-z0-9-]+)"', path.read_text())
    }
    assert named and named <= known


def test_a_text_says_the_same_in_every_catalogue() -> None:
    said: dict[str, set[str]] = {}
    for path in (ROOT / "src" / "salur").glob("**/locale/id/LC_MESSAGES/*.po"):
        for entry in polib.pofile(str(path)):
            meanings = said.setdefault(entry.msgid, set())
            meanings |= {entry.msgstr} if entry.msgstr else set(entry.msgstr_plural.values())
    assert {text: found for text, found in said.items() if len(found) > 1} == {}


def test_the_frame_holds_without_a_request() -> None:
    assert "Salur" in render_to_string("salur/base.html")
