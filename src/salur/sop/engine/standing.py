"""What was voided, released and withdrawn, or said and came back undelivered, was not said. Pure."""

from collections.abc import Callable, Mapping, Sequence

from salur.kernel.events import Fact


def not_voided(by_seq: Mapping[int, Fact], flag: Callable[[str, object], None]) -> list[Fact]:
    """The facts without those that a later `case.fact_voided` names, and without the voids themselves.

    A void that is voided itself takes nothing out. An opening cannot be voided: a case is not undone but closed. A
    void of nothing, or of a fact written after it, is flagged and changes nothing.
    """
    out: set[int] = set()
    for seq in sorted((seq for seq, fact in by_seq.items() if fact.kind == "case.fact_voided"), reverse=True):
        if seq in out:
            continue
        named = by_seq[seq].data.get("seq")
        if not isinstance(named, int) or named not in by_seq or named >= seq:
            flag("unknown_fact", named)
        elif by_seq[named].kind == "case.opened":
            flag("unvoidable_fact", named)
        else:
            out.add(named)
    return [fact for seq, fact in by_seq.items() if seq not in out and fact.kind != "case.fact_voided"]


def standing(journal: Sequence[Fact]) -> Sequence[Fact]:
    """The journal without what a later fact took back: approvals that were withdrawn, and sendings that failed."""
    return _delivered(_released(journal))


def _released(journal: Sequence[Fact]) -> Sequence[Fact]:
    """Without the approvals of a reply that was withdrawn after them: it waits for an approver as before.

    The withdrawals themselves say no more. An approval of the same reply after its withdrawal stands.
    """
    withdrawn = {_reply(fact): place for place, fact in enumerate(journal) if fact.kind == "reply.withdrawn"}
    if not withdrawn:
        return journal
    return [
        fact
        for place, fact in enumerate(journal)
        if fact.kind != "reply.withdrawn" and (fact.kind != "reply.approved" or place > withdrawn.get(_reply(fact), -1))
    ]


def _delivered(journal: Sequence[Fact]) -> Sequence[Fact]:
    """Without the sendings that a later failure of the same dispatch took back.

    An answer that bounced answers nobody: the obligation is open again and silence closes nothing. Where another voice
    did get the reply, that sending stands. A pause for a question that reached nobody never began.
    """
    failed = {_dispatch(fact): place for place, fact in enumerate(journal) if fact.kind == "dispatch.failed"}
    if not failed:
        return journal
    kept = [
        fact
        for place, fact in enumerate(journal)
        if fact.kind != "dispatch.sent" or place > failed.get(_dispatch(fact), -1)
    ]
    heard = {str(fact.data.get("reply_id")) for fact in kept if fact.kind == "dispatch.sent"}
    lost = {str(fact.data.get("reply_id")) for fact in journal if fact.kind == "dispatch.sent"} - heard
    return [fact for fact in kept if fact.kind != "case.held" or _question(fact) not in lost]


def _question(fact: Fact) -> str | None:
    """The reply that a pause waits for; None where it waits for no reply."""
    named = fact.data.get("question_reply_id")
    return None if named is None else str(named)


def _reply(fact: Fact) -> str:
    return str(fact.data.get("reply_id", f"seq {fact.seq}"))


def _dispatch(fact: Fact) -> str:
    return str(fact.data.get("dispatch_id", f"seq {fact.seq}"))
