"""One dispatch a voice: laid into the outbox in the transaction that hears of the approval."""

import secrets

from django.db import connection

from salur.cases.queries import told_voices_of, words_of
from salur.cases.thread import thread_token
from salur.kernel import clock
from salur.kernel.ledger import as_fact
from salur.kernel.models import Entry
from salur.publishing.events import ReplyApproved
from salur.publishing.models import Dispatch, Reply


def lay(entry: Entry) -> None:
    """Make one waiting dispatch for every voice of the case that is told, answering the last thing that voice said.

    Heard on `reply.approved`.
    """
    event = ReplyApproved.read(as_fact(entry))
    reply = Reply.objects.select_related("case").get(pk=event.reply_id)
    said = words_of(reply.case_id)
    token = thread_token(reply.case)
    for voice in told_voices_of(reply.case_id):
        own = [one for one in said if one.voice_id == voice.pk]
        last = own[-1] if own else None
        Dispatch.objects.create(
            government_id=reply.government_id,
            reply=reply,
            voice=voice,
            account_id=voice.account_id,
            once_key=f"{token}.{secrets.token_hex(6)}",
            to=voice.address,
            to_name=voice.name,
            subject=((last.subject if last else "") or reply.case.title)[:300],
            in_reply_to=last.external_id if last else "",
            references=[one.external_id for one in own[-10:]],
            thread_token=token,
            not_before=clock.now(),
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('salur_outbox', '')")
