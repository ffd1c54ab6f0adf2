"""A Page's feed: every payload of the corpus, and the odd shapes that were logged elsewhere."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.channels.meta_corpus import FACEBOOK, PAGE, PAYLOADS, facebook, raw, seconds

from salur.channels.ports import (
    AccountView,
    Broken,
    Echoed,
    Edited,
    Ignored,
    Inbound,
    MediaRef,
    Removed,
    Unreadable,
)

PAGE_ID, OTHER, ODD = "433925637298186", "695497717692664", "111519960882"
POST = "433925637298186_748327075739796"
COMMENT = "748327075739796_1197861775009346"
PERMALINK = "https://www.facebook.com.test/661970626172642/posts/pfbid02kic"
AUTHOR = {"sender_address": "10690866803339082", "sender_name": "Ahmad Fauzi"}
COMMENTED = seconds(1707211876)


def comment(**more: Any) -> Inbound:
    """The comment that most files of the corpus tell of."""
    told: dict[str, Any] = {
        "external_id": COMMENT,
        "text": "Terima kasih pelayanan Samsat cepat sekali 👍",
        "spoken_at": COMMENTED,
        **AUTHOR,
        "thread_ids": (POST,),
        "audience": "public",
        "place": POST,
        "answer_at": {"comment": COMMENT},
        "link": f"{PERMALINK}?comment_id=1197861775009346",
        "post": {"id": POST, "link": PERMALINK},
        "account_ref": PAGE_ID,
    }
    return Inbound(**(told | more))


def mention(post: str, name: str, sender: str, sent: int, account: str) -> Inbound:
    """Somebody's post elsewhere that names the Page; what it says does not come with the hook."""
    return Inbound(
        external_id=post,
        text="",
        spoken_at=seconds(sent),
        sender_address=sender,
        sender_name=name,
        audience="public",
        place=post,
        answer_at={"post": post, "elsewhere": True},
        link=f"https://www.facebook.com/{post}",
        account_ref=account,
        extra={"words": "missing"},
    )


PHOTO = "https://scontenthkg42.xx.fbcdn.net.test/v/t39.30808-6/105962065_169847158748593456_n.jpg?_nc=REDACTED"
SECOND = "748327075739796_1058653451285150"
EXPECTED: dict[str, list[Any]] = {
    "feed_comment_add.json": [comment()],
    "feed_comment_add_photo_no_message.json": [comment(text="", media=(MediaRef("image", url=PHOTO),))],
    "feed_comment_edited.json": [
        Edited(
            COMMENT,
            "Kapan jadwal pembagian bansos di kecamatan kami?",
            seconds(1707211999),
            key="1707211999",
            account_ref=PAGE_ID,
        )
    ],
    "feed_comment_hide_by_page.json": [Removed(COMMENT, COMMENTED, by="account", account_ref=PAGE_ID)],
    "feed_comment_unhide_by_page.json": [Removed(COMMENT, COMMENTED, by="account", shown=True, account_ref=PAGE_ID)],
    "feed_post_remove.json": [
        Removed("695497717692664_387782325811912280", seconds(1701418745), by="account", account_ref=OTHER)
    ],
    "feed_reaction_add.json": [
        Ignored("reaction", about="104651436502711_884576039651409", account_ref="104651436502711")
    ],
    "feed_status_add_by_page.json": [
        Echoed(
            "695497717692664_124476495189085783",
            "Sampah menumpuk di pasar, baunya menyengat",
            seconds(1701422426),
            account_ref=OTHER,
        )
    ],
    "mention_post_add.json": [mention("44561453_238091243", "Ahmad Fauzi", "44561453", 1740909637, ODD)],
    "batch_two_pages_three_changes.json": [
        comment(),
        comment(
            external_id=SECOND,
            text="Kapan jadwal pembagian bansos di kecamatan kami?",
            answer_at={"comment": SECOND},
            link=f"{PERMALINK}?comment_id=1058653451285150",
            account_ref=OTHER,
        ),
        mention("44561453_380891429", "Ahmad Fauzi", "42712477", 1701423004, OTHER),
    ],
    "changed_fields_only_no_values.json": [
        Broken(
            "entry.0.changed_fields",
            "an update has no values: switch 'Include Values' on in the app's webhook settings; the poll finds them",
        )
    ],
    "poll_create_resp.json": [
        Inbound(
            external_id="338803505837064_120824275674801",
            text="Sampah menumpuk di pasar, baunya menyengat",
            spoken_at=datetime(2023, 7, 14, 10, 45, 55, tzinfo=UTC),
            audience="public",
            answer_at={"comment": "338803505837064_120824275674801"},
            link="https://www.facebook.com.test/323570696749299/posts/338803505837064?_nc=REDACTED",
            account_ref=PAGE_ID,
        )
    ],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_payload_says_exactly_this(name: str) -> None:
    assert facebook(f"facebook/{name}") == EXPECTED[name]


def test_rows_that_were_asked_for_without_their_ids_are_broken_one_by_one() -> None:
    found = facebook("facebook/poll_comments_p1.json", "poll")
    assert found and found == [Broken(f"data.{place}", "a row without an id") for place in range(len(found))]


def test_every_file_of_the_corpus_is_held_against_something() -> None:
    files = {path.name for path in (PAYLOADS / "facebook").glob("*.json")}
    errors = {name for name in files if name.startswith("error_")}
    assert files == set(EXPECTED) | {"poll_comments_p1.json"} | errors
    for name in errors:
        with pytest.raises(Unreadable):
            facebook(f"facebook/{name}")


HOSTILE: dict[str, list[Any]] = {
    "meta_changes_null.json": [Ignored("empty", account_ref="1")],
    "meta_numeric_ids.json": [
        Inbound(
            external_id="7127500210530741063",
            text="+1",
            spoken_at=COMMENTED,
            sender_address="24266381753005180",
            sender_name="A",
            thread_ids=("206070979425408_712750021053074",),
            audience="public",
            place="206070979425408_712750021053074",
            answer_at={"comment": "7127500210530741063"},
            link="https://www.facebook.com/710090817985661/posts/pfbid02kic?comment_id=7127500210530741063",
            post={
                "id": "206070979425408_712750021053074",
                "link": "https://www.facebook.com/710090817985661/posts/pfbid02kic",
            },
            account_ref="370873143344730",
        )
    ],
    "lone_surrogate_escape.json": [
        Inbound(
            external_id="1_2",
            text="rusak  jalan  nul",
            spoken_at=seconds(1),
            sender_address="9",
            thread_ids=("1_1",),
            audience="public",
            place="1_1",
            answer_at={"comment": "1_2"},
            link="https://www.facebook.com/1_1?comment_id=2",
            post={"id": "1_1"},
            account_ref="1",
        )
    ],
    "event_uuid_negative.json": [Broken("data.0", "a row without an id")],
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_payloads(name: str) -> None:
    assert facebook(f"hostile/{name}") == HOSTILE[name]


def change(value: dict[str, Any], field: str = "feed", page: str = PAGE_ID) -> list[Any]:
    """What one change says."""
    entry = {"id": page, "time": 1707211879, "changes": [{"field": field, "value": value}]}
    return FACEBOOK.parse(PAGE, raw({"object": "page", "entry": [entry]}))


ADDED = {
    "item": "comment",
    "verb": "add",
    "post_id": POST,
    "comment_id": COMMENT,
    "parent_id": POST,
    "from": {"id": "9", "name": "Siti Rahma"},
    "message": "Lampu jalan mati",
    "created_time": 1707211876,
}


def test_a_reply_names_its_parent_first_and_stands_under_the_root_comment() -> None:
    (said,) = change(ADDED | {"parent_id": "748327075739796_1", "comment_id": "748327075739796_2"})
    assert said.thread_ids == ("748327075739796_1", POST)
    assert (said.root_id, said.place) == ("748327075739796_1", POST)


def test_a_picture_of_a_post_is_no_root_comment() -> None:
    (said,) = change(ADDED | {"parent_id": f"{PAGE_ID}_555"})
    assert said.root_id == "" and said.thread_ids == (f"{PAGE_ID}_555", POST)


def test_what_the_page_says_itself_is_an_echo_that_names_what_it_answers() -> None:
    mine = ADDED | {"from": {"id": PAGE_ID, "name": "Dinas"}, "parent_id": "748327075739796_1"}
    assert change(mine) == [
        Echoed(COMMENT, "Lampu jalan mati", COMMENTED, in_reply_to="748327075739796_1", account_ref=PAGE_ID)
    ]


def test_the_old_form_of_the_sender_is_read_too() -> None:
    old = {name: value for name, value in ADDED.items() if name != "from"}
    (said,) = change(old | {"sender_id": 9, "sender_name": "Siti Rahma"})
    assert (said.sender_address, said.sender_name) == ("9", "Siti Rahma")


def test_a_comment_without_its_author_is_heard_and_can_be_answered_where_it_stands() -> None:
    (said,) = change({name: value for name, value in ADDED.items() if name != "from"})
    assert said.sender_address == "" and said.answer_at == {"comment": COMMENT} and said.text


def test_a_visitors_post_is_heard_with_its_pictures() -> None:
    value = {
        "item": "photo",
        "verb": "add",
        "post_id": POST,
        "from": {"id": "9", "name": "Siti Rahma"},
        "link": "https://cdn.test/a.jpg",
        "photos": ["https://cdn.test/a.jpg", "https://cdn.test/b.jpg", "javascript:alert(1)"],
        "created_time": "1707211876",
    }
    (said,) = change(value)
    assert said.external_id == said.place == POST and said.answer_at == {"post": POST} and said.root_id == ""
    assert [one.url for one in said.media] == ["https://cdn.test/a.jpg", "https://cdn.test/b.jpg"]


def test_a_visitors_post_in_the_trash_comes_as_an_edit_without_words() -> None:
    value = {"item": "status", "verb": "edited", "post_id": POST, "from": {"id": "9"}, "created_time": 1707211876}
    assert change(value) == [Ignored("empty", about=POST, account_ref=PAGE_ID)]


def test_a_removal_is_by_its_author_and_says_when() -> None:
    assert change(ADDED | {"verb": "remove", "message": None}) == [
        Removed(COMMENT, COMMENTED, by="author", account_ref=PAGE_ID)
    ]


def test_hiding_and_showing_again_are_told_apart_by_when_they_were_sent() -> None:
    (hidden,) = change(ADDED | {"verb": "hide", "from": {"id": PAGE_ID}})
    assert hidden.at == seconds(1707211879)


def test_a_mention_in_a_comment_names_the_comment() -> None:
    value = {"item": "comment", "verb": "add", "post_id": "7_8", "comment_id": "8_9", "sender_id": "9"}
    (said,) = change(value, "mention")
    assert said.external_id == "8_9" and said.answer_at == {"comment": "8_9", "elsewhere": True}
    assert said.extra == {"words": "missing"} and said.thread_ids == ("7_8",)


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        ({"item": "like", "verb": "add", "post_id": POST}, "feed", "reaction"),
        ({"item": "event", "verb": "add", "event_id": "1"}, "feed", "unknown_kind"),
        (ADDED | {"verb": "block"}, "feed", "unknown_kind"),
        ({"rating": 5}, "ratings", "unknown_kind"),
        (ADDED | {"verb": "edited", "from": {"id": PAGE_ID}}, "feed", "own_message"),
    ],
)
def test_what_is_no_word_of_a_citizen_is_ignored_with_its_reason(value: Any, field: str, reason: str) -> None:
    (found,) = change(value, field)
    assert isinstance(found, Ignored) and found.reason == reason


def test_one_bad_entry_does_not_sink_its_neighbours() -> None:
    good = {"id": PAGE_ID, "time": 1707211879, "changes": {"field": "feed", "value": ADDED}}
    bad = [3, {"id": PAGE_ID, "changes": "x"}, {"id": PAGE_ID, "changes": [None, {"field": "feed"}]}]
    nameless = {"id": PAGE_ID, "changes": [{"field": "feed", "value": {"item": "comment", "verb": "add"}}]}
    found = FACEBOOK.parse(PAGE, raw({"object": "page", "entry": [*bad, nameless, good]}))
    assert [type(one) for one in found] == [Broken, Broken, Broken, Broken, Broken, Inbound]
    assert [one.where for one in found if isinstance(one, Broken)] == [
        "entry.0",
        "entry.1.changes",
        "entry.2.changes.0",
        "entry.2.changes.1",
        "entry.3.changes.0",
    ]


def test_an_entry_that_is_an_object_and_a_root_that_is_an_array_are_read() -> None:
    entry = {"id": PAGE_ID, "time": 1707211879, "changes": [{"field": "feed", "value": ADDED}]}
    one = FACEBOOK.parse(PAGE, raw({"object": "page", "entry": entry}))
    assert one == FACEBOOK.parse(PAGE, raw([{"object": "page", "entry": [entry]}]))
    assert isinstance(one[0], Inbound)


def test_a_delivery_about_another_kind_of_object_is_set_aside() -> None:
    (found,) = FACEBOOK.parse(PAGE, raw({"object": "instagram", "entry": [{"id": "1"}]}))
    assert isinstance(found, Broken)


@pytest.mark.parametrize("body", [b"", b"no", b"null", b"3", b"[]", b"{}", b'"x"', b'{"error":{"code":190}}'])
def test_what_is_no_delivery_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        FACEBOOK.parse(PAGE, raw(body))


def test_a_test_of_the_dashboard_is_ignored() -> None:
    assert change(ADDED, page="0") == [Ignored("test")]


def test_the_accounts_own_page_is_known_without_an_entry_id() -> None:
    entry = {"changes": [{"field": "feed", "value": ADDED | {"from": {"id": PAGE_ID}}}]}
    (found,) = FACEBOOK.parse(AccountView(1, "facebook", PAGE_ID), raw({"entry": [entry]}))
    assert isinstance(found, Echoed)


def test_a_listed_post_of_the_pages_own_wall_is_a_post() -> None:
    row = {"id": f"{PAGE_ID}_5", "message": "Lampu mati", "created_time": 1707211876, "from": {"id": "9"}}
    (found,) = FACEBOOK.parse(PAGE, raw({"data": [row]}, "poll"))
    assert isinstance(found, Inbound) and found.answer_at == {"post": f"{PAGE_ID}_5"}
