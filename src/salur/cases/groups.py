"""Messages that belong together are shown as one: an album, or lines in a row."""

from collections.abc import Iterable

from salur.cases.models import CaseMessage


def blocks(links: Iterable[CaseMessage]) -> list[list[CaseMessage]]:
    """The messages of a case, each group of one voice as a block, in the order of their first ones.

    `links` come in the order in which they were said; so do those within a block.
    """
    found: dict[tuple[int, int], list[CaseMessage]] = {}
    for link in links:
        leader = link.message.lead_id or link.message_id
        found.setdefault((leader, link.voice_id), []).append(link)
    return list(found.values())
