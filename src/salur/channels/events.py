"""What channels write down: in the stream account:<id>, and in alarm:<id> who was told."""

from dataclasses import dataclass
from typing import ClassVar

from salur.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(Event):
    """Something is wrong with an account; its custodians must know. `detail` holds no personal data."""

    KIND: ClassVar[str] = "alarm.raised"
    HEARD: ClassVar[bool] = True
    account_id: int
    alarm_id: int
    kind: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class AlarmEnded(Event):
    """It is no longer so."""

    KIND: ClassVar[str] = "alarm.ended"
    HEARD: ClassVar[bool] = True
    account_id: int
    alarm_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class AlarmTold(Event):
    """A custodian was told by e-mail that it began or goes on, or with `ended` that it is over; stream alarm:<id>."""

    KIND: ClassVar[str] = "alarm.told"
    alarm_id: int
    account_id: int
    kind: str
    member_id: int
    ended: bool
