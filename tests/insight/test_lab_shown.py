"""What a finished run says in sentences."""

from typing import Any

import pytest
from django.utils import translation

from salur.config.commands.sop_lab_tables import cause_said
from salur.insight.lab.hurts import Hurt
from salur.insight.lab.shown import findings_of_period, percent


def cause(name: str, part: float, agency: str = "") -> dict[str, Any]:
    return {"name": name, "agency": agency, "part": part, "late_days": 100 * part, "per_pass": 1.28, "cases": 4}


def findings(*causes: dict[str, Any]) -> list[str]:
    share = {"share": 2 / 3, "low": 0.5, "high": 0.75}
    rest = {"cases": 9, "open_cases": 1, "overall": {"share": share}, "pauses": [], "handed_cases": 0}
    with translation.override("en"):
        return findings_of_period(rest | {"hurts": list(causes)})[1:]


def test_the_findings_name_the_largest_causes_and_the_one_that_hurts_most() -> None:
    told = findings(cause("a", 0.17, "Roads"), cause("b", 0.18), cause("c", 0.1), cause("d", 0.28), cause("e", 0.24))
    assert [one.split("”")[0] for one in told] == ["“d", "“e", "“b", "“a"]
    assert "28 % of all lateness: 28.0 working days in all, in 4 reports." in told[0]
    assert told[3] == "“a” at Roads hurts most for its limit: 1.3 working days late each time."


def test_the_heaviest_is_not_said_twice_where_it_is_the_largest() -> None:
    told = findings(cause("a", 0.5), cause("b", 0.3), cause("c", 0.2))
    assert len(told) == 3 and not any("hurts most" in one for one in told)


@pytest.mark.parametrize(("share", "said"), [(2 / 3, "66,7 %"), (0.999949, "100,0 %")])
def test_page_and_terminal_round_alike(share: float, said: str) -> None:
    one = Hurt("verify", "Verify", None, "", 66.66, 2 / 3, share, 3, 2, ())
    with translation.override("id"):
        assert percent({"share": share, "low": share, "high": share}).startswith(said)
        assert "66,7 hari kerja" in cause_said(one) and "0,67" in cause_said(one)
