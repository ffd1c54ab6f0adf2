"""The table of errors of the Graph interface and the usage headers: what each means for what we wanted to do."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.meta_corpus import PAYLOADS
from tests.channels.shaken import any_json

from salur.channels.outside import Reply
from salur.channels.platforms.meta.errors import is_permission, judge
from salur.channels.platforms.meta.usage import slow_down


def verdict(code: int, subcode: int = 0, status: int = 400, **more: Any) -> str:
    error = {"code": code, "message": "Bearer geheim", **({"error_subcode": subcode} if subcode else {}), **more}
    found = judge(Reply(status, {}, {"error": error}))
    assert found is not None and "geheim" not in found.reason
    return f"{found.action} {found.code}"


TABLE = [
    *((code, 0, "retry") for code in (1, 2, 4, 17, 32, 341, 613, *range(80000, 80015))),
    *((190, subcode, "stop_account") for subcode in (0, 458, 460, 463, 464, 467)),
    (102, 0, "stop_account"),
    *((code, 0, "stop_account") for code in (3, 10, 200, 230, 299)),
    (368, 0, "stop_account"),
    (506, 0, "stop_message"),
    (10, 2018278, "close_way"),
    (10, 2534022, "close_way"),
    (10, 2018065, "close_way"),
    (10900, 0, "close_way"),
    (10903, 0, "close_way"),
    (100, 33, "close_way"),
    (100, 2018292, "close_way"),
    (803, 0, "close_way"),
    (551, 1545041, "stop_recipient"),
    (551, 0, "stop_recipient"),
    (200, 1545041, "stop_recipient"),
    (10, 2018108, "stop_recipient"),
    (100, 2018001, "stop_recipient"),
    (100, 2018047, "stop_message"),
    (100, 0, "stop_message"),
    (24, 4279009, "retry"),
    (99999, 0, "stop_message"),
]


@pytest.mark.parametrize(("code", "subcode", "action"), TABLE)
def test_the_table(code: int, subcode: int, action: str) -> None:
    told = f"{code}/{subcode}" if subcode else str(code)
    assert verdict(code, subcode) == f"{action} {told}"
    assert verdict(code, subcode, status=200) == f"{action} {told}", "an error may come with a 200"


def test_what_is_transient_is_tried_again_unless_the_token_is_over() -> None:
    assert verdict(99999, is_transient=True).startswith("retry")
    assert verdict(99999, status=500).startswith("retry")
    assert verdict(190, status=500).startswith("stop_account")


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("facebook/error_app_rate_limit.json", "retry"),
        ("facebook/error_permission.json", "stop_account"),
        ("facebook/error_token_expired.json", "stop_account"),
        ("messenger/error_outside_window.json", "close_way"),
    ],
)
def test_logged_errors(name: str, action: str) -> None:
    found = judge(Reply(400, {}, json.loads((PAYLOADS / name).read_text())))
    assert found is not None and found.action == action


@pytest.mark.parametrize(("status", "action"), [(200, None), (401, "stop_account"), (429, "retry"), (503, "retry")])
def test_without_an_error_of_theirs_the_status_decides(status: int, action: str | None) -> None:
    found = judge(Reply(status, {}, None))
    assert (found.action if found else None) == action


def test_a_missing_permission_is_told_from_a_closed_window() -> None:
    assert is_permission("10") and is_permission("200") and is_permission("200/99")
    assert not is_permission("10/2018278") and not is_permission("190") and not is_permission("")


def usage(**shares: float) -> dict[str, str]:
    return {"x-app-usage": json.dumps(shares)}


def test_below_eighty_per_cent_nobody_waits_and_at_a_hundred_for_the_whole_hour() -> None:
    assert slow_down(usage(call_count=79, total_time=10)) == 0
    assert slow_down(usage(call_count=80)) == 60
    assert slow_down(usage(call_count=1, total_cputime=90)) == 1800
    assert slow_down(usage(total_time=250)) == 3600


def test_the_platforms_own_time_of_return_is_kept_to() -> None:
    case = {"x-business-use-case-usage": json.dumps({"1": [{"call_count": 99, "estimated_time_to_regain_access": 7}]})}
    assert slow_down(case) == 420
    limited = judge(Reply(400, case, {"error": {"code": 4}}))
    assert limited is not None and limited.after == 420


@given(any_json, st.text(max_size=30))
def test_no_header_and_no_body_is_too_odd(value: Any, text: str) -> None:
    for header in (text, json.dumps(value)):
        assert 0 <= slow_down({"x-app-usage": header}) <= 86_400
    judge(Reply(400, {}, value))
    judge(Reply(200, {}, {"error": value}))
