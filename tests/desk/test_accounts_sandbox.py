"""Accounts of the closed platforms: how they are chosen, and connected with what the sandbox shows of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.world import Lampung

from salur.channels.models import Account
from salur.channels.registry import PLATFORMS
from salur.kernel.tenancy import EVERYTHING, use
from salur_sandbox.client import Control, running

from .conftest import SignIn

NAMES = ("facebook", "instagram", "whatsapp", "threads", "x", "tiktok", "youtube", "telegram")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in("administrator", "diskominfotik")


def filled(sandbox: Control, made: dict[str, Any], lampung: Lampung) -> dict[str, str]:
    """The form with the data of the sandbox's page."""
    name = made["platform"]
    known = {**made["more"], **made["secrets"], "username": made["handle"], "access_token": made["token"]}
    known |= {"bot_token": made["token"], "unique_identifier": "rekaan", "login": "instagram"}
    answers = {entry.name: str(known.get(entry.name, entry.default)) for entry in PLATFORMS[name].guide.entries}
    address = next(entry.name for entry in PLATFORMS[name].guide.entries if entry.address)
    answers[address] = made["handle"] if name == "telegram" else made["id"]
    own = {"agency": str(lampung.agency("diskominfotik").pk), "link": "", "api_base": sandbox.api_base(name)}
    return answers | own


@pytest.mark.parametrize("name", NAMES)
def test_what_the_sandbox_shows_is_enough_to_connect_an_account(
    sandbox: Control, administrator: Client, lampung: Lampung, name: str
) -> None:
    made = sandbox.account(name)
    answer = administrator.post(f"/desk/channels/new/{name}/", filled(sandbox, made, lampung))
    assert answer.status_code == 302, answer.context["form"].errors
    with use(EVERYTHING):
        account = Account.objects.get(platform=name)
    administrator.post(f"/desk/channels/{account.pk}/do/try/")
    account.refresh_from_db()
    checks = {one["code"]: one["ok"] for one in account.health["checks"]}
    # Hooks are proved by a call to the address of this installation, at which nobody listens in a test.
    assert account.health["ok"] or not checks.get("subscription", True), account.health
    assert all(ok for code, ok in checks.items() if code != "subscription"), account.health


def test_the_choice_of_platforms_speaks_the_language_of_the_page(administrator: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "id"
    page = administrator.get("/desk/channels/new/").content.decode()
    assert all(f"<strong>{label}</strong>" in page for label in ("Sistem lain", "Telepon", "Surel"))
    assert "Another system" not in page
