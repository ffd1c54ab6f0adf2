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
class DeliveryIgnored(Event):
    """A delivery was rightly no message. `about` is the id of our own message it speaks of, if any."""

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
