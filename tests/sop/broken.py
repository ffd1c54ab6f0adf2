"""The standard SOP, broken in chosen places."""

from collections.abc import Callable
from typing import Any

from salur.sop.document.load import STANDARD, load
from salur.sop.document.model import SopDocument
from salur.sop.proofs.check import Facts

Edit = Callable[[dict[str, Any]], None]

DATA = load(STANDARD.read_text(encoding="utf-8")).model_dump(mode="json")
FACTS = Facts(
    roles=frozenset({"operator", "approver", "coordinator", "leader"}),
    positions=frozenset({"regional_secretary"}),
    channels=frozenset({"web", "instagram"}),
    calendar_years=frozenset({2025}),
    members={"operator": 2, "leader": 1},
)


def find(data: Any, path: str) -> Any:
    """What stands at a path, items of lists by their code or position."""
    for name in path.split(".") if path else []:
        if isinstance(data, list):
            data = data[int(name)] if name.isdigit() else next(one for one in data if one["code"] == name)
        else:
            data = data[name]
    return data


def put(path: str, value: Any) -> Edit:
    above, _, name = path.rpartition(".")

    def edit(data: dict[str, Any]) -> None:
        assert find(data, above).get(name) != value, "this changes nothing"
        find(data, above)[name] = value

    return edit


def drop(path: str) -> Edit:
    above, _, name = path.rpartition(".")

    def edit(data: dict[str, Any]) -> None:
        holder = find(data, above)
        if isinstance(holder, list):
            holder.remove(find(data, path))
        else:
            del holder[name]

    return edit


def add(path: str, value: Any) -> Edit:
    return lambda data: find(data, path).append(value)


def broken(*edits: Edit) -> SopDocument:
    """The standard, changed; valid by its form all the same."""
    data = load(STANDARD.read_text(encoding="utf-8")).model_dump(mode="json")
    for edit in edits:
        edit(data)
    return SopDocument.model_validate(data)
