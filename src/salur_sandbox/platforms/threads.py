"""Threads: replies and mentions, and answers in two steps (Threads API)."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from salur_sandbox.answers import Call, Json, door
from salur_sandbox.clock import graph
from salur_sandbox.platforms.graph import DAY, Graph, error, missing
from salur_sandbox.signing import meta, meta_body
from salur_sandbox.world import Account, Person, Post, Said

MOST = 500
REPLIES_A_DAY, POSTS_A_DAY = 1000, 250
READ = "threads_read_replies"
FIELDS = "id"


class Threads(Graph):
    """An account that answers replies to its posts and mentions of it."""

    name = "threads"
    label = "Threads"
    object = "threads"
    prefix = re.compile(r"^/v\d+(\.\d+)?(?=/)")
    people_can = ("comment", "mention")
    token_seconds: ClassVar[float | None] = 60 * DAY
    all_fields = frozenset(["replies", "mentions", "delete", "publish"])
    all_scopes = frozenset(
        [
            "threads_basic",
            "threads_content_publish",
            "threads_manage_replies",
            "threads_read_replies",
            "threads_manage_mentions",
            "threads_delete",
        ]
    )

    def token_value(self, account: Account) -> str:
        """Threads tokens begin with THAA."""
        return "THAA" + super().token_value(account)[3:]

    def post_id(self, account: Account) -> str:
        """A media id."""
        return str(17_800_000_000_000_000 + self.world.serial() * 7919)

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """A media id too; a mention stands by itself."""
        return post.id if what == "mention" and post and post.foreign else self.post_id(account)

    @door("GET", r"/access_token")
    def long_lived(self, call: Call) -> Json:
        """Sixty days for a short-lived token."""
        if call.text("grant_type") != "th_exchange_token":
            raise error(100, "(#100) Param grant_type must be th_exchange_token")
        return self._fresh(call, call.text("access_token"), 60 * DAY)

    @door("GET", r"/refresh_access_token")
    def refresh(self, call: Call) -> Json:
        """Sixty more days for a token that is valid still."""
        if call.text("grant_type") != "th_refresh_token":
            raise error(100, "(#100) Param grant_type must be th_refresh_token")
        _, token = self.token_of(call)
        token.expires_at = self.clock.now() + 60 * DAY
        return {"access_token": token.value, "token_type": "bearer", "expires_in": int(60 * DAY)}

    # -- looking

    @door("GET", r"/(?P<object_id>\w+)/threads")
    def own_threads(self, call: Call, object_id: str) -> Json:
        """The account's own posts, newest first."""
        account = self.allowed(call, "threads_basic", object_id=object_id)
        start, end = self.since(call)
        nodes = [self._post_node(account, one) for one in self.world.posts_of(account) if start <= one.at <= end]
        return self.paged(call, nodes, FIELDS)

    @door("GET", r"/(?P<object_id>\w+)/mentions")
    def mentions(self, call: Call, object_id: str) -> Json:
        """What names the account, newest first."""
        account = self.allowed(call, "threads_manage_mentions", object_id=object_id)
        start, end = self.since(call)
        rows = [one for one in self._said(account) if one.what == "mention" and start <= one.at <= end]
        return self.paged(call, [self._node(account, one) for one in reversed(rows)], FIELDS)

    @door("GET", r"/(?P<object_id>\w+)/replies")
    def own_replies_or_replies(self, call: Call, object_id: str) -> Json:
        """Direct replies to a post; for an account, what it replied itself."""
        account = self.allowed(call, READ)
        if object_id in ("me", account.id):
            rows = [one for one in self._said(account) if one.ours]
        elif self._known(account, object_id):
            rows = [one for one in self._said(account) if (one.parent or one.post) == object_id and one.id != object_id]
        else:
            raise missing(object_id)
        return self.paged(call, [self._node(account, one) for one in self._ordered(call, rows)], FIELDS)

    @door("GET", r"/(?P<object_id>\w+)/conversation")
    def conversation(self, call: Call, object_id: str) -> Json:
        """All replies under a post at every depth, flat."""
        account = self.allowed(call, READ)
        if not self._known(account, object_id):
            raise missing(object_id)
        rows = [one for one in self._said(account) if one.post == object_id and one.id != object_id]
        return self.paged(call, [self._node(account, one) for one in self._ordered(call, rows)], FIELDS)

    def _ordered(self, call: Call, rows: list[Said]) -> list[Said]:
        return list(reversed(rows)) if call.text("reverse", "true") != "false" else rows

    @door("GET", r"/(?P<object_id>\w+)/threads_publishing_limit")
    def publishing_limit(self, call: Call, object_id: str) -> Json:
        """How much of today's replies is used."""
        account = self.allowed(call, "threads_basic", object_id=object_id)
        now = self.clock.now()
        used = sum(1 for one in self._said(account) if one.ours and now - one.at < DAY)
        most = account.limits.get("replies", REPLIES_A_DAY)
        config = {"quota_total": int(most), "quota_duration": 86400}
        told = {"reply_quota_usage": used, "reply_config": config, "quota_usage": 0}
        return {"data": [told | {"config": {"quota_total": POSTS_A_DAY, "quota_duration": 86400}}]}

    # -- saying

    @door("POST", r"/(?P<object_id>\w+)/threads")
    def container(self, call: Call, object_id: str) -> Json:
        """The first step: a container that nobody sees yet."""
        account = self.allowed(call, "threads_content_publish", object_id=object_id)
        text, about = call.text("text"), call.text("reply_to_id")
        if call.text("media_type") != "TEXT":
            raise error(100, "(#100) Param media_type must be one of TEXT, IMAGE, VIDEO, CAROUSEL")
        if not text:
            raise error(100, "(#100) The parameter text is required")
        if len(text) > MOST:
            raise error(100, "(#100) Param text must be at most 500 characters long.")
        if about and not self._known(account, about):
            raise missing(about)
        container = str(17_700_000_000_000_000 + self.world.serial() * 7919)
        account.more.setdefault("containers", {})[container] = {"text": text, "about": about, "at": self.clock.now()}
        if call.text("auto_publish_text").lower() == "true":
            return self._publish(account, container)
        return {"id": container}

    @door("POST", r"/(?P<object_id>\w+)/threads_publish")
    def publish_container(self, call: Call, object_id: str) -> Json:
        """The second step. A container is published once and lives for a day."""
        account = self.allowed(call, "threads_content_publish", object_id=object_id)
        return self._publish(account, call.text("creation_id"))

    def _publish(self, account: Account, container: str) -> Json:
        kept = account.more.get("containers", {}).get(container)
        if kept is None or self.clock.now() - kept["at"] > DAY:
            raise error(100, "(#100) The requested resource does not exist", subcode=4279009)
        if kept.get("published"):
            raise error(100, "(#100) The container was published already", subcode=4279009)
        used = sum(1 for one in self._said(account) if one.ours and self.clock.now() - one.at < DAY)
        if used >= account.limits.get("replies", REPLIES_A_DAY):
            raise error(4, "(#4) Application request limit reached", subcode=2207042, status=403)
        kept["published"] = True
        if not kept["about"]:
            return {"id": self.publish(account, kept["text"]).id}
        parent = self.world.utterance(account, kept["about"])
        post = parent.post if parent else kept["about"]
        person = parent.person if parent else next(iter(self.world.people))
        about = parent.id if parent and parent.id != post else ""
        said = self.ours(account, self.world.person(person), "comment", kept["text"], post=post, parent=about)
        kept["said"] = said.id
        return {"id": said.id}

    @door("POST", r"/(?P<object_id>\w+)/manage_reply")
    def manage(self, call: Call, object_id: str) -> Json:
        """Hide or show a reply."""
        account = self.allowed(call, "threads_manage_replies")
        said = self.world.utterance(account, object_id)
        if said is None:
            raise missing(object_id)
        said.hidden = call.text("hide").lower() == "true"
        return {"success": True}

    @door("GET", r"/(?P<object_id>\w+)/subscribed_apps")
    def read_subscription(self, call: Call, object_id: str) -> Json:
        """Which fields come to our app."""
        return self.subscribed(self.allowed(call, object_id=object_id))

    @door("GET", r"/(?P<object_id>\w+)")
    def look(self, call: Call, object_id: str) -> Json:
        """The account, a post, a reply, or how far a container is."""
        account = self.allowed(call, "threads_basic")
        if object_id in ("me", account.id):
            return self.node(call, {"id": account.id, "username": account.handle, "name": account.name}, "id")
        container = account.more.get("containers", {}).get(object_id)
        if container is not None:
            state = "PUBLISHED" if container.get("published") else "FINISHED"
            return self.node(call, {"id": object_id, "status": state}, "id,status")
        post, said = self.world.posts.get(object_id), self.world.utterance(account, object_id)
        if said is not None and said.removed_at is None:
            return self.node(call, self._node(account, said), FIELDS)
        if post is None or post.foreign:
            raise missing(object_id)
        return self.node(call, self._post_node(account, post), FIELDS)

    # -- nodes and hooks

    def _said(self, account: Account) -> list[Said]:
        return [one for one in self.world.of(account) if one.removed_at is None]

    def _known(self, account: Account, object_id: str) -> bool:
        said = self.world.utterance(account, object_id)
        post = self.world.posts.get(object_id)
        return (said is not None and said.removed_at is None) or (post is not None and post.account == account.key)

    def _post_node(self, account: Account, post: Post) -> Json:
        told: Json = {"id": post.id, "media_product_type": "THREADS", "media_type": "TEXT_POST", "text": post.text}
        told |= {"timestamp": graph(post.at), "username": account.handle, "is_reply": False, "has_replies": True}
        return told | {"permalink": f"https://www.threads.net.test/@{account.handle}/post/{post.id}"}

    def _node(self, account: Account, said: Said) -> Json:
        handle = account.handle if said.ours else self.world.person(said.person).handle
        told: Json = {
            "id": said.id,
            "media_product_type": "THREADS",
            "media_type": "TEXT_POST",
            "permalink": f"https://www.threads.net.test/@{handle}/post/{said.id}",
            "shortcode": said.id[-6:],
            "text": said.text,
            "timestamp": graph(said.at),
            "username": handle,
            "is_quote_post": False,
            "hide_status": "HIDDEN" if said.hidden else "NOT_HUSHED",
        }
        token = next((one for one in account.tokens.values() if READ in one.scopes), None)
        if token is None:  # the vendor strips these fields without the permission
            return told
        below = any(one.parent == said.id for one in self._said(account))
        told |= {"has_replies": below, "is_reply": said.what != "mention"}
        if said.what != "mention":
            told["replied_to"] = {"id": said.parent or said.post}
            told["root_post"] = {"id": said.post, "owner_id": account.id, "username": account.handle}
        return told

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """Replies, mentions, what the account published, and what it deleted; edits by others are silent."""
        if kind == "said":
            field = "publish" if said.ours else "mentions" if said.what == "mention" else "replies"
            topic = "moderate" if field == "replies" else "interaction"
            self.tell_value(account, topic, field, self._node(account, said))
        elif kind == "removed" and said.ours:
            at = graph(self.clock.now())
            value = {"id": said.id, "owner": {"owner_id": account.id}, "deleted_at": at, "timestamp": graph(said.at)}
            self.tell_value(account, "moderate", "delete", value | {"username": account.handle})

    def tell_value(self, account: Account, topic: str, field: str, value: Json) -> None:
        """One event in Threads' own frame, without entries."""
        if field not in account.fields:
            return
        event: dict[str, Any] = {
            "app_id": account.more["app_id"],
            "topic": topic,
            "target_id": account.id,
            "time": int(self.clock.now()),
            "subscription_id": "114144",
            "has_uid_field": False,
            "values": {"value": value, "field": field},
        }

        def sign(body: bytes) -> Mapping[str, str]:
            return {"X-Hub-Signature-256": meta(account.secrets["app_secret"], body)}

        self.send(account, event, lambda items: meta_body(items[0]), sign)
