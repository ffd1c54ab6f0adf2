"""TikTok: comments under the account's videos (business-api.tiktok.com v1.3, Accounts API)."""

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from salur_sandbox.answers import Call, Json, Refusal, door
from salur_sandbox.deliver import Manner, compact, on_this_machine
from salur_sandbox.platform import Platform
from salur_sandbox.signing import tiktok as signed
from salur_sandbox.world import Account, Person, Post, Said, Token

DAY = 86400.0
MOST = 1200
STATUS = {"PUBLIC", "ALL"}


def refusal(code: int, message: str) -> Refusal:
    """TikTok refuses in the body: HTTP 200 and a code that is not 0."""
    return Refusal(200, {"code": code, "message": message, "request_id": secrets.token_hex(10).upper(), "data": {}})


class TikTok(Platform):
    """One business account; `Account.id` is its open id."""

    name = "tiktok"
    label = "TikTok"
    prefix = re.compile(r"^(/open_api)?(/v\d+(\.\d+)?)?(?=/)")
    people_can = ("comment",)
    secret_names: ClassVar[tuple[str, ...]] = ("client_secret", "client_key", "refresh_token")
    token_seconds = DAY
    all_fields = frozenset(("comment.update",))
    all_scopes = frozenset(["user.info.basic", "video.list", "comment.list", "comment.list.manage"])
    manner = Manner(10, 72 * 3600)

    def post_id(self, account: Account) -> str:
        """A video id, beyond what a double can hold."""
        return str(7_150_000_000_000_000_001 + self.world.serial() * 7919)

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """A comment id of nineteen digits."""
        return str(7_151_234_567_890_123_457 + self.world.serial() * 7919)

    def person_id(self, account: Account, person: Person) -> str:
        """The unique identifier of a commenter towards this account."""
        return f"uid{person.number:x}"

    # -- refusals

    def unknown(self, call: Call) -> Refusal:
        """A path that is not there."""
        return refusal(40007, "The object does not exist")

    def malformed(self) -> Refusal:
        """A body that is no JSON."""
        return refusal(40002, "The request body is not valid JSON")

    def failure(self, status: int, rule: Mapping[str, Any]) -> Refusal:
        """A failure on purpose: `code` in a 200, or an HTTP status."""
        if "code" in rule or status == 200:
            return refusal(int(rule.get("code", 50000)), "failure on purpose")
        return Refusal(status, {"code": 50000, "message": "Internal service error", "request_id": "", "data": {}})

    def allowed(self, call: Call, *scopes: str) -> Account:
        """The account of the Access-Token header, within 40 calls a minute for each endpoint and 600 for the app."""
        found = self.world.by_token(self.name, call.headers.get("access-token", ""))
        if found is None or found[1].trouble or (found[1].expires_at or 0) <= self.clock.now():
            raise refusal(40105, "Access token is incorrect or has been revoked.")
        account, token = found
        if not set(scopes) <= token.scopes:
            raise refusal(40001, f"Permission error: you don't have permission to this API: {', '.join(scopes)}")
        business = call.text("business_id")
        if business and business != account.id:
            raise refusal(40001, "Permission error: the business_id is not of this token")
        good, _, _ = self.world.count((account.key, call.path), account.limits.get("a_minute", 40), 60)
        if not good or not self.world.count((account.secrets["client_key"], "app"), 600, 60)[0]:
            raise refusal(40100, "Requests made too frequently. Please retry later.")
        return account

    def good(self, data: Json) -> Json:
        """The frame of every answer."""
        return {"code": 0, "message": "OK", "request_id": secrets.token_hex(10).upper(), "data": data}

    # -- account

    @door("POST", r"/tt_user/oauth2/refresh_token/?")
    def refresh(self, call: Call) -> Json:
        """A new access token for a day; the refresh token changes too."""
        account = self._of_app(call)
        if call.text("refresh_token") != account.secrets["refresh_token"] or account.more.get("withdrawn"):
            raise refusal(40105, "The refresh token is incorrect or has been revoked.")
        fresh = Token(self.token_value(account), set(self.all_scopes), self.clock.now() + DAY)
        account.tokens = {fresh.value: fresh}
        account.secrets["refresh_token"] = secrets.token_urlsafe(24)
        told: Json = {
            "access_token": fresh.value,
            "expires_in": int(DAY),
            "token_type": "Bearer",
            "open_id": account.id,
        }
        told |= {"refresh_token": account.secrets["refresh_token"], "refresh_token_expires_in": int(365 * DAY)}
        return self.good(told | {"scope": ",".join(sorted(fresh.scopes))})

    def _of_app(self, call: Call) -> Account:
        key = call.text("app_id") or call.text("client_id")
        secret = call.text("secret") or call.text("client_secret")
        mine = [one for one in self.world.accounts.values() if one.platform == self.name]
        for one in mine:
            if one.secrets["client_key"] == key and one.secrets["client_secret"] == secret:
                return one
        raise refusal(40001, "The app is unknown or its secret is wrong")

    @door("POST", r"/tt_user/token_info/get/?")
    def token_info(self, call: Call) -> Json:
        """Scopes of a token."""
        found = self.world.by_token(self.name, call.text("access_token"))
        if found is None or found[1].trouble or (found[1].expires_at or 0) <= self.clock.now():
            raise refusal(40105, "Access token is incorrect or has been revoked.")
        account, token = found
        scope = ",".join(sorted(token.scopes))
        return self.good({"app_id": account.secrets["client_key"], "creator_id": account.id, "scope": scope})

    @door("GET", r"/business/get/?")
    def business(self, call: Call) -> Json:
        """The account's name."""
        account = self.allowed(call, "user.info.basic")
        return self.good({"display_name": account.name, "username": account.handle, "is_business_account": True})

    @door("GET", r"/business/webhook/list/?")
    def webhooks(self, call: Call) -> Json:
        """The webhook of the app."""
        account = self._of_app(call)
        told = {"app_id": account.secrets["client_key"], "event_type": "COMMENT", "callback_url": account.hook_url}
        return self.good(told if account.hook_url else {})

    @door("POST", r"/business/webhook/update/?")
    def update_webhook(self, call: Call) -> Json:
        """Set it. Nothing is proved: the signature alone protects it."""
        account = self._of_app(call)
        if call.text("event_type") != "COMMENT":
            raise refusal(40002, "event_type: must be one of COMMENT")
        if not on_this_machine(call.text("callback_url")):
            raise refusal(40002, "callback_url: is not valid")
        account.hook_url, account.fields = call.text("callback_url"), set(self.all_fields)
        told = {"app_id": account.secrets["client_key"], "event_type": "COMMENT", "callback_url": account.hook_url}
        return self.good(told)

    # -- comments

    @door("GET", r"/business/video/list/?")
    def videos(self, call: Call) -> Json:
        """The account's videos, newest first."""
        account = self.allowed(call, "video.list")
        posts = self.world.posts_of(account)
        start, most = int(call.text("cursor") or 0), int(call.text("max_count") or 10)
        if not 1 <= most <= 20:
            raise refusal(40002, "max_count: must be between 1 and 20")
        part = posts[start : start + most]
        nodes = [
            {
                "item_id": one.id,
                "caption": one.text,
                "create_time": str(int(one.at)),
                "share_url": self._link(account, one),
            }
            for one in part
        ]
        return self.good({"videos": nodes, "cursor": start + len(part), "has_more": start + most < len(posts)})

    @door("GET", r"/business/comment/list/?")
    def comments(self, call: Call) -> Json:
        """Comments under a video, newest first, a few at a time; a page may be shorter than asked and more follow."""
        account = self.allowed(call, "comment.list")
        post = self.world.posts.get(call.text("video_id"))
        if post is None or post.account != account.key:
            raise refusal(40002, "video_id: is not valid")
        rows = [one for one in self._below(account, post.id) if not one.parent]
        return self._page(account, call, rows, replies=call.text("include_replies").lower() == "true")

    @door("GET", r"/business/comment/reply/list/?")
    def replies(self, call: Call) -> Json:
        """Replies under a comment."""
        account = self.allowed(call, "comment.list")
        rows = [one for one in self._below(account, call.text("video_id")) if one.parent == call.text("comment_id")]
        return self._page(account, call, rows, replies=False)

    def _below(self, account: Account, video_id: str) -> list[Said]:
        rows = self.world.of(account, private=False)
        return [one for one in reversed(rows) if one.post == video_id and one.removed_at is None]

    def _page(self, account: Account, call: Call, rows: list[Said], *, replies: bool) -> Json:
        status = call.text("status", "PUBLIC")
        if status not in STATUS:
            raise refusal(40002, "status: must be one of PUBLIC, ALL")
        if status == "PUBLIC":
            rows = [one for one in rows if not one.hidden]
        start, most = int(call.text("cursor") or 0), int(call.text("max_count") or 20)
        if not 1 <= most <= 30:
            raise refusal(40002, "max_count: must be between 1 and 30")
        part = rows[start : start + most]
        nodes = [self._node(account, one, replies=replies) for one in part]
        more = start + most < len(rows)
        return self.good({"comments": nodes, "cursor": start + len(part), "has_more": more})

    def _node(self, account: Account, said: Said, *, replies: bool) -> Json:
        person = self.world.person(said.person)
        below = [one for one in self._below(account, said.post) if one.parent == said.id]
        told: Json = {
            "comment_id": said.id,
            "unique_identifier": account.id if said.ours else self.person_id(account, person),
            "video_id": said.post,
            "user_id": str(2_015_430_886_701_270_428 + (0 if said.ours else person.number)),
            "create_time": str(int(said.at)),
            "text": said.text,
            "likes": 0,
            "replies": len(below),
            "owner": said.ours,
            "liked": False,
            "pinned": False,
            "status": "HIDDEN" if said.hidden else "PUBLIC",
            "username": account.handle if said.ours else person.handle,
            "display_name": account.name if said.ours else person.name,
        }
        if said.parent:
            told["parent_comment_id"] = said.parent
        if replies:
            told["reply_list"] = [self._node(account, one, replies=False) for one in below[:3]]
        return told

    @door("POST", r"/business/comment/reply/create/?")
    def reply(self, call: Call) -> Json:
        """Answer a comment in public. Near-identical answers are hidden as spam, and nobody is told."""
        account = self.allowed(call, "comment.list.manage")
        text = call.text("text")
        if not call.text("business_id"):
            raise refusal(40002, "business_id: Missing data for required field.")
        if not 1 <= len(text) <= MOST:
            raise refusal(40002, f"text: Length must be between 1 and {MOST}.")
        parent = self.world.utterance(account, call.text("comment_id"))
        if parent is None or not parent.shown() or parent.post != call.text("video_id"):
            raise refusal(40007, "The comment does not exist")
        same = [one for one in self.world.of(account) if one.ours and one.text.casefold() == text.casefold()]
        said = self.ours(
            account,
            self.world.person(parent.person),
            "comment",
            text,
            post=parent.post,
            parent=parent.parent or parent.id,
        )
        if same:
            said.hidden = True
        else:
            self._tell(account, said, "set_to_public")
        return self.good(self._node(account, said, replies=False))

    @door("POST", r"/business/comment/hide/?")
    def hide(self, call: Call) -> Json:
        """Hide or show a comment."""
        account = self.allowed(call, "comment.list.manage")
        said = self.world.utterance(account, call.text("comment_id"))
        if said is None or call.text("action") not in ("HIDE", "UNHIDE"):
            raise refusal(40002, "comment_id or action: is not valid")
        said.hidden = call.text("action") == "HIDE"
        self._tell(account, said, "set_to_hidden" if said.hidden else "set_to_public")
        return self.good({})

    @door("POST", r"/business/comment/delete/?")
    def delete(self, call: Call) -> Json:
        """Delete an own comment."""
        account = self.allowed(call, "comment.list.manage")
        said = self.world.utterance(account, call.text("comment_id"))
        if said is None or not said.ours:
            raise refusal(40001, "Only own comments can be deleted")
        said.removed_at = self.clock.now()
        self.happened("removed", account, said)
        return self.good({})

    def _link(self, account: Account, post: Post) -> str:
        return f"https://www.tiktok.com.test/@{account.handle}/video/{post.id}"

    # -- hooks

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """Comments that came and went. There is no editing on TikTok."""
        actions = {"said": "insert", "removed": "delete"}
        if kind in actions:
            self._tell(account, said, actions[kind])

    def _tell(self, account: Account, said: Said, action: str) -> None:
        if "comment.update" not in account.fields:
            return
        who = account.id if said.ours else self.person_id(account, self.world.person(said.person))
        content: Json = {"comment_id": int(said.id), "video_id": int(said.post)}
        if said.parent:
            content["parent_comment_id"] = int(said.parent)
        content |= {"comment_type": "reply" if said.parent else "comment", "comment_action": action}
        content |= {"timestamp": int(self.clock.now()), "unique_identifier": who, "text": said.text}
        self._event(account, "comment.update", content)

    def withdraw(self, account: Account) -> None:
        """The owner takes the authorisation back: tokens end, and the app is told."""
        super().withdraw(account)
        self._event(account, "authorization.removed", {"reason": 1})

    def _event(self, account: Account, event: str, content: Json) -> None:
        # The inner JSON stands in a string, its ids as bare numbers.
        told: Json = {"client_key": account.secrets["client_key"], "event": event}
        told |= {"create_time": int(self.clock.now()), "user_openid": account.id, "content": json.dumps(content)}

        def sign(body: bytes) -> Mapping[str, str]:
            return {"TikTok-Signature": signed(account.secrets["client_secret"], body, int(self.clock.now()))}

        self.send(account, told, lambda items: compact(items[0]), sign)
