"""Codes: every channel is one that Salur knows, and nothing keeps the code that the editor gave it. Pure."""

import re
from collections.abc import Iterator

from salur.sop.document.model import SopDocument
from salur.sop.document.said import _
from salur.sop.document.values import nearest
from salur.sop.proofs.problem import Problem, error, warning
from salur.sop.vocabulary import CHANNELS
from salur.sop.words import UNNAMED


def codes(document: SopDocument) -> Iterator[Problem]:
    """Channels that no platform has, and parts that were added and never named."""
    left = re.compile(f"{UNNAMED}[0-9]+")
    parts = (("actors", [*document.actors]), ("channels", [*document.channels]), ("templates", [*document.templates]))
    for section, named in parts:
        for code in named:
            if left.fullmatch(code):
                yield error(
                    f"{section}.{code}",
                    _("“%(code)s” is only the code it got when it was added: give it its own code."),
                    code=code,
                )
            elif section == "channels" and code not in CHANNELS:
                yield _no_channel(code)


def _no_channel(code: str) -> Problem:
    if meant := nearest(code, list(CHANNELS)):
        text = _("Salur knows no channel “%(code)s”, so no report could come over it; did you mean %(meant)s?")
        return warning(f"channels.{code}", text, code=code, meant=meant)
    text = _("Salur knows no channel “%(code)s”, so no report could come over it; it knows %(known)s.")
    return warning(f"channels.{code}", text, code=code, known=", ".join(CHANNELS))
