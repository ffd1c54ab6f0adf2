"""Templates with open places: which places a text has, and filling them. Pure."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{([^{}]*)\}")


class WordingError(ValueError):
    """A template that cannot be filled; the text says which places have no value."""


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces, each once, in the order of the text. `{number}` is the only form: no indexes, no formats."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def stray_braces(text: str) -> bool:
    """Whether a brace stands alone, which is always a typing slip."""
    rest = _PLACE.sub("", text)
    return "{" in rest or "}" in rest


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every place filled; what a value contains is never read as a place again. Raises WordingError."""
    missing = [name for name in placeholders(text) if name not in values]
    if missing:
        raise WordingError(f"no value for {', '.join(missing)}: give one for every place of the template")
    return _PLACE.sub(lambda place: values[place[1]], text)
