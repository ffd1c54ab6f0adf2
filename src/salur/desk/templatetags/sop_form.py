"""Pieces of the SOP editor's forms."""

from django import template

from salur.desk.sop_editor import dress
from salur.desk.sop_editor.labels import known_codes
from salur.desk.sop_editor.shapes import Node, Option

register = template.Library()


@register.filter
def amount(node: Node) -> str:
    """The number of a span."""
    return dress.amount_of(node)


@register.filter
def limits(node: Node) -> list[Option]:
    """What may stand in place of a span."""
    return dress.limits_of(node)


@register.filter
def brief(item: Node) -> str:
    """What an officer looks for in a folded item: who, and how long."""
    return " · ".join(filter(None, (dress.brief_of(child) for child in item.children)))


@register.filter
def codes(node: Node) -> list[Option]:
    """The codes under which an item of this list may stand, where Salur names them; the item's own among them."""
    known = known_codes(node.kind.name)
    strangers = {node.key: node.key} if known and node.key not in known else {}
    return [Option(code, label, code == node.key) for code, label in (strangers | known).items()]


@register.filter
def wrong(node: Node) -> bool:
    """Whether something is to be mended in this part or anywhere below it."""
    return bool(node.errors) or any(wrong(one) for one in (*node.children, *node.items))


@register.filter
def flaws(nodes: list[Node]) -> list[tuple[str, str, str]]:
    """Everything that is to be mended on the page: its place, what that is called, and what is wrong."""
    return _flaws(nodes, "")


def _flaws(nodes: list[Node], above: str) -> list[tuple[str, str, str]]:
    found = [(node.place, f"{above}{node.label}", said) for node in nodes for said in node.errors]
    for node in nodes:
        found += _flaws(node.children, above)
        for item in node.items:
            found += [(item.place, item.label, said) for said in item.errors] + _flaws(item.children, f"{item.label}: ")
    return found


@register.filter
def hours(node: Node) -> list[tuple[str, str, str]]:
    """The seven days with their hours."""
    return dress.hours_of(node)
