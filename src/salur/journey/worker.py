"""The worker: carries every waiting delivery, entry and dispatch one step further, and sweeps what time makes due."""

import secrets
import threading
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections, transaction

from salur.cases.queries import due_to_close, due_to_wake
from salur.channels.health import SENDERS, due_to_check
from salur.intake import files, media, words
from salur.intake.poll import Pollers, due_to_poll, poll_due
from salur.intake.understand import understand_next, understand_next_alone
from salur.intake.watch import watch
from salur.journey.act import act, act_through, follow
from salur.journey.bell import Bell
from salur.kernel import clock, ledger, tenancy
from salur.kernel.models import Waiting
from salur.publishing import alarms, dispatch
from salur.publishing.claim import claim, hold_sender_lock
from salur.sop import recount
from salur.sop.advance import advance
from salur.sop.silence import close_by_silence

log = structlog.get_logger("salur.journey")
BATCH = 50
TOGETHER = 25
"""Deliveries of one transaction where so many wait: it costs half of what they cost one by one, and none waits long."""
PATIENCE = 5.0
"""Seconds a round of polling waits for its slowest account; that one goes on beside the next round."""
HEALTH_SECONDS = 5.0
"""How soon it is seen that an account's heartbeat is due."""


def take_some(limit: int = BATCH) -> int:
    """Bring the next waiting deliveries all the way, some in one transaction; returns how many were taken.

    Where one of several fails, or needs what somebody else holds, they go one by one.
    """
    done, together = 0, TOGETHER
    while done < limit:
        most = min(together, limit - done)
        try:
            taken = act_through(understand_next, most)
        except Exception as problem:
            if most > 1:
                log.info("deliveries are taken one by one", problem=type(problem).__name__)
                together = 1
                continue
            log.exception("a delivery was not carried through; the next is understood alone")
            taken = act(understand_next_alone)
        if not taken:
            break
        done += taken
    return done


def carry_some(limit: int = BATCH) -> int:
    """Run the verbs of the next waiting entries, and of what they write; returns how many entries were taken."""
    done = 0
    while done < limit and _carry_next():
        done += 1
    return done


def _carry_next() -> bool:
    with tenancy.use(tenancy.EVERYTHING), transaction.atomic():
        waiting = ledger.next_waiting()
        if waiting is None:
            return False
        carry(waiting)
    return True


def carry(waiting: Waiting) -> None:
    """Carry one entry that the caller holds locked, in the caller's transaction.

    First with everything that follows from it; if that fails, its own verbs alone, so that only the step that fails
    waits. What fails alone is put back.
    """
    for attempt in (act_through, act):
        try:
            attempt(follow, waiting.entry)
        except Exception as problem:
            log.exception("verb failed", entry=waiting.entry_id, kind=waiting.entry.kind)
            failure = problem
        else:
            waiting.delete()
            return
    ledger.put_back(waiting, failure)


def send_some(sender: int, limit: int = BATCH, *, hurry: bool = False) -> int:
    """Send the next waiting dispatches, one by one; returns how many. `hurry` as in `claim`."""
    for done in range(limit):
        with tenancy.use(tenancy.EVERYTHING):
            found = claim(sender, hurry=hurry)
            if found is None:
                return done
            outcome = dispatch.transmit(found)
        act(dispatch.conclude, found, outcome)
    return limit


def recover_some() -> int:
    """Settle what an interrupted sender left behind, and read back what is uncertain; returns how many."""
    with tenancy.use(tenancy.EVERYTHING):
        orphans, doubtful = dispatch.orphans(), dispatch.doubtful()
    for found, sender in orphans:
        _each(act, dispatch.conclude, found, dispatch.orphaned(sender))
    for found in doubtful:
        _each(_read_back, found)
    return len(orphans) + len(doubtful)


def _read_back(found: int) -> None:
    with tenancy.use(tenancy.EVERYTHING):
        outcome = dispatch.read_back(found)
    act(dispatch.conclude, found, outcome)


def sweep() -> int:
    """Do what time makes due: close by silence, write breaches down; returns how many cases were touched."""
    with tenancy.use(tenancy.EVERYTHING):
        closing, late = due_to_close(clock.now()), due_to_wake(clock.now())
    for case_id in closing:
        _each(act, close_by_silence, case_id)
    for case_id, government_id in late:
        _each(act, advance, case_id, government_id)
    return len(closing) + len(late)


def _each(step: Callable[..., object], *what: object) -> None:
    """One step of a sweep: what fails is logged, and the next goes on."""
    try:
        step(*what)
    except Exception:
        log.exception("a step of the sweep failed", what=repr(what))


def poll_all(pollers: Pollers) -> int:
    """Ask every account whose turn has come, some at a time; returns how many new deliveries came."""
    with tenancy.use(tenancy.EVERYTHING):
        return pollers.ask(due_to_poll(), PATIENCE)


def check_all(checkers: Pollers) -> int:
    """Look after every account whose heartbeat is due, some at a time; returns how many were looked after."""
    with tenancy.use(tenancy.EVERYTHING):
        return checkers.ask(due_to_check(), PATIENCE)


def run_until_quiet(limit: int = 200) -> int:
    """Carry everything that waits until nothing does: for tests, measurements and the demonstration.

    Returns the number of steps. Raises RuntimeError when the journey does not come to rest within `limit` rounds.
    """
    sender, total = secrets.randbelow(2**31), 0
    for _ in range(limit):
        steps = take_some() + carry_some() + send_some(sender, hurry=True)
        if not steps:
            return total
        total += steps
    raise RuntimeError("the journey does not come to rest: two verbs may be calling each other")


class Worker:
    """The loops of one worker process, each in a thread of its own with its own connection."""

    def __init__(self, *, poll_seconds: float, senders: int = 2) -> None:
        self.stop = threading.Event()
        self.pollers = Pollers(lambda account: poll_due(account, poll_seconds))
        self.checkers = Pollers(watch, at_once=2, name="health")
        letters = alarms.Letters()
        loops: list[tuple[str, Callable[[], int], str, float]] = [
            ("stream", lambda: take_some() + carry_some(), "salur_ledger", 1.0),
            ("poll", lambda: poll_all(self.pollers), "", min(poll_seconds, 1.0)),
            ("health", lambda: check_all(self.checkers), "", HEALTH_SECONDS),
            ("alarms", letters.send_due, alarms.BELL, 5.0),
            ("sweep", lambda: sweep() + recover_some(), "", 5.0),
            ("words", words.look_up_some, words.CHANNEL, words.PAUSE.total_seconds()),
            ("media", media.fetch_some, files.CHANNEL, 5.0),
            ("recount", recount.take_some, recount.CHANNEL, 10.0),
        ]
        self.threads = [threading.Thread(target=self._loop, args=loop, name=loop[0], daemon=True) for loop in loops]
        self.threads += [threading.Thread(target=self._sender, name=f"sender-{n}", daemon=True) for n in range(senders)]

    def also(self, name: str, step: Callable[[], int], seconds: float) -> None:
        """A further loop, for work of a higher room; before `run`. `step` returns how much it did."""
        self.threads.append(threading.Thread(target=self._loop, args=(name, step, "", seconds), name=name, daemon=True))

    def run(self) -> None:
        """Work until `stop` is set; what is under way is finished first."""
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()
        self.pollers.close()
        self.checkers.close()

    def _sender(self) -> None:
        # A new number with every connection: what was claimed under the old one is then seen to be orphaned.
        sender: int | None = None

        def step() -> int:
            nonlocal sender
            if sender is None:
                sender = secrets.randbelow(2**31)
                hold_sender_lock(sender)
            return send_some(sender)

        def lost() -> None:
            nonlocal sender
            sender = None

        self._loop("sender", step, SENDERS, 1.0, lost)

    def _loop(
        self, name: str, step: Callable[[], int], channel: str, seconds: float, lost: Callable[[], None] = lambda: None
    ) -> None:
        bell = Bell(channel) if channel else None
        while not self.stop.is_set():
            try:
                busy = step()
            except Exception:
                log.exception("loop failed", loop=name)
                connections.close_all()
                lost()
                self.stop.wait(1)
                continue
            if busy and channel:
                continue
            if bell:
                bell.wait(seconds)
            else:
                close_old_connections()
                self.stop.wait(seconds)
        connections.close_all()
        if bell:
            bell.close()
