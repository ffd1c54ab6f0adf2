"""The difference of two SOP documents, in words an official reads. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.document.values import Part, Words
from salur.sop.field_words import (
    ALWAYS_SAID,
    FIELDS,
    INSIDE,
    Value,
    actor_said,
    horizon_said,
    kind_said,
    step_said,
    value_said,
)
from salur.sop.matching import Match, matched
from salur.sop.vocabulary import CHANNELS, TEMPLATES, quoted, span_said, word

Kind = Literal["added", "removed", "changed"]

_LONG = 80
"""Characters. A longer text is said to be changed; `marked` shows where."""

_ALIKE = 0.5
"""From this share of common words on, a text that went and one that came are one text that was changed."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    `section` is the part of the document, `place` what differs there, `old` and `new` its values ("" where there was
    or is none). `path` names it by codes, such as `obligations.follow_up.within`.
    """

    section: Said
    place: Said
    old: Value
    new: Value
    kind: Kind
    path: str


@dataclass(frozen=True)
class Mark:
    """A piece of a text: the same in both, or only in the old or the new one."""

    text: str
    kind: Literal["same", "added", "removed"]


@dataclass(frozen=True)
class _At:
    """Where the walk is: the path, the section, and what stands behind "of" in the name of a field."""

    old: SopDocument
    new: SopDocument
    path: str = ""
    section: Said = Said("")
    of: Said | None = None

    def down(self, step: str, of: Said | None) -> "_At":
        return replace(self, path=f"{self.path}.{step}" if self.path else step, of=of)

    def field(self, part: str, field: str) -> Said:
        label = FIELDS[part][field]
        return label if self.of is None else Said(_("%(field)s of %(of)s"), {"field": label, "of": self.of})


def differences(old: SopDocument, new: SopDocument) -> list[Difference]:
    """Everything that differs between two documents, in the order of the document; equal ones differ in nothing.

    Things with a code are matched by it, wherever they stand. `differences(new, old)` says the same the other way
    round.
    """
    found: list[Difference] = []
    for field in SopDocument.model_fields:
        at = _At(old, new, section=FIELDS["SopDocument"][field])
        found.extend(_field("SopDocument", field, getattr(old, field), getattr(new, field), at))
    return found


def sentence(difference: Difference) -> Said:
    """A difference as one sentence, such as "Limit of Answer the citizen: 5 → 3 working days"."""
    place, old, new = difference.place, difference.old, difference.new
    if difference.kind == "added":
        text = _("%(place)s added: %(value)s") if new else _("%(place)s added")
        return Said(text, {"place": place, "value": new})
    if difference.kind == "removed":
        text = _("%(place)s deleted: %(value)s") if old else _("%(place)s deleted")
        return Said(text, {"place": place, "value": old})
    if isinstance(old, Said) and isinstance(new, Said):
        if old.text == _NUMBER:
            return Said(_("%(place)s moved from %(old)s to %(new)s"), {"place": place, "old": old, "new": new})
        if "unit" in old.params and old.params["unit"] == new.params.get("unit"):
            old = str(old.params["amount"])
    elif max(len(str(old)), len(str(new))) > _LONG:
        return Said(_("%(place)s changed"), {"place": place})
    return Said("%(place)s: %(old)s → %(new)s", {"place": place, "old": old, "new": new})


def marked(difference: Difference) -> tuple[Mark, ...]:
    """The words of a changed text for marking; () where old and new are no texts of the document."""
    if not (isinstance(difference.old, str) and isinstance(difference.new, str)):
        return ()
    old, new = re.findall(r"\s+|\S+", difference.old), re.findall(r"\s+|\S+", difference.new)
    marks: list[Mark] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            marks.append(Mark("".join(old[a:b]), "same"))
            continue
        marks += [Mark("".join(old[a:b]), "removed")] if b > a else []
        marks += [Mark("".join(new[c:d]), "added")] if d > c else []
    return tuple(marks)


_NUMBER = _("number %(number)s")


def _part(old: Part, new: Part, at: _At, skip: str = "") -> Iterator[Difference]:
    """`skip` is the field by which the two were matched."""
    for field in type(new).model_fields:
        if field != skip:
            yield from _field(type(new).__name__, field, getattr(old, field), getattr(new, field), at)


def _field(part: str, field: str, old: Any, new: Any, at: _At) -> Iterator[Difference]:
    if old == new:
        return
    here = at.down(field, at.of)
    if isinstance(old, Words) and isinstance(new, Words):
        yield from _languages(old, new, here, at.field(part, field))
    elif isinstance(old, Part) and isinstance(new, Part):
        yield from _part(old, new, at.down(field, INSIDE.get(field, at.of)))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        # The order of a mapping means nothing.
        yield from _items(matched(_entries(old), _entries(new), _code), here, moves=False)
    elif (part, field) in _KEYED:
        key, _skip = _KEYED[part, field]
        yield from _items(matched(old, new, key), here, skip=_skip)
    elif (part, field) in _TEXTS:
        yield from _texts(old, new, here, at.field(part, field))
    else:
        yield _value(part, field, old, new, at)


@dataclass(frozen=True)
class _Entry:
    """One entry of a mapping: its code, and what stands under it."""

    code: str
    part: Part


def _entries(mapping: Mapping[str, Part]) -> list[_Entry]:
    return [_Entry(code, part) for code, part in mapping.items()]


def _value(part: str, field: str, old: Any, new: Any, at: _At) -> Difference:
    kind: Kind = "changed"
    if (part, field) not in ALWAYS_SAID:
        kind = "added" if old in (None, "", ()) else "removed" if new in (None, "", ()) else "changed"
    return Difference(
        at.section,
        at.field(part, field),
        "" if kind == "added" else value_said(part, field, old, at.old),
        "" if kind == "removed" else value_said(part, field, new, at.new),
        kind,
        at.down(field, None).path,
    )


def _languages(old: Words, new: Words, at: _At, place: Said) -> Iterator[Difference]:
    for language, name in (("id", _("%(of)s (Indonesian)")), ("en", _("%(of)s (English)"))):
        was, now = getattr(old, language), getattr(new, language)
        if was != now:
            yield Difference(at.section, Said(name, {"of": place}), was, now, "changed", f"{at.path}.{language}")


def _items(rows: Sequence[Match[Any]], at: _At, *, skip: str = "", moves: bool = True) -> Iterator[Difference]:
    for row in rows:
        old, new = row.old, row.new
        code, count = row.key
        document = at.old if old is not None else at.new
        item = old if old is not None else new
        whole, inside = _named(item, document, at.of)
        here = at.down(code if count == 1 else f"{code}:{count}", inside)
        if old is None or new is None:
            summary = _summary(item, document)
            kind: Kind = "added" if old is None else "removed"
            yield Difference(
                at.section, whole, summary if new is None else "", summary if old is None else "", kind, here.path
            )
            continue
        if moves and row.moved:
            was, now = (Said(_NUMBER, {"number": place + 1}) for place in (row.old_place or 0, row.new_place or 0))
            yield Difference(at.section, whole, was, now, "changed", here.path)
        yield from _part(_bare(old), _bare(new), here, skip)


def _bare(item: Any) -> Part:
    part: Part = item.part if isinstance(item, _Entry) else item
    return part


def _texts(old: Sequence[Any], new: Sequence[Any], at: _At, place: Said) -> Iterator[Difference]:
    rows = matched(old, new, _text)
    gone = [row for row in sorted(rows, key=lambda row: row.old_place or 0) if row.new is None]
    came = [row for row in rows if row.old is None]
    alike = [(a, b) for a, b in zip(gone, came, strict=False) if _share(_text(a.old), _text(b.new)) >= _ALIKE]
    paired = {row.key for pair in alike for row in pair}
    for row in rows:
        was, now = _text(row.old), _text(row.new)
        if row.moved:
            numbers = [Said(_NUMBER, {"number": spot + 1}) for spot in (row.old_place or 0, row.new_place or 0)]
            which = Said(_("%(place)s “%(text)s”"), {"place": place, "text": was})
            yield Difference(at.section, which, numbers[0], numbers[1], "changed", at.path)
        elif (row.old is None or row.new is None) and row.key not in paired:
            yield Difference(at.section, place, was, now, "added" if row.old is None else "removed", at.path)
    for a, b in alike:
        yield Difference(at.section, place, _text(a.old), _text(b.new), "changed", at.path)


def _text(item: Any) -> str:
    """A text of a list as it is matched and shown; both languages of `Words`."""
    if item is None:
        return ""
    return f"{item.id} / {item.en}" if isinstance(item, Words) else str(item)


def _share(one: str, other: str) -> float:
    """The share of words that two texts have in common, from 0 to 1."""
    a, b = Counter(one.split()), Counter(other.split())
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def _code(item: Any) -> str:
    return str(item.code)


def _to(item: Any) -> str:
    return str(item.to)


def _version(item: Any) -> str:
    return str(item.version)


_KEYED: Mapping[tuple[str, str], tuple[Callable[[Any], str], str]] = {
    ("SopDocument", "obligations"): (_code, "code"),
    ("SopDocument", "pause_reasons"): (_code, "code"),
    ("SopDocument", "steps"): (_code, "code"),
    ("SopDocument", "revisions"): (_version, "version"),
    ("Obligation", "escalation"): (_to, "to"),
    ("Handover", "reasons"): (_code, "code"),
    ("Step", "next"): (_to, "to"),
}
"""Lists whose items are matched by a field of theirs."""

_TEXTS = frozenset(
    {
        ("SopDocument", field)
        for field in ("legal_basis", "qualifications", "related", "equipment", "warnings", "records")
    }
    | {("OfficialAccounts", "principles"), ("OfficialAccounts", "forbidden"), ("Posting", "without_approval")}
)
"""Lists of texts, each of which stands for itself."""

_NOUNS: Mapping[str, tuple[str, str]] = {
    "Actor": (_("Actor %(name)s"), _("actor %(name)s")),
    "KindRule": (_("Kind %(name)s"), _("kind %(name)s")),
    "ChannelRule": (_("Channel %(name)s"), _("channel %(name)s")),
    "HorizonRule": (_("Horizon %(name)s"), _("horizon %(name)s")),
    "Template": (_("Template %(name)s"), _("template %(name)s")),
    "Obligation": (_("Obligation %(name)s"), "%(name)s"),
    "PauseReason": (_("Pause reason %(name)s"), _("pause reason %(name)s")),
    "HandoverReason": (_("Reason for handing on %(name)s"), _("reason for handing on %(name)s")),
    "Step": (_("Step %(name)s"), _("step %(name)s")),
    "Revision": (_("Revision %(name)s"), _("revision %(name)s")),
    "Rung": (_("Rung of %(of)s"), _("the rung to %(name)s of %(of)s")),
    "Branch": (_("Arrow of %(of)s"), _("the arrow to %(name)s of %(of)s")),
}
"""How an item is called at the beginning of a sentence and inside one."""


def _named(item: Any, document: SopDocument, of: Said | None) -> tuple[Said, Said]:
    part = _bare(item)
    name = _name(item, document)
    whole, inside = _NOUNS[type(part).__name__]
    params = {"name": name} if of is None else {"name": name, "of": of}
    return Said(whole, params), Said(inside, params)


def _name(item: Any, document: SopDocument) -> Said:
    part = _bare(item)
    match type(part).__name__:
        case "ChannelRule":
            return word(CHANNELS, item.code)
        case "Template":
            return word(TEMPLATES, item.code)
        case "KindRule":
            return kind_said(item.code, document)
        case "HorizonRule":
            return horizon_said(item.code, document)
        case "Rung":
            return actor_said(item.to, document)
        case "Branch":
            return step_said(item.to, document)
        case "Step":
            return quoted(item.activity)
        case "Revision":
            return quoted(item.version)
    return quoted(getattr(part, "name", ""))


def _summary(item: Any, document: SopDocument) -> Value:
    """What an added or removed item says, besides its name."""
    part = _bare(item)
    match type(part).__name__:
        case "Obligation":
            params = {
                "first": actor_said(item.actor, document),
                "rest": value_said("Obligation", "within", item.within, document),
            }
            return Said("%(first)s, %(rest)s", params)
        case "Rung":
            params = {"first": actor_said(item.to, document), "span": span_said(item.after)}
            return Said(_("%(first)s, %(span)s after the due instant"), params)
        case "Branch":
            return step_said(item.to, document)
        case "KindRule":
            return value_said("KindRule", "answer_within", item.part.answer_within, document)
        case "ChannelRule":
            return value_said("ChannelRule", "first_response", item.part.first_response, document)
        case "Actor":
            return value_said("Actor", "role", item.part.role, document)
        case "Step":
            return value_said("Step", "actors", item.actors, document)
        case "Revision":
            return str(item.summary)
    return ""
