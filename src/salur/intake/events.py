"""What intake writes down."""

from dataclasses import dataclass
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    """A citizen said something; stream message:<id>."""

    KIND: ClassVar[str] = "message.received"
    HEARD: ClassVar[bool] = True
    message_id: int
    platform: str


@dataclass(frozen=True, kw_only=True)
class MessageChanged(Event):
    """The author edited a message, or it is gone for readers, or there again; stream message:<id>.

    `change` is edited, removed or shown, `at` (ISO, with offset) when it was, `by` author, account or platform.
    """

    KIND: ClassVar[str] = "message.changed"
    HEARD: ClassVar[bool] = True
    message_id: int
    change: str
    at: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ReceiptReceived(Event):
    """What became of something we said; stream account:<id>.

    `about` is its id at the platform, "" for everything said to `to_index` until `at` (ISO, with offset). `status` is
    sent, delivered, read or failed, with the platform's `code` and `detail`. `permanent`, `blames` and `after`
    (seconds) say what a failure holds for, as in `ports.Receipted`.
    """

    KIND: ClassVar[str] = "receipt.received"
    HEARD: ClassVar[bool] = True
    account_id: int
    about: str
    status: str
    at: str
    to_index: str
    code: str
    detail: str
    permanent: bool
    blames: str = "message"
    after: float | None = None


@dataclass(frozen=True, kw_only=True)
class EchoReceived(Event):
    """Something the account itself said, seen from outside; stream account:<id>.

    `once_key` where the platform gives ours back; `text_sha256` is the hash of its text.
    """

    KIND: ClassVar[str] = "echo.received"
    HEARD: ClassVar[bool] = True
    account_id: int
    external_id: str
    once_key: str
    at: str
    to_index: str
    in_reply_to: str
    text_sha256: str


@dataclass(frozen=True, kw_only=True)
class DeliveryIgnored(Event):
    """A delivery, or an item of one, was rightly no message. `about`: id of our own message it speaks of, if any."""

    KIND: ClassVar[str] = "delivery.ignored"
    HEARD: ClassVar[bool] = True
    delivery_id: int
    account_id: int
    reason: str
    about: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class DeliveryQuarantined(Event):
    """A delivery could not be understood; it waits for a person."""

    KIND: ClassVar[str] = "delivery.quarantined"
    delivery_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Event):
    """A person asked for another try at a quarantined delivery."""

    KIND: ClassVar[str] = "delivery.replayed"
    delivery_id: int


@dataclass(frozen=True, kw_only=True)
class DeliveryLookedAt(Event):
    """An officer had the content of a quarantined delivery shown."""

    KIND: ClassVar[str] = "delivery.looked_at"
    delivery_id: int
