"""The one small protocol between Salur and any platform. Pure data, no Django, no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class AccountView:
    """What a platform module may know of an account: address, settings and opened credentials."""

    id: int
    platform: str
    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """One raw inbound receipt, exactly as it came. `external_id` is the dedupe key within the account.

    `received_at` is when the platform took it in (aware), where it tells.
    """

    external_id: str
    body: bytes
    content_type: str
    cursor: Mapping[str, Any] | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class Attachment:
    """A file a citizen sent. `name` is a bare file name, never a path."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Inbound:
    """One thing said by one person, read from a raw delivery.

    `external_id` is the platform's id of the message; `thread_ids` are ids of earlier messages it answers (most
    specific first) and `thread_token` a signed token found in the address it was written to. `spoken_at` is aware.
    `sender_address` is where an answer can go ("" where the platform cannot answer). `extra` carries what a form or
    an export knows beyond text: kind, agency, area, flags, title, history.
    """

    external_id: str
    text: str
    spoken_at: datetime
    sender_address: str = ""
    sender_name: str = ""
    subject: str = ""
    thread_ids: tuple[str, ...] = ()
    thread_token: str = ""
    attachments: tuple[Attachment, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ignored:
    """A delivery that is rightly no citizen's message. `reason` is one of the words below.

    bounce, auto_reply, mailing_list, own_message, empty. `about` names our own message it speaks of (a bounced or
    echoed Message-ID), `detail` says more without personal data.
    """

    reason: str
    about: str = ""
    detail: str = ""


class Unreadable(Exception):
    """The delivery cannot be understood; it is quarantined with this reason and can be replayed after a fix."""


class FetchFailed(Exception):
    """Looking into the account failed; nothing is lost, look again later. The text is safe to show and to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Outbound:
    """One answer to one person. `once_key` is stable over retries: the same key is the same utterance."""

    once_key: str
    to: str
    text: str
    subject: str = ""
    to_name: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    thread_token: str = ""
    automatic: bool = False


@dataclass(frozen=True)
class Receipt:
    """The platform took it over. `manual` means a person has to carry it to the platform and confirm."""

    external_id: str
    manual: bool = False


class SendFailed(Exception):
    """The platform certainly did not take it. `permanent` stops retries; the text is safe to show and to log."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class SendUncertain(Exception):
    """The platform may or may not have taken it: never said twice without a read-back.

    `copy_expected`: if it was taken, a copy of it comes where `read_back` looks, so that none there, after a while,
    means that it was not taken. Without, a read-back can prove that it went out and never that it did not.
    """

    def __init__(self, reason: str, *, copy_expected: bool = False) -> None:
        super().__init__(reason)
        self.copy_expected = copy_expected


@dataclass(frozen=True)
class Health:
    """What a probe found. `detail` says how to mend it and carries no secret."""

    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do: longest text in characters, attachments in, and read-back of sends."""

    max_text: int
    can_fetch: bool = False
    can_read_back: bool = False
    needs_address: bool = True


class Platform(Protocol):
    """One module a platform. All functions may block; none knows the database."""

    capabilities: Capabilities

    def parse(self, account: AccountView, raw: Raw) -> list[Inbound] | Ignored:
        """Understand one raw delivery; raises Unreadable."""

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Hand one answer over; raises SendFailed or SendUncertain."""

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Yield what is new, oldest first, each with the cursor to keep once it is stored; raises FetchFailed."""

    def read_back(self, account: AccountView, once_key: str) -> Receipt | None:
        """Look whether an utterance with this key did go out; raises FetchFailed.

        None when no trace of it is found: it did not go out, if `SendUncertain.copy_expected` was said of it and the
        copy had time to come. Raises FetchFailed where the account is known to keep no copies.
        """

    def probe(self, account: AccountView) -> Health:
        """Try sign-in and reachability, in and out."""
