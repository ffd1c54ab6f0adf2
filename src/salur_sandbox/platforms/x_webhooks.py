"""X's webhooks: the CRC that proves them, activity subscriptions, replay."""

import secrets
from urllib.parse import urlsplit

from salur_sandbox.answers import Answer, Call, Json, door
from salur_sandbox.deliver import on_this_machine
from salur_sandbox.platforms import x_rules
from salur_sandbox.platforms.x_shapes import Shapes
from salur_sandbox.signing import x as signed
from salur_sandbox.world import Account

HOUR, DAY = 3600.0, 86400.0
EVENTS = frozenset(
    (
        "post.create",
        "post.delete",
        "post.mention.create",
        "post.reply.create",
        "post.quote.create",
        "dm.received",
        "dm.sent",
        "dm.read",
        "chat.received",
        "oauth.revoke",
    )
)
OF_THE_USER = ("dm.received", "dm.sent", "dm.read", "chat.received", "oauth.revoke")


class Webhooks(Shapes):
    """Base of X: where its events go."""

    def allowed(self, call: Call, limit: str, *scopes: str) -> Account:
        """The account of a valid token with these scopes, counted against a limit. `app` takes the bearer token."""
        found = self.world.by_token(self.name, call.bearer())
        if found is None:
            raise x_rules.unauthorized()
        account, token = found
        if token.trouble or (token.expires_at is not None and self.clock.now() >= token.expires_at):
            raise x_rules.unauthorized()
        if token.kind == "app" and "app" not in scopes:
            kind = "https://api.twitter.com/2/problems/unsupported-authentication"
            raise x_rules.problem(403, "Unsupported Authentication", "Only user context is allowed", kind)
        if token.kind != "app" and not set(scopes) - {"app"} <= token.scopes:
            raise x_rules.forbidden("The token lacks a scope")
        most, seconds = x_rules.WINDOWS[limit]
        most = int(account.limits.get(limit, most))
        good, left, until = self.world.count((account.key, limit), most, seconds)
        call.notes["limit"] = (most, left, until)
        if not good:
            raise x_rules.problem(429, "Too Many Requests", "Too Many Requests")
        return account

    # -- webhooks

    def _by_app(self, call: Call, limit: str) -> Account:
        account = self.allowed(call, limit, "app")
        if account.tokens[call.bearer()].kind != "app":
            raise x_rules.forbidden("Only the app's bearer token may do this")
        return account

    @door("POST", r"/2/webhooks")
    async def add_webhook(self, call: Call) -> Answer:
        """A webhook, proved by a CRC at once. No port in the address, except on this machine."""
        account, url = self._by_app(call, "webhooks"), call.text("url")
        good = len(url) <= 200 and (on_this_machine(url) or (url.startswith("https://") and not urlsplit(url).port))
        if not good or not await self._crc(account, url):
            raise x_rules.problem(400, "Invalid Request", "CRC check failed: the response token was wrong or missing")
        account.hook_url, account.more["valid"] = url, True
        return Answer({"data": self._webhook(account)}, 200)

    @door("GET", r"/2/webhooks")
    def webhooks(self, call: Call) -> Json:
        """The app's webhooks and whether they are valid."""
        account = self._by_app(call, "webhooks")
        data = [self._webhook(account)] if account.hook_url else []
        return {"data": data, "meta": {"result_count": len(data)}} if data else {"meta": {"result_count": 0}}

    @door("PUT", r"/2/webhooks/(?P<webhook_id>\d+)")
    async def check_webhook(self, call: Call, webhook_id: str) -> Json:
        """Prove it again, and have it valid again."""
        account = self._by_app(call, "webhooks")
        account.more["valid"] = bool(account.hook_url) and await self._crc(account, account.hook_url)
        return {"data": {"valid": account.more["valid"]}}

    @door("DELETE", r"/2/webhooks/(?P<webhook_id>\d+)")
    def remove_webhook(self, call: Call, webhook_id: str) -> Json:
        """No more webhook."""
        account = self._by_app(call, "webhooks")
        account.hook_url, account.fields = "", set()
        return {"data": {"deleted": True}}

    @door("POST", r"/2/webhooks/replay")
    def replay(self, call: Call) -> Json:
        """Send again what was sent within the last 24 hours."""
        account = self._by_app(call, "webhooks")
        self.courier.again(self.clock.now() - DAY, account.key)
        return {"data": {"job_id": str(self.world.serial()), "created_at": self.now_text()}}

    def _webhook(self, account: Account) -> Json:
        told = {"id": account.more["webhook_id"], "url": account.hook_url, "created_at": self.now_text()}
        return told | {"valid": bool(account.more.get("valid"))}

    async def handshake(self, account: Account) -> bool:
        """The CRC."""
        account.more["valid"] = await self._crc(account, account.hook_url)
        return bool(account.more["valid"])

    async def _crc(self, account: Account, url: str) -> bool:
        token = secrets.token_urlsafe(24)
        answer = await self.ask(url, {"crc_token": token})
        if answer is None or answer.status_code != 200:
            return False
        try:
            told = answer.json()
        except ValueError:
            return False
        return isinstance(told, dict) and told.get("response_token") == signed(
            account.secrets["consumer_secret"], token.encode()
        )

    @door("POST", r"/2/activity/subscriptions")
    def subscribe(self, call: Call) -> Answer:
        """One event type of one user; private ones need the user's own token."""
        account = self.allowed(call, "subscriptions", "app", "users.read")
        kind, wanted = call.text("event_type"), call.params.get("filter")
        user = str(wanted.get("user_id") or "") if isinstance(wanted, dict) else ""
        if kind not in EVENTS or user != account.id:
            raise x_rules.invalid("event_type or filter is not valid")
        if kind in OF_THE_USER and account.tokens[call.bearer()].kind == "app":
            raise x_rules.forbidden("This event type needs the user's own token")
        if kind in account.fields:
            raise x_rules.problem(409, "Conflict", "DuplicateSubscriptionFailed: the subscription exists")
        account.fields.add(kind)
        account.more.setdefault("tags", {})[kind] = call.text("tag")
        return Answer(
            {"data": {"subscription": self._subscription(account, kind)}, "meta": {"total_subscriptions": 1}}, 201
        )

    @door("GET", r"/2/activity/subscriptions")
    def subscriptions(self, call: Call) -> Json:
        """What is subscribed."""
        account = self.allowed(call, "subscriptions", "app", "users.read")
        return {"data": [self._subscription(account, kind) for kind in sorted(account.fields)]}

    @door("DELETE", r"/2/activity/subscriptions/(?P<sub_id>[\w.-]+)")
    def unsubscribe(self, call: Call, sub_id: str) -> Json:
        """No longer subscribed."""
        account = self.allowed(call, "subscriptions", "app", "users.read")
        gone = {kind for kind in account.fields if self._subscription(account, kind)["subscription_id"] == sub_id}
        account.fields -= gone
        return {"data": {"deleted": bool(gone)}}

    def _subscription(self, account: Account, kind: str) -> Json:
        told: Json = {"event_type": kind, "filter": {"user_id": account.id}, "webhook_id": account.more["webhook_id"]}
        number = 1_900_000_000_000_000_000 + sorted(EVENTS).index(kind)
        return told | {"subscription_id": str(number), "tag": account.more.get("tags", {}).get(kind, "")}

    def dead_hook(self, account: Account, seconds: float) -> None:
        """After 28 hours the webhook is invalid."""
        if seconds > 28 * HOUR:
            account.more["valid"] = False
