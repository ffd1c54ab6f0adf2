"""The second half of the SOP: how official accounts are kept and what is published there. Pure."""

from typing import Annotated

from pydantic import Field

from salur.sop.document.values import Code, LimitedSpan, Part, Text, Words


class Custody(Part):
    """Who keeps an official account, and how many officers at least must be able to."""

    actor: Code
    at_least: Annotated[int, Field(ge=1, le=20, strict=True)] = 2


class Posting(Part):
    """How a post comes about: who writes it, who approves it (another person), within which time.

    `without_approval` names kinds of posts that go out at once, such as a disaster warning.
    """

    drafted_by: Code
    approved_by: Code
    within: LimitedSpan
    without_approval: tuple[Words, ...] = ()


class Response(Part):
    """The duty to respond to comments, mentions and private messages."""

    actor: Code
    within: LimitedSpan


class OfficialAccounts(Part):
    """The rules of managing official accounts (PermenPANRB 83/2012, SE MenPANRB 137/2018)."""

    custody: Custody
    posting: Posting
    response: Response
    principles: tuple[Text, ...] = ()
    forbidden: tuple[Text, ...] = ()
