"""Instagram of a professional account: comments, mentions, messages, stories (Instagram platform)."""

import secrets
from collections.abc import Mapping
from typing import Any

from salur_sandbox.answers import Call, Json, door
from salur_sandbox.clock import graph
from salur_sandbox.platforms.fields import asked
from salur_sandbox.platforms.graph import DAY, error, missing
from salur_sandbox.platforms.graph_messages import Messages
from salur_sandbox.world import Account, Person, Post, Said

MOST = 2200
"""Characters of a comment: the length of a caption; the vendor's text names no other number."""
COMMENTS = ("instagram_manage_comments", "instagram_business_manage_comments")
BASIC = ("instagram_basic", "instagram_business_basic")
PAGE_FIELDS = frozenset(("feed", "mention", "messages", "messaging_postbacks", "name"))
COMMENT_FIELDS = "id,timestamp,text"


class Instagram(Messages):
    """Both flavours of sign-in: the token alone tells them apart at the vendor, the paths are the same."""

    name = "instagram"
    label = "Instagram"
    object = "instagram"
    people_can = ("comment", "mention", "dm", "story_mention")
    edit_seconds = 15 * 60
    most_edits = 5
    outside = 2534022
    most = 1000
    in_bytes = True
    echo_field = "messages"
    message_scopes = ("instagram_manage_messages", "instagram_business_manage_messages")
    token_seconds = 60 * DAY
    mention_is_post = False
    all_fields = frozenset(
        [
            "comments",
            "live_comments",
            "mentions",
            "messages",
            "message_edit",
            "message_edits",
            "message_reactions",
            "messaging_postbacks",
            "messaging_seen",
            "messaging_referral",
            "standby",
        ]
    )
    all_scopes = frozenset(
        (*BASIC, *COMMENTS, *message_scopes, "pages_manage_metadata", "pages_show_list", "pages_read_engagement")
    )

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """An account, and the Page it is linked to."""
        account = super().connect(wanted)
        account.more.setdefault("page_id", str(1_000_000_000_000_000 + self.world.serial()))
        return account

    def editable(self, said: Said) -> bool:
        """Messages; comments cannot be changed."""
        return said.private

    def person_id(self, account: Account, person: Person) -> str:
        """An Instagram-scoped id."""
        return str(5_000_000_000_000_000 + (int(account.id) % 9967) * 1_000_003 + person.number)

    def post_id(self, account: Account) -> str:
        """A media id."""
        return str(17_900_000_000_000_000 + self.world.serial() * 7919)

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """A comment id, or a message id."""
        if post is None:
            return "aWdfZAG1f" + secrets.token_urlsafe(40)
        return str(18_000_000_000_000_000 + self.world.serial() * 7919)

    # -- account

    @door("GET", r"/refresh_access_token")
    def refresh(self, call: Call) -> Json:
        """Sixty more days for a token that is valid still."""
        if call.text("grant_type") != "ig_refresh_token":
            raise error(100, "(#100) Param grant_type must be ig_refresh_token")
        account, token = self.token_of(call)
        token.expires_at = self.clock.now() + 60 * DAY
        return {"access_token": token.value, "token_type": "bearer", "expires_in": int(60 * DAY)}

    @door("GET", r"/(?P<object_id>\w+)/subscribed_apps")
    def read_subscription(self, call: Call, object_id: str) -> Json:
        """Which fields come to our app."""
        account = self.allowed(call, object_id=object_id)
        told = self.subscribed(account)
        if told["data"] and object_id == account.more["page_id"]:
            told["data"][0]["subscribed_fields"] = account.more.get("page_fields", [])
        return told

    @door("POST", r"/(?P<object_id>\w+)/subscribed_apps")
    def subscribe(self, call: Call, object_id: str) -> Json:
        """Have fields come to our app.

        With Facebook Login the Page is subscribed, to any of its own fields: Instagram's stand at the app.
        """
        account = self.allowed(call, object_id=object_id)
        if object_id != account.more["page_id"]:
            return self.subscribe_fields(account, call)
        fields = sorted(set(call.text("subscribed_fields").split(",")))
        if not set(fields) <= PAGE_FIELDS:
            raise error(100, "(#100) Param subscribed_fields[0] must be one of the allowed values")
        account.more["page_fields"], account.fields, account.failing_since = fields, set(self.all_fields), None
        return {"success": True}

    def _utter(self, account: Account, person: Person, what: str, wanted: Mapping[str, Any]) -> Said:
        """With `caption` the mention stands in the caption of somebody's medium, else in a comment under one."""
        if what == "mention" and wanted.get("caption"):
            wanted = {**wanted, "post_text": wanted.get("text"), "more": {"caption": True}}
        return super()._utter(account, person, what, wanted)

    @door("GET", r"/(?P<object_id>\w+)/media")
    def media_list(self, call: Call, object_id: str) -> Json:
        """The account's own media, newest first."""
        account = self.allowed(call, *BASIC, object_id=object_id)
        start, end = self.since(call)
        posts = [one for one in self.world.posts_of(account) if start <= one.at <= end]
        return self.paged(call, [self._media_node(account, one) for one in posts], "id")

    @door("GET", r"/(?P<object_id>\w+)/tags")
    def tags(self, call: Call, object_id: str) -> Json:
        """Media of others in which the account is tagged."""
        account = self.allowed(call, *COMMENTS, object_id=object_id)
        tagged = {one.post for one in self._comments(account) if one.more.get("caption")}
        posts = [one for one in self.world.posts.values() if one.account == account.key and one.id in tagged]
        return self.paged(call, [self._media_node(account, one) for one in reversed(posts)], "id")

    @door("GET", r"/(?P<object_id>\w+)/conversations")
    def inbox(self, call: Call, object_id: str) -> Json:
        """Conversations of the account."""
        return self.conversations(call, self.allowed(call, *self.message_scopes, object_id=object_id))

    @door("GET", r"/(?P<object_id>t_\w+)/messages")
    def inbox_messages(self, call: Call, object_id: str) -> Json:
        """Messages of one conversation."""
        return self.conversation_messages(call, self.allowed(call, *self.message_scopes), object_id)

    @door("POST", r"/(?P<object_id>\w+)/messages")
    def message(self, call: Call, object_id: str) -> Json:
        """Say something in private."""
        return self.send_message(call, self.allowed(call, *self.message_scopes, object_id=object_id))

    # -- comments

    @door("GET", r"/(?P<object_id>\w+)/comments")
    def comments(self, call: Call, object_id: str) -> Json:
        """Top-level comments under a medium, newest first."""
        account = self.allowed(call, *COMMENTS)
        if object_id not in self.world.posts:
            raise missing(object_id)
        rows = [one for one in self._comments(account) if one.post == object_id and not one.parent]
        return self.paged(call, [self._comment_node(account, one) for one in reversed(rows)], COMMENT_FIELDS)

    @door("GET", r"/(?P<object_id>\w+)/replies")
    def replies(self, call: Call, object_id: str) -> Json:
        """Replies under a comment, newest first."""
        account = self.allowed(call, *COMMENTS)
        if self.world.utterance(account, object_id) is None:
            raise missing(object_id)
        rows = [one for one in self._comments(account) if one.parent == object_id]
        return self.paged(call, [self._comment_node(account, one) for one in reversed(rows)], COMMENT_FIELDS)

    @door("POST", r"/(?P<object_id>\w+)/replies")
    def reply(self, call: Call, object_id: str) -> Json:
        """Answer a comment in public. An answer to a reply stands under its top comment."""
        account = self.allowed(call, *COMMENTS)
        parent = self.world.utterance(account, object_id)
        if parent is None or not parent.shown():
            raise missing(object_id)
        if parent.what == "mention":
            raise error(10, "(#10) Application does not have permission for this action", status=403)
        top = parent.parent or parent.id
        said = self.ours(
            account, self.world.person(parent.person), "comment", self._text(call), post=parent.post, parent=top
        )
        return {"id": said.id}

    @door("POST", r"/(?P<object_id>\w+)/comments")
    def comment(self, call: Call, object_id: str) -> Json:
        """Comment on the account's own medium."""
        account = self.allowed(call, *COMMENTS)
        post = self.world.posts.get(object_id)
        if post is None or post.foreign:
            raise missing(object_id)
        anyone = self.world.person(next(iter(self.world.people)))
        return {"id": self.ours(account, anyone, "comment", self._text(call), post=post.id).id}

    @door("POST", r"/(?P<object_id>\w+)/mentions")
    def answer_mention(self, call: Call, object_id: str) -> Json:
        """Answer a medium or comment that names the account."""
        account = self.allowed(call, *COMMENTS, object_id=object_id)
        post, about = self.world.posts.get(call.text("media_id")), call.text("comment_id")
        mentions = [one for one in self._comments(account) if one.what == "mention"]
        named = [one for one in mentions if post is not None and one.post == post.id and about in ("", one.id)]
        if not named:
            raise missing(about or call.text("media_id"))
        one = named[0]
        return {"id": self.ours(account, self.world.person(one.person), "comment", self._text(call), post=one.post).id}

    @door("POST", r"/(?P<object_id>\d+)")
    def change(self, call: Call, object_id: str) -> Json:
        """Hide or show a comment."""
        account = self.allowed(call, *COMMENTS)
        said = self.world.utterance(account, object_id)
        if said is None or "hide" not in call.params:
            raise missing(object_id)
        said.hidden = call.text("hide").lower() in ("true", "1")
        return {"success": True}

    @door("DELETE", r"/(?P<object_id>\d+)")
    def remove(self, call: Call, object_id: str) -> Json:
        """Delete a comment. Nobody is told."""
        account = self.allowed(call, *COMMENTS)
        said = self.world.utterance(account, object_id)
        if said is None:
            raise missing(object_id)
        said.removed_at = self.clock.now()
        return {"success": True}

    @door("GET", r"/(?P<object_id>[\w-]+)")
    def look(self, call: Call, object_id: str) -> Json:
        """The account (with what mentions it), a medium, a comment or a message."""
        account = self.allowed(call)
        if object_id in ("me", account.id):
            return self._account_node(call, account)
        post = self.world.posts.get(object_id)
        if post is not None and post.account == account.key and not post.foreign:
            return self.node(call, self._media_node(account, post), "id")
        said = self.world.utterance(account, object_id)
        if said is None or said.removed_at is not None or said.what == "mention":
            raise missing(object_id)
        if said.private:
            return self.node(call, self.message_node(account, said), "id,created_time")
        return self.node(call, self._comment_node(account, said), COMMENT_FIELDS)

    def _account_node(self, call: Call, account: Account) -> Json:
        node: Json = {
            "id": account.id,
            "user_id": account.id,
            "username": account.handle,
            "name": account.name,
            "account_type": "BUSINESS",
            "media_count": len(self.world.posts_of(account)),
        }
        try:
            wanted = asked(call.text("fields"))
        except ValueError:
            raise error(2500, "Syntax error in the field list") from None
        mentions = [one for one in self._comments(account) if one.what == "mention"]
        if "mentioned_comment" in wanted:
            comment_id = wanted["mentioned_comment"].modifiers.get("comment_id", "")
            found = next((one for one in mentions if one.id == comment_id), None)
            if found is None:
                raise missing(comment_id)
            node["mentioned_comment"] = self._comment_node(account, found) | {"media": {"id": found.post}}
        if "mentioned_media" in wanted:
            media_id = wanted["mentioned_media"].modifiers.get("media_id", "")
            post = self.world.posts.get(media_id)
            if post is None or not any(one.post == media_id for one in mentions):
                raise missing(media_id)
            node["mentioned_media"] = self._media_node(account, post)
        return self.node(call, node, "id")

    def _text(self, call: Call) -> str:
        text = call.text("message")
        if not text:
            raise error(100, "(#100) The parameter message is required")
        if len(text) > MOST:
            raise error(100, "(#100) The comment is too long")
        return text

    # -- nodes

    def _comments(self, account: Account) -> list[Said]:
        return [one for one in self.world.of(account, private=False) if one.removed_at is None]

    def _media_node(self, account: Account, post: Post) -> Json:
        owner = self.world.people.get(post.owner)
        return {
            "id": post.id,
            "caption": post.text,
            "media_type": "IMAGE",
            "media_product_type": "FEED",
            "permalink": f"https://www.instagram.com.test/p/{post.id}/",
            "timestamp": graph(post.at),
            "username": owner.handle if owner else account.handle,
            "owner": {"id": self.person_id(account, owner) if owner else account.id},
            "comments_count": sum(1 for one in self._comments(account) if one.post == post.id),
            "comments": [
                self._comment_node(account, one)
                for one in reversed(self._comments(account))
                if one.post == post.id and not one.parent
            ],
        }

    def _comment_node(self, account: Account, said: Said) -> Json:
        told: Json = {
            "id": said.id,
            "text": said.text,
            "timestamp": graph(said.at),
            "from": self._from(account, said),
            "username": self._from(account, said)["username"],
            "hidden": said.hidden,
            "like_count": 0,
            "replies": [
                self._comment_node(account, one) for one in reversed(self._comments(account)) if one.parent == said.id
            ],
        }
        post = self.world.posts.get(said.post)
        if post is not None:
            told["media"] = {"id": post.id, "media_product_type": "FEED"}
        if said.parent:
            told["parent_id"] = said.parent
        return told

    def _from(self, account: Account, said: Said) -> Json:
        if said.ours:
            return {"id": account.id, "username": account.handle}
        person = self.world.person(said.person)
        return {"id": self.person_id(account, person), "username": person.handle}

    # -- hooks

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """Comments and mentions; the removal of a comment is never told."""
        if said.private:
            self.tell_message(kind, account, said)
        elif kind != "said":
            return
        elif said.what == "mention":
            value: Json = {"media_id": said.post}
            if not said.more.get("caption"):
                value["comment_id"] = said.id
            self.tell_change(account, "mentions", value)
        else:
            value = {
                "from": self._from(account, said),
                "media": {"id": said.post, "media_product_type": "FEED"},
                "id": said.id,
                "text": said.text,
            }
            self.tell_change(account, "comments", value | ({"parent_id": said.parent} if said.parent else {}))

    def tell_message(self, kind: str, account: Account, said: Said) -> None:
        """Instagram tells what was seen by the message's id."""
        if kind != "read":
            super().tell_message(kind, account, said)
            return
        event: Json = {"sender": {"id": self.person_id(account, self.world.person(said.person))}}
        event |= {"recipient": {"id": account.id}, "timestamp": int(self.clock.now() * 1000), "read": {"mid": said.id}}
        self.tell_messaging(account, "messaging_seen", event)
