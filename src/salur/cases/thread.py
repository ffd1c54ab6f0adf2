"""Which case a message continues: by proof only, never by subject or display name."""

import re

from salur.cases.models import Case, CaseMessage
from salur.cases.number import read_number
from salur.intake.models import Message
from salur.kernel.crypto import sign, unsign

OUR_ID = re.compile(r"\bsalur\.([a-z0-9]{20,40})\.")


def thread_token(case: Case) -> str:
    """The signed token that stands in the plus-address and the Message-ID of everything sent about a case."""
    return sign(case.number.replace("-", "").lower())


def find_case(message: Message) -> Case | None:
    """The case this message continues, or None.

    Proofs, strongest first: a signed token in the address it was written to; one of our own message ids (which
    carry the token) among those it answers; an earlier message of the same sender on the same account.
    """
    ids = [str(one) for one in message.extra.get("thread_ids", [])]
    tokens = [str(message.extra.get("thread_token") or "")] + [hit for one in ids for hit in OUR_ID.findall(one)]
    for token in filter(None, tokens):
        number = read_number(unsign(token) or "")
        case = Case.objects.filter(number=number, government_id=message.government_id).first() if number else None
        if case:
            return case
    if not ids or not message.sender_index:
        return None
    link = (
        CaseMessage.objects.filter(
            message__external_id__in=ids,
            message__account_id=message.account_id,
            message__sender_index=message.sender_index,
        )
        .select_related("case")
        .order_by("-id")
        .first()
    )
    return link.case if link else None
