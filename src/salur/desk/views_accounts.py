"""Official accounts: their health, and the guided page by which one is connected and tried."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies.queries import members
from salur.channels import health, queries
from salur.channels.alarm import MEANINGS
from salur.channels.connect import CannotConnect, connect, rotate, set_custodians, switch
from salur.channels.models import Account
from salur.channels.registry import PLATFORMS, platform
from salur.desk.account_forms import CHOSEN_HERE, AccountForm, CustodiansForm, RotateForm
from salur.desk.officer import OfficerRequest, may, officer
from salur.desk.refusals import said
from salur.intake.queries import heard_from
from salur.kernel import clock

State = Account.State
TRIED = "salur_tried"
"""In the session: since when (ISO 8601) the test of an account is under way, by its id."""


@officer("see_accounts")
def accounts(request: OfficerRequest) -> HttpResponse:
    """Every account the officer may see, with what is wrong with it; the disturbed ones first."""
    found = [one for one in queries.accounts_with_health() if platform(one.account.platform).guide.offered]
    rows = sorted(found, key=lambda one: (not one.alarms, one.account.state != State.LIVE))
    heard = heard_from([one.account.pk for one in rows])
    shown = [(one, queries.label_of(one.account.platform), heard.get(one.account.pk)) for one in rows]
    return render(request, "desk/accounts.html", {"rows": shown, "meanings": MEANINGS})


@officer("connect")
def choose(request: OfficerRequest) -> HttpResponse:
    """Which platform the new account is on."""
    offered = sorted(
        ((name, one.guide) for name, one in PLATFORMS.items() if one.guide.offered), key=lambda one: one[1].label
    )
    return render(request, "desk/account_choose.html", {"platforms": offered})


@officer("connect")
def begin(request: OfficerRequest, name: str) -> HttpResponse:
    """What the platform needs; then the account is there, at rest until its test has succeeded."""
    module = PLATFORMS.get(name)
    if module is None or not module.guide.offered:
        raise Http404
    form = AccountForm(request.POST or None, guide=module.guide, member=request.member)
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
    return render(request, "desk/account_form.html", {"form": form, "guide": module.guide})


@officer("connect")
def change(request: OfficerRequest, account_id: int) -> HttpResponse:
    """Other settings or credentials for an account that is there; its hook address stays."""
    account = _account(account_id)
    guide = platform(account.platform).guide
    form = AccountForm(request.POST or None, guide=guide, member=request.member, account=account)
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
            messages.success(request, gettext("The account was changed. Now try it."))
            return redirect("desk:account", account_id=account.pk)
    return render(request, "desk/account_form.html", {"form": form, "guide": guide, "account": account})


@officer("see_accounts")
def account(request: OfficerRequest, account_id: int) -> HttpResponse:
    """One account: what is wrong and how to mend it, what the platform must know, and its test."""
    found = _account(account_id)
    guide = platform(found.platform).guide
    custodians = queries.custodians_of([found.pk]).get(found.pk, [])
    mine = may(request.member, "connect")
    shown = {one: (found.credentials or {}).get(one, "") for one in CHOSEN_HERE} if mine else {}
    context = {
        "account": found,
        "guide": guide,
        "capabilities": platform(found.platform).capabilities,
        "alarms": [(alarm, MEANINGS[alarm.kind]) for alarm in queries.alarms_of(found)[:20]],
        "custodians": custodians,
        "chosen_here": {name: value for name, value in shown.items() if value},
        "test": _test(request, found),
    }
    if mine:
        people = [one for one in members() if one.active]
        context["custodians_form"] = CustodiansForm(None, people=people, custodians=custodians)
        context["rotate_form"] = RotateForm(None, guide=guide)
    return render(request, "desk/account.html", context)


@officer("connect")
def account_test(request: OfficerRequest, account_id: int) -> HttpResponse:
    """The part of the page that says how far the test has come; the page asks for it every few seconds."""
    found = _account(account_id)
    context = {"account": found, "test": _test(request, found), "guide": platform(found.platform).guide}
    return render(request, "desk/account_test.html", context)


def _test(request: OfficerRequest, account: Account) -> dict[str, object]:
    """How far the test of an account has come: what was looked at, and whether something has arrived since."""
    since = request.session.get(TRIED, {}).get(str(account.pk))
    if since is None:
        return {}
    began = datetime.fromisoformat(since)
    heard = heard_from([account.pk]).get(account.pk)
    checks = account.health.get("checks") or [{"code": "account", "ok": account.health.get("ok"), "detail": ""}]
    arrived = heard is not None and heard >= began
    well = bool(account.health.get("ok")) and account.checked_at is not None and account.checked_at >= began
    return {"began": began, "checks": checks, "arrived": arrived, "well": well, "passed": arrived and well}


@officer("connect")
def account_act(request: OfficerRequest, account_id: int, act: str) -> HttpResponse:
    """Try, subscribe, put to work or to rest, let send again."""
    found = _account(account_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if act not in ACTS:
        raise Http404
    ACTS[act](request, found)
    return redirect("desk:account", account_id=found.pk)


def _try(request: OfficerRequest, account: Account) -> None:
    tried = {**request.session.get(TRIED, {}), str(account.pk): clock.now().isoformat()}
    request.session[TRIED] = tried
    health.check(account)
    if account.health.get("ok") and account.state == State.NEW:
        health.subscribe(account)


def _subscribe(request: OfficerRequest, account: Account) -> None:
    found = health.subscribe(account)
    if found.ok:
        messages.success(request, gettext("The platform calls our hook."))
    else:
        messages.error(request, found.detail)


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
    else:
        messages.error(request, gettext("Choose officers from the list."))
    return redirect("desk:account", account_id=found.pk)


@officer("connect")
def rotation(request: OfficerRequest, account_id: int) -> HttpResponse:
    """A new secret; the old one stays valid beside it for some days."""
    found = _account(account_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = RotateForm(request.POST, guide=platform(found.platform).guide)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            rotate(found.pk, answers["name"], answers["secret"], days=answers["days"])
        except CannotConnect as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, gettext("The new secret is in force. Now enter it at the platform."))
    else:
        messages.error(request, gettext("Fill in the new secret and the number of days."))
    return redirect("desk:account", account_id=found.pk)


def _account(account_id: int) -> Account:
    found = queries.account(account_id)
    if found is None or not platform(found.platform).guide.offered:
        raise Http404
    return found
