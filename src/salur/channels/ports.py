"""The one small protocol between Salur and any platform. Pure data, no Django, no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from salur.channels.guide import Guide
from salur.channels.hooks import Answer, HookRequest, Keep
from salur.channels.ways import Capabilities

Audience = Literal["public", "private"]
Blame = Literal["message", "recipient", "account", "way"]


@dataclass(frozen=True)
class AccountView:
    """What a platform module may know of an account: address, settings and opened credentials.

    `address` is the platform's own id of the account (page id, phone number id, user id, mail address); `features` in
    the settings names what the platform has granted beyond the ordinary (`human_agent`, `enterprise`).
    """

    id: int
    platform: str
    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    hook_url: str = ""

    @property
    def features(self) -> frozenset[str]:
        """What the platform has granted this account beyond the ordinary."""
        granted = self.settings.get("features") or ()
        return frozenset(granted.split()) if isinstance(granted, str) else frozenset(map(str, granted))


@dataclass(frozen=True)
class Raw:
    """One raw inbound receipt, exactly as it came. `external_id` is the dedupe key within the account.

    `received_at` is when the platform took it in (aware), where it tells. `via` is hook, poll, form or import: what
    was polled has the shape that the platform's own `fetch_since` gave it. `said_at` (aware) is when the polled thing
    was said or last changed: reconciling leaves alone what is too young to have been lost.
    """

    external_id: str
    body: bytes
    content_type: str
    cursor: Mapping[str, Any] | None = None
    received_at: datetime | None = None
    via: str = "form"
    said_at: datetime | None = None


@dataclass(frozen=True)
class Attachment:
    """A file a citizen sent. `name` is a bare file name, never a path."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class MediaRef:
    """A file that lies at the platform and has to be fetched: by `url`, or by an id that `Platform.locate` resolves.

    `size` in bytes where it is told. Nothing here is believed before the file is here.
    """

    kind: Literal["image", "video", "audio", "file", "sticker"]
    url: str = ""
    media_id: str = ""
    name: str = ""
    content_type: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Download:
    """Where a file can be fetched now. `headers` may hold a token: neither it nor the URL is ever logged.

    `trusted` is the address of the account's own server: its origin alone may lie on this machine or in our network.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    trusted: str = ""


@dataclass(frozen=True)
class Inbound:
    """One thing said by one person, read from a raw delivery.

    `external_id` is the platform's id of the message; `thread_ids` are ids of earlier messages it answers (most
    specific first) and `thread_token` a signed token found in the address it was written to. `spoken_at` is aware.
    `sender_address` is where an answer can go: on a platform the sender's id scoped to it, never a phone number that
    may be missing ("" where the platform cannot answer). `audience` is public for what everybody can read. `place` is
    where it was said (post, chat, room), `root_id` the top of its thread there ("" for itself). `group_key` joins the
    parts of one album. `answer_at` is what the same platform's `send` needs to answer this very message; nobody else
    reads it. `link` leads an officer to it, `post` is its context: id, link and text of what it was said under.
    `account_ref` names the account it belongs to where one hook serves several ("" for the hook's own). `extra`
    carries what a form or an export knows beyond text: kind, agency, area, flags, title, history.
    """

    external_id: str
    text: str
    spoken_at: datetime
    sender_address: str = ""
    sender_name: str = ""
    sender_handle: str = ""
    subject: str = ""
    thread_ids: tuple[str, ...] = ()
    thread_token: str = ""
    audience: Audience = "private"
    place: str = ""
    root_id: str = ""
    group_key: str = ""
    answer_at: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    post: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    media: tuple[MediaRef, ...] = ()
    account_ref: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Edited:
    """The author changed a message: `text` is what it says since `at` (aware). `key` parts edits of one instant.

    `by_address` is who did it, where the platform lets others try: of anybody but the author it is no edit.
    """

    external_id: str
    text: str
    at: datetime
    key: str = ""
    by_address: str = ""
    account_ref: str = ""


@dataclass(frozen=True)
class Removed:
    """A message is gone for readers (deleted, unsent, hidden), or back again with `shown`; the fact of it stays.

    `by` is author, account or platform; `by_address` is who did it, where that may have been somebody else.
    """

    external_id: str
    at: datetime
    by: str = "author"
    by_address: str = ""
    shown: bool = False
    account_ref: str = ""


@dataclass(frozen=True)
class Receipted:
    """What became of a message of ours: sent, delivered, read or failed, at an aware instant.

    `about` is its id at the platform; "" means everything said to `to` until `at` (a watermark). `code` and `detail`
    say why it failed, without personal data; `permanent` that trying again is of no use. `blames` says what a failure
    holds for and `after` how many seconds to wait, in the words of `SendFailed`: a platform may take a message over and
    refuse it only later.
    """

    about: str
    status: Literal["sent", "delivered", "read", "failed"]
    at: datetime
    to: str = ""
    code: str = ""
    detail: str = ""
    permanent: bool = True
    account_ref: str = ""
    blames: Blame = "message"
    after: float | None = None


@dataclass(frozen=True)
class Echoed:
    """Something the account itself said, seen from outside: it confirms a sending, by `once_key` if ours is back."""

    external_id: str
    text: str
    at: datetime
    to: str = ""
    in_reply_to: str = ""
    once_key: str = ""
    account_ref: str = ""


@dataclass(frozen=True)
class AccountNews:
    """The platform says something about the account itself or about one person's leave to be written to.

    `kind`: revoked (token or permission withdrawn), restricted, restored, blocked (by the person `to`), unblocked.
    """

    kind: Literal["revoked", "restricted", "restored", "blocked", "unblocked"]
    detail: str = ""
    to: str = ""
    account_ref: str = ""


@dataclass(frozen=True)
class Ignored:
    """An item that is rightly no citizen's message. `reason` is one of the words below.

    bounce, auto_reply, mailing_list, own_message, empty, reaction, typing, unknown_kind, test, other_account.
    `about` names our own message it speaks of (a bounced or echoed Message-ID), `detail` says more without personal
    data.
    """

    reason: str
    about: str = ""
    detail: str = ""
    account_ref: str = ""


@dataclass(frozen=True)
class Broken:
    """One item of a delivery that could not be understood; the others stand. `where` is its path, such as entry.0."""

    where: str
    reason: str


Item = Inbound | Edited | Removed | Receipted | Echoed | AccountNews | Ignored | Broken


class Unreadable(Exception):
    """The delivery cannot be understood; it is quarantined with this reason and can be replayed after a fix."""


class FetchFailed(Exception):
    """Looking into the account failed; nothing is lost, look again later. The text is safe to show and to log.

    `after` are the seconds the platform asks to wait; `revoked` means that only a new authorisation helps.
    """

    def __init__(self, reason: str, *, after: float | None = None, revoked: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.revoked = revoked


@dataclass(frozen=True)
class Outbound:
    """One message to one person, by one lawful way. `once_key` is stable over retries: the same key is the same
    utterance; parts of a longer answer have a key each.

    `way` is one of the names in the platform's capabilities; `place`, `root_id` and `answer_at` are those of the
    message it answers, `in_reply_to` its id. `began_at` (aware) is when it was first tried: a read-back looks from
    there. `template` are the values of an approved template, where the way is one.
    """

    once_key: str
    to: str
    text: str
    subject: str = ""
    to_name: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    thread_token: str = ""
    automatic: bool = False
    way: str = ""
    place: str = ""
    root_id: str = ""
    answer_at: Mapping[str, Any] = field(default_factory=dict)
    began_at: datetime | None = None
    template: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """The platform took it over. `manual` means a person has to carry it to the platform and confirm.

    `slow_down` are seconds to leave the account in peace (its usage is near the limit).
    """

    external_id: str
    manual: bool = False
    slow_down: float = 0


class SendFailed(Exception):
    """The platform certainly did not take it. `permanent` stops retries; the text is safe to show and to log.

    `blames` says what the refusal holds for: this message; this recipient (nothing reaches them); the whole account (it
    stops until somebody authorises it anew, and nothing is given up); or this way of answering (another may be lawful).
    `after` are the seconds the platform asks to wait. `code` is the platform's own.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        blames: Blame = "message",
        after: float | None = None,
        code: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.blames = blames
        self.after = after
        self.code = code


class SendUncertain(Exception):
    """The platform may or may not have taken it: never said twice without a read-back.

    `copy_expected`: if it was taken, a trace of it is found by `read_back`, so that none there, after a while, means
    that it was not taken. Without, a read-back can prove that it went out and never that it did not.
    """

    def __init__(self, reason: str, *, copy_expected: bool = False) -> None:
        super().__init__(reason)
        self.copy_expected = copy_expected


@dataclass(frozen=True)
class Check:
    """One thing a probe looked at: `code` token, scopes, subscription, reach, address or account."""

    code: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class Health:
    """What a probe found. `detail` says how to mend it and carries no secret.

    `name` is what the platform calls the account; `token_expires_at` (aware) where it tells; `subscribed` whether the
    platform has our hook (None: it has no hooks, or cannot be asked).
    """

    ok: bool
    detail: str = ""
    name: str = ""
    token_expires_at: datetime | None = None
    subscribed: bool | None = None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Renewed:
    """Fresh credentials, to be stored whole before anything else is done, and when they end (aware)."""

    credentials: Mapping[str, str]
    expires_at: datetime | None = None


class Platform(Protocol):
    """One module a platform. All functions but `verify` and `parse` may block; none knows the database."""

    capabilities: Capabilities
    guide: Guide

    def verify(self, account: AccountView, request: HookRequest) -> Keep | Answer:
        """Check one request to the hook over its exact bytes, in constant time; raises Refused."""

    def parse(self, account: AccountView, raw: Raw) -> Sequence[Item]:
        """Understand one raw delivery, item by item; raises Unreadable only where no item can be told apart."""

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Hand one message over; raises SendFailed or SendUncertain."""

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Yield what is new, oldest first, each with the cursor to keep once it is stored; raises FetchFailed."""

    def read_back(self, account: AccountView, out: Outbound) -> Receipt | None:
        """Look whether this very message did go out; raises FetchFailed.

        None when no trace of it is found: it did not go out, if `SendUncertain.copy_expected` was said of it and the
        trace had time to come. Raises FetchFailed where the account is known to keep no traces.
        """

    def probe(self, account: AccountView) -> Health:
        """Try sign-in and reachability, in and out; never raises."""

    def subscribe(self, account: AccountView) -> Health:
        """Have the platform call our hook (again), and read back whether it will; never raises."""

    def renew(self, account: AccountView) -> Renewed | None:
        """Fresh credentials before the old ones end; None where there is nothing to renew. Raises FetchFailed."""

    def look_up(self, account: AccountView, said: Inbound) -> Raw | None:
        """What a hook announced without its words (`extra` says words: missing), as a polled delivery.

        None where the platform has nothing to say of it; raises FetchFailed.
        """

    def locate(self, account: AccountView, media: MediaRef) -> Download:
        """Where a file of a message can be fetched now; raises FetchFailed."""
