"""Which cases are looked at, and the instant up to which their journals count."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from salur.sop.document.said import Said, _


class PeriodInvalid(ValueError):
    """A period that cannot be looked at; `said` says what to give instead."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(str(said))


@dataclass(frozen=True)
class Period:
    """The cases of a government whose citizen spoke from `since` up to, but not at, `until`.

    Facts after the cut-off `now` are not known yet. All three are aware instants.
    """

    government_id: int
    since: datetime
    until: datetime
    now: datetime


def period_of(
    government_id: int, timezone: str, since: date, until: date | None, now: datetime | None, present: datetime
) -> Period:
    """The period from the start of day `since` to the end of day `until`, in the government's IANA `timezone`.

    `until` None means up to the present. The cut-off is the end of the period unless a later one is given.
    Raises PeriodInvalid for a period that is reversed or lies in the future, and for a cut-off before its end.
    """
    zone = ZoneInfo(timezone)
    today = present.astimezone(zone).date()
    last = today if until is None else until
    if since > today or last > today:
        raise PeriodInvalid(
            Said(
                _("The period lies in the future: nothing is known of it yet. Give dates up to %(today)s."),
                {"today": today.isoformat()},
            )
        )
    if last < since:
        raise PeriodInvalid(
            Said(
                _("The period ends on %(until)s, before it begins on %(since)s: give the earlier date first."),
                {"until": last.isoformat(), "since": since.isoformat()},
            )
        )
    end = min(datetime.combine(last + timedelta(days=1), time(), zone), present)
    if now is not None and not end <= now <= present:
        raise PeriodInvalid(
            Said(
                _("The cut-off must lie between the end of the period, %(end)s, and the present."),
                {"end": end.isoformat()},
            )
        )
    return Period(government_id, datetime.combine(since, time(), zone), end, now or end)
