"""What a transaction remembers: only inside it, only until it is told to forget."""

import pytest

from salur.kernel import ledger, memory


def test_nothing_is_kept_outside_a_transaction() -> None:
    memory.keep("case:1", "kasus")
    memory.forget("case:1")
    assert memory.kept("case:1") is None
    assert [memory.once("tanya", iter("ab").__next__) for _ in range(2)] == ["a", "a"]


def test_what_is_kept_is_read_once_and_anew_after_it_was_forgotten() -> None:
    answers = iter("abc")
    with memory.opened():
        memory.keep("case:1", "kasus")
        assert memory.kept("case:1") == "kasus" and memory.kept("case:2") is None
        assert [memory.once("tanya", answers.__next__) for _ in range(3)] == ["a"] * 3
        memory.forget("tanya", "case:2")
        assert memory.once("tanya", answers.__next__) == "b" and memory.kept("case:1") == "kasus"
        memory.forget_all()
        assert memory.kept("case:1") is None and memory.once("tanya", answers.__next__) == "c"
    assert memory.kept("tanya") is None


@pytest.mark.django_db
def test_a_rolled_back_savepoint_takes_the_memory_with_it() -> None:
    with memory.opened(), ledger.collecting(follow=True):
        memory.keep("case:1", "kasus")
        with pytest.raises(ValueError), ledger.savepoint():
            raise ValueError
        assert memory.kept("case:1") is None
