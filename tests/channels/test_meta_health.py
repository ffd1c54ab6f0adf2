"""Whether an account at Meta is well, how its hooks are subscribed, and how its token is kept fresh."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx
from tests.channels.meta_corpus import FACEBOOK, INSTAGRAM, THREADS, seconds

from salur.channels.platforms.facebook.guide import FIELDS, SCOPES
from salur.channels.platforms.instagram.guide import FIELDS as IG_FIELDS
from salur.channels.platforms.instagram.guide import PAGE_SCOPES
from salur.channels.platforms.threads.guide import SCOPES as TH_SCOPES
from salur.channels.ports import AccountView, FetchFailed, Health, MediaRef, Outbound, Platform, SendFailed

TOKEN, SECRET = "EAA-geheim", "rahasia"
CREDENTIALS = {"access_token": TOKEN, "app_secret": SECRET, "verify_token": "v"}
PAGE = AccountView(1, "facebook", "100", {"app_id": "77"}, CREDENTIALS)
GRAM = AccountView(2, "instagram", "200", {"username": "dinas.contoh"}, CREDENTIALS)
BY_PAGE = replace(GRAM, settings={"login": "facebook", "page_id": "100"})
THREAD = AccountView(3, "threads", "300", {"username": "dinas.contoh"}, CREDENTIALS)
BOOK, IG, TH = "https://graph.facebook.com/v25.0", "https://graph.instagram.com/v25.0", "https://graph.threads.net/v1.0"


@pytest.fixture(autouse=True)
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def well(web: respx.MockRouter, **token: Any) -> None:
    """A Page at which all is well."""
    web.get(f"{BOOK}/100").respond(json={"id": "100", "name": "Dinas Contoh"})
    told = {"is_valid": True, "expires_at": 0, "scopes": [*SCOPES, "pages_show_list"]} | token
    web.get(f"{BOOK}/debug_token").respond(json={"data": told})
    web.get(f"{BOOK}/100/subscribed_apps").respond(json={"data": [{"id": "77", "subscribed_fields": [*FIELDS]}]})


def faults(health: Health) -> list[str]:
    for text in (health.detail, *(one.detail for one in health.checks)):
        assert TOKEN not in text and SECRET not in text
    return [one.code for one in health.checks if not one.ok]


def test_a_page_that_is_well(web: respx.MockRouter) -> None:
    well(web)
    health = FACEBOOK.probe(PAGE)
    assert health.ok and health.subscribed is True and health.name == "Dinas Contoh" and faults(health) == []
    assert health.token_expires_at is None, "a token of a system user does not end"
    assert [one.code for one in health.checks] == ["token", "address", "scopes", "subscription"]
    asker = next(call.request for call in web.calls if call.request.url.path.endswith("debug_token"))
    assert asker.headers["authorization"] == "Bearer 77|rahasia"


def test_what_is_wrong_is_told_one_by_one(web: respx.MockRouter) -> None:
    well(web, scopes=["pages_messaging"], expires_at=1_800_000_000)
    web.get(f"{BOOK}/100").respond(json={"id": "101", "name": "Lain"})
    web.get(f"{BOOK}/100/subscribed_apps").respond(json={"data": [{"id": "77", "subscribed_fields": ["feed"]}]})
    health = FACEBOOK.probe(PAGE)
    assert not health.ok and health.subscribed is False
    assert faults(health) == ["address", "scopes", "subscription"]
    assert "pages_manage_engagement" in health.detail and "mention" in health.detail
    assert health.token_expires_at == seconds(1_800_000_000)


def test_a_missing_subscription_alone_leaves_the_account_well(web: respx.MockRouter) -> None:
    well(web)
    web.get(f"{BOOK}/100/subscribed_apps").respond(json={"data": [{"id": "78", "subscribed_fields": [*FIELDS]}]})
    health = FACEBOOK.probe(PAGE)
    assert health.ok and health.subscribed is False and faults(health) == ["subscription"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(400, json={"error": {"code": 190, "error_subcode": 460, "message": TOKEN}}), "token"),
        (httpx.Response(503), "reach"),
        (httpx.ConnectError(TOKEN), "reach"),
    ],
)
def test_a_dead_token_is_told_from_a_platform_that_is_away(web: respx.MockRouter, answer: Any, code: str) -> None:
    well(web)
    web.get(f"{BOOK}/100").mock(side_effect=[answer])
    health = FACEBOOK.probe(PAGE)
    assert not health.ok and faults(health) == [code]


def test_a_token_that_is_not_valid_any_more_is_told(web: respx.MockRouter) -> None:
    well(web, is_valid=False)
    assert faults(FACEBOOK.probe(PAGE)) == ["token"]


def test_where_the_platform_does_not_tell_of_the_token_nothing_is_claimed(web: respx.MockRouter) -> None:
    well(web)
    web.get(f"{BOOK}/debug_token").respond(400, json={"error": {"code": 100}})
    health = FACEBOOK.probe(PAGE)
    assert health.ok and "scopes" not in [one.code for one in health.checks]


def test_a_page_is_subscribed_and_read_back(web: respx.MockRouter) -> None:
    well(web)
    route = web.post(f"{BOOK}/100/subscribed_apps").respond(json={"success": True})
    assert FACEBOOK.subscribe(PAGE).subscribed is True
    assert route.calls.last.request.url.params["subscribed_fields"].split(",") == [*FIELDS]
    assert TOKEN not in str(route.calls.last.request.url)
    web.get(f"{BOOK}/100/subscribed_apps").respond(403, json={"error": {"code": 200}})
    assert faults(FACEBOOK.probe(PAGE)) == ["scopes"], "the token served for all else"


@pytest.mark.parametrize("token", ["", "EAA geheim", "EAA\ngeheim", "EAA…"])
@pytest.mark.parametrize(("platform", "account"), [(FACEBOOK, PAGE), (INSTAGRAM, GRAM), (THREADS, THREAD)])
def test_a_missing_or_damaged_token_is_told_before_anybody_is_asked(
    web: respx.MockRouter, platform: Platform, account: AccountView, token: str
) -> None:
    spoiled = replace(account, credentials=CREDENTIALS | {"access_token": token})
    assert faults(platform.probe(spoiled)) == faults(platform.subscribe(spoiled)) == ["account"]
    out = Outbound("k", "9", "Halo", way="public_reply", in_reply_to="1")
    with pytest.raises(SendFailed) as failed:
        platform.send(spoiled, out)
    assert failed.value.permanent and failed.value.blames == "account"
    for asked in (lambda: [*platform.fetch_since(spoiled, {})], lambda: platform.read_back(spoiled, out)):
        with pytest.raises(FetchFailed):
            asked()
    if platform is not FACEBOOK:
        with pytest.raises(FetchFailed):
            platform.renew(spoiled)
    assert not web.calls


def test_an_instagram_account_that_is_well(web: respx.MockRouter) -> None:
    web.get(f"{IG}/me").respond(json={"id": "999", "user_id": "200", "username": "dinas.contoh"})
    web.get(f"{IG}/200/subscribed_apps").respond(json={"data": [{"subscribed_fields": [*IG_FIELDS]}]})
    health = INSTAGRAM.probe(GRAM)
    assert health.ok and health.subscribed is True and health.name == "@dinas.contoh"
    renamed = INSTAGRAM.probe(replace(GRAM, settings={"username": "lama"}))
    assert faults(renamed) == ["account"] and "@dinas.contoh" in renamed.detail


def test_with_facebook_login_the_page_is_asked(web: respx.MockRouter) -> None:
    web.get(f"{BOOK}/200").respond(json={"id": "200", "username": "dinas.contoh"})
    web.get(f"{BOOK}/debug_token").respond(json={"data": {"is_valid": True, "scopes": [*PAGE_SCOPES]}})
    web.get(f"{BOOK}/100/subscribed_apps").respond(json={"data": [{"subscribed_fields": ["feed"]}]})
    health = INSTAGRAM.probe(BY_PAGE)
    assert health.ok and health.subscribed is True


def test_a_field_the_platform_does_not_know_costs_no_other(web: respx.MockRouter) -> None:
    web.get(f"{IG}/me").respond(json={"user_id": "200", "username": "dinas.contoh"})
    web.get(f"{IG}/200/subscribed_apps").respond(json={"data": [{"subscribed_fields": [*IG_FIELDS]}]})
    refused = httpx.Response(400, json={"error": {"code": 100}})
    route = web.post(f"{IG}/200/subscribed_apps").mock(side_effect=[refused, httpx.Response(200, json={})])
    assert INSTAGRAM.subscribe(GRAM).subscribed is True
    assert route.calls.last.request.url.params["subscribed_fields"].split(",") == [*IG_FIELDS]


def test_a_threads_profile_that_is_well(web: respx.MockRouter) -> None:
    web.get(f"{TH}/me").respond(json={"id": "300", "username": "dinas.contoh"})
    ends = {"is_valid": True, "expires_at": 1_800_000_000, "scopes": [*TH_SCOPES]}
    web.get(f"{TH}/debug_token").respond(json={"data": ends})
    health = THREADS.probe(THREAD)
    assert health.ok and health.subscribed is None and health.token_expires_at == seconds(1_800_000_000)
    assert THREADS.subscribe(THREAD) == health


@pytest.mark.parametrize(
    ("platform", "account", "host", "grant"),
    [
        (INSTAGRAM, GRAM, "https://graph.instagram.com", "ig_refresh_token"),
        (THREADS, THREAD, "https://graph.threads.net", "th_refresh_token"),
    ],
)
def test_a_token_is_renewed_whole(
    web: respx.MockRouter, platform: Platform, account: AccountView, host: str, grant: str
) -> None:
    fresh = "IGAA" + "x" * 400
    route = web.get(f"{host}/refresh_access_token").respond(json={"access_token": fresh, "expires_in": 5_184_000})
    renewed = platform.renew(account)
    assert renewed is not None and renewed.credentials == CREDENTIALS | {"access_token": fresh}
    assert renewed.expires_at is not None
    assert abs(renewed.expires_at - datetime.now(UTC) - timedelta(days=60)) < timedelta(minutes=1)
    assert route.calls.last.request.url.params["grant_type"] == grant
    for bad in ({}, {"access_token": 3}, {"access_token": ""}):
        web.get(f"{host}/refresh_access_token").respond(json=bad)
        with pytest.raises(FetchFailed):
            platform.renew(account)
    web.get(f"{host}/refresh_access_token").respond(400, json={"error": {"code": 190, "message": TOKEN}})
    with pytest.raises(FetchFailed) as failed:
        platform.renew(account)
    assert failed.value.revoked and TOKEN not in failed.value.reason


def test_the_token_of_a_page_is_not_renewed() -> None:
    assert FACEBOOK.renew(PAGE) is None and INSTAGRAM.renew(BY_PAGE) is None


def test_a_file_is_fetched_where_the_platform_says_and_without_our_token() -> None:
    found = INSTAGRAM.locate(GRAM, MediaRef("image", url="https://cdn.test/a.jpg"))
    assert found.url == "https://cdn.test/a.jpg" and not found.headers
    with pytest.raises(FetchFailed):
        FACEBOOK.locate(PAGE, MediaRef("image"))


@pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM, THREADS])
def test_what_is_asked_of_an_officer_can_be_connected(platform: Platform) -> None:
    guide = platform.guide
    names = [one.name for one in guide.entries]
    assert len(names) == len(set(names)) and [one.address for one in guide.entries].count(True) == 1
    assert {"access_token", "app_secret", "verify_token"} <= {one.name for one in guide.entries if one.secret}
    assert guide.label and guide.steps and guide.after and guide.scopes
    for one in guide.entries:
        assert one.label and (not one.pattern or re.compile(one.pattern))


def test_the_ways_of_answering_are_those_the_platforms_permit() -> None:
    for platform in (FACEBOOK, INSTAGRAM):
        ways = {one.name: one for one in platform.capabilities.ways}
        assert list(ways) == ["public_reply", "private_reply", "direct", "tagged"]
        private, direct, tagged = ways["private_reply"], ways["direct"], ways["tagged"]
        assert (private.window, private.once, private.opened_by) == (timedelta(days=7), True, "message")
        assert private.answers == ways["public_reply"].answers == frozenset({"public"})
        assert (direct.window, direct.opened_by) == (timedelta(hours=24), "person")
        assert (tagged.window, tagged.needs, tagged.automatic) == (timedelta(days=7), "human_agent", False)
    limits = {one.name: (one.limit.most, one.limit.counting) for one in INSTAGRAM.capabilities.ways}
    assert limits["public_reply"] == (300, "characters") and limits["direct"] == (1000, "bytes")
    assert [one.name for one in THREADS.capabilities.ways] == ["public_reply"]


@pytest.mark.parametrize("given", ["human_agent", ["human_agent"], "human_agent other"])
def test_what_an_officer_marks_as_granted_opens_the_way(given: Any) -> None:
    assert "human_agent" in replace(PAGE, settings={"features": given}).features
    assert replace(PAGE, settings={"features": ""}).features == frozenset()
