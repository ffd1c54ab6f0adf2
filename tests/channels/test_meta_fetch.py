"""Looking for what hooks lost: every list from its own place, oldest first, and read as the hook would have told it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx
from tests.channels.meta_corpus import FACEBOOK, INSTAGRAM, THREADS

from salur.channels.ports import AccountView, Echoed, FetchFailed, Inbound, Platform, Raw

TOKEN = "EAA-geheim"
PAGE = AccountView(1, "facebook", "100", credentials={"access_token": TOKEN})
GRAM = AccountView(2, "instagram", "200", {"username": "dinas.contoh"}, {"access_token": TOKEN})
BY_PAGE = replace(GRAM, settings={"login": "facebook", "page_id": "100", "username": "dinas.contoh"})
THREAD = AccountView(3, "threads", "300", {"username": "dinas.contoh"}, {"access_token": TOKEN})
BOOK, IG, TH = "https://graph.facebook.com/v25.0", "https://graph.instagram.com/v25.0", "https://graph.threads.net/v1.0"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def web() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router
    for call in router.calls:
        assert TOKEN not in str(call.request.url), "no token in an address"


def ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


def heard(platform: Platform, account: AccountView, raws: list[Raw]) -> list[Inbound]:
    """What citizens said in these deliveries."""
    items = [item for raw in raws for item in platform.parse(account, raw)]
    return [item for item in items if isinstance(item, Inbound)]


def page(*rows: Any, after: str = "") -> dict[str, Any]:
    paging = {"cursors": {"after": after}, "next": f"https://evil.test/?access_token={TOKEN}"} if after else {}
    return {"data": [*rows], "paging": paging}


def quiet(web: respx.MockRouter, *paths: str) -> None:
    for path in paths:
        web.get(path).respond(json=page())


def facebook_world(web: respx.MockRouter) -> None:
    post = {"id": "100_5", "from": {"id": "100"}, "message": "Jalan baru", "created_time": ago(9000)}
    post |= {"updated_time": ago(30), "permalink_url": "https://www.facebook.com/x"}
    visitor = {"id": "100_6", "from": {"id": "9", "name": "Siti"}, "message": "Lampu mati", "created_time": ago(50)}
    still = {"id": "100_7", "from": {"id": "100"}, "created_time": ago(9000), "updated_time": ago(8000)}
    web.get(f"{BOOK}/100/feed").respond(json=page(post, visitor | {"updated_time": ago(50)}, still))
    old = {"id": "5_1", "from": {"id": "9"}, "message": "lama", "created_time": ago(7000)}
    reply = {"id": "5_3", "from": {"id": "8", "name": "Budi"}, "message": "Setuju", "created_time": ago(30)}
    own = {"id": "5_4", "from": {"id": "100"}, "message": "Terima kasih", "created_time": ago(31)}
    rows = [reply | {"parent": {"id": "5_2"}}, own, {"id": "5_2", "message": "Rusak", "created_time": ago(40)}]
    web.get(f"{BOOK}/100_5/comments").mock(
        side_effect=lambda request: httpx.Response(
            200, json=page(*rows, after="B") if "after" not in request.url.params else page(old)
        )
    )
    quiet(web, f"{BOOK}/100_6/comments")
    message = {"id": "m_1", "from": {"id": "9"}, "to": {"data": [{"id": "100"}]}, "message": "Halo"}
    talk = {"id": "t_1", "updated_time": ago(45), "messages": page(message | {"created_time": ago(45)})}
    web.get(f"{BOOK}/100/conversations").respond(json=page(talk, {"id": "t_0", "updated_time": ago(9000)}))
    tag = {"id": "7_7", "from": {"id": "7"}, "message": "Halo Dinas", "created_time": ago(20)}
    web.get(f"{BOOK}/100/tagged").respond(json=page(tag, {**tag, "id": "7_8", "created_time": ago(9000)}))


def test_a_page_is_asked_for_all_and_told_oldest_first(web: respx.MockRouter) -> None:
    facebook_world(web)
    raws = list(FACEBOOK.fetch_since(PAGE, {}))
    assert [json.loads(one.body)["data"][0]["id"] for one in raws] == ["100_6", "m_1", "5_2", "5_4", "5_3", "7_7"]
    assert all(one.via == "poll" and one.said_at is not None for one in raws)
    found = heard(FACEBOOK, PAGE, raws)
    assert [one.text for one in found] == ["Lampu mati", "Halo", "Rusak", "Setuju", "Halo Dinas"]
    reply = found[3]
    assert (reply.thread_ids, reply.root_id, reply.place) == (("5_2", "100_5"), "5_2", "100_5")
    assert reply.post == {"id": "100_5", "link": "https://www.facebook.com/x", "text": "Jalan baru"}
    assert found[4].answer_at["elsewhere"] is True
    assert not any(call.request.url.path.endswith("/100_7/comments") for call in web.calls), "nothing happened there"
    assert not any(call.request.url.host == "evil.test" for call in web.calls), "a next address holds the token"


def test_each_list_goes_on_from_its_own_place(web: respx.MockRouter) -> None:
    facebook_world(web)
    raws = list(FACEBOOK.fetch_since(PAGE, {}))
    assert raws[0].cursor == {"feed": ago(50)}
    assert raws[-1].cursor == {"feed": ago(30), "chats": ago(45), "tagged": ago(20)}
    again = list(FACEBOOK.fetch_since(PAGE, raws[-1].cursor or {}))
    assert {one.external_id for one in again} <= {one.external_id for one in raws}, "an overlap, and nothing new"
    assert "100_6" not in [json.loads(one.body)["data"][0]["id"] for one in again]


def test_an_edit_no_hook_told_of_is_another_delivery(web: respx.MockRouter) -> None:
    quiet(web, f"{BOOK}/100/feed", f"{BOOK}/100/conversations")
    row = {"id": "7_7", "created_time": ago(20)}
    keys = set()
    for text in ("a", "b", "a"):
        web.get(f"{BOOK}/100/tagged").respond(json=page(row | {"message": text}))
        keys |= {one.external_id for one in FACEBOOK.fetch_since(PAGE, {})}
    assert len(keys) == 2


def test_a_list_that_fails_holds_up_no_other_and_is_told_at_the_end(web: respx.MockRouter) -> None:
    facebook_world(web)
    web.get(f"{BOOK}/100/conversations").respond(400, json={"error": {"code": 613, "message": TOKEN}})
    found: list[Raw] = []
    with pytest.raises(FetchFailed) as failed:
        for one in FACEBOOK.fetch_since(PAGE, {}):
            found.append(one)
    assert len(found) == 5 and "chats" not in (found[-1].cursor or {})
    assert not failed.value.revoked and TOKEN not in failed.value.reason


def test_a_permission_for_tags_alone_is_missed_quietly_and_a_dead_token_is_told(web: respx.MockRouter) -> None:
    facebook_world(web)
    web.get(f"{BOOK}/100/tagged").respond(403, json={"error": {"code": 10}})
    assert len(list(FACEBOOK.fetch_since(PAGE, {}))) == 5
    web.get(url__startswith=BOOK).respond(400, json={"error": {"code": 190, "error_subcode": 460}})
    web.get(f"{BOOK}/100/feed").respond(400, json={"error": {"code": 190}})
    with pytest.raises(FetchFailed) as failed:
        list(FACEBOOK.fetch_since(PAGE, {}))
    assert failed.value.revoked


def test_a_long_conversation_is_read_as_far_back_as_needed(web: respx.MockRouter) -> None:
    quiet(web, f"{BOOK}/100/feed", f"{BOOK}/100/tagged")
    row = {"from": {"id": "9"}, "message": "x"}
    near = page({**row, "id": "m_3", "created_time": ago(1)}, after="B")
    web.get(f"{BOOK}/100/conversations").respond(json=page({"id": "t_1", "updated_time": ago(1), "messages": near}))
    whole = [{**row, "id": f"m_{n}", "created_time": ago(minutes)} for n, minutes in ((3, 1), (2, 2), (1, 9000))]
    web.get(f"{BOOK}/t_1/messages").respond(json=page(*whole))
    assert [one.external_id for one in heard(FACEBOOK, PAGE, [*FACEBOOK.fetch_since(PAGE, {})])] == ["m_2", "m_3"]


def test_instagram_is_asked_for_comments_replies_and_messages(web: respx.MockRouter) -> None:
    reply = {"id": "2", "text": "Setuju", "timestamp": ago(20), "username": "budi"}
    own = {"id": "3", "text": "Terima kasih", "timestamp": ago(19), "username": "dinas.contoh"}
    top = {"id": "1", "text": "Macet", "timestamp": ago(9000), "username": "siti", "replies": page(reply, own)}
    near = {"id": "7", "caption": "Jalan", "timestamp": ago(9500), "permalink": "https://www.instagram.com/p/x/"}
    more = {"id": "8", "timestamp": ago(9600), "comments": page(after="B")}
    ancient = {"id": "9", "timestamp": ago(90_000), "comments": page({"id": "z", "text": "z", "timestamp": ago(1)})}
    web.get(f"{IG}/200/media").respond(json=page(near | {"comments": page(top)}, more, ancient))
    web.get(f"{IG}/8/comments").respond(
        json=page({"id": "4", "text": "Banjir", "timestamp": ago(18), "username": "ani"})
    )
    message = {"id": "aWd", "from": {"id": "5", "username": "siti"}, "message": "Halo", "created_time": ago(30)}
    web.get(f"{IG}/200/conversations").respond(
        json=page({"id": "t", "updated_time": ago(30), "messages": page(message)})
    )
    raws = list(INSTAGRAM.fetch_since(GRAM, {}))
    found = heard(INSTAGRAM, GRAM, raws)
    assert [(one.external_id, one.sender_handle) for one in found] == [("aWd", "siti"), ("2", "budi"), ("4", "ani")]
    assert (found[1].root_id, found[1].place, found[1].link) == ("1", "7", "https://www.instagram.com/p/x/")
    assert isinstance(INSTAGRAM.parse(GRAM, raws[2])[0], Echoed)
    assert raws[-1].cursor == {"chats": ago(30), "comments": ago(18)}


def test_with_facebook_login_instagram_is_asked_for_tags_too(web: respx.MockRouter) -> None:
    quiet(web, f"{BOOK}/200/media", f"{BOOK}/100/conversations")
    row = {"id": "70", "caption": "@dinas.contoh rusak", "username": "siti", "timestamp": ago(5)}
    web.get(f"{BOOK}/200/tags").respond(json=page(row))
    (found,) = heard(INSTAGRAM, BY_PAGE, [*INSTAGRAM.fetch_since(BY_PAGE, {})])
    assert found.text == "@dinas.contoh rusak" and found.answer_at["mention"] is True


def test_threads_is_asked_for_replies_and_mentions(web: respx.MockRouter) -> None:
    posts = [{"id": "4", "timestamp": ago(9000)}, {"id": "5", "timestamp": ago(9100), "has_replies": False}]
    web.get(f"{TH}/me/threads").respond(json=page(*posts))
    reply = {"id": "6", "text": "Macet", "username": "siti", "timestamp": ago(20), "replied_to": {"id": "4"}}
    old = {**reply, "id": "1", "timestamp": ago(8000)}
    web.get(f"{TH}/4/conversation").respond(json=page(reply | {"root_post": {"id": "4"}}, old))
    mention = {"id": "7", "text": "Halo @dinas.contoh", "username": "budi", "timestamp": ago(10)}
    web.get(f"{TH}/me/mentions").respond(json=page(mention))
    raws = list(THREADS.fetch_since(THREAD, {}))
    found = heard(THREADS, THREAD, raws)
    assert [(one.external_id, one.root_id) for one in found] == [("6", "4"), ("7", "")]
    assert raws[-1].cursor == {"replies": ago(20), "mentions": ago(10)}


def test_words_that_a_hook_left_out_are_asked_for_by_id(web: respx.MockRouter) -> None:
    entry = {"id": "200", "time": 1_700_000_000}
    value = {"media_id": "7", "comment_id": "52"}
    hook = {"entry": [entry | {"changes": [{"field": "mentions", "value": value}]}]}
    (silent,) = INSTAGRAM.parse(BY_PAGE, Raw("k", json.dumps(hook).encode(), "application/json"))
    assert isinstance(silent, Inbound) and silent.text == ""
    told = {"id": "52", "text": "Rusak @dinas.contoh", "username": "siti", "timestamp": ago(5), "media": {"id": "7"}}
    route = web.get(f"{BOOK}/200").respond(json={"mentioned_comment": told, "id": "200"})
    raw = INSTAGRAM.look_up(BY_PAGE, silent)
    assert raw is not None and "mentioned_comment.comment_id(52)" in route.calls.last.request.url.params["fields"]
    (found,) = heard(INSTAGRAM, BY_PAGE, [raw])
    assert (found.external_id, found.text, found.answer_at) == ("52", "Rusak @dinas.contoh", silent.answer_at)


def test_a_medium_and_a_message_are_asked_for_likewise(web: respx.MockRouter) -> None:
    hook = {"entry": [{"id": "200", "changes": [{"field": "mentions", "value": {"media_id": "7"}}]}]}
    (silent,) = INSTAGRAM.parse(BY_PAGE, Raw("k", json.dumps(hook).encode(), "application/json"))
    assert isinstance(silent, Inbound)
    medium = {"id": "7", "caption": "Rusak", "username": "siti", "timestamp": ago(5)}
    web.get(f"{BOOK}/200").respond(json={"mentioned_media": medium})
    raw = INSTAGRAM.look_up(BY_PAGE, silent)
    assert raw is not None and heard(INSTAGRAM, BY_PAGE, [raw])[0].text == "Rusak"
    private = replace(silent, external_id="aWd", audience="private", answer_at={})
    row = {"id": "aWd", "from": {"id": "5"}, "message": "Halo", "created_time": ago(3)}
    web.get(f"{BOOK}/aWd").respond(json=row)
    raw = INSTAGRAM.look_up(BY_PAGE, private)
    assert raw is not None and heard(INSTAGRAM, BY_PAGE, [raw])[0].text == "Halo"


def test_a_post_that_names_the_page_is_asked_for_and_may_be_refused(web: respx.MockRouter) -> None:
    value = {"item": "post", "verb": "add", "post_id": "7_7", "sender_id": "7"}
    hook = {"object": "page", "entry": [{"id": "100", "changes": [{"field": "mention", "value": value}]}]}
    (silent,) = FACEBOOK.parse(PAGE, Raw("k", json.dumps(hook).encode(), "application/json"))
    assert isinstance(silent, Inbound)
    web.get(f"{BOOK}/7_7").respond(json={"id": "7_7", "message": "Halo Dinas", "created_time": ago(3)})
    raw = FACEBOOK.look_up(PAGE, silent)
    assert raw is not None and heard(FACEBOOK, PAGE, [raw])[0].text == "Halo Dinas"
    web.get(f"{BOOK}/7_7").respond(403, json={"error": {"code": 10}})
    with pytest.raises(FetchFailed):
        FACEBOOK.look_up(PAGE, silent)


@pytest.mark.parametrize(("platform", "account"), [(FACEBOOK, PAGE), (INSTAGRAM, GRAM), (THREADS, THREAD)])
def test_a_bad_address_in_the_settings_is_a_failed_fetch(platform: Platform, account: AccountView) -> None:
    with pytest.raises(FetchFailed):
        list(platform.fetch_since(replace(account, settings={"api_base": "http://evil.test"}), {}))
