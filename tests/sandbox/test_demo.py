"""The demonstration's accounts stand on both sides, and stay the same accounts when the sandbox moves."""

import pytest

from salur.agencies.members import add_member
from salur.agencies.models import Agency
from salur.channels.models import Account
from salur.channels.registry import platform
from salur.config.demo_channels import ACCOUNTS, CUSTODIANS, connect_accounts, scene
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur_sandbox.client import Control


@pytest.mark.django_db
def test_five_accounts_are_connected_and_work(sandbox: Control, lampung: object) -> None:
    with use(EVERYTHING):
        agency = Agency.objects.get(government__code="18", code="diskominfotik")
        for name in CUSTODIANS:
            add_member(
                agency.government_id,
                username=name,
                name=name,
                agency_id=agency.pk,
                role="coordinator",
                password="salur-peragaan-2026",
                actor=ledger.SYSTEM,
            )
        connect_accounts("http://127.0.0.1:1")
        before = dict(Account.objects.values_list("platform", "hook_key"))
        connect_accounts(sandbox.base)
        told = scene("http://127.0.0.1:8000")
        for wanted in told["accounts"]:
            sandbox.account(**wanted)
        assert [post["account"] for post in told["posts"]] == ["facebook", "instagram", "x"]
        assert {one["hook_url"] for one in scene("http://10.0.0.1:8000")["accounts"]} == {""}
        connected = Account.objects.filter(settings__has_key="api_base")
        assert {one.platform for one in connected} == {one.platform for one in ACCOUNTS}
        assert {one.platform: one.hook_key for one in connected}.items() <= before.items()
        for account in connected:
            assert account.agency_id == agency.pk and account.custodians.count() == 2
            health = platform(account.platform).probe(account.view())
            assert health.checks and all(check.ok for check in health.checks if check.code in ("token", "address")), (
                account.platform,
                health,
            )
        for told in sandbox.accounts():
            account = connected.get(platform=told["platform"])
            assert told["hook_url"].endswith(f"/hooks/{account.platform}/{account.hook_key}")
