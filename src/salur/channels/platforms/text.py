"""Making text from outside fit to store: no NUL, no lone surrogates, one line where one line is meant."""

import unicodedata
from typing import Any


def without_poison(text: str) -> str:
    """Drop what a database refuses: NUL characters and lone surrogates."""
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff") if _poisoned(text) else text


def _poisoned(text: str) -> bool:
    return "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text))


def clean_line(text: str) -> str:
    """One line: line breaks and control characters become spaces, runs of white space become one."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def clean_json(value: Any) -> Any:
    """The same JSON value with every text in it made fit to store."""
    if isinstance(value, str):
        return without_poison(value)
    if isinstance(value, list):
        return [clean_json(item) for item in value]
    if isinstance(value, dict):
        return {without_poison(str(key)): clean_json(item) for key, item in value.items()}
    return value
