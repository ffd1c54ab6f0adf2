"""What Meta's platforms share: tokens, errors, usage, handshakes, subscriptions and signed hooks (Graph API)."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from salur_sandbox.answers import Call, Json, Refusal, door
from salur_sandbox.clock import instant
from salur_sandbox.deliver import Manner
from salur_sandbox.platform import Platform
from salur_sandbox.platforms.fields import asked, page, pick
from salur_sandbox.signing import meta, meta_body
from salur_sandbox.world import Account, Token

HOUR, DAY = 3600.0, 86400.0
TOKEN_TROUBLE = {
    "removed": (458, "The user has not authorized application."),
    "password": (460, "The session has been invalidated because the user changed their password."),
    "revoked": (467, "The access token is invalid since the user has logged out."),
}


def error(code: int, message: str, *, subcode: int = 0, status: int = 400, transient: bool = False) -> Refusal:
    """A Graph error: {error: {message, type, code, error_subcode, fbtrace_id}}."""
    told: Json = {"message": message, "type": "OAuthException", "code": code}
    if subcode:
        told["error_subcode"] = subcode
    if transient:
        told["is_transient"] = True
    return Refusal(status, {"error": {**told, "fbtrace_id": "A" + secrets.token_urlsafe(16)[:21]}})


def missing(what: str) -> Refusal:
    """The refusal of an object that is not there or not to be seen (100/33)."""
    told = (
        f"Unsupported get request. Object with ID '{what}' does not exist, cannot be loaded due to missing permissions"
    )
    return error(100, told, subcode=33)


class Graph(Platform):
    """Base of Facebook, Instagram, WhatsApp and Threads."""

    prefix = re.compile(r"^/v\d+(\.\d+)?(?=/)")
    object: ClassVar[str]
    secret_names: ClassVar[tuple[str, ...]] = ("app_secret", "verify_token")
    manner = Manner(20, 36 * HOUR)
    budget: ClassVar[float] = 4800

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """A new account in an app of its own, unless `more.app_id` names one."""
        account = super().connect(wanted)
        account.more.setdefault("app_id", str(7_000_000_000_000 + self.world.serial()))
        return account

    def token_value(self, account: Account) -> str:
        """Page tokens begin with EAA."""
        return "EAA" + secrets.token_hex(24)

    # -- errors

    def unknown(self, call: Call) -> Refusal:
        """Graph's answer to a path it has not."""
        return error(2500, f"Unknown path components: {call.path}", status=400)

    def malformed(self) -> Refusal:
        """Graph's answer to broken JSON."""
        return error(100, "(#100) Invalid parameter: the body is not valid JSON")

    def failure(self, status: int, rule: Mapping[str, Any]) -> Refusal:
        """A failure on purpose: `code` and `subcode` of the rule, else what this HTTP status usually carries."""
        code = int(rule.get("code", {500: 2, 503: 2, 429: 4, 403: 200, 401: 190}.get(status, 1)))
        told = error(code, f"(#{code}) failure on purpose", subcode=int(rule.get("subcode", 0)), status=status)
        told.answer.headers.update(rule.get("headers") or {})
        return told

    # -- tokens

    def token_of(self, call: Call) -> tuple[Account, Token]:
        """Whose valid token this is. Raises 190 in all its forms, and 4 where the budget is spent."""
        value = call.text("access_token") or call.bearer()
        found = self.world.by_token(self.name, value)
        if found is None:
            raise error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        account, token = found
        now = self.clock.now()
        if token.trouble:
            subcode, told = TOKEN_TROUBLE.get(token.trouble, TOKEN_TROUBLE["revoked"])
            raise error(190, f"Error validating access token: {told}", subcode=subcode, status=401)
        if token.expires_at is not None and now >= token.expires_at:
            raise error(190, "Error validating access token: Session has expired.", subcode=463, status=401)
        most = account.limits.get("calls", self.budget)
        allowed, left, _ = self.world.count((account.key, "calls"), most, HOUR)
        call.notes["used"] = round(100 * (most - left) / most)
        call.notes["account"] = account
        if not allowed:
            call.notes["used"] = 101
            raise error(4, "(#4) Application request limit reached", status=403, transient=True)
        return account, token

    def allowed(self, call: Call, *scopes: str, object_id: str = "me") -> Account:
        """The account of a valid token that has one of the scopes and speaks of its own object."""
        account, token = self.token_of(call)
        if scopes and not token.scopes.intersection(scopes):
            raise error(200, "(#200) Permissions error", status=403)
        if object_id not in ("me", account.id, account.more.get("page_id")):
            raise missing(object_id)
        return account

    def headers(self, call: Call) -> dict[str, str]:
        """Usage in per cent, from which clients back off."""
        account = call.notes.get("account")
        if not isinstance(account, Account):
            return {}
        used = min(100, int(call.notes.get("used", 0)))
        usage = {"call_count": used, "total_cputime": used // 2, "total_time": used // 2}
        wait = 60 if call.notes.get("used", 0) > 100 else 0
        case = [{"type": "pages", **usage, "estimated_time_to_regain_access": wait}]
        return {"X-App-Usage": json.dumps(usage), "X-Business-Use-Case-Usage": json.dumps({account.id: case})}

    def _by_app(self, call: Call, app_id: str = "") -> list[Account]:
        """Accounts of the app whose `id|secret` token this is."""
        given_id, _, secret = (call.text("access_token") or call.bearer()).partition("|")
        mine = [one for one in self.world.accounts.values() if one.platform == self.name]
        found = [one for one in mine if one.more.get("app_id") == given_id and one.secrets["app_secret"] == secret]
        if not found or app_id not in ("", given_id):
            raise error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        return found

    @door("GET", r"/debug_token")
    def debug_token(self, call: Call) -> Json:
        """What a token is worth; asked with an app token, or with itself."""
        asker = call.text("access_token") or call.bearer()
        if "|" in asker:
            self._by_app(call)
        elif self.world.by_token(self.name, asker) is None:
            raise error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        found = self.world.by_token(self.name, call.text("input_token"))
        if found is None:
            return {"data": {"is_valid": False, "error": {"code": 190, "message": "Invalid OAuth access token."}}}
        account, token = found
        over = token.expires_at is not None and self.clock.now() >= token.expires_at
        return {
            "data": {
                "app_id": account.more["app_id"],
                "type": "PAGE",
                "is_valid": not token.trouble and not over,
                "expires_at": int(token.expires_at or 0),
                "data_access_expires_at": int(self.clock.now() + 90 * DAY),
                "profile_id": account.id,
                "scopes": sorted(token.scopes),
            }
        }

    @door("GET", r"/oauth/access_token")
    def exchange(self, call: Call) -> Json:
        """A long-lived token for a short-lived one (60 days)."""
        return self._fresh(call, call.text("fb_exchange_token"), 60 * DAY)

    def _fresh(self, call: Call, old: str, seconds: float) -> Json:
        found = self.world.by_token(self.name, old)
        if found is None or found[1].trouble or (found[1].expires_at or 1e12) <= self.clock.now():
            raise error(190, "Error validating access token: it can no longer be renewed.", subcode=463, status=401)
        account, token = found
        fresh = Token(self.token_value(account), set(token.scopes), self.clock.now() + seconds)
        account.tokens[fresh.value] = fresh
        return {"access_token": fresh.value, "token_type": "bearer", "expires_in": int(seconds)}

    # -- subscriptions

    @door("POST", r"/(?P<object_id>[^/]+)/subscriptions")
    async def subscribe_app(self, call: Call, object_id: str) -> Json:
        """The app's callback: proved by a handshake before anything is kept."""
        accounts = self._by_app(call, object_id)
        url, token = call.text("callback_url"), call.text("verify_token")
        if call.text("object") != self.object:
            raise error(100, "(#100) Param object is not one of the allowed values")
        if not await self._proved(url, token):
            raise error(2200, "(#2200) Callback verification failed: the challenge did not come back.", status=400)
        for account in accounts:
            account.hook_url = url
            account.secrets["verify_token"] = token
        return {"success": True}

    async def handshake(self, account: Account) -> bool:
        """GET with hub.challenge; the bare challenge must come back."""
        return await self._proved(account.hook_url, account.secrets["verify_token"])

    async def _proved(self, url: str, verify_token: str) -> bool:
        challenge = str(1_000_000_000 + secrets.randbelow(1_000_000_000))
        asked_with = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        answer = await self.ask(url, asked_with)
        return answer is not None and answer.status_code == 200 and answer.text == challenge

    def subscribe_fields(self, account: Account, call: Call) -> Json:
        """POST subscribed_apps."""
        given = call.params.get("subscribed_fields") or ""
        fields = set(given if isinstance(given, list) else str(given).split(",")) - {""}
        if not fields:
            raise error(100, "(#100) The parameter subscribed_fields is required")
        if unknown := fields - self.all_fields:
            raise error(100, f"(#100) Param subscribed_fields[0] must be one of the allowed values, not {min(unknown)}")
        account.fields, account.failing_since = fields, None
        return {"success": True}

    def subscribed(self, account: Account) -> Json:
        """GET subscribed_apps."""
        if not account.fields:
            return {"data": []}
        app = {"id": account.more["app_id"], "name": "Salur", "link": "https://salur.test/"}
        return {"data": [{**app, "subscribed_fields": sorted(account.fields)}]}

    def dead_hook(self, account: Account, seconds: float) -> None:
        """After an hour of failures the app is unsubscribed."""
        if seconds >= HOUR:
            account.fields = set()

    # -- pages of answers

    def paged(self, call: Call, nodes: Iterable[Json], default: str) -> Json:
        """One page of an edge, only with the fields asked for."""
        try:
            wanted = asked(call.text("fields") or default)
        except ValueError:
            raise error(2500, "Syntax error in the field list") from None
        rest = {name: value for name, value in call.query.items() if name not in ("after", "access_token")}
        url = f"{self.world.base}/{self.name}{call.path}?{urlencode(rest)}"
        try:
            return page([pick(node, wanted) for node in nodes], int(call.text("limit") or 25), call.text("after"), url)
        except ValueError:
            raise error(100, "(#100) Invalid cursors values") from None

    def node(self, call: Call, node: Json, default: str) -> Json:
        """One object, only with the fields asked for."""
        try:
            return pick(node, asked(call.text("fields") or default))
        except ValueError:
            raise error(2500, "Syntax error in the field list") from None

    def since(self, call: Call) -> tuple[float, float]:
        """The `since` and `until` of a call as unix seconds."""
        try:
            return instant(call.text("since") or "0"), instant(call.text("until") or "9999999999")
        except ValueError:
            raise error(100, "(#100) since and until must be times") from None

    # -- hooks

    def tell(self, account: Account, field: str, entry: Json) -> None:
        """One entry to the subscribed hook, signed with the app secret over the exact bytes."""
        if field not in account.fields:
            return

        def wrap(entries: list[Any]) -> bytes:
            return meta_body({"object": self.object, "entry": entries})

        def sign(body: bytes) -> Mapping[str, str]:
            return {
                "X-Hub-Signature-256": meta(account.secrets["app_secret"], body),
                "User-Agent": "facebookexternalua",
            }

        self.send(account, entry, wrap, sign, together=True)

    def tell_change(self, account: Account, field: str, value: Json) -> None:
        """An entry of `changes`, its time in seconds."""
        changes = [{"field": field, "value": value}]
        self.tell(account, field, {"id": account.id, "time": int(self.clock.now()), "changes": changes})

    def tell_messaging(self, account: Account, field: str, event: Json) -> None:
        """An entry of `messaging`, its time in milliseconds; `standby` where another app owns the thread."""
        name = "standby" if "standby" in account.features else "messaging"
        self.tell(account, field, {"id": account.id, "time": int(self.clock.now() * 1000), name: [event]})
