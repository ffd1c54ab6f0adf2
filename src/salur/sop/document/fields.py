"""What each field of an SOP document means, for the published schema. Pure."""

from collections.abc import Mapping

_BOTH = "In Indonesian (id) and in English (en)."
_NAME = f"What people read. {_BOTH} At most 200 characters in each."
_CODE = "Small letters, digits and _, beginning with a letter; other parts of the document name it by this."
_ACTOR = "The code of an actor."
_SPAN = "An amount and a unit: working_days, working_hours or calendar_days."

MEANING: Mapping[str, Mapping[str, str]] = {
    "SopDocument": {
        "code": "The code of the SOP; it stays the same over all versions.",
        "title": f"The name of the SOP. {_BOTH}",
        "unit": "The office the paper belongs to; printed in the header.",
        "number": "The number of the paper; printed.",
        "version": "A whole number from 1; a changed document that is signed has a higher one.",
        "dates": "The dates of the header.",
        "approver": "Who signs the paper; printed.",
        "legal_basis": "The rules the SOP stands on; printed.",
        "qualifications": "What officers must know and be able to do; printed.",
        "related": "Other SOPs this one touches; printed.",
        "equipment": "What the work needs; printed.",
        "warnings": "What happens where the SOP is not followed; printed.",
        "records": "What is written down and reported; printed.",
        "actors": "Who acts, by code: the columns of the flow table and the officers who fill them.",
        "kinds": "For each kind of case its name and answer limit.",
        "channels": "For each channel the promise of a first response.",
        "obligations": "What is due, from whom, by when; the engine runs these.",
        "pause_reasons": "For what the clocks may stop.",
        "handover": "How a case is handed on, and who decides when it goes round.",
        "closure": "How a case ends.",
        "horizons": "What a case of short, medium or long horizon needs.",
        "templates": "Texts of replies with checked places.",
        "official_accounts": "How the official accounts themselves are kept.",
        "steps": "The flow table of the paper, row by row.",
        "revisions": "The revision history; printed.",
    },
    "Words": {"id": "The text in Indonesian.", "en": "The text in English."},
    "Dates": {
        "created": "When the paper was made.",
        "effective": "From the start of this day the version is in force.",
        "revised": "When it was last revised, if it was.",
    },
    "Approver": {
        "position": "The office of the one who signs.",
        "name": "The name of the one who signs.",
        "rank": "Rank and grade; printed.",
        "employee_number": "The employee number (NIP); printed.",
    },
    "Actor": {
        "name": _NAME,
        "role": "Officers of this role fill the place.",
        "government_wide": "true: officers of the whole government; else those of the case's agency.",
        "named": "true: only the officer to whom the administrator gave this code as position.",
    },
    "KindRule": {
        "name": _NAME,
        "answer_within": f"How long an answer may take, from when the citizen spoke. {_SPAN}",
    },
    "ChannelRule": {
        "first_response": f"The first answer of a person, from when the citizen spoke. {_SPAN}",
        "service_hours": 'When the channel is attended, by weekday: {mon: ["07:30-12:00"]}; else the work calendar\'s.',
        "answer_in": "Where public words are answered. same: where the citizen spoke. private_first: in private where "
        "the platform permits, else in public. public_only: in public, except what was said in confidence.",
    },
    "EventMatcher": {
        "event": "The fact of a case.",
        "purpose": "For replies and dispatches: only with one of these purposes; empty means any.",
        "after_answer": "true: counts only while an answer stands that the citizen has not spoken against.",
    },
    "Rung": {
        "after": "How long after the due instant, in working_days or working_hours; 0 means at once.",
        "to": f"Who is called. {_ACTOR}",
    },
    "Obligation": {
        "code": _CODE,
        "name": _NAME,
        "actor": f"Who owes it. {_ACTOR}",
        "kinds": "Only for these kinds of cases; empty means all.",
        "horizons": "Only for these horizons; empty means all.",
        "starts_on": "The facts that start it.",
        "met_by": "The facts that meet it.",
        "within": "A span, answer_limit, first_response, review_on or promised_on.",
        "clock": "citizen: from when the citizen spoke, never moved. agency: from the fact that starts it.",
        "paused_for": "The pause reasons that stop this clock; left out: every one; []: none.",
        "escalation": "Who is called when it stays unmet after its due instant, rung by rung.",
    },
    "PauseReason": {
        "code": _CODE,
        "name": _NAME,
        "resumed_by": "The facts that end the pause; case.resumed always does.",
    },
    "HandoverReason": {"code": _CODE, "name": _NAME},
    "Handover": {
        "reasons": "For what an agency may hand a case on.",
        "bounce_limit": "After how many hand-overs the arbiter decides; 1 to 20.",
        "arbiter": f"Who decides then. {_ACTOR}",
    },
    "ClosureRule": {
        "within": f"How long silence may last. {_SPAN}",
        "closes_as": "What the outcome is called then.",
    },
    "Closure": {
        "after_answer": "Silence of the citizen after an answer.",
        "after_question": "Silence of the citizen after a question.",
        "evidence": "Outcomes that need evidence in the case.",
        "second_person": "Outcomes that a second officer must confirm.",
        "citizen_confirms": "Outcomes that only the citizen's word or silence brings.",
        "closed_time_counts": "Whether the time between closing and reopening counts on the citizen's clock.",
    },
    "HorizonRule": {
        "name": _NAME,
        "requires": "What must be set when a case gets this horizon.",
        "plans": "The plans in which such a case may stand.",
        "promised_within": f"How far away the promised date may lie. {_SPAN}",
        "review_within": f"How far away the next review may lie. {_SPAN}",
    },
    "Template": {
        "purpose": "What the reply is for.",
        "text": f"The text, with places such as {{number}}. {_BOTH}",
    },
    "Custody": {
        "actor": f"Who keeps the accounts. {_ACTOR}",
        "at_least": "How many officers at least must be able to use each account; 1 to 20.",
    },
    "Posting": {
        "drafted_by": f"Who writes a post. {_ACTOR}",
        "approved_by": f"Who approves it; another person. {_ACTOR}",
        "within": f"How long approval may take. {_SPAN}",
        "without_approval": f"Kinds of posts that go out at once. {_BOTH}",
    },
    "Response": {
        "actor": f"Who responds to comments and messages. {_ACTOR}",
        "within": f"How long a response may take. {_SPAN}",
    },
    "OfficialAccounts": {
        "custody": "Who keeps the accounts.",
        "posting": "How a post comes about.",
        "response": "The duty to respond.",
        "principles": "The principles of the accounts; printed.",
        "forbidden": "What must not be done on the accounts; printed.",
    },
    "Branch": {
        "to": "The code of the step that follows.",
        "when": f"The word at the arrow; a decision needs one. {_BOTH}",
    },
    "Step": {
        "code": _CODE,
        "activity": f"What is done. {_BOTH}",
        "symbol": "start, process, decision or end.",
        "actors": "The codes of the actors in whose columns the symbol stands; citizen and system need no entry.",
        "completeness": "What must be there before; printed.",
        "obligations": "The obligations this step fulfils; their limits are printed as its time.",
        "time": "The time of a step that no obligation limits; printed.",
        "output": "What comes out of it; printed.",
        "note": "A remark; printed.",
        "next": "Where the flow goes on; empty: the following row.",
    },
    "Revision": {
        "version": "Which version.",
        "date": "Its date.",
        "summary": "What it brought.",
    },
}
