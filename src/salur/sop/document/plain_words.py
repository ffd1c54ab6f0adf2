"""Says in plain words what pydantic found wrong in a document. Pure."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from salur.sop.document.said import Said, _
from salur.sop.document.values import Unfit, meant_hint, nearest, one_of, shown

_SAID = {
    "missing": _("is missing; add it"),
    "string_too_short": _("is empty; write something here, or delete the field if it may be left out"),
    "too_short": _("is empty; write at least one item"),
    "int_type": _('"%(found)s" is no whole number; write one such as 1, without quotes'),
    "int_parsing": _('"%(found)s" is no whole number; write one such as 1, without quotes'),
    "int_from_float": _('"%(found)s" is no whole number; write one such as 1, without quotes'),
    "bool_type": _('"%(found)s" is neither true nor false; write one of the two, without quotes'),
    "bool_parsing": _('"%(found)s" is neither true nor false; write one of the two, without quotes'),
    "tuple_type": _('"%(found)s" stands alone, but a list belongs here; begin each item on its own line with -'),
    "dict_type": _('here stands "%(found)s", but fields of its own belong below it, such as "name: value"'),
    "model_type": _('here stands "%(found)s", but fields of its own belong below it, such as "name: value"'),
    "model_attributes_type": _('here stands "%(found)s", but fields of its own belong below it, such as "name: value"'),
    "date_from_datetime_parsing": _('"%(found)s" is no date of the calendar; write year-month-day, such as 2026-01-31'),
    "date_parsing": _('"%(found)s" is no date of the calendar; write year-month-day, such as 2026-01-31'),
    "greater_than_equal": _("%(found)s is too small; write a whole number from %(ge)s"),
    "less_than_equal": _("%(found)s is too large; write a whole number up to %(le)s"),
    "string_too_long": _("is too long; at most %(max_length)s characters"),
}
_NO_TEXT = _('here stands "%(found)s", but a text belongs here; write one, in quotes if need be')
_EMPTY = _("is empty; write something here, or delete the field if it may be left out")
_UNKNOWN = _('"%(name)s" is not a field here; correct its spelling or delete it%(hint)s')
_NOT_ONE = _('"%(found)s" is not known here; write %(words)s%(hint)s')
_UNSAID = _('"%(found)s" may not stand here')


def said_plainly(detail: Any, fields_at: Callable[[Sequence[str | int]], Sequence[str]]) -> Said:
    """One sentence for one pydantic error detail, to stand behind the name of the field.

    `fields_at` tells which fields a place may have, so that a misspelt one finds its neighbour.
    """
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    error = context.get("error")
    if isinstance(error, Unfit):
        return error.said
    if kind == "extra_forbidden":
        name = detail["loc"][-1]
        return Said(_UNKNOWN, {"name": name, "hint": meant_hint(nearest(name, fields_at(detail["loc"][:-1])))})
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(context["expected"]))
        hint = meant_hint(nearest(found, words))
        return Said(_NOT_ONE, {"found": shown(found), "words": one_of(words), "hint": hint})
    if found is None and kind != "missing":
        return Said(_EMPTY)
    if kind == "string_type":
        return Said(_NO_TEXT, {"found": shown(found)})
    if kind in _SAID:
        return Said(_SAID[kind], {"found": shown(found), **context})
    return Said(_UNSAID, {"found": shown(found)})
