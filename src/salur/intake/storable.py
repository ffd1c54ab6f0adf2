"""What PostgreSQL can hold of what comes from outside."""

from typing import Any


def storable(text: str) -> str:
    """The text without NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def storable_json(value: Any) -> Any:
    """The same JSON value with every text and key in it storable; a tuple becomes a list."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(item) for item in value]
    return value
