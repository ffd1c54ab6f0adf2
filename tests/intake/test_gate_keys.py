"""The dedupe key as the table holds it: laws."""

from hypothesis import assume, given
from hypothesis import strategies as st

from salur.channels.hooks import body_key
from salur.intake.gate.committer import LONGEST_KEY, storable

any_text = st.text(st.characters(categories=None), max_size=400)


@given(any_text)
def test_every_key_can_be_stored(key: str) -> None:
    found = storable(key)
    assert len(found) <= LONGEST_KEY and "\0" not in found
    found.encode()


@given(any_text, any_text)
def test_different_keys_stay_different(one: str, other: str) -> None:
    assume(one != other)
    assert storable(one) != storable(other)
    assert storable("x" * 299 + one) != storable("x" * 299 + other)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=LONGEST_KEY))
def test_an_ordinary_key_is_stored_as_it_is(key: str) -> None:
    assert storable(key) == key


@given(st.binary(), st.binary())
def test_the_key_of_a_body_is_its_own(one: bytes, other: bytes) -> None:
    assert (body_key(one) == body_key(other)) == (one == other)
    assert len(body_key(one)) == 27 and body_key(one).isascii()
