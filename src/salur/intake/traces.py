"""What a message leaves no doubt about: most are a stranger's first word, and nothing has to be looked for then."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from salur.intake.models import Message

LOOK = """
SELECT
    EXISTS (
        SELECT 1 FROM intake_message WHERE external_id = %(own)s AND government_id = %(government)s AND id <> %(id)s
    ),
    EXISTS (
        SELECT 1 FROM intake_message WHERE account_id = %(account)s AND sender_index = %(sender)s AND id <> %(id)s
    ),
    EXISTS (SELECT 1 FROM intake_message WHERE account_id = %(account)s AND external_id = ANY(%(ids)s))
    OR EXISTS (
        SELECT 1 FROM intake_signal WHERE account_id = %(account)s AND about = ANY(%(ids)s) AND kind = 'echoed'
    )
"""


@dataclass(frozen=True)
class Traces:
    """`copied`: a message of this id came to the government before. `spoke`: this sender said something else here.
    `answers`: something it answers, or the top of its thread, is known here as a message or as an echo of ours."""

    copied: bool
    spoke: bool
    answers: bool


UNKNOWN = Traces(copied=False, spoke=False, answers=False)


def traces(message: Message) -> Traces:
    """Ask for all of them in one statement. The caller holds what keeps a second such message away."""
    ids = [str(one) for one in [*message.extra.get("thread_ids", []), message.root_id] if one]
    facts: dict[str, Any] = {
        "id": message.pk,
        "government": message.government_id,
        "account": message.account_id,
        "own": message.external_id,
        "sender": message.sender_index,
        "ids": ids,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOK, facts)
        return Traces(*cursor.fetchone())
