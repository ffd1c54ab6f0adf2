"""What comes back about what we said: our own copy proves a sending, a bounce undoes it."""

import re

from salur.kernel.models import Entry
from salur.publishing.dispatch import Outcome, State, conclude
from salur.publishing.models import Dispatch

ONCE_KEY = re.compile(r"salur\.([a-z0-9]{20,40}\.[0-9a-f]{12})@")


def note(entry: Entry) -> None:
    """Let an echo of our own message confirm its dispatch, and a final bounce fail it. Heard on `delivery.ignored`."""
    reason, found = entry.data["reason"], ONCE_KEY.search(entry.data["about"])
    if not found or reason not in ("own_message", "bounce"):
        return
    rows = Dispatch.objects.filter(once_key=found[1], account_id=entry.data["account_id"])
    dispatch = rows.values_list("id", "state", "external_id").first()
    if dispatch is None:
        return
    pk, state, external_id = dispatch
    if reason == "own_message" and state == State.UNCERTAIN:
        conclude(pk, Outcome(State.SENT, external_id=external_id, confirmed_by="echo"))
    elif reason == "bounce" and not entry.data["detail"].endswith("temporary"):
        conclude(pk, Outcome(State.FAILED, problem=f"returned by the receiving server: {entry.data['detail']}"[:300]))
