from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from salur.worktime.instants import InstantError, in_zone, parse_instant

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-13T09:00:00+07:00", datetime(2026, 3, 13, 2, 0, tzinfo=UTC)),
        ("2026-03-13T02:00:00Z", datetime(2026, 3, 13, 2, 0, tzinfo=UTC)),
        ("2026-03-13T11:00+09:00", datetime(2026, 3, 13, 2, 0, tzinfo=UTC)),
        ("2026-03-13T09:00", datetime(2026, 3, 13, 2, 0, tzinfo=UTC)),
        (" 2026-03-13 09:00:00.5 ", datetime(2026, 3, 13, 2, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-13", datetime(2026, 3, 12, 17, 0, tzinfo=UTC)),
        ("2028-02-29T00:00", datetime(2028, 2, 28, 17, 0, tzinfo=UTC)),
    ],
)
def test_iso_8601_is_read_and_wall_time_belongs_to_the_zone_given(text: str, instant: datetime) -> None:
    assert parse_instant(text, JAKARTA) == instant


@pytest.mark.parametrize(
    "text",
    ["", "besok", "13/03/2026", "2026-02-30", "2026-03-13T25:00", "2026-03-13T", "2026-03-13x09:00", "٢٠٢٦-٠٣-١٣"],
)
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(InstantError, match="write ISO 8601"):
        parse_instant(text, JAKARTA)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InstantError, match="has no time zone"):
        in_zone(datetime(2026, 3, 13, 9, 0), JAKARTA)


def test_an_instant_at_the_end_of_time_is_refused() -> None:
    with pytest.raises(InstantError, match="too far away"):
        in_zone(datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), JAKARTA)
