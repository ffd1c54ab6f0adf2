"""One call to a platform's interface: what came in, which door it knocks at, and how it is answered."""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]


@dataclass
class Call:
    """A request: `path` without the vendor's version, `params` from query, form and JSON body together."""

    method: str
    path: str
    query: dict[str, str]
    body: Json
    headers: Mapping[str, str]
    raw: bytes = b""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def params(self) -> Json:
        """Query and body in one; the body wins."""
        return {**self.query, **self.body}

    def text(self, name: str, default: str = "") -> str:
        """One parameter as a text."""
        value = self.params.get(name)
        return default if value is None else str(value)

    def bearer(self) -> str:
        """The token of the Authorization header ("" for none)."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""


@dataclass
class Answer:
    """What goes back: `data` as JSON, nothing for None."""

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """The platform refuses, in its own words."""

    def __init__(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(status))
        self.answer = Answer(data, status, headers or {})


Handler = Callable[..., Any]


def door(method: str, pattern: str) -> Callable[[Handler], Handler]:
    """Mark a method of a platform as the one that answers `method` on the whole path `pattern`."""

    def mark(handler: Handler) -> Handler:
        handler.__dict__.setdefault("doors", []).append((method, re.compile(pattern)))
        return handler

    return mark


def doors_of(platform: object) -> list[tuple[str, re.Pattern[str], str]]:
    """All marked doors of a platform: fixed paths first, then as they were written, its own before its bases'."""
    found: list[tuple[str, re.Pattern[str], str]] = []
    for kind in type(platform).__mro__:
        for name, member in vars(kind).items():
            found += [(method, pattern, name) for method, pattern in getattr(member, "doors", [])]
    return sorted(found, key=lambda one: "(?P<" in one[1].pattern)


async def settled(result: Any) -> Any:
    """The result itself, or what it comes to when it is awaited."""
    if inspect.isawaitable(result):
        awaited: Awaitable[Any] = result
        return await awaited
    return result


def read_body(content_type: str, raw: bytes) -> Json:
    """The fields of a body: JSON object or form. Raises ValueError for JSON that is none."""
    if not raw:
        return {}
    if "json" in content_type or raw[:1] in (b"{", b"["):
        data = json.loads(raw)
        return data if isinstance(data, dict) else {"": data}
    return unfolded(dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)))


def unfolded(fields: dict[str, str]) -> Json:
    """Form fields whose values are JSON objects or lists, as Graph and Telegram allow, read as such."""
    read: Json = {}
    for name, value in fields.items():
        try:
            read[name] = json.loads(value) if value[:1] in ("{", "[") else value
        except ValueError:
            read[name] = value
    return read
