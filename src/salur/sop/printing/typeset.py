"""Setting with typst: nothing but the fonts and templates shipped with the program, nothing from the network. Pure."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).parent

Measured = tuple[float, float, float]
"""Of a text in its column: width and height in millimetres, and the width of its widest word."""


@cache
def _fonts() -> typst.Fonts:
    # System fonts differ from machine to machine, and the same document must give the same bytes on each.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compiler(template: str, data: object) -> typst.Compiler:
    text = json.dumps(data, ensure_ascii=False)
    return typst.Compiler(
        HERE / template, root=HERE, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": text}
    )


def typeset(template: str, data: object, format: Literal["pdf", "svg"], timestamp: int = 0) -> list[bytes]:
    """The pages of a template (for PDF one file): the data reach it as JSON, never as code.

    `timestamp` is the creation date that is written into a PDF, in seconds since 1970 UTC.
    """
    made = _compiler(template, data).compile(format=format, timestamp=timestamp)
    assert made is not None
    return made if isinstance(made, list) else [made]


def measure(texts: Sequence[tuple[str, str, float]]) -> list[Measured]:
    """The sizes of texts, given as (text, style of chart.typ, width of the column in millimetres)."""
    found: list[Any] = json.loads(_compiler("measure.typ", texts).query("<sizes>", field="value", one=True))
    return [(width, height, widest) for width, height, widest in found]
