"""What the paper shows besides the rules: header, identity block, flow table, revision history. Pure.

The form is that of PermenPANRB 35/2012 and Permendagri 52/2011.
"""

from typing import Annotated

from pydantic import Field

from salur.sop.document.values import Code, Day, Note, Part, Text, Words
from salur.sop.words import Symbol


class Dates(Part):
    """The dates of the header: when the paper was made, when it takes effect, when it was last revised."""

    created: Day
    effective: Day
    revised: Day | None = None


class Approver(Part):
    """Who signs the paper."""

    position: Text
    name: Text
    rank: Note = ""
    employee_number: Note = ""


class Revision(Part):
    """One line of the revision history: which version brought what."""

    version: Annotated[int, Field(ge=1, strict=True)]
    date: Day
    summary: Text


class Branch(Part):
    """Where the flow goes on from a step; `when` is the word at the arrow, which a decision needs."""

    to: Code
    when: Words | None = None


class Step(Part):
    """One row of the flow table: its symbol stands in the columns of its actors.

    `obligations` are those the step fulfils: their limits are what the paper prints as its time. `time` is for a step
    that no obligation limits, such as a task of minutes. `next` empty means the following row; an end has none.
    """

    code: Code
    activity: Words
    symbol: Symbol = "process"
    actors: Annotated[tuple[Code, ...], Field(min_length=1)]
    completeness: Note = ""
    obligations: tuple[Code, ...] = ()
    time: Note = ""
    output: Note = ""
    note: Note = ""
    next: tuple[Branch, ...] = ()
