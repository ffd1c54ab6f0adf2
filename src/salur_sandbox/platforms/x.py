"""X: mentions, replies, direct messages, webhooks with CRC and activity subscriptions (X API v2)."""

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from salur_sandbox.answers import Answer, Call, Json, Refusal, door
from salur_sandbox.deliver import Manner
from salur_sandbox.platforms import x_rules
from salur_sandbox.platforms.x_webhooks import EVENTS, Webhooks
from salur_sandbox.world import Account, Person, Post, Said, Token

HOUR, DAY = 3600.0, 86400.0


class X(Webhooks):
    """One account in an app of its own. Replies follow the summon rule unless `enterprise` was granted."""

    name = "x"
    label = "X"
    people_can = ("mention", "comment", "quote", "dm")
    edit_seconds = 30 * 60
    most_edits = 5
    secret_names: ClassVar[tuple[str, ...]] = ("consumer_secret", "refresh_token", "app_token", "client_id")
    token_seconds = 2 * HOUR
    all_fields = EVENTS
    all_scopes = frozenset(["tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "offline.access"])
    manner = Manner(10, 0)  # what X does with an event that was not taken is not documented: it is not sent again

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """A user, the app's bearer token, and a webhook where an address is given."""
        account = super().connect(wanted)
        account.more["webhook_id"] = str(1_900_000_000_000_000_000 + self.world.serial())
        account.more["valid"] = bool(account.hook_url)
        bearer = account.secrets["app_token"]
        account.tokens[bearer] = Token(bearer, {"app"}, kind="app")
        return account

    def post_id(self, account: Account) -> str:
        """A growing number of nineteen digits."""
        return str(1_990_000_000_000_000_000 + self.world.serial() * 4_194_304)

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """Posts and direct messages count alike."""
        return self.post_id(account)

    def person_id(self, account: Account, person: Person) -> str:
        """A user id."""
        return str(1_600_000_000_000_000_000 + person.number)

    # -- refusals

    def unknown(self, call: Call) -> Refusal:
        """404 of a path."""
        return x_rules.problem(404, "Not Found", "The requested resource does not exist")

    def malformed(self) -> Refusal:
        """400 of a broken body."""
        return x_rules.invalid("The body is not valid JSON")

    def failure(self, status: int, rule: Mapping[str, Any]) -> Refusal:
        """A failure on purpose; 429 says until when."""
        titles = {429: "Too Many Requests", 503: "Service Unavailable", 403: "Forbidden", 401: "Unauthorized"}
        told = x_rules.problem(status, titles.get(status, "Error"), str(rule.get("detail", "failure on purpose")))
        if status == 429:
            told.answer.headers["x-rate-limit-reset"] = str(int(self.clock.now() + float(rule.get("after", 60))))
        return told

    def headers(self, call: Call) -> dict[str, str]:
        """The state of the limit that was counted."""
        if "limit" not in call.notes:
            return {}
        most, left, until = call.notes["limit"]
        told = {"x-rate-limit-limit": str(int(most)), "x-rate-limit-remaining": str(int(left))}
        return told | {"x-rate-limit-reset": str(int(until))}

    # -- tokens

    @door("POST", r"/2/oauth2/token")
    def oauth(self, call: Call) -> Json:
        """A new access token for a refresh token, which changes each time."""
        old = call.text("refresh_token")
        mine = [one for one in self.world.accounts.values() if one.platform == self.name]
        account = next((one for one in mine if one.secrets["refresh_token"] == old), None)
        if call.text("grant_type") != "refresh_token" or account is None or account.more.get("withdrawn"):
            refused = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
            raise Refusal(400, refused)
        fresh = Token(self.token_value(account), set(self.all_scopes), self.clock.now() + 2 * HOUR)
        account.tokens = {value: one for value, one in account.tokens.items() if one.kind == "app"}
        account.tokens[fresh.value] = fresh
        account.secrets["refresh_token"] = secrets.token_urlsafe(24)
        told: Json = {"token_type": "bearer", "expires_in": 7200, "access_token": fresh.value}
        return told | {"refresh_token": account.secrets["refresh_token"], "scope": " ".join(sorted(fresh.scopes))}

    # -- looking

    @door("GET", r"/2/users/me")
    def me(self, call: Call) -> Json:
        """Who the token is."""
        account = self.allowed(call, "me", "users.read")
        return {"data": {"id": account.id, "name": account.name, "username": account.handle}}

    @door("GET", r"/2/users/(?P<user_id>\d+)/mentions")
    def mentions(self, call: Call, user_id: str) -> Json:
        """What names the account, newest first; the newest 800 only."""
        account = self._own(self.allowed(call, "mentions", "app", "tweet.read", "users.read"), user_id)
        named = [one for one in self._posts(account) if not one.ours and one.more.get("names_us")]
        return self._page(call, account, named[:800])

    @door("GET", r"/2/users/(?P<user_id>\d+)/tweets")
    def tweets(self, call: Call, user_id: str) -> Json:
        """What the account said itself, newest first."""
        account = self._own(self.allowed(call, "tweets", "app", "tweet.read", "users.read"), user_id)
        return self._page(call, account, [one for one in self._posts(account) if one.ours])

    @door("GET", r"/2/tweets/search/recent")
    def search(self, call: Call) -> Json:
        """Search of seven days; conversation_id:, from: and to: are understood."""
        account = self.allowed(call, "mentions", "app", "tweet.read", "users.read")
        rows = [one for one in self._posts(account) if self.clock.now() - one.at < 7 * DAY]
        for word in call.text("query").split():
            name, _, value = word.partition(":")
            if name == "conversation_id":
                rows = [one for one in rows if self.conversation_of(account, one) == value]
            elif name == "from":
                rows = [one for one in rows if self.author(account, one)["username"] == value.lstrip("@")]
            elif name == "to":
                rows = [one for one in rows if not one.ours and value.lstrip("@") == account.handle]
            else:
                raise x_rules.invalid(f"There were errors processing your request: {word}")
        return self._page(call, account, rows)

    @door("GET", r"/2/tweets/(?P<tweet_id>\d+)")
    def tweet(self, call: Call, tweet_id: str) -> Json:
        """One post, or a 200 with an error where it is gone."""
        account = self.allowed(call, "tweets", "app", "tweet.read", "users.read")
        found = self._tweet(account, tweet_id)
        return (
            {"errors": [x_rules.not_found(tweet_id)]} if found is None else self.told(call, account, [found], one=True)
        )

    @door("GET", r"/2/tweets")
    def several(self, call: Call) -> Json:
        """Several posts; those that are gone stand among the errors."""
        account = self.allowed(call, "tweets", "app", "tweet.read", "users.read")
        ids = [one for one in call.text("ids").split(",") if one]
        if not ids or len(ids) > 100:
            raise x_rules.invalid("ids must hold 1 to 100 ids")
        found = [one for one in (self._tweet(account, tweet_id) for tweet_id in ids) if one is not None]
        there = {one.id for one in found}
        told = self.told(call, account, found)
        gone = [x_rules.not_found(one) for one in ids if one not in there]
        return told | ({"errors": gone} if gone else {})

    @door("GET", r"/2/dm_events")
    def dm_events(self, call: Call) -> Json:
        """Direct messages of thirty days, newest first."""
        account = self.allowed(call, "dm_events", "dm.read")
        return self._dm_page(call, account, "")

    @door("GET", r"/2/dm_conversations/with/(?P<user_id>\d+)/dm_events")
    def dm_events_with(self, call: Call, user_id: str) -> Json:
        """Direct messages with one person."""
        account = self.allowed(call, "dm_events", "dm.read")
        return self._dm_page(call, account, user_id)

    def _own(self, account: Account, user_id: str) -> Account:
        if user_id != account.id:
            raise x_rules.forbidden("This account cannot be looked at with this token")
        return account

    def _posts(self, account: Account) -> list[Said]:
        rows = [one for one in self.world.of(account, private=False) if one.removed_at is None]
        return sorted((one for one in rows if not one.more.get("edited_to")), key=lambda one: int(one.id), reverse=True)

    def _tweet(self, account: Account, tweet_id: str) -> Said | None:
        found = self.world.utterance(account, tweet_id)
        return None if found is None or found.private or found.removed_at is not None else found

    def _page(self, call: Call, account: Account, rows: list[Said]) -> Json:
        most = int(call.text("max_results") or 10)
        if not 5 <= most <= 100:
            raise x_rules.invalid(f"The `max_results` query parameter value [{most}] is not between 5 and 100")
        if since := call.text("since_id"):
            rows = [one for one in rows if int(one.id) > int(since)]
        if until := call.text("until_id"):
            rows = [one for one in rows if int(one.id) < int(until)]
        start = int(call.text("pagination_token") or call.text("next_token") or 0)
        part = rows[start : start + most]
        told = self.told(call, account, part)
        told["meta"] = {"result_count": len(part)}
        if part:
            told["meta"] |= {"newest_id": part[0].id, "oldest_id": part[-1].id}
        if start + most < len(rows):
            told["meta"]["next_token"] = str(start + most)
        return told

    # -- saying

    @door("POST", r"/2/tweets")
    def create(self, call: Call) -> Answer:
        """A post or a reply, within the summon rule."""
        account = self.allowed(call, "create", "tweet.write", "tweet.read", "users.read")
        text, reply = call.text("text"), call.params.get("reply")
        if not text:
            raise x_rules.invalid("text must not be empty")
        if x_rules.weight(text) > x_rules.MOST:
            raise x_rules.forbidden("Your Tweet text is too long.")
        now = self.clock.now()
        if any(one.ours and one.text == text and now - one.at < DAY for one in self._posts(account)):
            raise x_rules.forbidden("You are not allowed to create a Tweet with duplicate content.")
        parent = (
            self._answered(account, str(reply.get("in_reply_to_tweet_id") or "")) if isinstance(reply, dict) else None
        )
        person = self.world.person(parent.person if parent else next(iter(self.world.people)))
        above = {"post": parent.post, "parent": parent.id} if parent else {}
        said = self.ours(account, person, "comment", text, **above)
        return Answer({"data": {"id": said.id, "text": text, "edit_history_tweet_ids": [said.id]}}, 201)

    def _answered(self, account: Account, tweet_id: str) -> Said:
        parent = self._tweet(account, tweet_id)
        if parent is None:
            raise x_rules.forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        summoned = parent.ours or parent.more.get("names_us") or parent.more.get("quotes_us")
        if not summoned and "enterprise" not in account.features:
            raise x_rules.forbidden(
                "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by "
                "the author of the post you are replying to."
            )
        if not parent.ours and account.key in self.world.person(parent.person).blocks:
            raise x_rules.forbidden("You are not permitted to perform this action.")
        return parent

    @door("DELETE", r"/2/tweets/(?P<tweet_id>\d+)")
    def delete(self, call: Call, tweet_id: str) -> Json:
        """Delete an own post."""
        account = self.allowed(call, "create", "tweet.write", "tweet.read", "users.read")
        found = self._tweet(account, tweet_id)
        if found is None or not found.ours:
            raise x_rules.forbidden("You are not permitted to delete this Tweet.")
        found.removed_at = self.clock.now()
        self.happened("removed", account, found)
        return {"data": {"deleted": True}}

    @door("POST", r"/2/dm_conversations/with/(?P<user_id>\d+)/messages")
    def message(self, call: Call, user_id: str) -> Answer:
        """A direct message to one person."""
        account = self.allowed(call, "dm", "dm.write", "tweet.read", "users.read")
        text = call.text("text")
        people = self.world.people.values()
        person = next((one for one in people if self.person_id(account, one) == user_id), None)
        if not text or len(text) > 10_000:
            raise x_rules.invalid("text must have 1 to 10000 characters")
        if person is None:
            raise x_rules.problem(404, "Not Found", "The user does not exist")
        known = self.world.last_private_word(account, person) is not None
        if account.key in person.blocks or ("closed_dms" in account.features and not known):
            raise x_rules.forbidden("You do not have permission to DM one or more participants.")
        said = self.ours(account, person, "dm", text)
        told = {"dm_conversation_id": self.dm_conversation(account, person), "dm_event_id": said.id}
        return Answer({"data": told}, 201)
