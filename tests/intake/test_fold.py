"""The same set of changes gives one state, whatever their order and however often each was told."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from salur.intake.fold import Change, Version, fold
from salur.intake.order import natural

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
INSTANTS = st.integers(0, 3).map(lambda n: NOON + timedelta(seconds=n))
TEXTS = st.sampled_from(["satu", "dua", "tiga", ""])
KEYS = st.sampled_from(["", "m:2", "m:10"])
CHANGES = st.one_of(
    st.builds(Change, st.just("edited"), INSTANTS, KEYS, TEXTS, st.just("author")),
    st.builds(Change, st.sampled_from(["removed", "shown"]), INSTANTS, by=st.sampled_from(["author", "platform"])),
)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


@given(st.lists(CHANGES, max_size=6), st.data())
def test_order_and_repetition_change_nothing(changes: list[Change], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(changes), max_size=4)) if changes else []
    shuffled = data.draw(st.permutations(changes + again))
    assert fold("satu", shuffled) == fold("satu", changes)


@given(TEXTS, st.lists(CHANGES, max_size=8))
def test_what_was_removed_shows_no_word_and_what_is_there_shows_its_last(first: str, changes: list[Change]) -> None:
    found = fold(first, changes)
    assert found.text == ("" if found.removed_at else found.versions[-1].text)
    assert (found.removed_at is None) == (found.removed_by == "")
    assert all(one.text != two.text for one, two in zip(found.versions, found.versions[1:], strict=False))
    assert found.versions[0] == Version(first, None) and found.edited_at == found.versions[-1].since


def test_edits_count_in_the_order_of_their_instants_and_keys() -> None:
    edits = [
        Change("edited", at(1), "m:10", "ketiga"),
        Change("edited", at(1), "m:9", "kedua"),
        Change("edited", at(0), "m:1", "pertama"),
    ]
    assert [one.text for one in fold("mula", edits).versions] == ["mula", "pertama", "kedua", "ketiga"]


def test_an_edit_does_not_bring_back_what_was_removed() -> None:
    found = fold("mula", [Change("removed", at(1), by="author"), Change("edited", at(2), text="lain")])
    assert (found.text, found.removed_at, found.removed_by) == ("", at(1), "author")


def test_shown_again_it_says_its_last_words_and_of_two_removals_the_first_counts() -> None:
    changes = [Change("removed", at(1), by="account"), Change("edited", at(2), text="lain")]
    assert fold("mula", [*changes, Change("shown", at(3), by="account")]).text == "lain"
    again = [*changes, Change("shown", at(3)), Change("removed", at(5), by="author"), Change("removed", at(6))]
    assert fold("mula", again).removed_at == at(5)


def test_of_one_instant_the_removal_counts_last() -> None:
    assert fold("mula", [Change("removed", at(1), by="author"), Change("shown", at(1))]).removed_at == at(1)


def test_an_edit_that_changes_no_word_is_no_version() -> None:
    assert fold("mula", [Change("edited", at(1), text="mula")]).edited_at is None


@given(st.lists(st.integers(0, 10**30), min_size=2, max_size=6))
def test_ids_that_count_upwards_stand_in_their_order(numbers: list[int]) -> None:
    assert sorted((f"chat-7:{n}" for n in numbers), key=natural) == [f"chat-7:{n}" for n in sorted(numbers)]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_ids_can_be_compared(one: str, other: str) -> None:
    assert (natural(one) < natural(other)) or (natural(other) <= natural(one))


def test_nobody_else_edits_the_words_of_a_citizen() -> None:
    found = fold("mula", [Change("edited", at(1), text="palsu", by="author", by_index="lain")], "warga")
    assert (found.text, found.edited_at) == ("mula", None)
    assert fold("mula", [Change("edited", at(1), text="baru", by="author", by_index="warga")], "warga").text == "baru"


def test_a_removal_by_somebody_else_is_the_platforms() -> None:
    found = fold("mula", [Change("removed", at(1), by="author", by_index="lain")], "warga")
    assert (found.text, found.removed_by) == ("", "platform")
