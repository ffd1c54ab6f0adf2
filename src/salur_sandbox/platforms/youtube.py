"""YouTube: comments under the channel's videos, by polling alone, within the day's quota (Data API v3)."""

import html
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from salur_sandbox.answers import Call, Json, Refusal, door
from salur_sandbox.clock import moment, zulu
from salur_sandbox.platform import Platform, as_object
from salur_sandbox.world import Account, Person, Post, Said, Token

HOUR = 3600.0
QUOTA, READ_COST, WRITE_COST = 10_000, 1, 50
MOST = 10_000
PACIFIC = ZoneInfo("America/Los_Angeles")
SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"


def refusal(status: int, reason: str, message: str, domain: str = "youtube.comment") -> Refusal:
    """{error: {code, message, errors: [{message, domain, reason}]}}."""
    one = {"message": message, "domain": domain, "reason": reason}
    return Refusal(status, {"error": {"code": status, "message": message, "errors": [one]}})


class YouTube(Platform):
    """One channel. It calls nobody: whoever wants to know must ask."""

    name = "youtube"
    label = "YouTube"
    prefix = re.compile(r"^(/youtube)?(/v3)?(?=/)")
    people_can = ("comment",)
    edit_seconds = 10**9
    secret_names: ClassVar[tuple[str, ...]] = ("client_id", "client_secret", "refresh_token")
    token_seconds = HOUR
    all_scopes = frozenset((SCOPE,))

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """A channel with an id as channels have it."""
        return super().connect({"id": f"UC{self.world.serial() % 10_000:04d}aVrCLQHviTOVnEKDOd", **wanted})

    def token_value(self, account: Account) -> str:
        """Access tokens begin with ya29."""
        return "ya29." + secrets.token_urlsafe(40)

    def post_id(self, account: Account) -> str:
        """A video id of eleven signs."""
        return f"Vd{self.world.serial() % 10**9:09d}"

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """A thread's id, or parent.reply."""
        number = self.world.serial()
        return f"{parent.id}.9iPXEClD9lW{number:05d}" if parent else f"Ugw{number:05d}zYU6n9pmIgAZ4AaABAg"

    def person_id(self, account: Account, person: Person) -> str:
        """The commenter's own channel."""
        return f"UCperson{person.number:016d}"

    # -- refusals

    def unknown(self, call: Call) -> Refusal:
        """Not found."""
        return refusal(404, "notFound", "Not Found", "global")

    def malformed(self) -> Refusal:
        """A body that is no JSON."""
        return refusal(400, "parseError", "Parse Error", "global")

    def failure(self, status: int, rule: Mapping[str, Any]) -> Refusal:
        """A failure on purpose; `reason` is the vendor's word."""
        return refusal(status, str(rule.get("reason", "backendError")), "failure on purpose")

    def allowed(self, call: Call, cost: int) -> Account:
        """The channel of the token, its quota charged. The day begins at midnight in California."""
        found = self.world.by_token(self.name, call.bearer() or call.text("access_token"))
        if found is None or found[1].trouble or (found[1].expires_at or 0) <= self.clock.now():
            raise refusal(401, "authError", "Invalid Credentials", "global")
        account, token = found
        if SCOPE not in token.scopes:
            raise refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.", "global")
        most = account.limits.get("quota", QUOTA)
        day = moment(self.clock.now()).astimezone(PACIFIC)
        end = (day + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        good, left, _ = self.world.count(
            (account.key, "quota", str(day.date())), most, end.timestamp() - self.clock.now(), cost
        )
        account.more["quota_left"] = left
        if not good:
            told = "The request cannot be completed because you have exceeded your quota."
            raise refusal(403, "quotaExceeded", told, "youtube.quota")
        return account

    @door("POST", r"(/oauth2)?/token")
    def oauth(self, call: Call) -> Json:
        """An hour for a refresh token, which stays."""
        mine = [one for one in self.world.accounts.values() if one.platform == self.name]
        account = next((one for one in mine if one.secrets["refresh_token"] == call.text("refresh_token")), None)
        if call.text("grant_type") != "refresh_token" or account is None or account.more.get("withdrawn"):
            told = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            raise Refusal(400, told)
        if call.text("client_secret") != account.secrets["client_secret"]:
            raise Refusal(401, {"error": "invalid_client", "error_description": "Unauthorized"})
        fresh = Token(self.token_value(account), set(self.all_scopes), self.clock.now() + HOUR)
        account.tokens = {fresh.value: fresh}
        return {"access_token": fresh.value, "expires_in": 3599, "scope": SCOPE, "token_type": "Bearer"}

    @door("POST", r"(/oauth2)?/tokeninfo")
    @door("GET", r"(/oauth2)?/tokeninfo")
    def token_info(self, call: Call) -> Json:
        """What a token may do, and for how long."""
        found = self.world.by_token(self.name, call.text("access_token"))
        if found is None or found[1].trouble or (found[1].expires_at or 0) <= self.clock.now():
            raise Refusal(400, {"error": "invalid_token", "error_description": "Invalid Value"})
        account, token = found
        left = int((token.expires_at or 0) - self.clock.now())
        told: Json = {"aud": account.secrets["client_id"], "scope": " ".join(sorted(token.scopes))}
        return told | {"exp": str(int(token.expires_at or 0)), "expires_in": str(left), "access_type": "offline"}

    # -- looking

    @door("GET", r"/channels")
    def channels(self, call: Call) -> Json:
        """The channel of the token, or one by its id."""
        account = self.allowed(call, READ_COST)
        if call.text("mine").lower() != "true" and call.text("id") != account.id:
            raise refusal(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        snippet = {"title": account.name, "customUrl": "@" + account.handle}
        item: Json = {"kind": "youtube#channel", "id": account.id, "snippet": snippet}
        return {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 1}, "items": [item]}

    @door("GET", r"/commentThreads")
    def threads(self, call: Call) -> Json:
        """Top-level comments with up to five of their replies, newest first."""
        account = self.allowed(call, READ_COST)
        self._parted(call)
        rows = [one for one in self._shown(account, call) if not one.parent]
        if call.text("videoId"):
            post = self.world.posts.get(call.text("videoId"))
            if post is None or post.account != account.key:
                raise refusal(404, "videoNotFound", "The video identified by the videoId parameter could not be found.")
            if account.more.get("comments_disabled"):
                raise refusal(403, "commentsDisabled", "The video has disabled comments.", "youtube.commentThread")
            rows = [one for one in rows if one.post == post.id]
        elif call.text("id"):
            rows = [one for one in rows if one.id in call.text("id").split(",")]
        elif call.text("allThreadsRelatedToChannelId") != account.id:
            raise refusal(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        with_replies = "replies" in call.text("part").split(",")
        nodes = [self._thread(account, one, with_replies) for one in reversed(rows)]
        return self._page(call, "youtube#commentThreadListResponse", nodes, 20)

    @door("GET", r"/comments")
    def comments(self, call: Call) -> Json:
        """Replies under a comment, or comments by their ids; what is gone is simply not there."""
        account = self.allowed(call, READ_COST)
        self._parted(call)
        rows = self._shown(account, call)
        if call.text("parentId"):
            if not any(one.id == call.text("parentId") for one in rows):
                raise refusal(404, "commentNotFound", "The specified comment could not be found.")
            rows = [one for one in rows if one.parent == call.text("parentId")]
        elif call.text("id"):
            rows = [one for one in rows if one.id in call.text("id").split(",")]
        else:
            raise refusal(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        return self._page(
            call, "youtube#commentListResponse", [self._comment(account, one) for one in reversed(rows)], 20
        )

    def _parted(self, call: Call) -> None:
        if not call.text("part"):
            raise refusal(400, "required", "Required parameter: part", "global")

    def _shown(self, account: Account, call: Call) -> list[Said]:
        held = call.text("moderationStatus", "published")
        wanted = held in ("heldForReview", "likelySpam")
        rows = [one for one in self.world.of(account, private=False) if one.removed_at is None]
        return [one for one in rows if bool(one.hidden) == wanted]

    def _page(self, call: Call, kind: str, nodes: list[Json], usual: int) -> Json:
        most = int(call.text("maxResults") or usual)
        if not 1 <= most <= 100:
            raise refusal(400, "invalidParameter", "maxResults must be between 1 and 100", "youtube.parameter")
        start = int(call.text("pageToken").removeprefix("QURT") or 0)
        part = nodes[start : start + most]
        told: Json = {"kind": kind, "etag": secrets.token_urlsafe(20)}
        if start + most < len(nodes):
            told["nextPageToken"] = f"QURT{start + most}"
        return told | {"pageInfo": {"totalResults": len(part), "resultsPerPage": most}, "items": part}

    def _thread(self, account: Account, said: Said, with_replies: bool) -> Json:
        below = [one for one in self.world.of(account) if one.parent == said.id and one.shown()]
        snippet: Json = {"channelId": account.id, "videoId": said.post, "topLevelComment": self._comment(account, said)}
        snippet |= {"canReply": True, "totalReplyCount": len(below), "isPublic": True}
        told: Json = {"kind": "youtube#commentThread", "etag": said.id[:8], "id": said.id, "snippet": snippet}
        if with_replies and below:
            told["replies"] = {"comments": [self._comment(account, one) for one in reversed(below[-5:])]}
        return told

    def _comment(self, account: Account, said: Said) -> Json:
        person = self.world.person(said.person)
        channel = account.id if said.ours else self.person_id(account, person)
        snippet: Json = {
            "channelId": account.id,
            "videoId": said.post,
            "textDisplay": html.escape(said.text, quote=False).replace("\n", "<br>"),
            "textOriginal": said.text,
            "authorDisplayName": account.name if said.ours else "@" + person.handle,
            "authorChannelUrl": f"https://www.youtube.com.test/channel/{channel}",
            "authorChannelId": {"value": channel},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": 0,
            "publishedAt": zulu(said.at),
            "updatedAt": zulu(said.changed_at),
        }
        if said.parent:
            snippet["parentId"] = said.parent
        return {"kind": "youtube#comment", "etag": said.id[:8], "id": said.id, "snippet": snippet}

    # -- saying

    @door("POST", r"/comments")
    def insert(self, call: Call) -> Json:
        """Answer a thread."""
        account = self.allowed(call, WRITE_COST)
        self._parted(call)
        snippet = as_object(call.body.get("snippet"))
        text = str(snippet.get("textOriginal") or "")
        if not text:
            raise refusal(400, "commentTextRequired", "The comment resource does not include text.")
        if len(text) > MOST:
            raise refusal(400, "commentTextTooLong", "The comment text is too long.")
        parent = self.world.utterance(account, str(snippet.get("parentId") or ""))
        if parent is None or not parent.shown():
            raise refusal(404, "parentCommentNotFound", "The specified parent comment could not be found.")
        if parent.parent:
            raise refusal(400, "parentCommentIsReply", "One can answer a top-level comment only.")
        if account.more.get("comments_disabled") or account.key in self.world.person(parent.person).blocks:
            raise refusal(403, "forbidden", "The comment cannot be created due to insufficient permissions.")
        said = self.ours(account, self.world.person(parent.person), "comment", text, post=parent.post, parent=parent.id)
        return self._comment(account, said)

    @door("PUT", r"/comments")
    def update(self, call: Call) -> Json:
        """Change an own comment."""
        account = self.allowed(call, WRITE_COST)
        said = self.world.utterance(account, str(call.body.get("id") or ""))
        if said is None or not said.ours:
            raise refusal(403, "forbidden", "The comment cannot be updated due to insufficient permissions.")
        self.edit(account, said, str(as_object(call.body.get("snippet")).get("textOriginal") or ""))
        return self._comment(account, said)

    @door("DELETE", r"/comments")
    def delete(self, call: Call) -> Json:
        """Delete an own comment."""
        account = self.allowed(call, WRITE_COST)
        said = self.world.utterance(account, call.text("id"))
        if said is None or not said.ours:
            raise refusal(403, "forbidden", "The comment cannot be deleted due to insufficient permissions.")
        said.removed_at = self.clock.now()
        return {}

    @door("POST", r"/comments/setModerationStatus")
    def moderate(self, call: Call) -> Json:
        """Hold, publish or reject comments under the channel's videos."""
        account = self.allowed(call, WRITE_COST)
        for said_id in call.text("id").split(","):
            said = self.world.utterance(account, said_id)
            if said is None:
                raise refusal(404, "commentNotFound", "The specified comment could not be found.")
            said.hidden = call.text("moderationStatus") != "published"
        return {}
