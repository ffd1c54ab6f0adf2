"""Says in plain words what pydantic found wrong in a document. Pure."""

from typing import Any

_SAID = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a field of an SOP document; correct its spelling or delete it",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list; begin each item with -",
    "dict_type": "must have fields of its own below it",
    "model_type": "must have fields of its own below it",
    "model_attributes_type": "must have fields of its own below it",
    "date_from_datetime_parsing": "is no date of the calendar; write year-month-day, such as 2026-01-31",
    "date_parsing": "is no date of the calendar; write year-month-day, such as 2026-01-31",
}


def said_plainly(detail: Any) -> str:
    """One sentence for one pydantic error detail, to stand behind the name of the field."""
    kind: str = detail["type"]
    context = detail.get("ctx", {})
    if kind in _SAID:
        return _SAID[kind]
    if kind == "literal_error":
        return f"must be one of {str(context['expected']).replace(' or ', ', ')}, not {_shown(detail['input'])}"
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if kind == "string_too_long":
        return f"is too long; at most {context['max_length']} characters"
    return str(detail["msg"]).removeprefix("Value error, ")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
