"""What holds for an answer on every platform there is, by its own declared ways."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from salur.channels.counting import has_link, length
from salur.channels.registry import PLATFORMS
from salur.channels.ways import Way
from salur.publishing.plan import REASONS, Context, NotPermitted, Planned, Wish, plan, why_closed
from salur.publishing.wording import Wording

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
LINK = "https://lapor.lampung.test/lacak/18-2611-ABCD-EFGH/"
TEXTS = ("Sudah ditambal.", "Lubang di Jalan Raya “Gading Rejo” — km 7 — sudah ditambal. 🙏 " * 90, "道路 " * 3000)
WAYS = [(name, way) for name, one in sorted(PLATFORMS.items()) for way in one.capabilities.ways]


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}-{way.name}" for name, way in WAYS])
def test_every_message_fits_in_the_platform_s_own_counting(name: str, way: Way) -> None:
    for text, automatic in product(TEXTS, (True, False)):
        words = Wording(
            text, "18-2611-ABCD-EFGH", LINK, signature=f"Dinas Uji\n{LINK}", bare_signature="Dinas Uji",
            ending=f"Selengkapnya: {LINK}", bare_ending="Laporan 18-2611-ABCD-EFGH", automatic=automatic,
        )  # fmt: skip
        said = words.on(way)
        assert 1 <= len(said) <= (1 if automatic and way.cost else way.limit.parts)
        assert all(length(one, way.limit.counting) <= way.limit.most for one in said)
        if not way.links:
            assert not any(has_link(one) for one in said)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_fresh_word_is_answered_and_what_is_forbidden_has_a_reason(name: str) -> None:
    ways = PLATFORMS[name].capabilities.ways
    audiences = set().union(*(way.answers for way in ways))
    for audience in sorted(audiences):
        at = NOW - timedelta(minutes=5)
        word = at if audience == "private" else None
        context = Context(NOW, audience=audience, said_at=at, last_private_word=word, summoned=True)  # type: ignore[arg-type]  # the ways name only these two
        found = plan(ways, context, Wish(), lambda way: ("Sudah.",))
        public = any(way.public for way in ways)
        if audience == "private" and all(way.public for way in ways):
            assert isinstance(found, NotPermitted) and public
            continue
        assert isinstance(found, Planned), found
        assert all(why_closed(way, context, Wish()) in {None, *REASONS} for way in ways)
