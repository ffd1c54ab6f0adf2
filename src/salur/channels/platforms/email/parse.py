"""One mail as it came becomes what one citizen said, or the reason why it is no citizen's message."""

import re
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

from salur.channels.platforms.email import automatic
from salur.channels.platforms.email.attachments import attachments_of
from salur.channels.platforms.email.body import is_blank, text_of
from salur.channels.platforms.email.bounded import read_mail
from salur.channels.platforms.email.headers import addresses, decode_words, message_ids, raw_value, raw_values
from salur.channels.platforms.email.identity import external_id
from salur.channels.platforms.email.quotes import is_forward, looks_like_reply, without_quotes
from salur.channels.platforms.email.settings import DEFAULT_MAX_SIZE_MB, own_addresses
from salur.channels.ports import AccountView, Ignored, Inbound, Raw, Unreadable

OLDEST = timedelta(days=7)
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_HAS_FIELD = re.compile(rb"(?m)^[A-Za-z][A-Za-z0-9-]*[ \t]*:")


def parse(account: AccountView, raw: Raw) -> list[Inbound] | Ignored:
    """Read one mail. Deterministic: the clock of this machine is never asked.

    Raises Unreadable, and nothing else, whatever the octets are.
    """
    try:
        return _parse(account, raw)
    except Unreadable:
        raise
    except Exception as error:  # the standard parser meets mail nobody foresaw; quarantine is the answer to that
        raise Unreadable(f"mail cannot be parsed ({type(error).__name__})") from error


def _parse(account: AccountView, raw: Raw) -> list[Inbound] | Ignored:
    _refuse_incomplete(account, raw)
    message = read_mail(raw.body)
    identity = external_id(message, raw.body)
    reason = automatic.ignored(message, account, identity, raw.body)
    if reason is not None:
        return reason
    name, address = _sender(message)
    subject = decode_words(raw_value(message, "Subject"))
    attachments, dropped = attachments_of(message)
    thread_ids, token = _thread_ids(message, identity), _thread_token(message, account)
    text = text_of(message)
    if (thread_ids or token or looks_like_reply(subject)) and not is_forward(text, subject):
        text = without_quotes(text)
    if is_blank(text):
        if is_blank(subject) and not attachments:
            return Ignored("empty")
        text = subject
    return [
        Inbound(
            external_id=identity,
            text=text,
            spoken_at=_spoken_at(message, raw.received_at),
            sender_address=address,
            sender_name=name,
            subject=subject,
            thread_ids=thread_ids,
            thread_token=token,
            attachments=attachments,
            extra={"attachments_left_out": dropped} if dropped else {},
        )
    ]


def _refuse_incomplete(account: AccountView, raw: Raw) -> None:
    if "truncated" in raw.content_type:
        size = re.search(r"size=(\d+)", raw.content_type)
        limit = account.settings.get("max_size_mb", DEFAULT_MAX_SIZE_MB)
        told = (
            f"{int(size[1]) / 1_000_000:.1f} MB is more than max_size_mb {limit}" if size else "the server withheld it"
        )
        raise Unreadable(f"only the header fields were fetched: {told}; it is still in the mailbox")
    if not raw.body.strip():
        raise Unreadable("mail without content")
    if not _HAS_FIELD.search(raw.body[:100_000]):
        raise Unreadable("no header field found: this is no mail")


def _sender(message: Message) -> tuple[str, str]:
    found = addresses(message, "From")
    if not raw_value(message, "From"):
        raise Unreadable("no From field: nobody to answer")
    if len({address.casefold() for _, address in found}) != 1:
        raise Unreadable("From does not hold exactly one usable address")
    name, address = found[0]
    return name[:200], address


def _thread_ids(message: Message, identity: str) -> tuple[str, ...]:
    """Ids of the mails it answers, most specific first: In-Reply-To, then References from its end."""
    answered = message_ids(raw_value(message, "In-Reply-To"))
    earlier = message_ids(raw_value(message, "References"))
    return tuple(i for i in dict.fromkeys([*answered, *reversed(earlier)]) if i != identity)


def _thread_token(message: Message, account: AccountView) -> str:
    """What stands after the plus sign where the mail was written to local+token@domain of one of our addresses."""
    for _, address in addresses(message, *_DELIVERED_TO):
        local, _, domain = address.rpartition("@")
        base, plus, token = local.partition("+")
        if not plus or not token:
            continue
        for own in own_addresses(account):
            own_local, _, own_domain = own.rpartition("@")
            if base.lower() == own_local.lower() and domain.lower() == own_domain.lower():
                return token
    return ""


def _spoken_at(message: Message, received_at: datetime | None) -> datetime:
    """When the citizen wrote: the Date field, never later than the arrival; else the arrival itself.

    Servers carry a mail for five days at most (RFC 5321, section 4.5.4.1): a Date more than a week before the arrival
    is a broken clock or an attempt to make a deadline lie in the past.
    """
    received = received_at or _first_date([v.rpartition(";")[2] for v in raw_values(message, "Received")])
    written = _first_date(raw_values(message, "Date")[:1])
    if received is None:
        if written is None:
            raise Unreadable("no usable date: neither Date nor Received says when it was written")
        return written
    if written is None or written > received or written < received - OLDEST:
        return received
    return written


def _first_date(values: list[str]) -> datetime | None:
    for value in values:
        try:
            found = parsedate_to_datetime(value)
            # A zone of "-0000" leaves it unaware; RFC 5322 3.3 reads that as UTC.
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
