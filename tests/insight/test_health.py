"""What the doctor says of the address that papers and messages carry, and of official accounts."""

import pytest
from django.test import override_settings
from tests.channels.standin import Standin, standin
from tests.world import Lampung

from salur.channels.alarm import open_alarm
from salur.channels.connect import connect, set_custodians, switch
from salur.channels.models import Account
from salur.insight.health import Finding, examine
from salur.kernel.tenancy import EVERYTHING, use

__all__ = ["standin"]


@pytest.mark.parametrize(
    ("base", "level"),
    [
        ("http://127.0.0.1:8000", "warning"),
        ("http://localhost", "warning"),
        ("http://[::1]:8000", "warning"),
        ("http://0.0.0.0:8000", "warning"),
        ("https://salur.example", "ok"),
        ("http://192.168.1.20:8000", "ok"),
    ],
)
def test_a_base_address_that_no_citizen_reaches_is_warned_of(lampung: Lampung, base: str, level: str) -> None:
    with override_settings(SALUR_BASE_URL=base), use(EVERYTHING):
        [found] = [one for one in examine() if one.check == "address"]
    assert found.level == level and base in found.text
    assert ("SALUR_BASE_URL" in found.mend) == (level == "warning")


def accounts(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.level, one.text, one.mend) for one in findings if one.check in ("accounts", "custodians")]


def test_the_doctor_says_what_is_wrong_with_an_account_and_what_to_do(lampung: Lampung, standin: Standin) -> None:
    with use(EVERYTHING):
        assert [level for level, _, _ in accounts(examine())] == ["ok"]
        account = connect(lampung.agency("bmbk"), "standin", "17", name="@bmbk_contoh")
        [(level, text, mend)] = accounts(examine())
        assert (level, mend) == ("warning", f"salur account custodian {account.pk} USERNAME USERNAME")
        assert "@bmbk_contoh has no custodian" in text
        set_custodians(account.pk, [lampung.officer("sari", "operator"), lampung.officer("tono", "approver")])
        open_alarm(account, "lost_by_hook", "3 / 24 h")
        open_alarm(account, "token", "the password was changed")
        found = {level: (text, mend) for level, text, mend in accounts(examine())}
    assert sorted(found) == ["error", "warning"]
    text, mend = found["error"]
    assert "@bmbk_contoh" in text and "authorisation" in text and text.endswith("the password was changed")
    assert "connect the account anew" in mend and f"salur account check {account.pk}" in mend
    assert "3 / 24 h" in found["warning"][0]


def test_the_doctor_speaks_of_a_stop_and_of_what_has_no_alarm_yet(lampung: Lampung, standin: Standin) -> None:
    with use(EVERYTHING):
        account = connect(lampung.agency("bmbk"), "standin", "17")
        set_custodians(account.pk, [lampung.officer("sari", "operator"), lampung.officer("tono", "approver")])
        Account.objects.filter(pk=account.pk).update(stopped="blocked (368)", problem="the feed cannot be read")
        told = " ".join(text for level, text, _ in accounts(examine()) if level == "error")
        assert "sends nothing until it is authorised anew: blocked (368)" in told and "the feed cannot be read" in told
        switch(account.pk, Account.State.OFF)
        assert [level for level, _, _ in accounts(examine())] == ["ok"]
