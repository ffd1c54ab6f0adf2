"""What people do in an invented case: from the citizen's word to the end, and the ways in between."""

from datetime import datetime, time, timedelta
from typing import Any

from salur.cases.events import (
    ArbiterCalled,
    CaseClosed,
    CaseFollowedUp,
    CaseHeld,
    CaseOpened,
    CaseReferred,
    CaseReopened,
    CaseReviewed,
    CaseVerified,
    ClosingProposed,
    EvidenceAdded,
    HorizonSet,
    MessageJoined,
)
from salur.config.bench.history_life import SWEEP, Life
from salur.kernel import ledger
from salur.publishing.events import (
    DispatchFailed,
    DispatchSent,
    ReplyApproved,
    ReplyDrafted,
    ReplyReturned,
    ReplySubmitted,
)
from salur.sop.engine.fold import fold
from salur.sop.events import SopStarted

OPERATOR, APPROVER, COORDINATOR = "member:1", "member:2", "member:3"


def live(life: Life) -> None:
    """One case from the citizen's word to its end."""
    _open(life)
    if life.chance(0.3):
        return _archive(life)
    _hand_on(life)
    if life.chance(0.1) and not _ask(life):
        return None
    if life.chance(0.1):
        life.work("first_response")
        _reply(life, "progress")
    if life.chance(0.05):
        _schedule(life)
    if life.chance(0.5):
        life.work("follow_up")
        life.write(CaseFollowedUp(note="Petugas meninjau lokasi dan menjadwalkan pekerjaan."), OPERATOR)
        life.settle()
    life.work("draft")
    _reply(life, "answer")
    return _end(life)


def _open(life: Life) -> None:
    number = life.number
    opened = CaseOpened(
        number=f"BENCH-{number}",
        kind=life.kind,
        function=None,
        agency_id=life.agency,
        horizon="short",
        spoken_at=life.spoken_at.isoformat(),
        channel=life.channel,
        voice_id=number,
        message_id=number,
        direct=False,
        imported=False,
    )
    life.at += timedelta(seconds=life.dice.randrange(2, 90))
    if life.at >= life.world.until:
        life.at = life.spoken_at
    life.write(opened, ledger.CITIZEN)
    due = fold(life.facts, life.world.document, life.world.calendars, life.at).citizen_due_at
    document = life.world.document
    life.write(
        SopStarted(
            version_id=life.world.version_id,
            sop=document.code,
            version=life.world.version,
            sha256=document.sha256,
            answer_due_at=due.isoformat() if due else "",
            acknowledgement="Laporan Anda kami terima.",
        ),
        ledger.SYSTEM,
    )
    life.settle()


def _archive(life: Life) -> None:
    """Empty, or no matter for a government: two people agree that it ends here."""
    life.work("verify")
    life.write(ClosingProposed(outcome="archived", reason="Isi laporan tidak jelas"), OPERATOR)
    life.settle()
    life.work("approve")
    life.write(CaseClosed(by="officer", outcome="archived", reason="Isi laporan tidak jelas"), APPROVER)
    life.settle()


def _hand_on(life: Life) -> None:
    """The coordinator verifies, or hands the case to another agency; some bounce until the arbiter decides."""
    life.work("verify")
    if not life.chance(0.13):
        life.write(CaseVerified(), COORDINATOR)
        life.settle()
        return
    _refer(life, "not_ours")
    if life.chance(0.3):
        life.work("hand_over")
        _refer(life, "more_able")
        if life.chance(0.4):
            life.work("hand_over")
            life.write(ArbiterCalled(reason="not_ours"), OPERATOR)
            life.settle()
            life.work("arbitrate")
            _refer(life, "arbitration")


def _refer(life: Life, reason: str) -> None:
    others = [one for one in life.world.agencies if one[0] != life.agency]
    if not others:
        return
    agency_id, name = life.dice.choice(others)
    referred = CaseReferred(
        agency_id=agency_id, from_agency_id=life.agency, reason=reason, note="", agency_name=name, imported=False
    )
    life.write(referred, COORDINATOR)
    life.agency = agency_id
    life.settle()


def _ask(life: Life) -> bool:
    """A question to the citizen; False where silence ended the case."""
    _reply(life, "question")
    if not life.chance(0.75):
        _close_by_silence(life, "incomplete")
        return False
    life.wait_until(life.at + timedelta(days=life.dice.uniform(0.1, 9)))
    _join(life)
    return True


def _join(life: Life) -> None:
    joined = MessageJoined(message_id=life.number, voice_id=life.number, spoken_at=life.at.isoformat())
    life.write(joined, ledger.CITIZEN)
    life.settle()


def _schedule(life: Life) -> None:
    """The matter needs a budget: medium or long, promised and reviewed."""
    horizon = "medium" if life.chance(0.75) else "long"
    life.work("first_response")
    review = (life.at + timedelta(days=60)).date().isoformat()
    scheduled = HorizonSet(
        horizon=horizon,
        was_horizon="short",
        reason="Perlu anggaran",
        owner="Bidang Perencanaan",
        plan="rkpd",
        plan_reference="RKPD, kegiatan contoh",
        promised_on=(life.at + timedelta(days=200)).date().isoformat(),
        review_on=review,
    )
    life.write(scheduled, OPERATOR)
    life.settle()


def _reply(life: Life, purpose: str) -> None:
    """Draft, approval by another person, sending; some come back from the approver, few from the channel."""
    life.replies += 1
    reply_id = life.number * 10 + life.replies
    reply: dict[str, Any] = {"reply_id": reply_id, "purpose": purpose}
    life.write(ReplyDrafted(**reply, sha256=""), OPERATOR)
    life.write(ReplySubmitted(**reply, sha256=""), OPERATOR)
    life.settle()
    life.work("approve")
    if life.chance(0.04):
        life.write(ReplyReturned(**reply, note="Lengkapi tanggal pengerjaan."), APPROVER)
        life.write(ReplySubmitted(**reply, sha256=""), OPERATOR)
        life.settle()
        life.work("approve")
    life.write(ReplyApproved(**reply, sha256=""), APPROVER)
    way = {**reply, "dispatch_id": reply_id, "voice_id": life.number, "channel": life.channel}
    life.write(DispatchSent(**way, external_id="", confirmed_by="channel"), ledger.SYSTEM)
    if purpose == "question":
        life.write(CaseHeld(reason="incomplete", question_reply_id=reply_id), ledger.SYSTEM)
    life.settle()
    if purpose == "answer" and life.chance(0.01):
        life.wait_until(life.at + timedelta(minutes=10))
        life.write(DispatchFailed(**way, problem="mailbox full"), ledger.SYSTEM)
        life.settle()
        life.wait_until(life.at + timedelta(hours=20))
        again = {**way, "dispatch_id": reply_id + 5}
        life.write(DispatchSent(**again, external_id="", confirmed_by="channel"), ledger.SYSTEM)
        life.settle()


def _end(life: Life) -> None:
    """After the answer: a scheduled case is reviewed until the year is over; others end, or the citizen comes back."""
    if life.state is not None and life.state.horizon != "short":
        return _review(life)
    if life.chance(0.09):
        life.wait_until(life.at + timedelta(days=life.dice.uniform(0.05, 8)))
        _join(life)
        life.work("answer_again")
        _reply(life, "answer")
    if life.chance(0.1):
        life.wait_until(life.at + timedelta(days=life.dice.uniform(0.05, 5)))
        life.write(CaseClosed(by="citizen", outcome="answered", reason=""), ledger.CITIZEN)
        life.settle()
    elif life.chance(0.1):
        shown = EvidenceAdded(evidence_id=life.number, name="foto.jpg", sha256="", note="Selesai dikerjakan")
        life.write(shown, OPERATOR)
        life.work("approve")
        life.write(CaseClosed(by="officer", outcome="completed", reason="Selesai ditangani"), APPROVER)
        life.settle()
    else:
        _close_by_silence(life, "silence")
    if life.chance(0.03):
        life.wait_until(life.at + timedelta(days=life.dice.uniform(1, 20)))
        life.write(CaseReopened(by="citizen", reason="Masih rusak"), ledger.CITIZEN)
        life.settle()
        life.work("follow_up")
        _reply(life, "answer")
        _close_by_silence(life, "silence")
    return None


def _close_by_silence(life: Life, outcome: str) -> None:
    closes_at = life.state.closes_at if life.state else None
    life.wait_until(closes_at + SWEEP if closes_at else life.world.until)
    life.write(CaseClosed(by="system", outcome=outcome, reason="silence"), ledger.SYSTEM)
    life.settle()


def _review(life: Life) -> None:
    promised = life.at + timedelta(days=190)
    while life.state is not None and life.state.review_on is not None:
        if life.at > promised and life.chance(0.6):
            life.write(CaseClosed(by="officer", outcome="completed", reason="Selesai dibangun"), APPROVER)
            life.settle()
            return
        before = life.state.review_on - timedelta(days=life.dice.randrange(0, 4))
        life.wait_until(datetime.combine(before, time(8), life.calendar.timezone))
        life.work("review")
        following = (life.at + timedelta(days=60)).date().isoformat()
        life.write(CaseReviewed(note="Anggaran diusulkan.", next_review_on=following), OPERATOR)
        life.settle()
