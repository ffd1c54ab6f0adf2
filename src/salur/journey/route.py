"""What follows what. Read this file first: it is the whole machine on one page.

An event on the left is written by the room named in its kind; the verbs on the right run after it, in this order,
each once (`journey/worker`). After every verb `sop/advance` folds the journals it touched and projects the cases
(`journey/act`). Deliveries reach `intake/understand` and dispatches reach `publishing/dispatch` through queues of
their own, because what they hold is not yet, or no longer, a fact of ours.
"""

from salur.cases import changed
from salur.channels.invited import look_soon
from salur.publishing.acknowledge import acknowledge
from salur.publishing.alarms import tell
from salur.publishing.notify import notify_closing, notify_horizon, notify_kind, notify_referral, notify_review
from salur.publishing.outbox import lay
from salur.publishing.receipts import note, note_echo, note_receipt
from salur.sop.start import start
from salur.triage.read import read

ROUTE = {
    "message.received": (read,),
    "message.changed": (changed.note,),
    "case.opened": (start,),
    "sop.started": (acknowledge,),
    "case.classified": (notify_kind,),
    "case.referred": (notify_referral,),
    "case.horizon_set": (notify_horizon,),
    "case.reviewed": (notify_review,),
    "case.closed": (notify_closing,),
    "reply.approved": (lay,),
    "delivery.ignored": (note, look_soon),
    "receipt.received": (note_receipt,),
    "echo.received": (note_echo,),
    "alarm.raised": (tell,),
    "alarm.ended": (tell,),
}
