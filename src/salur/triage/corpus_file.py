"""The seed corpus: invented reports in the many ways citizens write, in files that officers can extend. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
HEAD = "function\tlevel\tkind\thorizon\ttext"
LEVELS = frozenset({"national", "province", "regency", "village", "unknown"})
HORIZONS = frozenset({"short", "medium", "long"})
KINDS = (
    *("complaint", "supervisory_complaint", "aspiration", "information_request"),
    *("praise", "small_talk", "broadcast", "spam", "abuse"),
)


class BadLine(ValueError):
    """A line of the corpus cannot be used: `str()` names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """One invented text with what is right about it; `function` is "" for what is no report."""

    function: str
    level: str
    kind: str
    horizon: str
    text: str


def examples(folder: Path = FOLDER) -> Iterator[Example]:
    """Every line of every file `reports-*.tsv`, in the order of names. Raises BadLine for the first that is wrong."""
    for path in sorted(folder.glob("reports-*.tsv")):
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        if head != HEAD:
            raise BadLine(f"{path.name}: the first line must be {HEAD!r}.")
        for number, line in enumerate(lines, 2):
            yield _example(line, f"{path.name}, line {number}")


def _example(line: str, where: str) -> Example:
    cells = line.split("\t")
    if len(cells) != 5 or not cells[4].strip():
        raise BadLine(f"{where}: five columns are needed, the last one a text; {len(cells)} were found.")
    found = Example(*cells)
    for value, allowed, name in (
        (found.level, LEVELS, "level"),
        (found.kind, KINDS, "kind"),
        (found.horizon, HORIZONS, "horizon"),
    ):
        if value not in allowed:
            raise BadLine(f"{where}: {name} {value!r} is none of {', '.join(sorted(allowed))}.")
    return found
