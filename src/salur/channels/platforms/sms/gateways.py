"""Sending by the telephone's app and by the carrier, over their web interfaces."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from salur.channels.outside import Judge, Outside, Reply, Verdict, by_status
from salur.channels.platforms.loose import each, ident, moment, words
from salur.channels.ports import AccountView, FetchFailed, Outbound, Receipt, SendFailed

TELEPHONE = "https://api.sms-gate.app/3rdparty/v1"
CARRIER = "https://api.twilio.com"
_NOBODY = ("21211", "21217", "21408", "21610", "21612", "21614", "21635", "30003", "30005", "30006")
_WAIT = ("14107", "20429", "30001", "63018")
_ACCOUNT = ("20003", "20005", "21606", "21659", "30002")
_KEYS = uuid.UUID("6f0d9a3e-5a0f-5c55-9a0e-9f0f3a2f7a11")


def judge_telephone(reply: Reply) -> Verdict | None:
    """The app's answers by status alone; 409 says that it has this very message already."""
    return None if reply.status == 409 else by_status(reply)


def judge_carrier(reply: Reply) -> Verdict | None:
    """The carrier's answers by its own codes (Twilio: Error and warning dictionary)."""
    if reply.ok:
        return None
    code = ident(reply.data, "code")
    if code in _NOBODY:
        return Verdict("stop_recipient", "this number cannot be reached, or wants no messages", code=code)
    if code in _WAIT:
        return Verdict("retry", "the carrier asks us to wait", code=code)
    if code in _ACCOUNT:
        return Verdict("stop_account", "the carrier does not accept the account", code=code)
    verdict = by_status(reply)
    return verdict and Verdict(verdict.action, verdict.reason, code=code)


def _signed_in(account: AccountView, user: str, password: str, base: str, judge: Judge) -> Outside:
    """Raises SendFailed where user or password (names of credentials) is missing."""
    pair = [account.credentials.get(one, "") for one in (user, password)]
    if not all(pair):
        raise SendFailed(
            f"SMS: the account has no {user if not pair[0] else password}", permanent=True, blames="account"
        )
    token = base64.b64encode(":".join(pair).encode()).decode()
    return Outside(account, base, judge, headers={"Authorization": f"Basic {token}"}, name="SMS")


def telephone(account: AccountView) -> Outside:
    """The app's interface: in the cloud, or with `api_base` a server of one's own."""
    return _signed_in(account, "username", "password", TELEPHONE, judge_telephone)


def carrier(account: AccountView) -> Outside:
    """The carrier's interface."""
    return _signed_in(account, "account_sid", "auth_token", CARRIER, judge_carrier)


def send_by_telephone(account: AccountView, out: Outbound) -> Receipt:
    """One message under an id that we choose, so that the same is never sent twice. Raises as `send` does."""
    key = str(uuid.uuid5(_KEYS, out.once_key))
    body: dict[str, Any] = {"id": key, "textMessage": {"text": out.text}, "phoneNumbers": [out.to]}
    body["withDeliveryReport"] = True
    telephone(account).say("POST", "/messages", traced=True, repeatable=True, json=body)
    return Receipt(key)


def read_back_telephone(account: AccountView, out: Outbound) -> Receipt | None:
    """Whether the app knows the id; raises FetchFailed."""
    key = str(uuid.uuid5(_KEYS, out.once_key))
    try:
        outside = telephone(account)
    except SendFailed as error:
        raise FetchFailed(error.reason, revoked=True) from None
    outside.judge = lambda reply: None if reply.status == 404 else by_status(reply)
    return Receipt(key) if ident(outside.look("GET", f"/messages/{key}"), "id") == key else None


def _messages(account: AccountView) -> str:
    return f"/2010-04-01/Accounts/{account.credentials.get('account_sid', '')}/Messages.json"


def send_by_carrier(account: AccountView, out: Outbound) -> Receipt:
    """One message whose fate is told to our hook. Raises as `send` does."""
    form = {"To": out.to, "From": account.address, "Body": out.text}
    if account.hook_url.startswith("https://"):
        form["StatusCallback"] = account.hook_url
    return Receipt(ident(carrier(account).say("POST", _messages(account), traced=True, data=form).data, "sid"))


def read_back_carrier(account: AccountView, out: Outbound) -> Receipt | None:
    """The same words to the same number since it was first tried; raises FetchFailed."""
    since = (out.began_at or datetime.now(UTC) - timedelta(days=1)) - timedelta(minutes=2)
    try:
        outside = carrier(account)
    except SendFailed as error:
        raise FetchFailed(error.reason, revoked=True) from None
    asked = {"To": out.to, "From": account.address, "PageSize": "50"}
    for _, one in each(outside.look("GET", _messages(account), params=asked), "messages"):
        at = _created(one)
        if at is not None and at >= since and words(one, "body") == out.text.strip():
            return Receipt(ident(one, "sid"))
    return None


def _created(message: Any) -> datetime | None:
    """The carrier writes dates as mail does (RFC 2822)."""
    written = words(message, "date_created")
    try:
        return parsedate_to_datetime(written).astimezone(UTC)
    except (ValueError, TypeError):
        return moment(written)
