"""Field expansion of the Graph API: `fields=id,comments.limit(5){id,from}` picks just that, as the vendor does."""

import base64
import re
from dataclasses import dataclass, field
from typing import Any

MODIFIER = re.compile(r"\.(\w+)\(([^)]*)\)")


@dataclass
class Asked:
    """One field that was asked for: `modifiers` such as limit, `inner` what is wanted of its parts."""

    modifiers: dict[str, str] = field(default_factory=dict)
    inner: dict[str, "Asked"] = field(default_factory=dict)


def asked(text: str) -> dict[str, Asked]:
    """Read a `fields` parameter. Raises ValueError where braces do not match."""
    found: dict[str, Asked] = {}
    for part in _split(text):
        head, inner = part, ""
        if "{" in part:
            head, _, rest = part.partition("{")
            if not rest.endswith("}"):
                raise ValueError(part)
            inner = rest[:-1]
        name = head.split(".", 1)[0].split("(")[0].strip()
        if name:
            found[name] = Asked(dict(MODIFIER.findall(head)), asked(inner) if inner else {})
    return found


def _split(text: str) -> list[str]:
    parts, depth, now = [], 0, ""
    for sign in text:
        depth += (sign in "{(") - (sign in "})")
        if depth < 0:
            raise ValueError(text)
        if sign == "," and depth == 0:
            parts.append(now.strip())
            now = ""
        else:
            now += sign
    if depth:
        raise ValueError(text)
    return [part for part in [*parts, now.strip()] if part]


def pick(node: dict[str, Any], wanted: dict[str, Asked]) -> dict[str, Any]:
    """Only the wanted fields of a node, and its id, which Graph always gives. Lists are edges and come paged."""
    chosen: dict[str, Any] = {}
    for name, ask in wanted.items():
        value = node.get(name)
        if value is None:
            continue
        if isinstance(value, list):
            rows = [pick(one, ask.inner or {"id": Asked()}) for one in value if one]
            chosen[name] = page(rows, int(ask.modifiers.get("limit") or 25), "", "")
        elif isinstance(value, dict) and ask.inner:
            chosen[name] = pick(value, ask.inner)
        else:
            chosen[name] = value
    if "id" in node:
        chosen["id"] = node["id"]
    return chosen


def page(rows: list[dict[str, Any]], limit: int, after: str, url: str) -> dict[str, Any]:
    """One page of an edge with the vendor's cursors; the last page has no `next`."""
    start = int(base64.urlsafe_b64decode(after.encode() + b"==").decode() or 0) if after else 0
    limit = max(1, min(limit, 100))
    part = rows[start : start + limit]
    told: dict[str, Any] = {"data": part}
    if part:
        told["paging"] = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(part))}}
        if start + limit < len(rows):
            told["paging"]["next"] = f"{url}{'&' if '?' in url else '?'}after={_cursor(start + len(part))}"
    return told


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")
