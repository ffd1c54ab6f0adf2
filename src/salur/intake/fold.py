"""What a message says now: its first words, and everything a platform told about it since, in whatever order. Pure.

Platforms keep no order: an edit may come before the message it edits, a removal twice. So nothing is ever changed in
place; what is known is kept as signals, and the present state is a function of the set of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from salur.intake.order import Place, natural

EDITED, SHOWN, REMOVED = "edited", "shown", "removed"
RANK = {EDITED: 0, SHOWN: 1, REMOVED: 2}
"""Of what happened in one instant a removal counts last: rather too little is shown than too much."""


@dataclass(frozen=True)
class Change:
    """One thing told about a message. `kind` is edited, shown or removed; `at` is aware; `text` is an edit's.

    `key` tells edits of one instant apart, `by` is author, account or platform. `by_index` is the blind index of who
    did it, where the platform lets others try ("" where only the author can).
    """

    kind: str
    at: datetime
    key: str = ""
    text: str = ""
    by: str = ""
    by_index: str = ""


@dataclass(frozen=True)
class Version:
    """What a message said, and since when (None: from the beginning)."""

    text: str
    since: datetime | None


@dataclass(frozen=True)
class Standing:
    """Where a message stands. `text` is what may be shown: "" once it was removed, whatever it said.

    `versions` are its texts in their order, the last one included; `edited_at` is since when the last one stands.
    """

    text: str
    versions: tuple[Version, ...]
    edited_at: datetime | None
    removed_at: datetime | None
    removed_by: str


def fold(first_text: str, changes: Iterable[Change], author: str = "") -> Standing:
    """Where a message stands after these changes: the same for every order of them and for every repetition.

    `author` is the blind index of who wrote it: an edit by anybody else does not count, and a removal by anybody else
    is the platform's. An edit that changes no word is no version. A message is removed when the last word about its
    being there is a removal; of several removals in a row the first counts.
    """
    versions, removal = [Version(first_text, None)], None
    for change in sorted(set(changes), key=_place):
        stranger = change.by_index not in ("", author)
        if change.kind == EDITED and stranger:
            continue
        if change.kind == EDITED:
            if change.text != versions[-1].text:
                versions.append(Version(change.text, change.at))
        elif change.kind == SHOWN:
            removal = None
        elif removal is None:
            removal = replace(change, by="platform") if stranger else change
    return Standing(
        text="" if removal else versions[-1].text,
        versions=tuple(versions),
        edited_at=versions[-1].since,
        removed_at=removal.at if removal else None,
        removed_by=removal.by if removal else "",
    )


def _place(change: Change) -> tuple[datetime, int, Place, str, str]:
    return change.at, RANK[change.kind], natural(change.key), change.text, change.by + change.by_index
