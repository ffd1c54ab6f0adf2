"""What was said and came back undelivered was not said. Pure."""

from collections.abc import Sequence

from salur.kernel.facts import Fact

_OUTCOMES = ("dispatch.sent", "dispatch.failed")


def standing(journal: Sequence[Fact]) -> Sequence[Fact]:
    """The journal without the sendings that a later failure of the same dispatch took back.

    An answer that bounced answers nobody: the obligation is open again and silence closes nothing. Where another voice
    did get the reply, that sending stands. A pause for a question that reached nobody never began.
    """
    last = {_dispatch(fact): fact.kind for fact in journal if fact.kind in _OUTCOMES}
    if "dispatch.failed" not in last.values():
        return journal
    taken_back = {key for key, kind in last.items() if kind == "dispatch.failed"}
    kept = [fact for fact in journal if fact.kind != "dispatch.sent" or _dispatch(fact) not in taken_back]
    heard = {str(fact.data.get("reply_id")) for fact in kept if fact.kind == "dispatch.sent"}
    lost = {str(fact.data.get("reply_id")) for fact in journal if fact.kind == "dispatch.sent"} - heard
    return [fact for fact in kept if fact.kind != "case.held" or str(fact.data.get("question_reply_id")) not in lost]


def _dispatch(fact: Fact) -> str:
    return str(fact.data.get("dispatch_id", f"seq {fact.seq}"))
