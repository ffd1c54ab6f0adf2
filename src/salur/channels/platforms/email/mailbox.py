"""Looking into the mailbox by IMAP: every mail as the octets it came in, seen by nobody, in steps memory can bear."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from salur.channels.platforms.email.identity import external_id, message_id_for
from salur.channels.platforms.email.settings import BadSettings, EmailSettings, read_settings
from salur.channels.ports import AccountView, FetchFailed, Raw, Receipt

LOOKED_AT = 200
BATCH_COUNT = 25
BATCH_OCTETS = 4_000_000
HEADER_OCTETS = 256_000
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_FOLDER = {"\\noselect", "\\nonexistent"}
_TEMPORARY = re.compile(rb"\[(?:UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|CONTACTADMIN)\]", re.IGNORECASE)


@dataclass(frozen=True)
class _Listed:
    uid: int
    size: int
    received_at: datetime | None


def tls_context(settings: EmailSettings) -> ssl.SSLContext:
    """Certificates and host names are always checked; `ca_file` replaces the system's list of authorities."""
    return ssl.create_default_context(cafile=settings.ca_file or None)


@contextmanager
def open_folder(settings: EmailSettings) -> Iterator[BaseMailBox]:
    """The folder opened read-only, so that nothing is marked as seen; raises FetchFailed saying how to mend."""
    box: BaseMailBox | None = None
    try:
        box = _connect(settings)
        login = box.login if settings.password.get_secret_value().isascii() else box.login_utf8
        login(settings.username, settings.password.get_secret_value(), initial_folder=None)
        box.folder.set(settings.folder, readonly=True)
        yield box
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        raise FetchFailed(explain(error, settings)) from error
    finally:
        if box is not None:
            with suppress(Exception):  # the connection may be gone already, and nothing depends on the farewell
                box.logout()


def _connect(settings: EmailSettings) -> BaseMailBox:
    host, port, timeout = settings.imap_host, settings.imap_port, settings.timeout
    if settings.imap_security == "plain":
        return MailBoxUnencrypted(host, port, timeout=timeout)
    if settings.imap_security == "starttls":
        return MailBoxStartTls(host, port, timeout=timeout, ssl_context=tls_context(settings))
    return MailBox(host, port, timeout=timeout, ssl_context=tls_context(settings))


def explain(error: Exception, settings: EmailSettings) -> str:
    """What went wrong and how to mend it, without any secret."""
    where = f"IMAP {settings.imap_host}:{settings.imap_port}"
    if isinstance(error, MailboxLoginError):
        return f"{where} refused the sign-in: check username and password"
    if isinstance(error, MailboxFolderSelectError):
        return f"{where} has no folder '{settings.folder}': check the setting folder"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{where} shows an untrusted certificate ({error.verify_message}): check imap_host or ca_file"
    if isinstance(error, ssl.SSLError):
        return f"{where} does not speak TLS this way: check imap_security ('tls' or 'starttls') and imap_port"
    if isinstance(error, TimeoutError):
        return f"{where} did not answer within {settings.timeout:g} seconds"
    if isinstance(error, OSError):
        return f"{where} cannot be reached ({error.strerror or type(error).__name__}): check imap_host and imap_port"
    return f"{where} answered unexpectedly ({type(error).__name__})"


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Every mail after the cursor {"uidvalidity", "uid"}, oldest first. The mailbox is left as it was.

    A changed UIDVALIDITY starts from the first mail again; external ids let the receiver drop what it knows.
    Raises FetchFailed when the mailbox cannot be looked into; what was yielded before stands.
    """
    try:
        settings = read_settings(account)
    except BadSettings as error:
        raise FetchFailed(str(error)) from error
    with open_folder(settings) as box:
        validity = _uidvalidity(box)
        last = _last_uid(cursor, validity)
        wanted = f"UID {last + 1}:*" + _since(settings)
        uids = sorted(u for u in map(int, box.uids(wanted, charset=None)) if u > last)
        for start in range(0, len(uids), LOOKED_AT):
            yield from _fetch(box, _listed(box, uids[start : start + LOOKED_AT]), settings, validity)


def _since(settings: EmailSettings) -> str:
    """The search key SINCE (RFC 3501, section 6.4.4): its months are English whatever the locale."""
    if settings.since is None:
        return ""
    day = settings.since
    return f" SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _last_uid(cursor: Mapping[str, Any], validity: int) -> int:
    known = cursor.get("uidvalidity") == validity and isinstance(cursor.get("uid"), int)
    return int(cursor["uid"]) if known else 0


def _uidvalidity(box: BaseMailBox) -> int:
    values = box.client.response("UIDVALIDITY")[1]
    return int(values[-1]) if values and values[-1] else 0


def _listed(box: BaseMailBox, uids: list[int]) -> list[_Listed]:
    """Sizes and arrival times; a mail that was removed meanwhile is left out."""
    found: dict[int, _Listed] = {}
    for item in _ask(box, uids, "(UID RFC822.SIZE INTERNALDATE)"):
        uid, size = _UID.search(item[0]), _SIZE.search(item[0])
        if uid and size:
            found[int(uid[1])] = _Listed(int(uid[1]), int(size[1]), _internal_date(item[0]))
    return [found[uid] for uid in uids if uid in found]


def _internal_date(line: bytes) -> datetime | None:
    match = _DATE.search(line)
    try:
        text = match[1].decode("ascii").strip() if match else ""
        return datetime.strptime(text, "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _fetch(box: BaseMailBox, listed: list[_Listed], settings: EmailSettings, validity: int) -> Iterator[Raw]:
    for batch in _batches(listed, settings.max_size):
        bodies = _bodies(box, [m.uid for m in batch if m.size <= settings.max_size])
        for mail in batch:
            place = {"uidvalidity": validity, "uid": mail.uid}
            octets = bodies.pop(mail.uid, None)
            if octets is not None:
                yield _raw(octets, "message/rfc822", place, mail)
            else:
                header = _header(box, mail.uid)
                if header is not None:
                    why = f"size={mail.size}" if mail.size > settings.max_size else "refused"
                    yield _raw(header, f"message/rfc822; truncated; {why}", place, mail)


def _batches(listed: list[_Listed], max_size: int) -> Iterator[list[_Listed]]:
    batch: list[_Listed] = []
    octets = 0
    for mail in listed:
        size = mail.size if mail.size <= max_size else 0
        if batch and (len(batch) == BATCH_COUNT or octets + size > BATCH_OCTETS):
            yield batch
            batch, octets = [], 0
        batch.append(mail)
        octets += size
    if batch:
        yield batch


def _bodies(box: BaseMailBox, uids: list[int]) -> dict[int, bytes]:
    """Octets by UID. A mail that the server refuses to hand over is absent: its neighbours still come."""
    if not uids:
        return {}
    try:
        return _contents(_ask(box, uids, "(UID BODY.PEEK[])"), uids)
    except _Refused:
        if len(uids) == 1:
            return {}
    found: dict[int, bytes] = {}
    for uid in uids:
        found |= _bodies(box, [uid])
    return found


def _header(box: BaseMailBox, uid: int) -> bytes | None:
    """The header fields alone; b"" where the server refuses them too, None where the mail is gone."""
    try:
        return _contents(_ask(box, [uid], f"(UID BODY.PEEK[HEADER]<0.{HEADER_OCTETS}>)"), [uid]).get(uid)
    except _Refused:
        return b""


class _Refused(Exception):
    """The server said NO to this mail for good."""


def _ask(box: BaseMailBox, uids: list[int], what: str) -> list[tuple[bytes, bytes | None]]:
    """FETCH answers as (all text of the answer, its literal or None); raises _Refused on a lasting NO."""
    status, data = box.client.uid("FETCH", ",".join(map(str, uids)), what)
    if status != "OK":
        told = b" ".join(d for d in data if isinstance(d, bytes))
        if _TEMPORARY.search(told):
            raise imaplib.IMAP4.error("the server is busy")
        raise _Refused
    answers: list[tuple[bytes, bytes | None]] = []
    for item in data:
        if isinstance(item, tuple):
            answers.append((item[0], item[1]))
        elif isinstance(item, bytes) and answers and answers[-1][1] is not None and not re.match(rb"\d+ \(", item):
            answers[-1] = (answers[-1][0] + b" " + item, answers[-1][1])  # what followed the literal, often the UID
        elif isinstance(item, bytes):
            answers.append((item, None))
    return answers


def _contents(answers: list[tuple[bytes, bytes | None]], asked: list[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for line, literal in answers:
        uid = _UID.search(line)
        if uid and b"BODY[" in line and int(uid[1]) in asked:
            found[int(uid[1])] = literal if literal is not None else b""
    return found


def _raw(octets: bytes, content_type: str, cursor: dict[str, int], mail: _Listed) -> Raw:
    return Raw(
        external_id=_identity(octets) or f"uid:{cursor['uidvalidity']}:{cursor['uid']}",
        body=octets,
        content_type=content_type,
        cursor=cursor,
        received_at=mail.received_at,
    )


def _identity(octets: bytes) -> str:
    if not octets.strip():
        return ""
    head = octets[:HEADER_OCTETS]
    try:
        return external_id(BytesParser(policy=policy.compat32).parsebytes(head, headersonly=True), octets)
    except Exception:  # whatever the parser cannot take is still received, and quarantined when it is read
        return ""


def read_back(account: AccountView, once_key: str) -> Receipt | None:
    """Our own copy of the utterance by its Message-ID, in the folder that is read or in any other, such as spam.

    None: there is no copy, so it never went out, where `send` said that one was to be expected. Raises FetchFailed
    when a folder cannot be looked into, and where no copies are kept: nothing is proved then.
    """
    try:
        settings = read_settings(account)
    except BadSettings as error:
        raise FetchFailed(str(error)) from error
    if not settings.copy_to_self:
        raise FetchFailed("no copies are kept (copy_to_self is off), so a lost answer stays for an officer to decide")
    wanted = message_id_for(once_key, account.address)
    key = f'HEADER Message-ID "<{wanted}>"'
    with open_folder(settings) as box:
        if box.uids(key, charset=None):
            return Receipt(wanted)
        for folder in box.folder.list():
            if folder.name == settings.folder or _NO_FOLDER & {flag.lower() for flag in folder.flags}:
                continue
            box.folder.set(folder.name, readonly=True)
            if box.uids(key, charset=None):
                return Receipt(wanted)
    return None
