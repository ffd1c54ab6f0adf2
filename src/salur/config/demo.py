"""The demonstration: the real structure of Lampung with invented officers, citizens and reports."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import yaml
from django.db import transaction

from salur.agencies.members import add_member
from salur.agencies.models import Agency, Government, Member
from salur.cases.correct import void
from salur.cases.evidence import add_evidence
from salur.cases.handle import classify, follow_up
from salur.cases.models import Case, CaseMessage
from salur.channels.ports import Attachment, Raw
from salur.channels.queries import account_of, web_account
from salur.config.base import load_base
from salur.intake.accept import accept
from salur.journey.act import act
from salur.journey.worker import run_until_quiet, sweep
from salur.kernel import clock, ledger
from salur.publishing.replies import approve, draft
from salur.sop.closing import close, confirm
from salur.sop.handover import call_arbiter, decide, refer, verify
from salur.sop.horizon import reach_milestone, review, set_horizon

DATA = Path(__file__).parent / "data" / "demo.yaml"
PICTURE = Path(__file__).parent / "data" / "demo_evidence.png"
"""A drawn road with a fresh patch: no photograph of a real place."""
PASSWORD = "salur-peragaan-2026"
OFFICERS = (
    ("operator.bmbk", "18", "bmbk", "operator", "Rangga Wiratama"),
    ("penyetuju.bmbk", "18", "bmbk", "approver", "Laras Puspitaningrum"),
    ("kepala.bmbk", "18", "bmbk", "leader", "Bimantara Soerya"),
    ("operator.dishub", "18", "dishub", "operator", "Nadira Paramesti"),
    ("operator.disdikbud", "18", "disdikbud", "operator", "Teguh Adiprana"),
    ("penyetuju.disdikbud", "18", "disdikbud", "approver", "Wulan Anggraeni"),
    ("operator.inspektorat", "18", "inspektorat", "operator", "Bagas Suryanata"),
    ("koordinator.lampung", "18", "diskominfotik", "coordinator", "Ratri Maharani"),
    ("penyetuju.lampung", "18", "diskominfotik", "approver", "Intan Wirasasmita"),
    ("sekda.lampung", "18", "diskominfotik", "leader", "Wisnu Hadikusuma"),
    ("admin.lampung", "18", "diskominfotik", "administrator", "Damar Prasojo"),
    ("operator.pesawaran", "18.09", "pupr", "operator", "Yudha Kertapati"),
    ("koordinator.pesawaran", "18.09", "diskominfo", "coordinator", "Sekar Larasati"),
)
POSITIONS = {"sekda.lampung": "regional_secretary"}
"""Who is an actor of the SOP by name; such a leader is responsible for the whole government."""
SIGN_INS = [(user, PASSWORD, f"{role}, {agency} ({code})") for user, code, agency, role, _ in OFFICERS]


@transaction.atomic
def load_demo(*, progress: bool = False) -> None:
    """Load the demonstration once, all or nothing; a second call finds it there and does nothing."""
    if Member.objects.exists():
        return
    load_base(progress=progress)
    for username, code, agency, role, name in OFFICERS:
        body = Agency.objects.get(government__code=code, code=agency)
        add_member(
            body.government_id,
            username=username,
            name=name,
            agency_id=body.pk,
            role=role,
            password=PASSWORD,
            position=POSITIONS.get(username, ""),
            government_wide=username in POSITIONS,
            actor=ledger.SYSTEM,
        )
    reports = yaml.safe_load(DATA.read_text(encoding="utf-8"))["reports"]
    with click.progressbar(_steps(reports), label="Reports", file=sys.stderr, hidden=not progress) as bar:
        for at, step in bar:
            with clock.turned_to(at):
                run_until_quiet()
                step()
                run_until_quiet()
                sweep()
    run_until_quiet()


def _steps(reports: list[dict[str, Any]]) -> list[tuple[datetime, Any]]:
    """Every report and act with its instant, in order of time: all happen through the real verbs."""
    start = clock.now().replace(hour=3, minute=0, second=0, microsecond=0)  # 10:00 in Lampung
    steps: list[tuple[datetime, Any]] = []
    for number, report in enumerate(reports):
        said = start - timedelta(days=report["days_ago"]) + timedelta(minutes=7 * (number % 40))
        steps.append((min(said, clock.now()), _Report(number, report)))
        for place, one in enumerate(report.get("acts", [])):
            at = said + timedelta(days=one["after_days"], minutes=5 * (place + 1))
            steps.append((min(at, clock.now()), _Act(number, one)))
    return sorted(steps, key=lambda step: step[0])


class _Report:
    def __init__(self, number: int, report: dict[str, Any]) -> None:
        self.number, self.report = number, report

    def __call__(self) -> None:
        government = Government.objects.get(code=self.report.get("government", "18"))
        channel = self.report.get("channel", "web")
        if channel == "web":
            account = web_account(government.pk)
        else:
            at = Agency.objects.get(government=government, code=self.report["counter"])
            account = account_of(at.pk, channel)
            self.report["form"]["clerk"] = Member.objects.get(agency=at, role="operator").pk
        if account is None:
            raise LookupError(f"{government} has no account for {channel}")
        body = {
            "form_id": f"peragaan-{self.number}",
            "government": government.code,
            "spoken_at": clock.now().isoformat(),
            **self.report["form"],
        }
        accept(account, Raw(body["form_id"], json.dumps(body).encode(), "application/json"))


class _Act:
    def __init__(self, number: int, one: dict[str, Any]) -> None:
        self.number, self.one = number, one

    def __call__(self) -> None:
        link = CaseMessage.objects.select_related("case__government").get(
            message__external_id=f"peragaan-{self.number}"
        )
        case, one = link.case, self.one
        who = ledger.member(Member.objects.get(user__username=one["by"]).pk)
        match one["do"]:
            case "verify":
                act(verify, case.pk, actor=who)
            case "refer" | "arbitrate" as move:
                agency = Agency.objects.get(government_id=case.government_id, code=one["agency"])
                verb = refer if move == "refer" else decide
                act(verb, case.pk, agency_id=agency.pk, reason=one["reason"], note=one.get("note", ""), actor=who)
            case "call_arbiter":
                act(call_arbiter, case.pk, reason=one["reason"], actor=who)
            case "classify":
                act(classify, case.pk, kind=one["kind"], function=case.function_id, actor=who)
            case "follow_up":
                act(follow_up, case.pk, note=one["note"], actor=who)
            case "evidence":
                file = Attachment(one["name"], "image/png", PICTURE.read_bytes())
                act(add_evidence, case.pk, file=file, note=one["note"], actor=who)
            case "close":
                act(close, case.pk, outcome=one["outcome"], reason=one["reason"], actor=who)
            case "confirm":
                act(confirm, case.pk, actor=who)
            case "void":
                seq = max(fact.seq for fact in ledger.journal(case.stream) if fact.kind == one["kind"])
                act(void, case.pk, seq=seq, reason=one["reason"], actor=who)
            case "reply":
                self._reply(case, who)
            case _:
                self._plan(case, who)

    def _plan(self, case: Case, who: str) -> None:
        one, today = self.one, clock.today(case.government.timezone)
        match one["do"]:
            case "horizon":
                act(
                    set_horizon,
                    case.pk,
                    horizon=one["horizon"],
                    reason=one["reason"],
                    owner=one["owner"],
                    plan=one["plan"],
                    plan_reference=one["plan_reference"],
                    promised_on=today + timedelta(days=one["promised_in_days"]),
                    review_on=today + timedelta(days=one["review_in_days"]),
                    milestones=[(name, today + timedelta(days=days)) for name, days in one["milestones"].items()],
                    actor=who,
                )
            case "milestone":
                act(reach_milestone, case.pk, name=one["name"], note=one["note"], actor=who)
            case "review":
                day = today + timedelta(days=one["review_in_days"])
                act(review, case.pk, note=one["note"], next_review_on=day, actor=who)
            case unknown:
                raise ValueError(f"the demonstration does not know the act {unknown!r}")

    def _reply(self, case: Case, who: str) -> None:
        reply = act(draft, case.pk, purpose=self.one["purpose"], text=self.one["text"], actor=who)
        if approver := self.one.get("approved_by"):
            other = ledger.member(Member.objects.get(user__username=approver).pk)
            act(approve, reply.pk, actor=other)


def usernames() -> Iterable[str]:
    """The user names of the demonstration, so that the doctor can warn of them."""
    return [user for user, *_ in OFFICERS]
