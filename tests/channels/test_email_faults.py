"""What is known after each SMTP fault: certainly not taken, for good or for now, or uncertain."""

from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.servers.mail import free_ports

from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.email.identity import message_id_for
from salur.channels.ports import AccountView, Outbound, SendFailed, SendUncertain

PLATFORM = EmailPlatform()
OUT = Outbound(once_key="k1", to="siti@warga.test", text="halo\n.titik", subject="jawaban")


class Clerk:
    """Answers each phase as told; "drop" cuts the line there."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.taken: list[Envelope] = []

    def _say(self, phase: str, server: SMTP, usual: str) -> str:
        answer = self.answers.get(phase, usual)
        if answer == "drop" and isinstance(server.transport, WriteTransport):
            server.transport.abort()
        return answer

    async def handle_MAIL(self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        envelope.mail_from = address
        return self._say("MAIL", server, "250 OK")

    async def handle_RCPT(self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        answer = self._say(f"RCPT {address}", server, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _s: Session, envelope: Envelope) -> str:
        answer = self._say("DATA", server, "250 OK")
        if answer.startswith("250"):
            self.taken.append(envelope)
        return answer


class RefusingData(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        await self.push("451 4.3.0 not now")


class Port(Controller):
    kind: type[SMTP] = SMTP

    def factory(self) -> SMTP:
        return self.kind(self.handler, **self.SMTP_kwargs)


@contextmanager
def clerk(answers: dict[str, str] | None = None, kind: type[SMTP] = SMTP) -> Iterator[tuple[Clerk, AccountView]]:
    handler = Clerk(answers or {})
    (port,) = free_ports(1)
    controller = Port(handler, hostname="127.0.0.1", port=port)
    controller.kind = kind
    controller.start()
    try:
        yield handler, account(port)
    finally:
        controller.stop()


def account(port: int, **more: Any) -> AccountView:
    settings = {
        "imap_host": "127.0.0.1",
        "smtp_host": "127.0.0.1",
        "imap_security": "plain",
        "smtp_security": "plain",
        "smtp_auth": False,
        "smtp_port": port,
        "timeout": 3,
        **more,
    }
    return AccountView(1, "email", "opd@lampung.test", settings, {"username": "opd", "password": "rahasia"})


def test_taken_mail_goes_to_the_citizen_and_to_ourselves() -> None:
    with clerk() as (handler, view):
        receipt = PLATFORM.send(view, OUT)
    (envelope,) = handler.taken
    assert receipt.external_id == message_id_for("k1", view.address)
    assert envelope.rcpt_tos == ["siti@warga.test", "opd@lampung.test"]
    assert envelope.content is not None
    assert b"\r\n.titik\r\n" in bytes(envelope.content if isinstance(envelope.content, bytes) else b"")


def test_refused_copy_to_ourselves_does_not_keep_the_citizen_from_the_answer() -> None:
    with clerk({"RCPT opd@lampung.test": "550 5.1.1 no"}) as (handler, view):
        PLATFORM.send(view, OUT)
    assert handler.taken[0].rcpt_tos == ["siti@warga.test"]


@pytest.mark.parametrize(
    ("phase", "answer", "permanent"),
    [
        ("MAIL", "451 4.3.0 later", False),
        ("MAIL", "550 5.7.1 no", True),
        ("MAIL", "530 5.7.0 sign in first", False),
        ("RCPT siti@warga.test", "450 4.2.0 greylisted", False),
        ("RCPT siti@warga.test", "550 5.1.1 user unknown", True),
        ("DATA", "452 4.2.2 mailbox full", False),
        ("DATA", "552 5.3.4 too big", True),
    ],
)
def test_refusal_is_certain_and_permanent_only_for_5xx(phase: str, answer: str, permanent: bool) -> None:
    with clerk({phase: answer}) as (handler, view), pytest.raises(SendFailed) as failed:
        PLATFORM.send(view, OUT)
    assert failed.value.permanent is permanent
    assert answer[:3] in failed.value.reason
    assert "siti@warga.test" not in failed.value.reason
    assert handler.taken == []


def test_refused_data_command_is_certain() -> None:
    with clerk(kind=RefusingData) as (_, view), pytest.raises(SendFailed, match="451"):
        PLATFORM.send(view, OUT)


@pytest.mark.parametrize("phase", ["MAIL", "RCPT siti@warga.test"])
def test_line_cut_before_the_body_is_a_failure_for_now(phase: str) -> None:
    with clerk({phase: "drop"}) as (_, view), pytest.raises(SendFailed) as failed:
        PLATFORM.send(view, OUT)
    assert not failed.value.permanent


def test_line_cut_after_the_body_is_uncertain() -> None:
    with clerk({"DATA": "drop"}) as (_, view), pytest.raises(SendUncertain):
        PLATFORM.send(view, OUT)


@pytest.mark.parametrize(
    ("copy", "to", "more", "expected"),
    [
        ("250 OK", "siti@warga.test", {}, True),
        ("550 5.1.1 no", "siti@warga.test", {}, False),
        ("250 OK", "siti@warga.test", {"copy_to_self": False}, False),
        ("250 OK", "opd@lampung.test", {"copy_to_self": False}, True),
    ],
)
def test_a_copy_is_expected_only_where_the_server_agreed_to_bring_it(
    copy: str, to: str, more: dict[str, Any], expected: bool
) -> None:
    out = Outbound(once_key="k1", to=to, text="halo")
    with clerk({"RCPT opd@lampung.test": copy, "DATA": "drop"}) as (_, view), pytest.raises(SendUncertain) as doubt:
        PLATFORM.send(account(view.settings["smtp_port"], **more), out)
    assert doubt.value.copy_expected is expected


def test_nobody_listening_is_a_failure_for_now() -> None:
    with pytest.raises(SendFailed, match="cannot be reached") as failed:
        PLATFORM.send(account(1), OUT)
    assert not failed.value.permanent


def test_server_without_sign_in_or_starttls_says_which_setting_to_mend() -> None:
    with clerk() as (_, view), pytest.raises(SendFailed, match="smtp_auth"):
        PLATFORM.send(account(view.settings["smtp_port"], smtp_auth=True), OUT)
    with clerk() as (_, view), pytest.raises(SendFailed, match="smtp_security"):
        PLATFORM.send(account(view.settings["smtp_port"], smtp_security="starttls"), OUT)


@pytest.mark.parametrize("setting", ["imap_security", "smtp_security"])
def test_password_never_travels_in_the_clear_to_another_machine(setting: str) -> None:
    hosts = {"imap_host": "mail.lampung.test", "smtp_host": "mail.lampung.test", "smtp_auth": True}
    others = {"imap_security": "tls", "smtp_security": "tls", setting: "plain"}
    with pytest.raises(SendFailed, match=f"{setting} 'plain'"):
        PLATFORM.send(account(1, **hosts, **others), OUT)


def test_missing_settings_are_named_without_showing_secrets() -> None:
    bare = AccountView(1, "email", "opd@lampung.test", {"imap_port": "x"}, {"password": "s4ngat-rahasia"})
    health = PLATFORM.probe(bare)
    assert not health.ok
    for name in ("imap_host", "smtp_host", "username", "imap_port"):
        assert name in health.detail
    assert "s4ngat-rahasia" not in health.detail
    assert "is no e-mail address" in PLATFORM.probe(AccountView(1, "email", "opd", {}, {})).detail


@pytest.mark.parametrize(
    "out",
    [
        Outbound(once_key="k", to="siti@warga.test\nBcc: x@x.test", text="a"),
        Outbound(once_key="k", to="", text="a"),
        Outbound(once_key="k", to="siti@warga.test", text="a", thread_token="a@b"),
    ],
)
def test_what_no_mail_can_carry_fails_for_good(out: Outbound) -> None:
    with clerk() as (handler, view), pytest.raises(SendFailed) as failed:
        PLATFORM.send(view, out)
    assert failed.value.permanent
    assert handler.taken == []
