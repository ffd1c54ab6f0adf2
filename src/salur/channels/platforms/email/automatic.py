"""Which mail no citizen wrote: bounces, automatic answers, mailing lists and our own. Never answered, never a case.

Rules after RFC 3834 (automatic answers), RFC 3464 (delivery reports) and RFC 2919 (lists). Neither the subject nor a
display name decides anything: a citizen may write what they like there.
"""

import re
from email.message import Message

from salur.channels.platforms.email.body import enclosed, octets_of
from salur.channels.platforms.email.headers import addresses, message_ids, raw_value, raw_values
from salur.channels.platforms.email.identity import is_own_id, own_ids_in
from salur.channels.platforms.email.settings import is_own, own_addresses
from salur.channels.ports import AccountView, Ignored

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_AUTO_FIELDS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply")
_BULK = ("bulk", "junk", "auto_reply")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_SEARCHED = 200_000


def ignored(message: Message, account: AccountView, identity: str, octets: bytes) -> Ignored | None:
    """Why this mail is no citizen's message, else None. `identity` is its external id, `octets` the mail as it came."""
    return (
        _own_message(message, account, identity)
        or _report(message, account, octets)
        or _automatic(message)
        or _list(message)
    )


def _own_message(message: Message, account: AccountView, identity: str) -> Ignored | None:
    if is_own_id(identity, own_addresses(account)):
        return Ignored("own_message", about=identity, detail="own Message-ID")
    if any(is_own(address, account) for _, address in addresses(message, "From")):
        return Ignored("own_message", about=identity, detail="own address in From")
    if any(is_own(value.strip("<>"), account) for value in raw_values(message, "X-Loop")):
        return Ignored("own_message", about=identity, detail="own X-Loop")
    return None


def _report(message: Message, account: AccountView, octets: bytes) -> Ignored | None:
    kind = str(message.get_param("report-type", "") or "").lower()
    if message.get_content_type() == "multipart/report" and kind != "delivery-status":
        return Ignored("auto_reply", about=_answered(message), detail=f"report {kind}".strip()[:60])
    status_part = next((p for p in message.walk() if p.get_content_type() == "message/delivery-status"), None)
    if status_part is not None and (kind or _from_mail_system(message)):
        return _delivery_status(message, status_part, account, octets)
    if _from_mail_system(message) and _submitted(message) in ("no", "auto-generated"):
        about = _failed_id(message, account, octets)
        return Ignored("bounce", about=about, detail=_severity(octets[:_SEARCHED].decode("latin-1"), ""))
    return None


def _delivery_status(message: Message, part: Message, account: AccountView, octets: bytes) -> Ignored:
    fields = enclosed(part)
    action = next((raw_value(b, "Action").lower() for b in fields if raw_value(b, "Action")), "")
    status = next((raw_value(b, "Status") for b in fields if raw_value(b, "Status")), "")
    about = _failed_id(message, account, octets)
    if action in ("delivered", "relayed", "expanded"):
        return Ignored("auto_reply", about=about, detail=f"delivery report: {action}")
    return Ignored("bounce", about=about, detail=_severity(status, action))


def _severity(text: str, action: str) -> str:
    """As "5.1.1 permanent" or "4.4.1 temporary", or the word alone where no code is given."""
    match = _STATUS.search(text)
    temporary = action == "delayed" or (match is not None and match[1] == "4" and action != "failed")
    return f"{match[0] if match else ''} {'temporary' if temporary else 'permanent'}".strip()


def _failed_id(message: Message, account: AccountView, octets: bytes) -> str:
    """The Message-ID of the returned mail, else one of ours mentioned anywhere, else what the bounce answers."""
    for part in message.walk():
        if part is message or part.get_content_type() not in _RETURNED:
            continue
        inner = enclosed(part)
        if inner:
            ids = message_ids(raw_value(inner[0], "Message-ID"))
        else:
            returned = octets_of(part).decode("latin-1")
            field = re.search(r"(?im)^Message-ID:[ \t\r\n]*(<[^<>\s]{1,250}>)", returned)
            ids = message_ids(field[1]) if field else []
        if ids:
            return ids[0]
    mentioned = own_ids_in(octets[:_SEARCHED].decode("latin-1"), own_addresses(account))
    return mentioned[0] if mentioned else _answered(message)


def _answered(message: Message) -> str:
    return next(iter(message_ids(raw_value(message, "In-Reply-To"))), "")


def _from_mail_system(message: Message) -> bool:
    if raw_value(message, "Return-Path").replace(" ", "") == "<>":
        return True
    return any(a.partition("@")[0].lower() == "mailer-daemon" for _, a in addresses(message, "From"))


def _submitted(message: Message) -> str:
    return raw_value(message, "Auto-Submitted").partition(";")[0].strip().lower() or "no"


def _automatic(message: Message) -> Ignored | None:
    about = _answered(message)
    if _submitted(message) != "no":
        return Ignored("auto_reply", about=about, detail="Auto-Submitted")
    for name in _AUTO_FIELDS:
        if raw_value(message, name).lower() not in ("", "no"):
            return Ignored("auto_reply", about=about, detail=name)
    suppressed = {word.strip().lower() for word in raw_value(message, "X-Auto-Response-Suppress").split(",")}
    if suppressed & {"all", "autoreply"}:
        return Ignored("auto_reply", about=about, detail="X-Auto-Response-Suppress")
    listed = raw_value(message, "List-Unsubscribe") or raw_value(message, "List-Id")
    if raw_value(message, "Precedence").lower() in _BULK and not listed:
        return Ignored("auto_reply", about=about, detail="Precedence")
    return None


def _list(message: Message) -> Ignored | None:
    if raw_value(message, "List-Id") or raw_value(message, "List-Post"):
        return Ignored("mailing_list", detail="List-Id")
    if raw_value(message, "Precedence").lower() in ("list", *_BULK):
        return Ignored("mailing_list", detail="Precedence")
    return None
