"""What the Open311 door asks of the house: its accounts, its services, and what became of the requests filed by it."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from salur.agencies.models import Government, Mandate
from salur.api import queries
from salur.api.open311_answers import Fault
from salur.api.queries import Search
from salur.cases.models import CaseMessage
from salur.cases.queries import case_of_delivery
from salur.channels.hooks import same, secrets_of
from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.intake.accept import accept
from salur.intake.queries import delivery_of
from salur.journey.act import act
from salur.kernel import clock
from salur.language.masking import mask_personal
from salur.publishing.models import Reply

LONGEST = {"description": 20_000, "media_url": 1_000}
USUAL = 300
MOST = 1_000
_TOKENS = uuid.UUID("0e2f2f55-2d0e-5b0a-8f61-6f0f3c1d2b77")


def jurisdiction(code: str) -> Government:
    """The government with this jurisdiction_id; without one, the only that has the door open. Raises Fault."""
    found = [one for one in queries.open311_governments() if code in ("", one.code)]
    if len(found) == 1:
        return found[0]
    if not code and found:
        raise Fault(400, "jurisdiction_id is required: several governments are served here")
    raise Fault(404, "jurisdiction_id was not found")


def account(government: Government, api_key: str) -> Account:
    """The account whose key this is; raises Fault 403 where it is nobody's."""
    found = None
    now = clock.now().timestamp()
    for one in queries.open311_accounts(government):
        if api_key and same(api_key.encode(), *secrets_of(one.credentials or {}, "api_key", now)):
            found = one
    if found is None:
        raise Fault(403, "missing or invalid api_key")
    return found


def services(government: Government) -> list[dict[str, Any]]:
    """The functions for which an agency of the government is known, as services that take a report in batch."""
    return [_service(one) for one in {one.function_id: one for one in queries.mandates(government)}.values()]


def _service(mandate: Mandate) -> dict[str, Any]:
    return {
        "service_code": mandate.function_id,
        "service_name": mandate.function.name,
        "description": mandate.function.name_en,
        "metadata": False,
        "type": "batch",
        "keywords": "",
        "group": "",
    }


def mandate(government: Government, service_code: str) -> Mandate:
    """Who is in charge of a service; raises Fault where it is missing or unknown."""
    if not service_code:
        raise Fault(400, "service_code was not provided")
    found = next((one for one in queries.mandates(government) if one.function_id == service_code), None)
    if found is None:
        raise Fault(404, "service_code was not found")
    return found


def file(account: Account, said: Mapping[str, str]) -> str:
    """Keep a request and return its token. The same fields on the same day (UTC) are one request. Raises Fault."""
    for name, value in said.items():
        if len(value) > LONGEST.get(name, USUAL):
            raise Fault(400, f"{name} is longer than {LONGEST.get(name, USUAL)} characters")
    charge = mandate(account.government, said.get("service_code", ""))
    latitude, longitude = _degrees(said, "lat", 90), _degrees(said, "long", 180)
    address = said.get("address_string", "") or said.get("address_id", "")
    if (latitude is None or longitude is None) and not address:
        raise Fault(400, "a location is required: lat and long, or address_string")
    now = clock.now()
    canonical = json.dumps([account.pk, f"{now:%Y-%m-%d}", sorted(said.items())])
    token = str(uuid.uuid5(_TOKENS, canonical))
    form = {
        "form_id": token,
        "title": charge.function.name,
        "text": said.get("description", ""),
        "name": " ".join(one for one in (said.get("first_name", ""), said.get("last_name", "")) if one),
        "email": said.get("email", ""),
        "phone": said.get("phone", ""),
        "government": account.government.code,
        "agency": charge.agency.code,
        "spoken_at": now.isoformat(),
        "service_code": charge.function_id,
        "location": address,
        "latitude": latitude,
        "longitude": longitude,
        "media_url": said.get("media_url", ""),
        "reporter": said.get("account_id", "") or said.get("device_id", ""),
    }
    act(accept, account, Raw(token, json.dumps(form).encode(), "application/json"))
    return token


def _degrees(said: Mapping[str, str], name: str, most: int) -> float | None:
    if not said.get(name):
        return None
    try:
        found = float(said[name])
    except ValueError:
        raise Fault(400, f"{name} is no number") from None
    if not -most <= found <= most:
        raise Fault(400, f"{name} is not between -{most} and {most}")
    return found


def request_of_token(account: Account, token: str) -> str:
    """The number of the case that a request became, "" until it is there; raises Fault for a token never given."""
    delivery = delivery_of(account, token)
    if delivery is None:
        raise Fault(404, "token was not found")
    case = case_of_delivery(delivery.pk)
    return case.number if case else ""


def requests(account: Account, wanted: Search) -> list[dict[str, Any]]:
    """What became of the requests filed by this account, newest first, at most MOST."""
    found = queries.filed_by(account, wanted, MOST)
    notes = queries.last_answers({one.case_id for one in found})
    return [_request(one, notes.get(one.case_id)) for one in found]


def _request(link: CaseMessage, answer: Reply | None) -> dict[str, Any]:
    case, message = link.case, link.message
    moments = [message.spoken_at, case.opened_at, case.closed_at, answer.approved_at if answer else None]
    return {
        "service_request_id": case.number,
        "status": "closed" if case.closed_at else "open",
        "status_notes": mask_personal(answer.text) if answer else "",
        "service_name": case.function.name if case.function else mask_personal(message.subject),
        "service_code": case.function_id or message.extra.get("service_code", ""),
        "description": mask_personal(message.text),
        "agency_responsible": case.agency.name if case.agency else "",
        "service_notice": "",
        "requested_datetime": message.spoken_at.isoformat(),
        "updated_datetime": max(one for one in moments if one).isoformat(),
        "expected_datetime": case.citizen_due_at.isoformat() if case.citizen_due_at else "",
        "address": message.extra.get("location") or "",
        "lat": message.extra.get("latitude"),
        "long": message.extra.get("longitude"),
        "media_url": message.extra.get("media_url") or "",
    }
