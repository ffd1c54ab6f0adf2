"""Handing one mail over by SMTP, phase by phase, so that it is always known whether the server took it."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from salur.channels.platforms.email.compose import compose
from salur.channels.platforms.email.headers import same_address
from salur.channels.platforms.email.identity import message_id_for
from salur.channels.platforms.email.mailbox import tls_context
from salur.channels.platforms.email.settings import BadSettings, EmailSettings, read_settings
from salur.channels.ports import AccountView, Outbound, Receipt, SendFailed, SendUncertain

# RFC 5321 4.5.3.2.6 wants ten minutes for the final answer; a worker cannot wait so long, and read-back settles it.
FINAL_ANSWER = 4


def send(account: AccountView, out: Outbound) -> Receipt:
    """Say it once; blocks up to a few timeouts.

    Raises SendFailed while the server certainly did not take it, SendUncertain when the connection broke after the
    body had begun to travel; its `copy_expected` says whether the server had agreed to bring the copy to ourselves, by
    which `mailbox.read_back` settles it. The receipt's id is the Message-ID without brackets.
    """
    try:
        settings = read_settings(account)
    except BadSettings as error:
        raise SendFailed(str(error)) from error
    octets = compose(account, out, settings.from_name, datetime.now(UTC))
    with signed_in(settings) as server:
        copied = _envelope(server, account, out, settings)
        _body(server, octets, settings, copied)
        with suppress(OSError, smtplib.SMTPException):  # it is taken over; the farewell decides nothing
            server.quit()
    return Receipt(message_id_for(out.once_key, account.address))


@contextmanager
def signed_in(settings: EmailSettings) -> Iterator[smtplib.SMTP]:
    """A connection ready for MAIL; raises SendFailed saying how to mend it. Closed on leaving, never waits for QUIT."""
    server: smtplib.SMTP | None = None
    try:
        server = _connect(settings)
        _sign_in(server, settings)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        _close(server)
        raise SendFailed(explain(error, settings)) from error
    try:
        yield server
    finally:
        _close(server)


def _close(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(OSError):
            server.close()


def _connect(settings: EmailSettings) -> smtplib.SMTP:
    host, port, timeout = settings.smtp_host, settings.smtp_port, settings.timeout
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=tls_context(settings))
    server = smtplib.SMTP(host, port, timeout=timeout)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=tls_context(settings))
        except BaseException:
            server.close()
            raise
    return server


def _sign_in(server: smtplib.SMTP, settings: EmailSettings) -> None:
    server.ehlo_or_helo_if_needed()
    if settings.smtp_auth:
        server.login(*settings.smtp_login)


def explain(error: Exception, settings: EmailSettings) -> str:
    """What went wrong before the mail itself and how to mend it, without any secret."""
    where = f"SMTP {settings.smtp_host}:{settings.smtp_port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} refused the sign-in ({error.smtp_code}): check username and password"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{where} offers no sign-in or no STARTTLS: check smtp_security, or set smtp_auth to false"
    if isinstance(error, UnicodeError):
        return f"{where}: username or password holds characters that SMTP sign-in cannot carry"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{where} shows an untrusted certificate ({error.verify_message}): check smtp_host or ca_file"
    if isinstance(error, ssl.SSLError):
        return f"{where} does not speak TLS this way: check smtp_security ('tls' or 'starttls') and smtp_port"
    if isinstance(error, TimeoutError):
        return f"{where} did not answer within {settings.timeout:g} seconds"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} does not serve us now ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPException):
        return f"{where} closed the connection or answered unexpectedly ({type(error).__name__})"
    told = getattr(error, "strerror", "") or type(error).__name__
    return f"{where} cannot be reached ({told}): check smtp_host and smtp_port"


def _envelope(server: smtplib.SMTP, account: AccountView, out: Outbound, settings: EmailSettings) -> bool:
    """MAIL, RCPT and the DATA command: whatever fails here, the server has seen no word of the mail.

    Returns whether our own mailbox will get a copy. A refused copy must not keep the citizen from the answer.
    """
    try:
        _expect(server.mail(account.address), 2, "the sender")
        _expect(server.rcpt(out.to), 2, "the recipient")
        copied = same_address(out.to, account.address)
        if settings.copy_to_self and not copied:
            copied = server.rcpt(account.address)[0] // 100 == 2
        _expect(server.docmd("DATA"), 3, "the mail")
    except (OSError, smtplib.SMTPException) as error:
        raise SendFailed(explain(error, settings)) from error
    return copied


def _body(server: smtplib.SMTP, octets: bytes, settings: EmailSettings, copied: bool) -> None:
    stuffed = re.sub(rb"(?m)^\.", b"..", octets)
    end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        if server.sock is not None:
            server.sock.settimeout(settings.timeout * FINAL_ANSWER)
        server.send(stuffed + end)
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        told = f"the connection broke while the mail was handed over ({type(error).__name__})"
        raise SendUncertain(told, copy_expected=copied) from error
    _expect(answer, 2, "the mail")


def _expect(answer: tuple[int, bytes], wanted: int, what: str) -> None:
    """Raises SendFailed for another answer: 5xx is for good, all else may pass, also a missing sign-in (530-538)."""
    code, told = answer
    if code // 100 == wanted:
        return
    enhanced = re.search(rb"\b[245]\.\d{1,3}\.\d{1,3}\b", told)
    status = f"{code} {enhanced[0].decode()}" if enhanced else str(code)
    raise SendFailed(
        f"the mail server refused {what} ({status})", permanent=code // 100 == 5 and not 530 <= code <= 538
    )
