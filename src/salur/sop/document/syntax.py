"""Says in plain words what the YAML parser could not read. Pure.

The parser speaks to programmers; each entry names the cause an official can see on the line, and what to write.
"""

from salur.sop.document.said import Said, _

_TAB = _("a tab stands here; indent with spaces instead")
_SAID = (
    ("mapping values", _('a colon stands here where none may; put a text that contains ": " in double quotes')),
    ("block sequence entries", _('a list item (-) stands behind a word; begin it on a line of its own below "field:"')),
    ("tab character", _TAB),
    ("unexpected end of stream", _("a quotation mark is opened here and never closed; close it")),
    ("unknown escape", _("a backslash stands in double quotes; write two of them, or use single quotes")),
    ("escape code", _("a backslash stands in double quotes; write two of them, or use single quotes")),
    ("expected ':'", _('this line is no field; write "field: value", or indent a text that goes on')),
    ("expected key", _("this line is indented differently from the fields above it; put it right below them")),
    ("'-' indicator", _('this line stands in a list but does not begin with "-"; check its indentation')),
    ("',' or ']'", _("a list that was opened with [ is not closed; add ] or the missing comma")),
    ("',' or '}'", _("a group that was opened with { is not closed; add } or the missing comma")),
    ("node content", _("a value is missing here, or a bracket [ or { was opened and not closed")),
    ("document start", _("something stands here after the end of the document; check brackets } ] and indentation")),
    ("alphabetic or numeric", _("a text that begins with & or * needs quotes")),
    ("tag", _("a text that begins with ! needs quotes")),
    ("directive", _("a line that begins with % is not read; put the text in quotes, or delete the line")),
)
_START = _("a text cannot begin with %(sign)s; put it in double quotes")
_ELSE = _("this line cannot be read; check its indentation, colons and quotation marks, and those of the line above")


def said_of(context: str, problem: str, rest: str) -> Said:
    """The sentence for one complaint of the parser; `rest` is the text from the place where it stopped."""
    if "cannot start any token" in problem:
        return Said(_TAB) if rest.startswith("\t") else Said(_START, {"sign": rest[:1]})
    for part, sentence in _SAID:
        if part in problem or (part == "directive" and part in context):
            return Said(sentence)
    return Said(_ELSE)
