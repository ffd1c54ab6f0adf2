"""Which lawful way an answer takes, or why none is open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.channels.ways import TextLimit, Way
from salur.publishing.plan import REASONS, Context, NotPermitted, Planned, Wish, in_order, plan, price

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = timedelta(days=1)
PUBLIC = Way("public_reply", TextLimit(8000), public=True, answers=frozenset({"public"}))
PRIVATE_REPLY = Way(
    "private_reply", TextLimit(2000), answers=frozenset({"public"}), window=7 * DAY, opened_by="message", once=True
)
DIRECT = Way("direct", TextLimit(2000), window=DAY, opened_by="person")
TAGGED = Way("tagged", TextLimit(2000), window=7 * DAY, opened_by="person", automatic=False, needs="human_agent")
TEMPLATE = Way("template", TextLimit(1024), cost=25_000)
FACEBOOK = (PUBLIC, PRIVATE_REPLY, DIRECT, TAGGED)
WHATSAPP = (replace(DIRECT, cost=20_000), TEMPLATE)
X = (
    Way(
        "public_reply", TextLimit(280, "x_weighted"), public=True, answers=frozenset({"public"}), summoned=True,
        cost=10_000, link_cost=200_000, links=False,
    ),
)  # fmt: skip
COMMENT = Context(NOW, audience="public", said_at=NOW - DAY / 2, deep_link="https://platform.test/k/1")
CHAT = Context(NOW, audience="private", said_at=NOW - DAY / 2, last_private_word=NOW - DAY / 2)


def one(way: Way) -> tuple[str, ...]:
    return (f"halo dari {way.name}",)


def way_of(ways: tuple[Way, ...], context: Context, wish: Wish | None = None) -> str:
    found = plan(ways, context, wish or Wish(), one)
    assert isinstance(found, Planned), found
    return found.way


def refused(ways: tuple[Way, ...], context: Context, wish: Wish | None = None) -> NotPermitted:
    found = plan(ways, context, wish or Wish(), one)
    assert isinstance(found, NotPermitted), found
    return found


def test_a_comment_is_answered_where_it_was_said_and_in_private_where_the_sop_wants_it() -> None:
    assert way_of(FACEBOOK, COMMENT) == "public_reply"
    assert way_of(FACEBOOK, COMMENT, Wish("private_first")) == "private_reply"
    assert way_of(FACEBOOK, COMMENT, Wish("public_only")) == "public_reply"
    asking = Wish(purpose="question", asks_personal_data=True)
    assert way_of(FACEBOOK, COMMENT, asking) == "private_reply"
    assert way_of(FACEBOOK, COMMENT, replace(asking, answer_in="public_only")) == "public_reply"


def test_a_private_message_is_never_answered_in_public() -> None:
    assert way_of(FACEBOOK, CHAT, Wish("public_only")) == "direct"
    late = replace(CHAT, last_private_word=NOW - 2 * DAY)
    assert refused(FACEBOOK, late).reasons["public_reply"] == "private"


def test_a_confidence_is_never_answered_in_public() -> None:
    for answer_in in ("same", "private_first", "public_only"):
        assert way_of(FACEBOOK, replace(COMMENT, confidential=True), Wish(answer_in)) == "private_reply"
    used = replace(COMMENT, confidential=True, private_reply_used=True)
    assert refused(FACEBOOK, used).reasons == {
        "public_reply": "confidential", "private_reply": "used", "direct": "no_word", "tagged": "feature",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("since", "features", "automatic", "wanted"),
    [
        (timedelta(hours=23, minutes=59), frozenset(), True, "direct"),
        (timedelta(hours=24), frozenset({"human_agent"}), False, "tagged"),
        (timedelta(hours=24), frozenset({"human_agent"}), True, "person"),
        (timedelta(hours=24), frozenset(), False, "feature"),
        (timedelta(days=7), frozenset({"human_agent"}), False, "window"),
    ],
)
def test_a_day_is_free_and_a_week_is_for_people(
    since: timedelta, features: frozenset[str], automatic: bool, wanted: str
) -> None:
    context = replace(CHAT, last_private_word=NOW - since, features=features, automatic=automatic)
    found = plan((DIRECT, TAGGED), context, Wish(), one)
    if isinstance(found, Planned):
        assert found.way == wanted
    else:
        assert found.reasons["tagged"] == wanted
        assert found.next_way == ("tagged" if wanted == "person" else "hand")


def test_one_private_reply_a_comment_within_seven_days() -> None:
    private = Wish("private_first")
    assert way_of(FACEBOOK, replace(COMMENT, private_reply_used=True), private) == "public_reply"
    assert way_of(FACEBOOK, replace(COMMENT, said_at=NOW - 7 * DAY), private) == "public_reply"
    late = replace(COMMENT, said_at=NOW - 7 * DAY + timedelta(seconds=1))
    assert way_of(FACEBOOK, late, private) == "private_reply"


def test_outside_the_window_only_an_approved_template_goes_and_without_one_that_is_said() -> None:
    late = replace(CHAT, last_private_word=NOW - 2 * DAY)
    assert way_of(WHATSAPP, replace(late, templates=frozenset({"answer"}))) == "template"
    found = refused(WHATSAPP, late)
    assert (found.reasons, found.next_way) == ({"direct": "window", "template": "template"}, "template")


def test_x_is_answered_only_where_we_were_named_and_else_by_an_officer_there() -> None:
    assert way_of(X, replace(COMMENT, summoned=True)) == "public_reply"
    found = refused(X, COMMENT)
    assert (found.reason, found.next_way, found.deep_link) == ("summons", "hand", COMMENT.deep_link)


def test_the_price_is_that_of_every_message_and_a_link_has_its_own() -> None:
    assert price(X[0], ("satu", "dua")) == 20_000
    assert price(X[0], ("satu", "lihat https://salur.test/x")) == 210_000
    assert price(WHATSAPP[0], ("lihat https://salur.test/x",)) == 20_000


def test_what_is_over_the_limit_of_the_month_is_not_said() -> None:
    assert way_of(WHATSAPP, replace(CHAT, money_left=20_000)) == "direct"
    assert refused(WHATSAPP, replace(CHAT, money_left=19_999)).reason == "money"
    assert way_of((DIRECT,), replace(CHAT, money_left=0)) == "direct", "what costs nothing goes on"


def test_personal_data_of_a_person_s_own_words_goes_in_private_or_not_at_all() -> None:
    assert way_of(FACEBOOK, replace(COMMENT, personal=True)) == "private_reply"
    assert refused((PUBLIC,), replace(COMMENT, personal=True)).reason == "personal_data"
    assert way_of((PUBLIC,), replace(COMMENT, personal=True, automatic=True)) == "public_reply", "it is masked"


def test_who_blocked_us_is_answered_in_public_at_most() -> None:
    assert way_of(FACEBOOK, replace(COMMENT, may_be_written_to=False), Wish("private_first")) == "public_reply"
    assert refused((DIRECT,), replace(CHAT, may_be_written_to=False)).reason == "blocked"


def test_without_an_address_only_the_comment_itself_can_be_answered() -> None:
    nowhere = replace(COMMENT, reachable=False, last_private_word=NOW)
    assert way_of(FACEBOOK, nowhere, Wish("private_first")) == "private_reply"
    assert refused((DIRECT,), nowhere).reason == "address"


WAYS = st.builds(
    Way,
    st.sampled_from(["public_reply", "private_reply", "direct", "tagged", "template"]),
    st.just(TextLimit(100)),
    public=st.booleans(),
    answers=st.sampled_from([frozenset({"public"}), frozenset({"private"}), frozenset({"public", "private"})]),
    window=st.sampled_from([None, DAY, 7 * DAY]),
    opened_by=st.sampled_from(["message", "person"]),
    once=st.booleans(),
    automatic=st.booleans(),
    needs=st.sampled_from(["", "human_agent"]),
    summoned=st.booleans(),
    cost=st.sampled_from([0, 5, 10]),
)
MOMENTS = st.one_of(st.none(), st.integers(0, 10).map(lambda days: NOW - days * DAY))
CONTEXTS = st.builds(
    Context,
    st.just(NOW),
    audience=st.sampled_from(["public", "private"]),
    said_at=MOMENTS,
    last_private_word=MOMENTS,
    closed_ways=st.frozensets(st.sampled_from(["direct", "public_reply"])),
    private_reply_used=st.booleans(),
    features=st.sampled_from([frozenset(), frozenset({"human_agent"})]),
    templates=st.sampled_from([frozenset(), frozenset({"answer"})]),
    summoned=st.booleans(),
    automatic=st.booleans(),
    confidential=st.booleans(),
    personal=st.booleans(),
    reachable=st.booleans(),
    may_be_written_to=st.booleans(),
    money_left=st.sampled_from([None, 0, 7]),
)
WISHES = st.builds(Wish, st.sampled_from(["same", "private_first", "public_only"]), st.just("answer"), st.booleans())
SETS = st.lists(WAYS, max_size=5, unique_by=lambda way: way.name).map(tuple)


@given(SETS, CONTEXTS, WISHES)
def test_no_plan_breaks_a_rule(ways: tuple[Way, ...], context: Context, wish: Wish) -> None:
    found = plan(ways, context, wish, one)
    if isinstance(found, NotPermitted):
        assert set(found.reasons) == {way.name for way in ways}
        assert all(reason in REASONS for reason in found.reasons.values())
        return
    way = next(one for one in ways if one.name == found.way)
    assert not (way.public and (context.audience == "private" or context.confidential))
    assert context.audience in way.answers and way.name not in context.closed_ways
    assert not (context.automatic and not way.automatic) and (not way.needs or way.needs in context.features)
    assert not (way.once and context.private_reply_used) and (not way.summoned or context.summoned)
    assert context.money_left is None or found.cost <= context.money_left
    if way.window is not None:
        opened = context.said_at if way.opened_by == "message" else context.last_private_word
        assert opened is not None and NOW - opened < way.window


@given(SETS, CONTEXTS, WISHES)
def test_a_refused_way_leads_to_the_next_and_never_back(ways: tuple[Way, ...], context: Context, wish: Wish) -> None:
    """Closing each way that is taken ends after as many tries as there are ways."""
    taken: list[str] = []
    found = plan(ways, context, wish, one)
    while isinstance(found, Planned):
        assert found.way not in taken
        taken.append(found.way)
        context = replace(context, closed_ways=context.closed_ways | {found.way})
        found = plan(ways, context, wish, one)
    order = [way.name for way in in_order(ways, context, wish)]
    assert taken == [name for name in order if name in taken]
