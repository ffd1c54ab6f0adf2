"""Templates: each is there, has the purpose it is used for, and every place in it is known and filled. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from salur.sop.document.model import SopDocument
from salur.sop.document.rules import Template
from salur.sop.document.said import Said, _
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.vocabulary import DEMANDS, HORIZONS, PURPOSES, TEMPLATES, quoted
from salur.sop.wording import placeholders, stray_braces
from salur.sop.words import AT_ONCE, LONGER_HORIZONS, PLACEHOLDERS

_PLANNED = frozenset({"owner", "plan", "plan_reference", "promised_on", "review_on", "horizon"})
_DEMANDED = frozenset({"owner", "plan", "plan_reference", "promised_on", "review_on"})


@dataclass(frozen=True)
class _Use:
    """For what the engine takes a template: its purpose, the places it fills, and the one that holds the matter."""

    purpose: str
    fills: frozenset[str]
    holds: str = ""


_USES = {
    "acknowledgement": _Use("acknowledgement", AT_ONCE),
    "question": _Use("question", AT_ONCE | {"question", "closes"}, "question"),
    "progress": _Use("progress", AT_ONCE | {"answer"}, "answer"),
    "answer": _Use("answer", AT_ONCE | {"answer", "closes"}, "answer"),
    "scheduled": _Use("answer", AT_ONCE | {"answer"} | _PLANNED, "answer"),
    "referred": _Use("notice", AT_ONCE | {"reason"}),
    "closed_by_silence": _Use("notice", AT_ONCE | {"reason"}),
    "closed_as_incomplete": _Use("notice", AT_ONCE | {"reason"}),
    "rescheduled": _Use("notice", AT_ONCE | {"reason"} | _PLANNED),
}


def texts(document: SopDocument) -> Iterator[Problem]:
    """Templates that are missing or could not be filled."""
    for code, use in _USES.items():
        template = document.templates.get(code)
        if template is not None:
            yield from _fits(f"templates.{code}", code, template, use)
        elif code == "acknowledgement":
            yield error("templates", _("There is no template for the receipt, with which every report is answered."))
        else:
            yield warning(
                f"templates.{code}",
                _("There is no template “%(name)s”: officers would start from an empty page."),
                name=TEMPLATES[code],
            )
    for code, template in document.templates.items():
        yield from _places(f"templates.{code}.text", template, _USES.get(code), document)


def _fits(here: str, code: str, template: Template, use: _Use) -> Iterator[Problem]:
    if template.purpose != use.purpose:
        yield error(
            f"{here}.purpose",
            _("The template “%(name)s” is used for the purpose %(used)s, not %(written)s."),
            name=TEMPLATES[code],
            used=PURPOSES[use.purpose],
            written=PURPOSES[template.purpose],
        )
    for language, text in _languages(template):
        if use.holds and use.holds not in placeholders(text):
            yield error(
                f"{here}.text.{language}",
                _("{%(place)s} is missing: what the officer writes would not be sent."),
                place=use.holds,
            )


def _languages(template: Template) -> tuple[tuple[str, str], ...]:
    return ("id", template.text.id), ("en", template.text.en)


def _places(here: str, template: Template, use: _Use | None, document: SopDocument) -> Iterator[Problem]:
    known = PLACEHOLDERS if use is None else use.fills
    for language, text in _languages(template):
        for name in placeholders(text):
            if name not in PLACEHOLDERS:
                yield error(
                    f"{here}.{language}",
                    _("{%(place)s} is no known placeholder; use one of %(known)s."),
                    place=name,
                    known=", ".join(sorted(known)),
                )
            elif name not in known:
                yield error(
                    f"{here}.{language}",
                    _("{%(place)s} is not known when this text is sent; use one of %(known)s."),
                    place=name,
                    known=", ".join(sorted(known)),
                )
            elif name in _DEMANDED:
                yield from _could_be_empty(f"{here}.{language}", name, document)
        if stray_braces(text):
            yield error(f"{here}.{language}", _("A brace stands here without its partner."))
    filled = [set(placeholders(text)) for _language, text in _languages(template)]
    if filled[0] != filled[1]:
        missing: Said = quoted(", ".join(f"{{{name}}}" for name in sorted(filled[0] ^ filled[1])))
        yield warning(
            here, _("The Indonesian and the English text do not fill the same places: %(places)s."), places=missing
        )


def _could_be_empty(field: str, name: str, document: SopDocument) -> Iterator[Problem]:
    for horizon in LONGER_HORIZONS:
        rule = document.horizons.get(horizon)
        if rule is not None and name not in rule.requires:
            yield error(
                field,
                _("{%(place)s} could stay empty: the %(horizon)s does not require the %(demand)s."),
                place=name,
                horizon=HORIZONS[horizon],
                demand=DEMANDS[name],
            )
