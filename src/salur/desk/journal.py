"""The journal of a case in plain words: who did what, and when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from salur.cases import words
from salur.cases.correct import voided
from salur.kernel import ledger
from salur.kernel.events import Fact
from salur.publishing.plan import REASONS
from salur.sop.document.model import SopDocument
from salur.sop.saying import in_words
from salur.sop.vocabulary import EVENTS, PLANS, word

Data = Mapping[str, Any]
HEARD_WITHIN = timedelta(minutes=5)
"""A worker that runs tells what a fact means within seconds; what it tells later has another cause."""
Teller = Callable[[Data], tuple[str, str, str]]


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `tone` is late, said (by a citizen), done or nothing; `quiet` is bookkeeping.

    A `voided` line was written by mistake and counts no more.
    """

    at: datetime
    who: str
    words: str
    note: str = ""
    tone: str = ""
    quiet: bool = False
    voided: bool = False


def lines(facts: Sequence[Fact], names: Mapping[str, str], document: SopDocument | None) -> list[Line]:
    """Every fact as a line, newest first.

    `names` gives the officers behind actors, `document` the words of the SOP for its codes; kinds and codes that
    nobody knows stay as they are.
    """
    gone = voided(facts)
    told = [
        replace(fact, data={**fact.data, "after": _before(facts, place)}) if fact.kind == "obligation.moved" else fact
        for place, fact in enumerate(facts)
    ]
    return [_line(fact, names, document, fact.seq in gone) for fact in reversed(told)]


def _before(facts: Sequence[Fact], place: int) -> str:
    """The kind of the fact that Salur heard when it told the one at this place; "" where it heard none."""
    at = facts[place].at
    heard = (fact for fact in reversed(facts[:place]) if not fact.kind.startswith("obligation."))
    last = next(heard, None)
    return last.kind if last is not None and at - last.at <= HEARD_WITHIN else ""


def who(actor: str, names: Mapping[str, str]) -> str:
    """The actor as people call them."""
    if actor == ledger.SYSTEM:
        return "Salur"
    if actor == ledger.CITIZEN:
        return _("The citizen")
    return names.get(actor, _("An officer"))


def _line(fact: Fact, names: Mapping[str, str], document: SopDocument | None, gone: bool) -> Line:
    tell = _TOLD.get(fact.kind)
    data = {**fact.data, **_named(fact.data, document)} if document else fact.data
    said = tell(data) if tell else (fact.kind, "", "")
    if fact.kind == "case.opened" and fact.actor != ledger.CITIZEN:
        said = (_("wrote the report down at the counter"), "", "said")
    text, note, tone = said
    if fact.data.get("happened_at"):
        note = "\n".join(filter(None, (_late(fact), note)))
    quiet = fact.actor == ledger.SYSTEM and tone != "late"
    return Line(fact.at, who(fact.actor, names), text, note, tone, quiet=quiet, voided=gone)


def _late(fact: Fact) -> str:
    """Both instants of what was noted later than it was done."""
    instants = {"done": _instant(fact.data["happened_at"]), "noted": _instant(fact.at.isoformat())}
    return _("Done on %(done)s, noted on %(noted)s.") % instants


def _named(data: Data, document: SopDocument) -> dict[str, str]:
    """What the SOP calls the reason of a hand-over or a pause, and whoever is called, in the language in force."""
    language, found = get_language() or "id", dict[str, str]()
    reasons = {one.code: one.name for one in document.handover.reasons}
    reasons |= {one.code: one.name for one in document.pause_reasons}
    if (reason := reasons.get(str(data.get("reason", "")))) is not None:
        found["reason_name"] = reason.of(language)
    called = document.actors.get(str(data.get("to", "")))
    if called is not None:
        found["to_name"] = called.name.of(language)
    return found


def _purpose(data: Data) -> str:
    return words.said(words.PURPOSES, str(data.get("purpose", ""))).lower()


def _day(text: object) -> str:
    try:
        return str(formats.date_format(date.fromisoformat(str(text)), "j F Y"))
    except ValueError:
        return str(text or "-")


def _instant(text: object) -> str:
    try:
        return str(formats.date_format(timezone.localtime(datetime.fromisoformat(str(text))), "j F Y H:i"))
    except ValueError:
        return str(text or "-")


def _opened(data: Data) -> tuple[str, str, str]:
    if data.get("imported"):
        return _("reported this elsewhere; it was taken over by import"), "", "said"
    channel = words.said(words.CHANNELS, str(data.get("channel", "")))
    return _("reported this (%(channel)s)") % {"channel": channel}, "", "said"


def _classified(data: Data) -> tuple[str, str, str]:
    kinds = {name: words.said(words.KINDS, str(data.get(name, ""))) for name in ("kind", "was_kind")}
    if data.get("kind") == data.get("was_kind"):
        return _("changed the government function"), "", ""
    return _("changed the kind from %(was_kind)s to %(kind)s") % kinds, "", ""


def _referred(data: Data) -> tuple[str, str, str]:
    reason = data.get("reason_name") or words.said(words.REFERRAL_REASONS, str(data.get("reason", "")))
    text = _("handed the report to %(agency)s. Reason: %(reason)s") % {
        "agency": data.get("agency_name", ""),
        "reason": reason,
    }
    return text, str(data.get("note", "")), ""


def _horizon_set(data: Data) -> tuple[str, str, str]:
    horizon = words.said(words.HORIZONS, str(data.get("horizon", "")))
    text = _("set the handling to: %(horizon)s") % {"horizon": horizon}
    notes = [str(data.get("reason") or "")]
    if data.get("owner"):
        plan = in_words(word(PLANS, str(data.get("plan")))) if data.get("plan") else ""
        notes.append(
            _("In charge: %(owner)s. Plan: %(plan)s. Review on %(day)s.")
            % {
                "owner": data["owner"],
                "plan": " ".join(filter(None, (plan, str(data.get("plan_reference") or "")))),
                "day": _day(data.get("review_on")),
            }
        )
    if data.get("promised_on"):
        notes.append(_("Promised for %(day)s.") % {"day": _day(data["promised_on"])})
    notes += [f"{_day(on)}: {name}" for name, on in data.get("milestones") or ()]
    return text, "\n".join(filter(None, notes)), ""


def _reviewed(data: Data) -> tuple[str, str, str]:
    text = _("reviewed the report; next review on %(day)s") % {"day": _day(data.get("next_review_on"))}
    return text, str(data.get("note", "")), "done"


def _held(data: Data) -> tuple[str, str, str]:
    reason = str(data.get("reason_name") or data.get("reason", ""))
    return _("stopped the clocks: %(reason)s") % {"reason": reason}, str(data.get("note") or ""), ""


def _closed(data: Data) -> tuple[str, str, str]:
    if data.get("by") == "citizen":
        return _("closed the report"), "", "done"
    if data.get("by") == "system" and not data.get("imported"):
        return _("closed the report because no further word came"), "", "done"
    outcome = words.said(words.OUTCOMES, str(data.get("outcome", "")))
    return _("closed the report as: %(outcome)s") % {"outcome": outcome}, str(data.get("reason", "")), "done"


def _proposed(data: Data) -> tuple[str, str, str]:
    outcome = words.said(words.OUTCOMES, str(data.get("outcome", "")))
    return _("would close the report as: %(outcome)s") % {"outcome": outcome}, str(data.get("reason", "")), ""


def _evidence(data: Data) -> tuple[str, str, str]:
    return _("added evidence: %(name)s") % {"name": data.get("name", "")}, str(data.get("note", "")), "done"


def _voided(data: Data) -> tuple[str, str, str]:
    kind = in_words(word(EVENTS, str(data.get("was_kind", ""))))
    return _("struck out an entry: %(kind)s") % {"kind": kind}, str(data.get("reason", "")), ""


def _escalated(data: Data) -> tuple[str, str, str]:
    values = {
        "to": data.get("to_name") or data.get("to", ""),
        "name": data.get("name") or data.get("code", ""),
        "at": _instant(data.get("due_at")),
    }
    return _("called %(to)s: %(name)s, was due %(at)s") % values, "", "late"


def _obligation_moved(data: Data) -> tuple[str, str, str]:
    values = {
        "name": data.get("name") or data.get("code", ""),
        "at": _instant(data.get("due_at")),
        "was": _instant(data.get("was_due_at")),
    }
    text = _("notes a new date: %(name)s, now due %(at)s, before: %(was)s") % values
    after = str(data.get("after", ""))
    if after in EVENTS:
        return text, _("After: %(what)s") % {"what": in_words(word(EVENTS, after))}, ""
    if after == "sop.moved":
        return text, _("After the report was moved to another version of the SOP"), ""
    if after == "case.fact_voided":
        return text, _("After an entry was struck out"), ""
    return text, _("Counted anew, as after a change of the work calendar"), ""


def _message_changed(data: Data) -> tuple[str, str, str]:
    change, by = data.get("change"), data.get("by")
    if change == "edited":
        return _("changed the words of a message"), "", "said"
    if change == "shown":
        return _("lets a message be seen again"), "", "said"
    if by == "author":
        return _("deleted a message; its words are not shown any more"), "", "said"
    return _("heard from the platform that a message is no longer shown"), "", "said"


def _sop_moved(data: Data) -> tuple[str, str, str]:
    values = {"version": data.get("version", ""), "was_version": data.get("was_version", "")}
    text = _("moved the report from version %(was_version)s of the SOP to version %(version)s") % values
    return text, str(data.get("reason", "")), ""


def _reopened(data: Data) -> tuple[str, str, str]:
    note = str(data.get("reason", ""))
    return _("opened the report again"), "" if note == "citizen_wrote" else note, ""


def _sent(data: Data) -> tuple[str, str, str]:
    values = {"purpose": _purpose(data), "channel": words.said(words.CHANNELS, str(data.get("channel", "")))}
    if data.get("confirmed_by") == "officer":
        return _("confirmed that this reached the citizen: %(purpose)s (%(channel)s)") % values, "", "done"
    return _("sent to the citizen: %(purpose)s (%(channel)s)") % values, "", "done"


def _failed(data: Data) -> tuple[str, str, str]:
    return _("could not send: %(purpose)s") % {"purpose": _purpose(data)}, str(data.get("problem", "")), "late"


def _not_permitted(data: Data) -> tuple[str, str, str]:
    values = {"purpose": _purpose(data), "channel": words.said(words.CHANNELS, str(data.get("channel", "")))}
    reason = REASONS.get(data.get("reason", ""), "")
    said = _("may not be sent by this program: %(purpose)s (%(channel)s)") % values
    return said, _(reason) if reason else "", "late"


def _arrived(data: Data) -> tuple[str, str, str]:
    values = {"channel": words.said(words.CHANNELS, str(data.get("channel", "")))}
    if data.get("status") == "read":
        return _("heard that the citizen read it (%(channel)s)") % values, "", "done"
    return _("heard that it arrived at the citizen's (%(channel)s)") % values, "", "done"


def _sop_started(data: Data) -> tuple[str, str, str]:
    return (
        _("put the report under the SOP in force, version %(version)s") % {"version": data.get("version", "")},
        "",
        "",
    )


def _plain(sentence: str, tone: str = "", note: str = "note", instant: str = "due_at") -> Teller:
    """A teller for kinds that need one sentence only; the sentence is translated when it is told."""

    def tell(data: Data) -> tuple[str, str, str]:
        name = data.get("name") or data.get("code", "")
        values = {"purpose": _purpose(data), "name": name, "at": _instant(data.get(instant))}
        values["account"] = data.get("account", "")
        return _(sentence) % values, str(data.get(note) or ""), tone

    return tell


_TOLD: dict[str, Teller] = {
    "case.opened": _opened,
    "case.classified": _classified,
    "case.referred": _referred,
    "case.verified": _plain(gettext_noop("checked the report: it is complete and ours")),
    "case.arbiter_called": _plain(gettext_noop("called the arbiter to decide which agency handles it"), note="reason"),
    "case.held": _held,
    "case.resumed": _plain(gettext_noop("let the clocks go on")),
    "case.horizon_set": _horizon_set,
    "case.reviewed": _reviewed,
    "case.milestone_reached": _plain(gettext_noop("noted a milestone as reached: %(name)s"), tone="done"),
    "case.evidence_added": _evidence,
    "case.closing_proposed": _proposed,
    "case.closing_refused": _plain(gettext_noop("did not confirm the closing"), note="reason"),
    "case.fact_voided": _voided,
    "case.followed_up": _plain(gettext_noop("recorded the follow-up")),
    "case.closed": _closed,
    "case.reopened": _reopened,
    "message.joined": _plain(gettext_noop("wrote again"), tone="said"),
    "case.message_changed": _message_changed,
    "message.copied": _plain(gettext_noop("sent the same message also to %(account)s")),
    "voice.admitted": _plain(gettext_noop("let a further sender hear the answers")),
    "obligation.reopened": _plain(gettext_noop("notes a duty open again: %(name)s"), tone="late"),
    "reply.drafted": _plain(gettext_noop("wrote a draft: %(purpose)s")),
    "reply.submitted": _plain(gettext_noop("asked for approval: %(purpose)s")),
    "reply.approved": _plain(gettext_noop("approved: %(purpose)s")),
    "reply.returned": _plain(gettext_noop("gave the draft back: %(purpose)s")),
    "dispatch.sent": _sent,
    "dispatch.failed": _failed,
    "dispatch.uncertain": _plain(gettext_noop("does not know whether this went out: %(purpose)s"), tone="late"),
    "dispatch.not_permitted": _not_permitted,
    "dispatch.delivered": _arrived,
    "reply.withdrawn": _plain(gettext_noop("took the released text back before it was sent: %(purpose)s")),
    "sop.started": _sop_started,
    "obligation.started": _plain(gettext_noop("notes a duty: %(name)s, due %(at)s")),
    "obligation.moved": _obligation_moved,
    "obligation.met": _plain(gettext_noop("notes a duty done: %(name)s"), tone="done"),
    "obligation.escalated": _escalated,
    "sop.moved": _sop_moved,
    "obligation.breached": _plain(gettext_noop("notes a missed deadline: %(name)s, was due %(at)s"), tone="late"),
}
