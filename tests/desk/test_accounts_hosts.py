"""Which machines an account has us call: an administrator alone decides, and what stands is never refused unchanged."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, provisional
from hypothesis import strategies as st
from tests.world import Lampung

from salur.channels.connect import connect
from salur.channels.guide import Entry
from salur.channels.models import Account
from salur.channels.registry import PLATFORMS
from salur.desk import account_hosts
from salur.desk.account_hosts import callable_address, fits, host_in, is_outside, names_host, names_place
from salur.kernel.tenancy import EVERYTHING, use

from .conftest import SignIn

TOKENS = {"as_token": "kata-keluar", "hs_token": "kata-masuk"}
MATRIX = {"address": "@opd:lampung.test", "homeserver": "https://matrix.lampung.test", "service": "salur", **TOKENS}
MATRIX |= {"encrypted_notice": "Ruang ini tidak terbaca.", "link": ""}
MAIL = {"address": "lapor@bmbk.lampung.test", "imap_host": "mail.lampung.test", "smtp_host": "mail.lampung.test"}
MAIL |= {"imap_port": "993", "imap_security": "tls", "smtp_port": "465", "smtp_security": "tls", "link": ""}
MAIL |= {"username": "lapor", "password": "kata-sandi-kotak", "from_name": ""}
TOOT = {"address": "@opd@sosial.lampung.test", "instance": "", "access_token": "kata-tut", "link": ""}
HOOK = {"address": "sistem-lain", "signing_secret": "rahasia-dua-puluh-empat-huruf", "answer_url": "", "link": ""}
BOT = {"address": "lapor_bot", "bot_token": "7000000704:" + "a" * 30, "mode": "hook", "link": ""}
FILLED = {"matrix": MATRIX, "email": MAIL, "mastodon": TOOT, "webhook": HOOK, "telegram": BOT}


@pytest.fixture(autouse=True)
def english(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentences are looked for as they stand in the program; names with `dalam` lead into the house."""
    settings.LANGUAGE_CODE = "en"

    def resolve(host: str, port: int) -> list[str]:
        if host.startswith("hilang"):
            raise OSError("no such name")
        return ["203.0.114.7", "192.168.4.4"] if "dalam" in host else ["203.0.114.7"]

    monkeypatch.setattr(account_hosts, "resolve", resolve)


@pytest.fixture
def administrator(sign_in: SignIn) -> Client:
    return sign_in("administrator", "diskominfotik")


@pytest.fixture
def coordinator(sign_in: SignIn) -> Client:
    return sign_in("coordinator", "diskominfotik")


def begin(client: Client, lampung: Lampung, platform: str, **change: str) -> Any:
    filled = {**FILLED[platform], "agency": lampung.agency("bmbk").pk, **change}
    return client.post(f"/desk/channels/new/{platform}/", filled)


def known(platform: str) -> Account | None:
    with use(EVERYTHING):
        return Account.objects.filter(platform=platform).first()


def made(lampung: Lampung, platform: str, settings: dict[str, Any], **secrets: str) -> Account:
    """An account as the command line makes it."""
    with use(EVERYTHING):
        return connect(
            lampung.agency("bmbk"), platform, FILLED[platform]["address"], settings=settings, credentials=secrets
        )


def as_shown(client: Client, account: Account) -> dict[str, str]:
    """What a browser sends back of the page that changes an account, with nothing touched."""
    fields = client.get(f"/desk/channels/{account.pk}/change/").context["form"]
    return {one.html_name: str(one.value() or "") for one in fields if not one.field.disabled}


def save(client: Client, account: Account, **change: str) -> Any:
    sent = {**as_shown(client, account), **change}
    return client.post(f"/desk/channels/{account.pk}/change/", sent)


def test_every_entry_of_a_guide_that_names_a_machine_is_known_as_one() -> None:
    for name, module in PLATFORMS.items():
        for entry in module.guide.entries:
            looks_so = re.search(r"host|url|server|instance|base|domain", entry.name) or "https" in entry.pattern
            assert not looks_so or names_host(entry), (name, entry.name)
            assert not re.search(r"port$", entry.name) or names_place(entry), (name, entry.name)


@pytest.mark.parametrize("platform", ["matrix", "email", "mastodon"])
def test_a_coordinator_connects_what_lies_on_a_public_server(
    coordinator: Client, lampung: Lampung, platform: str
) -> None:
    answer = begin(coordinator, lampung, platform)
    assert answer.status_code == 302, answer.context["form"].errors
    assert known(platform) is not None


@pytest.mark.parametrize(
    ("platform", "field", "value"),
    [
        ("matrix", "homeserver", "https://dalam.lampung.test"),
        ("matrix", "homeserver", "https://192.168.4.4:8448"),
        ("matrix", "homeserver", "http://127.0.0.1:8008"),
        ("email", "imap_host", "dalam.lampung.test"),
        ("email", "smtp_host", "dalam.lampung.test"),
        ("email", "imap_host", "hilang.lampung.test"),
        ("mastodon", "address", "@opd@dalam.lampung.test"),
        ("mastodon", "instance", "https://dalam.lampung.test"),
        ("mastodon", "instance", "https://sosial.lan"),
    ],
)
def test_a_server_inside_the_house_is_left_to_an_administrator(
    coordinator: Client, lampung: Lampung, platform: str, field: str, value: str
) -> None:
    answer = begin(coordinator, lampung, platform, **{field: value})
    assert "is connected by an administrator" in " ".join(answer.context["form"].errors[field])
    assert known(platform) is None


@pytest.mark.parametrize(
    ("platform", "field", "value"),
    [
        ("matrix", "homeserver", "https://192.168.4.4:8448"),
        ("matrix", "homeserver", "http://127.0.0.1:8008"),
        ("email", "imap_host", "192.168.4.4"),
        ("mastodon", "instance", "https://sosial.lan"),
        ("webhook", "answer_url", "https://10.1.1.4/jawaban?kunci=satu"),
        ("telegram", "api_base", "https://10.1.1.4/telegram"),
    ],
)
def test_an_administrator_names_a_server_inside_the_house(
    administrator: Client, lampung: Lampung, platform: str, field: str, value: str
) -> None:
    answer = begin(administrator, lampung, platform, **{field: value})
    assert answer.status_code == 302, answer.context["form"].errors
    account = known(platform)
    assert account is not None and account.settings[field] == value


def test_a_fediverse_name_may_differ_from_the_server_that_is_called(coordinator: Client, lampung: Lampung) -> None:
    there = {"address": "@opd@hilang.lampung.test", "instance": "https://sosial.lampung.test"}
    assert begin(coordinator, lampung, "mastodon", **there).status_code == 302


def test_no_coordinator_has_a_token_sent_anywhere(coordinator: Client, lampung: Lampung) -> None:
    page = coordinator.get("/desk/channels/new/telegram/")
    assert "api_base" not in page.context["form"].fields
    begin(coordinator, lampung, "telegram", api_base="https://pencuri.lampung.test")
    begin(coordinator, lampung, "webhook", answer_url="https://pencuri.lampung.test")
    bot, system = known("telegram"), known("webhook")
    assert bot is not None and system is not None
    assert "api_base" not in bot.settings and "answer_url" not in system.settings
    save(coordinator, bot, api_base="https://pencuri.lampung.test", link="https://t.me/lapor_bot")
    save(coordinator, system, answer_url="https://pencuri.lampung.test", link="https://lampung.test/sistem")
    for one in (bot, system):
        one.refresh_from_db()
        assert one.link and "pencuri" not in str(one.settings)


def test_the_servers_of_an_account_are_shown_to_a_coordinator_and_locked(coordinator: Client, lampung: Lampung) -> None:
    account = made(lampung, "email", {"imap_host": "dalam.lampung.test", "smtp_host": "dalam.lampung.test"})
    page = coordinator.get(f"/desk/channels/{account.pk}/change/")
    fields = page.context["form"].fields
    assert [name for name in fields if fields[name].disabled and name != "address"] == [
        "imap_host",
        "imap_port",
        "smtp_host",
        "smtp_port",
    ]
    assert page.content.decode().count("dalam.lampung.test") == 2
    answer = save(coordinator, account, imap_host="pencuri.lampung.test", imap_port="1", from_name="Dinas")
    assert answer.status_code == 302
    account.refresh_from_db()
    told = account.settings
    assert (told["imap_host"], told["imap_port"], told["from_name"]) == ("dalam.lampung.test", "993", "Dinas")


def test_the_interface_address_of_an_account_is_shown_to_a_coordinator_and_locked(
    coordinator: Client, lampung: Lampung
) -> None:
    account = made(lampung, "telegram", {"api_base": "http://127.0.0.1:8001/telegram"}, bot_token=BOT["bot_token"])
    field = coordinator.get(f"/desk/channels/{account.pk}/change/").context["form"]["api_base"]
    assert (field.value(), field.field.disabled) == ("http://127.0.0.1:8001/telegram", True)
    assert save(coordinator, account, api_base="https://pencuri.lampung.test").status_code == 302
    account.refresh_from_db()
    assert account.settings["api_base"] == "http://127.0.0.1:8001/telegram"


def test_a_second_account_does_not_write_over_the_first(
    administrator: Client, coordinator: Client, lampung: Lampung
) -> None:
    account = made(lampung, "mastodon", {"instance": "https://sosial.lan"}, access_token="kata-lama")
    for client in (coordinator, administrator):
        answer = begin(client, lampung, "mastodon", instance="https://pencuri.lampung.test")
        assert "connected already" in str(answer.context["form"].errors["address"])
    account.refresh_from_db()
    assert (account.settings, account.credentials) == (
        {"instance": "https://sosial.lan"},
        {"access_token": "kata-lama"},
    )


@pytest.mark.parametrize("role", ["administrator", "coordinator"])
@pytest.mark.parametrize(
    ("platform", "told"),
    [
        ("matrix", {"homeserver": "http://192.168.4.4:8008", "service": "salur", "public_rooms": ["!a:b"]}),
        ("matrix", {"homeserver": "http://[", "service": "salur"}),
        ("webhook", {"answer_url": "http://10.1.1.4/jawaban#sini"}),
        ("mastodon", {"instance": "http://sosial.lan"}),
        ("email", {"imap_host": "a b/c", "imap_port": 993, "imap_security": "ssl", "smtp_auth": False}),
        ("telegram", {"api_base": "http://192.168.4.4/telegram", "mode": "poll"}),
        ("telegram", {"mode": "lain"}),
    ],
)
def test_what_the_command_line_set_is_not_refused_unchanged(
    sign_in: SignIn, lampung: Lampung, role: str, platform: str, told: dict[str, Any]
) -> None:
    account = made(lampung, platform, told)
    with use(EVERYTHING):
        Account.objects.filter(pk=account.pk).update(link="http://kanal/opd")
    client = sign_in(role, "diskominfotik")
    answer = save(client, account)
    assert answer.status_code == 302, answer.context["form"].errors
    account.refresh_from_db()
    assert {name: account.settings.get(name) for name in told} == told
    assert account.link == "http://kanal/opd"


def test_a_changed_value_is_held_against_the_rule_all_the_same(administrator: Client, lampung: Lampung) -> None:
    account = made(lampung, "matrix", {"homeserver": "http://192.168.4.4:8008", "service": "salur"})
    for value in ("http://192.168.4.5:8008", "ftp://192.168.4.4", ""):
        answer = save(administrator, account, homeserver=value)
        assert answer.status_code == 200 and "homeserver" in answer.context["form"].errors, value
    assert save(administrator, account, homeserver="https://192.168.4.5:8448").status_code == 302


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("https://u@matrix.lampung.test:8448/a@b", "matrix.lampung.test"),
        ("@opd@sosial.lampung.test", "sosial.lampung.test"),
        ("mail.lampung.test", "mail.lampung.test"),
        ("https://[", ""),
    ],
)
def test_the_machine_in_a_value(value: str, host: str) -> None:
    assert host_in(value) == host


@given(
    st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(network="127.0.0.0/8")
    | st.ip_addresses(network="fe80::/10")
)
def test_no_number_inside_the_house_is_public(address: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(account_hosts, "resolve", lambda host, port: ["203.0.114.7", host])
        assert not is_outside(str(address))


@given(st.text(max_size=40) | provisional.urls() | provisional.urls().map(lambda url: url.replace("http:", "https:")))
def test_any_text_is_judged_without_failing(value: str) -> None:
    url = Entry("a", "A", pattern=PLATFORMS["matrix"].guide.entries[1].pattern)
    if callable_address(value):
        assert value.startswith(("https://", "http://")) and host_in(value)
    assert not fits(url, value, administrator=False) or fits(url, value, administrator=True)
