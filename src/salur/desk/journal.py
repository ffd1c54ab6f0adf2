"""The journal of a case in plain words: who did what, and when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salur.cases import words
from salur.kernel import ledger
from salur.kernel.facts import Fact

Data = Mapping[str, Any]
Teller = Callable[[Data], tuple[str, str, str]]


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `tone` is late, said (by a citizen), done or nothing; `quiet` is bookkeeping."""

    at: datetime
    who: str
    words: str
    note: str = ""
    tone: str = ""
    quiet: bool = False


def lines(facts: Sequence[Fact], names: Mapping[str, str]) -> list[Line]:
    """Every fact as a line, newest first. `names` gives the officers behind actors; unknown kinds keep their kind."""
    return [_line(fact, names) for fact in reversed(facts)]


def who(actor: str, names: Mapping[str, str]) -> str:
    """The actor as people call them."""
    if actor == ledger.SYSTEM:
        return "Salur"
    if actor == ledger.CITIZEN:
        return _("The citizen")
    return names.get(actor, _("An officer"))


def _line(fact: Fact, names: Mapping[str, str]) -> Line:
    tell = _TOLD.get(fact.kind)
    said = tell(fact.data) if tell else (fact.kind, "", "")
    if fact.kind == "case.opened" and fact.actor != ledger.CITIZEN:
        said = (_("wrote the report down at the counter"), "", "said")
    quiet = fact.actor == ledger.SYSTEM and said[2] != "late"
    return Line(fact.at, who(fact.actor, names), *said, quiet=quiet)


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
    reason = words.said(words.REFERRAL_REASONS, str(data.get("reason", "")))
    text = _("handed the report to %(agency)s. Reason: %(reason)s") % {
        "agency": data.get("agency_name", ""),
        "reason": reason,
    }
    return text, str(data.get("note", "")), ""


def _horizon_set(data: Data) -> tuple[str, str, str]:
    horizon = words.said(words.HORIZONS, str(data.get("horizon", "")))
    text = _("set the handling to: %(horizon)s") % {"horizon": horizon}
    if not data.get("owner"):
        return text, "", ""
    note = _("In charge: %(owner)s. Plan: %(plan)s. Review on %(day)s.") % {
        "owner": data["owner"],
        "plan": data.get("plan_reference", ""),
        "day": _day(data.get("review_on")),
    }
    return text, note, ""


def _reviewed(data: Data) -> tuple[str, str, str]:
    text = _("reviewed the report; next review on %(day)s") % {"day": _day(data.get("next_review_on"))}
    return text, str(data.get("note", "")), "done"


def _held(data: Data) -> tuple[str, str, str]:
    reasons = {
        "incomplete": _("waiting for details from the citizen"),
        "force_majeure": _("disaster or other force majeure"),
    }
    reason = str(data.get("reason", ""))
    return _("stopped the clocks: %(reason)s") % {"reason": reasons.get(reason, reason)}, "", ""


def _closed(data: Data) -> tuple[str, str, str]:
    if data.get("by") == "citizen":
        return _("closed the report"), "", "done"
    if data.get("by") == "system" and not data.get("imported"):
        return _("closed the report because no further word came"), "", "done"
    outcome = words.said(words.OUTCOMES, str(data.get("outcome", "")))
    return _("closed the report as: %(outcome)s") % {"outcome": outcome}, str(data.get("reason", "")), "done"


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
        return _(sentence) % values, str(data.get(note) or ""), tone

    return tell


_TOLD: dict[str, Teller] = {
    "case.opened": _opened,
    "case.classified": _classified,
    "case.referred": _referred,
    "case.verified": _plain(gettext_noop("checked the report: it is complete and ours")),
    "case.held": _held,
    "case.resumed": _plain(gettext_noop("let the clocks go on")),
    "case.horizon_set": _horizon_set,
    "case.reviewed": _reviewed,
    "case.followed_up": _plain(gettext_noop("recorded the follow-up")),
    "case.closed": _closed,
    "case.reopened": _reopened,
    "message.joined": _plain(gettext_noop("wrote again"), tone="said"),
    "message.copied": _plain(gettext_noop("sent the same message also to %(account)s")),
    "voice.admitted": _plain(gettext_noop("let a further sender hear the answers")),
    "obligation.reopened": _plain(gettext_noop("notes a duty open again: %(name)s, the message returned"), tone="late"),
    "reply.drafted": _plain(gettext_noop("wrote a draft: %(purpose)s")),
    "reply.submitted": _plain(gettext_noop("asked for approval: %(purpose)s")),
    "reply.approved": _plain(gettext_noop("approved: %(purpose)s")),
    "reply.returned": _plain(gettext_noop("gave the draft back: %(purpose)s")),
    "dispatch.sent": _sent,
    "dispatch.failed": _failed,
    "dispatch.uncertain": _plain(gettext_noop("does not know whether this went out: %(purpose)s"), tone="late"),
    "sop.started": _sop_started,
    "obligation.started": _plain(gettext_noop("notes a duty: %(name)s, due %(at)s")),
    "obligation.moved": _plain(gettext_noop("notes a new date: %(name)s, now due %(at)s")),
    "obligation.met": _plain(gettext_noop("notes a duty done: %(name)s"), tone="done"),
    "obligation.breached": _plain(gettext_noop("notes a missed deadline: %(name)s, was due %(at)s"), tone="late"),
}
