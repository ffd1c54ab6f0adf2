"""What a check finds in documents that are each broken in one way."""

from typing import Any

import pytest
from django.utils import translation
from tests.sop.broken import DATA, FACTS, Edit, add, broken, drop, put

from salur.sop.document.model import SopDocument
from salur.sop.proofs.check import Facts, check
from salur.sop.saying import in_words


def test_the_standard_may_be_signed(standard: SopDocument) -> None:
    assert check(standard) == []
    assert check(standard, FACTS) == []


ERROR, WARNING = "error", "warning"
ANSWER = {"event": "dispatch.sent", "purpose": ["answer"]}
SPARE = {"code": "spare", "actor": "operator", "within": "2 working_days", "clock": "agency"}
SPARE |= {"name": {"id": "Cadangan", "en": "Spare"}, "starts_on": ["case.opened"], "met_by": ["case.verified"]}
NAMED = {"id": "Sesuatu", "en": "Something"}
REQUIRED = ["owner", "plan", "plan_reference", "promised_on", "review_on"]

STATUSES = [
    (put("pause_reasons.force_majeure.resumed_by", ["case.opened"]), ERROR, "pause_reasons[1].resumed_by", "way out"),
    (put("pause_reasons.force_majeure.resumed_by", []), WARNING, "pause_reasons[1].resumed_by", "does not say how"),
    (
        put("pause_reasons.force_majeure.resumed_by", ["case.awake"]),
        ERROR,
        "pause_reasons[1].resumed_by[0]",
        "no fact of a case",
    ),
    (put("pause_reasons.incomplete.resumed_by", ["case.resumed"]), ERROR, "pause_reasons[0].resumed_by", "replies"),
    (drop("pause_reasons.incomplete"), WARNING, "pause_reasons", "clocks go on"),
    (put("closure.evidence", ["silence"]), ERROR, "closure.evidence[0]", "No officer closes"),
    (put("closure.second_person", ["incomplete"]), ERROR, "closure.second_person[0]", "No officer closes"),
    (put("closure.citizen_confirms", ["silence"]), ERROR, "closure.citizen_confirms[0]", "No officer closes"),
    (put("closure.after_answer.closes_as", "completed"), ERROR, "closure.after_answer.closes_as", "evidence"),
    (put("closure.after_question.closes_as", "archived"), ERROR, "closure.after_question.closes_as", "second person"),
    (put("closure.citizen_confirms", ["archived"]), ERROR, "closure.citizen_confirms", "cannot be reached"),
    (put("closure.citizen_confirms", ["answered", "completed"]), ERROR, "closure.citizen_confirms", "for ever"),
    (put("obligations.answer.starts_on", ["case.opened"]), ERROR, "kinds.complaint", "reopened report"),
    (drop("obligations.answer_again"), ERROR, "kinds.aspiration", "citizen objects"),
    (drop("obligations.arbitrate"), WARNING, "handover.arbiter", "no time to decide"),
    (drop("handover.reasons.supervisory"), WARNING, "handover.reasons", "inspectorate"),
]

SUNDAY = {"sun": ["09:00-12:00"]}

PROMISES = [
    (put("channels.web.service_hours", SUNDAY), ERROR, "channels.web.service_hours", "no day from Monday to Friday"),
    (drop("kinds.aspiration"), ERROR, "kinds.aspiration", "is missing"),
    (
        put("obligations.answer.kinds", ["complaint", "aspiration", "information_request"]),
        ERROR,
        "kinds.supervisory_complaint",
        "Nobody is bound to answer",
    ),
    (put("obligations.answer.horizons", ["short"]), ERROR, "kinds.complaint", "medium term"),
    (put("obligations.answer.clock", "agency"), ERROR, "kinds.complaint", "citizen clock"),
    (add("obligations.answer.met_by", {"event": "case.followed_up"}), ERROR, "kinds.complaint", "alone"),
    (put("obligations.answer.starts_on", ["case.verified", "case.reopened"]), ERROR, "kinds.complaint", "case.opened"),
    (
        put("obligations.follow_up.within", "6 working_days"),
        WARNING,
        "obligations[2].within",
        "6 working days, longer than the answer it works for: “Information request” is answered within 5 working days",
    ),
    (put("obligations.follow_up.within", "8 calendar_days"), WARNING, "obligations[2].within", "8 calendar days"),
    (put("channels.x.first_response", "6 working_days"), WARNING, "channels.x.first_response", "6 working days"),
]

OBLIGATIONS = [
    (put("obligations.verify.starts_on", ["case.opend"]), ERROR, "obligations[0].starts_on[0]", "no fact of a case"),
    (put("obligations.verify.starts_on", ["case.closed"]), ERROR, "obligations[0].starts_on", "report is closed"),
    (add("obligations.verify.starts_on", "case.closed"), WARNING, "obligations[0].starts_on[1]", "waits in vain"),
    (
        put("obligations.verify.starts_on", [{"event": "case.opened", "after_answer": True}]),
        ERROR,
        "obligations[0].starts_on",
        "never starts",
    ),
    (put("obligations.verify.starts_on", ["case.closing_proposed"]), None, "obligations[0].starts_on", "never starts"),
    (put("obligations.review.met_by", ["case.opened"]), ERROR, "obligations[5].met_by", "never be met"),
    (put("obligations.verify.met_by", ["case.reopened"]), ERROR, "obligations[0].met_by", "never be met"),
    (
        put("obligations.verify.met_by", [{"event": "reply.drafted", "purpose": ["notice"]}]),
        ERROR,
        "obligations[0].met_by",
        "never be met",
    ),
    (put("obligations.review.horizons", ["short"]), ERROR, "obligations[5].met_by", "never be met"),
    (put("obligations.review.met_by", ["case.viewed"]), ERROR, "obligations[5].met_by[0]", "no fact of a case"),
    (
        put("obligations.verify.met_by", [{"event": "case.verified", "purpose": ["answer"]}]),
        ERROR,
        "obligations[0].met_by[0].purpose",
        "has no purpose",
    ),
    (put("obligations.verify.within", "review_on"), ERROR, "obligations[0].within", "no review date yet"),
    (put("obligations.complete.starts_on", ["case.opened"]), ERROR, "obligations[6].within", "no promised date yet"),
    (put("obligations.complete.horizons", []), ERROR, "obligations[6].horizons", "no promised date"),
    (put("horizons.long.requires", REQUIRED[:-1]), ERROR, "obligations[5].within", "does not require"),
    (put("channels", {}), ERROR, "obligations[1].within", "no channel promises"),
    (
        put("obligations.verify.paused_for", ["rain"]),
        ERROR,
        "obligations[0].paused_for[0]",
        "none of the pause reasons",
    ),
    (
        put("obligations.verify.name", {"id": "menjawab warga", "en": "Verify"}),
        WARNING,
        "obligations[3].name",
        "tell them apart",
    ),
]

LADDERS = [
    (
        put("obligations.answer.escalation.1.after", "0 working_days"),
        ERROR,
        "obligations[3].escalation[1].after",
        "not",
    ),
    (
        put("obligations.answer.escalation.0.after", "30 working_hours"),
        ERROR,
        "obligations[3].escalation[1].after",
        "3",
    ),
    (put("obligations.answer.escalation.0.to", "operator"), WARNING, "obligations[3].escalation[0].to", "late already"),
    (put("obligations.answer.escalation.1.to", "head_of_agency"), WARNING, "obligations[3].escalation[1].to", "second"),
    (put("obligations.answer.escalation", []), WARNING, "obligations[3].escalation", "no superior is called"),
    (put("obligations.answer.escalation.0.to", "boss"), ERROR, "obligations[3].escalation[0].to", "among the actors"),
]

ACTORS = [
    (put("obligations.verify.actor", "boss"), ERROR, "obligations[0].actor", "not among the actors"),
    (put("obligations.verify.actor", "citizen"), ERROR, "obligations[0].actor", "name an officer"),
    (put("handover.arbiter", "boss"), ERROR, "handover.arbiter", "not among the actors"),
    (put("official_accounts.custody.actor", "boss"), ERROR, "official_accounts.custody.actor", "not among"),
    (put("official_accounts.posting.drafted_by", "boss"), ERROR, "official_accounts.posting.drafted_by", "not among"),
    (put("official_accounts.response.actor", "system"), ERROR, "official_accounts.response.actor", "name an officer"),
    (put("steps.ask.actors", ["boss"]), ERROR, "steps[3].actors[0]", "not among the actors"),
    (put("actors.citizen", {"name": NAMED, "role": "operator"}), ERROR, "actors.citizen", "lane of the citizen"),
    (put("actors.idle", {"name": NAMED, "role": "operator"}), WARNING, "actors.idle", "nothing to do"),
    (
        put("official_accounts.posting.approved_by", "operator"),
        ERROR,
        "official_accounts.posting.approved_by",
        "drafts",
    ),
    (put("actors.approver.role", "operator"), WARNING, "official_accounts.posting.approved_by", "same officers"),
]

HORIZONS = [
    (drop("horizons.long"), ERROR, "horizons.long", "long term is missing"),
    (put("horizons.medium.review_within", None), ERROR, "horizons.medium.review_within", "no drawer"),
    (put("horizons.medium.promised_within", None), ERROR, "horizons.medium.promised_within", "how far away"),
    (put("horizons.medium.plans", []), ERROR, "horizons.medium.plans", "names no plan"),
    *[
        (
            put("horizons.medium.requires", [one for one in REQUIRED if one != demand]),
            ERROR,
            "horizons.medium.requires",
            "could be forgotten",
        )
        for demand in REQUIRED
    ],
    (put("obligations.review.horizons", ["medium"]), ERROR, "horizons.long", "bound to review"),
    (put("obligations.review.starts_on", ["case.horizon_set"]), ERROR, "horizons.medium", "bound to review"),
    (
        put("obligations.review.starts_on", ["case.horizon_set", "case.reviewed"]),
        ERROR,
        "horizons.medium",
        "case.reopened",
    ),
    (put("obligations.complete.horizons", ["long"]), ERROR, "horizons.medium", "promised date"),
    (put("horizons.short.requires", ["owner"]), ERROR, "horizons.short", "short-term"),
    (
        put("horizons.medium.review_within", "400 calendar_days"),
        WARNING,
        "horizons.medium.review_within",
        "once a year",
    ),
    (put("horizons.medium.promised_within", "60 calendar_days"), WARNING, "horizons.medium.review_within", "may come"),
    (put("horizons.long.promised_within", "365 calendar_days"), WARNING, "horizons.long.promised_within", "no further"),
]

TEXTS = [
    (put("templates.acknowledgement.text.id", "{nomor}"), ERROR, "templates.acknowledgement.text.id", "no known"),
    (
        put("templates.acknowledgement.text.id", "{reason}"),
        ERROR,
        "templates.acknowledgement.text.id",
        "not known when",
    ),
    (put("templates.question.text.en", "{question} {answer}"), ERROR, "templates.question.text.en", "not known when"),
    (put("templates.question.text.en", "{number}"), ERROR, "templates.question.text.en", "{question} is missing"),
    (put("templates.answer.text.id", "Selesai."), ERROR, "templates.answer.text.id", "{answer} is missing"),
    (put("templates.referred.text.en", "{number"), ERROR, "templates.referred.text.en", "without its partner"),
    (put("templates.referred.text.en", "{number}"), WARNING, "templates.referred.text", "same places"),
    (put("horizons.long.requires", REQUIRED[:2] + REQUIRED[3:]), ERROR, "templates.scheduled.text.id", "stay empty"),
    (put("templates.question.purpose", "answer"), ERROR, "templates.question.purpose", "used for the purpose question"),
    (drop("templates.acknowledgement"), ERROR, "templates", "no template for the receipt"),
    *[
        (drop(f"templates.{code}"), WARNING, f"templates.{code}", "There is no template")
        for code in DATA["templates"]
        if code != "acknowledgement"
    ],
]

FLOW = [
    (put("steps.ask.next", [{"to": "nowhere"}]), ERROR, "steps[3].next[0].to", "is no step"),
    (put("steps.check_report.next.2.to", "coordinate"), ERROR, "steps[4]", "No arrow leads to"),
    (put("steps.close.symbol", "process"), ERROR, "steps", "no end"),
    (put("steps.close.symbol", "process"), ERROR, "steps[11].next", "never comes to an end"),
    (put("steps.ask.next", [{"to": "report"}]), None, "steps[3].next", "circle"),
    (put("steps.draft.next", [{"to": "coordinate"}]), ERROR, "steps[8].next", "no decision leads out"),
    (put("steps.receive.next", [{"to": "report"}]), ERROR, "steps[1].next", "no decision leads out"),
    (put("steps.sort.next", [{"to": "draft", "when": NAMED}]), ERROR, "steps[6].next", "at least two"),
    (put("steps.sort.next.0.when", None), ERROR, "steps[6].next[0].when", "no word"),
    (put("steps.close.next", [{"to": "report"}]), ERROR, "steps[12].next", "is an end"),
    (put("steps.ask.next", [{"to": "check_report"}, {"to": "close"}]), ERROR, "steps[3].next", "be a decision"),
    (put("steps.report.symbol", "process"), ERROR, "steps", "no start"),
    (put("steps.receive.symbol", "start"), ERROR, "steps[1].symbol", "second one"),
    (lambda data: data["steps"].insert(0, data["steps"].pop(1)), ERROR, "steps[1].symbol", "first row"),
    (put("steps.ask.obligations", ["answer_soon"]), ERROR, "steps[3].obligations[0]", "no obligation of this SOP"),
    (put("steps.ask.time", "1 jam"), ERROR, "steps[3].time", "a second time"),
    (put("steps.ask.obligations", []), WARNING, "obligations[1]", "No step of the flow shows"),
    (put("steps.ask.actors", ["approver"]), WARNING, "steps[3].actors", "does not show Agency operator"),
    (put("steps.approve.actors", ["operator"]), ERROR, "steps[9].actors", "whoever drafts may not approve"),
]

PAPER = [
    *[(put(block, []), WARNING, block, "is empty") for block in ("qualifications", "related", "equipment", "warnings")],
    (put("records", []), WARNING, "records", "is empty"),
    (put("unit", ""), WARNING, "unit", "is empty"),
    (put("dates.effective", "2024-12-01"), ERROR, "dates.effective", "before it was made"),
    (put("dates.revised", "2024-12-01"), ERROR, "dates.revised", "before it was made"),
    (put("dates.revised", "2025-01-03"), WARNING, "dates.effective", "before its revision"),
    (
        add("revisions", {"version": 1, "date": "2025-12-02", "summary": "Lagi"}),
        WARNING,
        "revisions[1]",
        "oldest first",
    ),
    (put("version", 2), WARNING, "revisions", "newest revision in the history is 1"),
]

PROMISE = {"first_response": "3 working_days"}
CODES = [
    (put("channels.websait", PROMISE), WARNING, "channels.websait", "did you mean web?"),
    (put("channels.burung", PROMISE), WARNING, "channels.burung", "it knows email, web, counter"),
    (put("channels.baru_1", PROMISE), ERROR, "channels.baru_1", "its own code"),
    (put("actors.baru_12", {"name": NAMED, "role": "operator"}), ERROR, "actors.baru_12", "its own code"),
    (put("templates.baru_1", DATA["templates"]["answer"]), ERROR, "templates.baru_1", "its own code"),
    (put("templates.baru_dibuka", DATA["templates"]["answer"]), None, "templates.baru_dibuka", ""),
]


@pytest.mark.parametrize(
    ("edit", "severity", "field", "words"),
    [*STATUSES, *CODES, *PROMISES, *OBLIGATIONS, *LADDERS, *ACTORS, *HORIZONS, *TEXTS, *FLOW, *PAPER],
)
def test_each_break_is_found(edit: Edit, severity: str | None, field: str, words: str) -> None:
    found = [problem for problem in check(broken(edit)) if problem.field == field and words in str(problem.said)]
    # Without a severity the edit only looks like a break, and nothing may be said of it.
    assert [problem.severity for problem in found][:1] == ([severity] if severity else []), check(broken(edit))


def test_no_history_of_a_revised_version_is_told() -> None:
    [problem] = check(broken(put("version", 2), put("revisions", [])))
    assert problem.severity == WARNING and problem.field == "revisions" and "history is empty" in str(problem.said)


def test_a_pause_that_stops_nothing_is_told() -> None:
    edits = [put(f"obligations.{one['code']}.paused_for", ["incomplete"]) for one in DATA["obligations"]]
    assert [problem.field for problem in check(broken(*edits))] == ["pause_reasons[1]"]


@pytest.mark.parametrize(
    ("edits", "facts", "severity", "field", "words"),
    [
        ([], {"roles": FACTS.roles - {"approver"}}, ERROR, "actors.approver.role", "role approver"),
        ([], {"positions": frozenset()}, ERROR, "actors.regional_secretary.named", "No officer holds"),
        ([], {"channels": frozenset({"mastodon"})}, WARNING, "channels", "account on Mastodon"),
        ([], {"calendar_years": frozenset({2024})}, WARNING, "dates.effective", "calendar of 2025 is not decreed"),
        ([], {"members": {"operator": 1}}, WARNING, "official_accounts.custody.at_least", "only 1 officers"),
        (
            [put("official_accounts.custody.actor", "regional_secretary")],
            {},
            WARNING,
            "official_accounts.custody.at_least",
            "needs 2 keepers",
        ),
    ],
)
def test_what_the_government_lacks_is_found(
    edits: list[Edit], facts: dict[str, Any], severity: str, field: str, words: str
) -> None:
    government = Facts(**{**vars(FACTS), **facts})
    [problem] = check(broken(*edits), government)
    assert (problem.severity, problem.field) == (severity, field) and words in str(problem.said)


def test_a_role_that_no_actor_needs_may_lack_a_member() -> None:
    idle = broken(put("actors.idle", {"name": NAMED, "role": "auditor"}))
    assert [problem.severity for problem in check(idle, FACTS)] == [WARNING]


def test_errors_stand_before_warnings() -> None:
    found = check(broken(put("unit", ""), put("handover.arbiter", "boss")))
    assert [problem.severity for problem in found] == [ERROR, WARNING]


def test_a_finding_is_said_in_indonesian() -> None:
    [problem] = [one for one in check(broken(put("obligations.follow_up.within", "6 working_days"))) if one]
    with translation.override("id"):
        assert in_words(problem.said) == (
            "“Mengoordinasikan dan merumuskan tindak lanjut” boleh memakan 6 hari kerja, lebih lama daripada jawaban "
            "yang dilayaninya: “Permintaan informasi” dijawab dalam 5 hari kerja."
        )
