"""Reading an SOP document from its text. Pure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from salur.sop.document.marked_yaml import Flaw, MarkedYaml, UnreadableYaml, name_of, read
from salur.sop.document.marked_yaml import Path as Way
from salur.sop.document.model import SopDocument
from salur.sop.document.plain_words import said_plainly
from salur.sop.document.said import Said, _
from salur.sop.document.schema import fields_at
from salur.sop.document.values import shown

STANDARD = Path(__file__).parents[1] / "data" / "standard.yaml"
"""The safe defaults that every government starts from."""

MOST_FLAWS = 200
"""More than these nobody reads at once; the rest is counted."""

_CODED: tuple[Way, ...] = (("obligations",), ("pause_reasons",), ("handover", "reasons"), ("steps",))


class SopInvalid(ValueError):
    """The text is no valid SOP document; `problems` lists every flaw with its line, field and sentence."""

    def __init__(self, problems: Sequence[Flaw]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {flaw.line}: {flaw.field} {flaw.said}" for flaw in self.problems))


def load(text: str) -> SopDocument:
    """Reads an SOP document from YAML. Raises SopInvalid with every flaw found, in the order of the text."""
    return load_marked(text)[0]


def load_marked(text: str) -> tuple[SopDocument, MarkedYaml]:
    """As `load`, with the places of the text, so that findings of `check` can be shown where they stand."""
    try:
        marked = read(text)
    except UnreadableYaml as error:
        raise SopInvalid(_cut_short(error.flaws, len(error.flaws))) from error
    if not isinstance(marked.data, dict):
        said = Said(
            _('an SOP is a list of fields such as "title:"; here stands "%(found)s"'), {"found": shown(marked.data)}
        )
        raise SopInvalid([Flaw(1, "", said)])
    try:
        return SopDocument.model_validate(marked.data), marked
    except ValidationError as error:
        raise SopInvalid(flaws_of(error, marked)) from error


def flaws_of(error: ValidationError, marked: MarkedYaml) -> list[Flaw]:
    """What the model found wrong in plain data, in the order of the text; every line is 1 where there is no text."""
    twice = list(_codes_twice(marked))
    told = {flaw.field.rpartition("[")[0] for flaw in twice}
    # Where single codes are named, the sentence about their whole list says nothing more.
    details = [detail for detail in error.errors(include_url=False) if name_of(_place(detail)) not in told]
    details.sort(key=lambda detail: marked.line_of(_place(detail)))
    found = [_flaw(detail, marked) for detail in details[: MOST_FLAWS + 1]] + twice
    found.sort(key=lambda flaw: flaw.line)
    return _cut_short(found, len(details) + len(twice))


def _cut_short(found: Sequence[Flaw], total: int) -> list[Flaw]:
    if total <= MOST_FLAWS:
        return list(found)
    said = Said(_("%(count)s more flaws are not listed; mend these first"), {"count": total - MOST_FLAWS})
    return [*found[:MOST_FLAWS], Flaw(found[MOST_FLAWS].line, "", said)]


def _place(detail: Any) -> Way:
    # pydantic marks a wrong key of a mapping by a last step of its own, which is no place in the text.
    return tuple(step for step in detail["loc"] if step != "[key]")


def _flaw(detail: Any, marked: MarkedYaml) -> Flaw:
    path = _place(detail)
    return Flaw(marked.line_of(path), name_of(path), said_plainly(detail, fields_at))


def _codes_twice(marked: MarkedYaml) -> Iterator[Flaw]:
    """Repeated codes by their own lines, which the check of a whole list cannot name and other flaws would hide."""
    for way in _CODED:
        parts: Any = marked.data
        for step in way:
            parts = parts.get(step) if isinstance(parts, dict) else None
        first: dict[str, int] = {}
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            code = part.get("code") if isinstance(part, dict) else None
            if not isinstance(code, str):
                continue
            path = (*way, index, "code")
            if code in first:
                sentence = _('the code "%(code)s" is used already on line %(first)s; give this one a code of its own')
                said = Said(sentence, {"code": shown(code), "first": first[code]})
                yield Flaw(marked.line_of(path), name_of(path), said)
            first.setdefault(code, marked.line_of(path))
