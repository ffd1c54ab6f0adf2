"""Official accounts: their health, and the guided page by which one is connected and tried.

Custodians see and try the accounts they look after, wherever those lie; what an account is set to, its secrets and the
address of its hook are for those who connect accounts.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from salur.agencies.queries import members
from salur.channels import health, queries
from salur.channels.alarm import MEANINGS
from salur.channels.connect import CannotConnect, connect, rotate, set_custodians, switch
from salur.channels.models import Account
from salur.channels.registry import PLATFORMS, platform
from salur.desk.account_forms import CHOSEN_HERE, AccountForm, CustodiansForm, RotateForm, inward
from salur.desk.officer import OfficerRequest, may, officer
from salur.desk.refusals import said
from salur.desk.templatetags.account_words import plain
from salur.intake.heard import heard_from
from salur.kernel import clock
from salur.kernel.tenancy import Scope, current, use

State = Account.State
TRIED = "salur_tried"
"""In the session: since when (ISO 8601) the test of an account is under way, by its id."""


@officer("see_accounts")
def accounts(request: OfficerRequest) -> HttpResponse:
    """Every account the officer may see or looks after, with what is wrong with it; the disturbed ones first.

    Who connects none sees what citizens see of the government's other channels too: their cases come from there.
    """
    seen = queries.accounts_with_health() + _looked_after_elsewhere(request)
    found = [one for one in seen if platform(one.account.platform).guide.offered]
    rows = sorted(found, key=lambda one: (not one.alarms, one.account.state != State.LIVE))
    with use(Scope(request.member.government_id)):  # which accounts these are was decided above
        heard = heard_from([one.account.pk for one in rows])
    shown = [(one, queries.label_of(one.account.platform), heard.get(one.account.pk)) for one in rows]
    context: dict[str, Any] = {"rows": shown}
    if not may(request.member, "connect"):
        own = {(row.account.platform, queries.shown_name(row.account)) for row in rows}
        everybody = queries.public_channels(request.member.government_id)
        context["public"] = [one for one in everybody if (one.platform, one.name) not in own]
    return render(request, "desk/accounts.html", context)


@officer("connect")
def choose(request: OfficerRequest) -> HttpResponse:
    """Which platform the new account is on."""
    offered = sorted(
        ((name, queries.label_of(name)) for name, one in PLATFORMS.items() if one.guide.offered),
        key=lambda one: one[1].casefold(),
    )
    return render(request, "desk/account_choose.html", {"platforms": offered})


@officer("connect")
def begin(request: OfficerRequest, name: str) -> HttpResponse:
    """What the platform needs; then the account is there, at rest until its test has succeeded."""
    module = PLATFORMS.get(name)
    if module is None or not module.guide.offered:
        raise Http404
    form = AccountForm(request.POST or None, platform=name, guide=module.guide, member=request.member)
    if request.method == "POST" and form.is_valid():
        try:
            account = connect(
                form.agency_chosen,
                name,
                form.address,
                settings=form.settings,
                credentials=form.credentials,
                link=form.cleaned_data["link"],
                state=State.NEW,
            )
        except CannotConnect as refusal:
            form.add_error(None, said(refusal))
        else:
            return redirect("desk:account", account_id=account.pk)
    context = {"form": form, "guide": module.guide, "label": queries.label_of(name)}
    return render(request, "desk/account_form.html", context)


@officer("connect")
def change(request: OfficerRequest, account_id: int) -> HttpResponse:
    """Other settings or credentials for an account that is there; its hook address stays."""
    account = _account(account_id)
    guide = platform(account.platform).guide
    form = AccountForm(
        request.POST or None, platform=account.platform, guide=guide, member=request.member, account=account
    )
    if request.method == "POST" and form.is_valid():
        try:
            connect(
                form.agency_chosen,
                account.platform,
                account.address,
                settings=form.settings,
                credentials=form.credentials,
                link=form.cleaned_data["link"],
                state=State(account.state),
            )
        except CannotConnect as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("The account was changed."))
            _tell_how_it_is(request, account.pk)
            return redirect("desk:account", account_id=account.pk)
    context = {"form": form, "guide": guide, "account": account, "label": queries.label_of(account.platform)}
    return render(request, "desk/account_form.html", context)


def _tell_how_it_is(request: OfficerRequest, account_id: int) -> None:
    """Try an account after a change and say what was found; one at rest is left alone."""
    account = _account(account_id)
    if account.state == State.OFF:
        return
    found = health.check(account)
    if found.ok and all(check.ok for check in found.checks):
        messages.success(request, gettext("It was tried at once: in order."))
    else:
        bad = next((check.code for check in found.checks if not check.ok), "reach")
        told = gettext("It was tried at once: not in order yet. %(reason)s") % {"reason": plain(found.detail, bad)}
        messages.warning(request, told)


@officer("see_accounts")
def account(request: OfficerRequest, account_id: int) -> HttpResponse:
    """One account: what is wrong and how to mend it, what the platform must know, and its test."""
    return _page(request, *_seen(request, account_id))


def _page(
    request: OfficerRequest, found: Account, scope: Scope, *, named: CustodiansForm | None = None
) -> HttpResponse:
    """The page of an account as `scope` shows it; `named` is the form of custodians as it was refused."""
    guide = platform(found.platform).guide
    mine = may(request.member, "connect")
    with use(scope):
        custodians = queries.custodians_of([found.pk]).get(found.pk, [])
        alarms = queries.alarms_of(found)
        test = _test(request, found)
    shown = {one: (found.credentials or {}).get(one, "") for one in CHOSEN_HERE} if mine else {}
    context: dict[str, Any] = {
        "account": found,
        "label": queries.label_of(found.platform),
        "guide": guide,
        "capabilities": platform(found.platform).capabilities,
        "alarms": [(alarm, MEANINGS[alarm.kind]) for alarm in alarms[:20]],
        "open_alarms": [alarm for alarm in alarms if alarm.ended_at is None],
        "custodians": custodians,
        "chosen_here": {name: value for name, value in shown.items() if value},
        "may_try": mine or request.member.pk in {one.pk for one in custodians},
        "test": test,
        "confirm_live": request.GET.get("confirm") == "live" and found.state != State.LIVE,
    }
    if mine:
        people = [one for one in members() if one.active]
        context["custodians_form"] = named or CustodiansForm(None, people=people, custodians=custodians)
        entries = [one for one in inward(found.platform, guide) if (found.credentials or {}).get(one.name)]
        context["rotate_form"] = RotateForm(None, entries=entries) if entries else None
    return render(request, "desk/account.html", context)


@officer("see_accounts")
def account_test(request: OfficerRequest, account_id: int) -> HttpResponse:
    """The part of the page that says how far the test has come; the page asks for it every few seconds."""
    found, scope = _seen(request, account_id)
    with use(scope):
        context = {"account": found, "test": _test(request, found)}
    return render(request, "desk/account_test.html", context)


def _test(request: OfficerRequest, account: Account) -> dict[str, Any]:
    """How far the test of an account has come: what was looked at, and whether something has arrived since.

    Only a platform that calls us can bring a message before the account is at work; the others are asked from then on.
    """
    since = request.session.get(TRIED, {}).get(str(account.pk))
    if since is None:
        return {}
    began = datetime.fromisoformat(since)
    heard = heard_from([account.pk]).get(account.pk)
    checks = _looked_at(account)
    arrived = heard is not None and heard >= began
    seen = account.checked_at is not None and account.checked_at >= began
    well = seen and bool(account.health.get("ok")) and all(check["ok"] for check in checks)
    calls = platform(account.platform).capabilities.hooks and account.settings.get("mode") != "poll"
    waits = calls or account.state == State.LIVE
    passed = well and (arrived or not waits)
    return {"began": began, "checks": checks, "arrived": arrived, "well": well, "waits": waits, "passed": passed}


def _looked_at(account: Account) -> list[dict[str, Any]]:
    """What the last probe looked at. Where it says that all is wrong and no single thing is, nothing was reached:

    then what it says of the others with a reason beside it was not looked at, and is not called in order.
    """
    told, well = account.health.get("checks") or [], bool(account.health.get("ok"))
    if well or any(not check["ok"] for check in told):
        return told or [{"code": "account", "ok": well, "detail": ""}]
    reached = [check for check in told if not check["detail"]]
    return [{"code": "reach", "ok": False, "detail": account.health.get("detail", "")}, *reached]


@officer("see_accounts")
def account_act(request: OfficerRequest, account_id: int, act: str) -> HttpResponse:
    """Try, subscribe, put to work or to rest, let send again; a custodian only tries."""
    found, scope = _seen(request, account_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if act not in ACTS:
        raise Http404
    if not may(request.member, "connect"):
        with use(scope):
            if act != "try" or not _looks_after(request, found):
                raise Http404
            _try(request, found)
        return redirect("desk:account", account_id=found.pk)
    if act == "live" and not request.POST.get("confirmed") and not _test(request, found).get("passed"):
        return redirect(reverse("desk:account", args=[found.pk]) + "?confirm=live")
    ACTS[act](request, found)
    return redirect("desk:account", account_id=found.pk)


def _try(request: OfficerRequest, account: Account) -> None:
    tried = {**request.session.get(TRIED, {}), str(account.pk): clock.now().isoformat()}
    request.session[TRIED] = tried
    health.check(account)
    if account.health.get("ok") and account.state == State.NEW and may(request.member, "connect"):
        health.subscribe(account)


def _subscribe(request: OfficerRequest, account: Account) -> None:
    found = health.subscribe(account)
    if found.ok:
        messages.success(request, gettext("The platform calls our hook."))
    else:
        messages.error(request, plain(found.detail, "subscription"))


def _live(request: OfficerRequest, account: Account) -> None:
    switch(account.pk, State.LIVE)
    messages.success(request, gettext("The account is at work: what is said to it becomes reports."))


def _off(request: OfficerRequest, account: Account) -> None:
    switch(account.pk, State.OFF)
    messages.success(request, gettext("The account is at rest: it neither takes in nor answers. Nothing was deleted."))


def _resume(request: OfficerRequest, account: Account) -> None:
    health.resume(account.pk)
    messages.success(request, gettext("Waiting answers are sent again."))


ACTS: dict[str, Callable[[OfficerRequest, Account], None]] = {
    "try": _try,
    "subscribe": _subscribe,
    "live": _live,
    "off": _off,
    "resume": _resume,
}


@officer("connect")
def custodians(request: OfficerRequest, account_id: int) -> HttpResponse:
    """Who answers for the account."""
    found = _account(account_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = CustodiansForm(request.POST, people=[one for one in members() if one.active], custodians=[])
    if form.is_valid():
        set_custodians(found.pk, form.chosen)
        messages.success(request, gettext("The custodians are told when something is wrong with the account."))
        return redirect("desk:account", account_id=found.pk)
    return _page(request, found, current(), named=form)


@officer("connect")
def rotation(request: OfficerRequest, account_id: int) -> HttpResponse:
    """A new secret; the old one stays valid beside it for some days."""
    found = _account(account_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = RotateForm(request.POST, entries=inward(found.platform, platform(found.platform).guide))
    if form.is_valid():
        answers = form.cleaned_data
        try:
            rotate(found.pk, answers["name"], answers["secret"], days=answers["days"])
        except CannotConnect as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, gettext("The new secret is in force. Now enter it at the platform."))
            _tell_how_it_is(request, found.pk)
    else:
        messages.error(request, gettext("Fill in the new secret and the number of days."))
    return redirect("desk:account", account_id=found.pk)


def _account(account_id: int) -> Account:
    found = queries.account(account_id)
    if found is None or not platform(found.platform).guide.offered:
        raise Http404
    return found


def _seen(request: OfficerRequest, account_id: int) -> tuple[Account, Scope]:
    """An account that the officer may see, and the scope in which its rows are read. Raises Http404.

    That scope is the officer's own or, for a custodian from another agency, the one agency of the account.
    """
    if queries.account(account_id) is not None:
        return _account(account_id), current()
    with use(Scope(request.member.government_id)):
        found = _account(account_id)
        if not _looks_after(request, found):
            raise Http404
    return found, Scope(found.government_id, frozenset({found.agency_id}))


def _looks_after(request: OfficerRequest, account: Account) -> bool:
    return request.member.pk in {one.pk for one in queries.custodians_of([account.pk]).get(account.pk, [])}


def _looked_after_elsewhere(request: OfficerRequest) -> list[queries.AccountHealth]:
    """The accounts of other agencies of whom the officer is a custodian."""
    own = current().agency_ids
    if own is None:
        return []
    with use(Scope(request.member.government_id)):
        others = [one for one in queries.accounts_with_health() if one.account.agency_id not in own]
    return [one for one in others if request.member.pk in {keeper.pk for keeper in one.custodians}]
