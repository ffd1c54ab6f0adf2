"""The reading verb: a message continues a case, or becomes one on the desk of whoever can act."""

import time
from functools import lru_cache
from typing import Any

from salur.agencies.load import catalogue
from salur.agencies.match import match_agency
from salur.agencies.models import Agency, Government
from salur.agencies.queries import agencies_of, inspectorate_of, mandates_of
from salur.cases.open import Decision, History, copy_message, join_case, open_case, twin_of
from salur.cases.thread import find_case, look
from salur.intake.models import Message
from salur.kernel import memory
from salur.kernel.database import insert
from salur.kernel.models import Entry
from salur.places.models import Area
from salur.places.queries import areas, roads
from salur.triage.knowledge import AgencyEntry, AreaEntry, Knowledge, MandateEntry, RoadEntry
from salur.triage.models import Reading
from salur.triage.reading import Reading as RulesReading
from salur.triage.rules import read as read_by_rules

READER = "rules:1"
FRESH = 60
"""Seconds after which what the rules know of a government is read from the tables again."""


def read(entry: Entry) -> None:
    """Read a message: join the case it continues, or open one. Heard on `message.received`.

    The agency is the one the citizen chose or wrote to; where they left it open, the one the rules are sure of;
    where the rules abstain, none, and the case lies on the coordinator's desk. A supervisory complaint goes to the
    inspectorate whatever was chosen: it must leave the sight of the agency it may accuse. An export that names an
    agency we do not know leaves the case on the coordinator's desk, whatever the rules think.
    """
    message = _message(entry)
    found = look(message)
    if (twin := twin_of(message, found)) is not None:
        copy_message(message, twin)
        return
    case = find_case(message, found)
    if case is not None:
        join_case(message, case)
        return
    knowledge = knowledge_of(message.account.government)
    chosen, history = _chosen(message), _history(message)
    words = f"{message.subject}\n{message.text}\n{message.extra.get('location') or ''}"
    reading = read_by_rules(words, knowledge, chosen_agency=chosen.code if chosen else None)
    insert(
        Reading(
            government_id=message.government_id,
            message=message,
            reader=READER,
            abstained=reading.abstain,
            result=_told(reading, history),
        )
    )
    kind = message.extra.get("kind") or reading.kind
    agency = chosen
    if kind == "supervisory_complaint":
        agency = memory.once(f"inspectorate:{message.government_id}", lambda: inspectorate_of(message.government_id))
    elif agency is None and not message.extra.get("agency_name") and not reading.abstain and reading.agencies:
        agency = _agency(message.government_id, reading.agencies[0].code)
    decision = Decision(
        kind=kind,
        function=reading.functions[0].code if reading.functions else None,
        agency=agency,
        direct=chosen is not None and agency == chosen,
    )
    open_case(message, decision, history=history)


def _message(entry: Entry) -> Message:
    found: Message | None = memory.kept(entry.stream)
    if found is None:
        rows = Message.objects.select_related("account__agency", "account__government")
        found = rows.get(pk=entry.data["message_id"])
    return found


def _agency(government_id: int, code: str) -> Agency | None:
    rows = Agency.objects.filter(government_id=government_id, code=code)
    return memory.once(f"agency:{government_id}:{code}", rows.first)


def knowledge_of(government: Government) -> Knowledge:
    """What the rules know of a government, at most a minute old."""
    return _knowledge(government.pk, government.code, int(time.monotonic() // FRESH))


@lru_cache(maxsize=32)
def _knowledge(government_id: int, code: str, _minute: int) -> Knowledge:
    agencies = agencies_of(government_id)
    by_id = {agency.pk: agency.code for agency in agencies}
    return Knowledge.build(
        code,
        catalogue().functions,
        [AgencyEntry(one.code, one.name, one.short_name, tuple(one.aliases)) for one in agencies],
        [MandateEntry(function, by_id[agency]) for function, agency in mandates_of(government_id)],
        [_area(one) for one in areas()],
        [RoadEntry(one.number, one.name, one.area_code, one.road_class) for one in roads()],
    )


def _area(one: Area) -> AreaEntry:
    aliases = tuple(one.aliases)
    return AreaEntry(one.code, one.name, one.level, one.parent_code, aliases, one.latitude, one.longitude)


def _chosen(message: Message) -> Agency | None:
    """The agency the citizen named in a form, an export names, or whose own mailbox they wrote to."""
    extra, account = message.extra, message.account
    if code := extra.get("agency"):
        return _agency(message.government_id, code)
    if name := extra.get("agency_name"):
        government = account.government
        code = match_agency(name, knowledge_of(government).agencies.values(), government.name)
        return _agency(government.pk, code) if code else None
    return None if account.agency.is_coordinator else account.agency


def _told(reading: RulesReading, history: History | None) -> dict[str, Any]:
    """The reading as it is kept; what an export says of the past stands among its reasons."""
    told = reading.to_json() | {"reasons_en": [reason.text_en for reason in reading.reasons]}
    if history and history.note:
        told["reasons"].append(history.note)
        told["reasons_en"].append(history.note)
    return told


def _history(message: Message) -> History | None:
    past = message.extra.get("history")
    return None if past is None else History(**past)
