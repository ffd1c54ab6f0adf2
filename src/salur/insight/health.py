"""What is wrong and how to mend it: read-only checks over every room, for the doctor and the monitoring."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from salur.agencies.models import Government
from salur.agencies.queries import agencies_of, calendars_of, governments
from salur.cases.queries import messages_without_case
from salur.channels.alarm import MEANINGS
from salur.channels.health import watched_platforms
from salur.channels.models import Account
from salur.channels.queries import AccountHealth, accounts_with_health, disturbs
from salur.intake.queries import conservation, oldest_received
from salur.kernel import clock, ledger
from salur.publishing.queries import counts
from salur.sop.versions import NoSopInForce, in_force

SLOW = timedelta(minutes=5)
TWO = 2
"""So many custodians answer for an account, so that one may be away."""


@dataclass(frozen=True)
class Finding:
    """One check: `level` is ok, warning or error; `mend` says what to do about it."""

    check: str
    level: str
    text: str
    mend: str = ""


def examine() -> list[Finding]:
    """Every check over all governments in scope."""
    return [*_intake(), *_queues(), *_outbox(), *_governments(), *_accounts(), *_address()]


def _intake() -> list[Finding]:
    found = conservation()
    ignored = sum(found.ignored.values())
    text = (
        f"received {found.received} = understood {found.understood} + ignored {ignored} "
        f"+ quarantined {found.quarantined} + waiting {found.waiting}"
    )
    lost = messages_without_case()
    findings = [Finding("intake", "ok", text)]
    if lost:
        mend = "report this as a bug, with the log of the worker"
        findings.append(Finding("intake", "error", f"{lost} messages are in no case and wait for none", mend))
    if found.quarantined:
        mend = "open /desk/quarantine/, mend the cause and replay"
        findings.append(Finding("quarantine", "warning", f"{found.quarantined} deliveries wait for a person", mend))
    return findings


def _queues() -> list[Finding]:
    oldest = [("intake queue", oldest_received()), ("event queue", ledger.oldest_waiting())]
    findings = []
    for name, since in oldest:
        late = since is not None and clock.now() - since > SLOW
        text = f"oldest waits since {since:%Y-%m-%d %H:%M %Z}" if since else "empty"
        findings.append(
            Finding(name, "error" if late else "ok", text, "start a worker: salur up, or salur worker" if late else "")
        )
    if stuck := ledger.stuck_entries():
        text = f"{len(stuck)} events could not be handled; first: {stuck[0]}"
        findings.append(Finding("stuck events", "error", text, "mend the cause, then: salur doctor --retry"))
    return findings


def _outbox() -> list[Finding]:
    states = counts()
    bad = {state: states[state] for state in ("failed", "uncertain", "manual", "not_permitted") if states.get(state)}
    text = ", ".join(f"{state} {number}" for state, number in sorted(states.items())) or "empty"
    return [
        Finding("outbox", "warning" if bad else "ok", text, "open /desk/outbox/ and decide each one" if bad else "")
    ]


def _governments() -> list[Finding]:
    active = [government for government in governments() if agencies_of(government.pk)]
    if not active:
        mend = "salur government lampung, or salur government add"
        return [Finding("governments", "error", "no government is loaded, so no report can be taken", mend)]
    findings = [finding for government in active for finding in (*_sop(government), *_calendars(government))]
    text = "every government has a signed SOP and a calendar for this year and the next"
    return findings or [Finding("governments", "ok", text)]


def _sop(government: Government) -> list[Finding]:
    try:
        in_force(government)
    except NoSopInForce:
        mend = f"salur sop adopt --government {government.code}"
        return [Finding("sop", "error", f"{government} has no signed SOP in force", mend)]
    return []


def _calendars(government: Government) -> list[Finding]:
    calendars, year = calendars_of(government.pk), clock.today(government.timezone).year
    add = f"salur calendar add FILE --government {government.code}"
    if "default" not in calendars:
        return [Finding("calendar", "error", f"{government} has no work calendar", add)]
    findings = []
    for key, calendar in calendars.items():
        missing = [str(one) for one in (year, year + 1) if one not in calendar.decreed_years]
        if missing:
            text = f"{government}: calendar {key!r} lacks the decree of {', '.join(missing)}; deadlines are provisional"
            findings.append(Finding("calendar", "warning", text, f"salur calendar show, put the decree in, then {add}"))
    return findings


def _accounts() -> list[Finding]:
    """Every account that can break: what is wrong with it and what to do, and whether somebody would be told."""
    breakable, findings = watched_platforms(), []
    for one in accounts_with_health():
        if one.account.state != Account.State.OFF:
            findings += _account(one, keepers=one.account.platform in breakable)
    return findings or [Finding("accounts", "ok", "no official account reports a problem")]


def _account(one: AccountHealth, *, keepers: bool) -> list[Finding]:
    account, findings = one.account, []
    who, look = f"{account.platform} {account.name or account.address}", f"salur account check {account.pk}"
    for alarm in one.alarms:
        meaning = MEANINGS[alarm.kind]
        text = f"{who}: {meaning.title} (since {alarm.began_at:%Y-%m-%d %H:%M %Z}): {alarm.detail}".rstrip(": ")
        level = "error" if disturbs(alarm) else "warning"
        findings.append(Finding("accounts", level, text, f"{meaning.mend} Then: {look}"))
    if account.stopped and not any(alarm.kind == "token" for alarm in one.alarms):
        text = f"{who} sends nothing until it is authorised anew: {account.stopped}"
        findings.append(Finding("accounts", "error", text, f"{MEANINGS['token'].mend} Then: {look}"))
    if account.problem and not any(map(disturbs, one.alarms)):
        findings.append(Finding("accounts", "error", f"{who}: {account.problem}", look))
    if keepers and account.state == Account.State.LIVE and len(one.custodians) < TWO:
        text = f"{who} has {len(one.custodians) or 'no'} custodian: nobody may notice when it fails"
        mend = f"salur account custodian {account.pk} USERNAME USERNAME"
        findings.append(Finding("custodians", "warning", text, mend))
    return findings


def _address() -> list[Finding]:
    """The address that receipts, messages and the QR codes of printed SOPs lead to: paper outlives a wrong one."""
    base = settings.SALUR_BASE_URL
    if not _only_here(urlsplit(base).hostname or ""):
        return [Finding("address", "ok", f"links and QR codes lead to {base}")]
    mend = "set SALUR_BASE_URL to the address at which citizens reach this Salur"
    return [Finding("address", "warning", f"links and QR codes lead to {base}, which no other machine reaches", mend)]


def _only_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
