"""Facebook: a Page's feed, comments, mentions, visitor posts, and Messenger (Graph API, Messenger platform)."""

from typing import Any

from salur_sandbox.answers import Call, Json, door
from salur_sandbox.clock import graph
from salur_sandbox.platforms.graph import error, missing
from salur_sandbox.platforms.graph_messages import Messages
from salur_sandbox.world import Account, Person, Post, Said

COMMENT_FIELDS = "id,created_time,from,message"
MOST = 8000
"""Characters of a comment (remembered by practitioners, not seen in the vendor's text)."""


class Facebook(Messages):
    """The Page and its inbox."""

    name = "facebook"
    label = "Facebook"
    object = "page"
    people_can = ("comment", "mention", "visitor_post", "dm")
    edit_seconds = 10**9
    outside = 2018278
    most = 2000
    in_bytes = False
    echo_field = "message_echoes"
    message_scopes = ("pages_messaging",)
    all_fields = frozenset(
        [
            "feed",
            "mention",
            "messages",
            "message_edits",
            "message_reactions",
            "message_reads",
            "message_deliveries",
            "message_echoes",
            "messaging_postbacks",
            "messaging_referrals",
            "standby",
        ]
    )
    all_scopes = frozenset(
        [
            "pages_show_list",
            "pages_manage_metadata",
            "pages_read_engagement",
            "pages_read_user_content",
            "pages_manage_engagement",
            "pages_manage_posts",
            "pages_messaging",
        ]
    )

    def person_id(self, account: Account, person: Person) -> str:
        """A page-scoped id."""
        return str(10_000_000_000_000_000 + (int(account.id) % 9973) * 1_000_003 + person.number)

    def post_id(self, account: Account) -> str:
        """{page}_{post}."""
        return f"{account.id}_{700_000_000_000_000 + self.world.serial() * 7919}"

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """{post}_{comment}, or a message id."""
        if post is None:
            return self.said_message_id()
        if what in ("visitor_post", "mention") and post.foreign:
            return post.id
        return f"{post.id.rpartition('_')[2]}_{1_100_000_000_000_000 + self.world.serial() * 7919}"

    # -- the page

    @door("GET", r"/(?P<object_id>\w+)/subscribed_apps")
    def read_subscription(self, call: Call, object_id: str) -> Json:
        """Which fields come to our app."""
        return self.subscribed(self.allowed(call, "pages_manage_metadata", object_id=object_id))

    @door("POST", r"/(?P<object_id>\w+)/subscribed_apps")
    def subscribe(self, call: Call, object_id: str) -> Json:
        """Have fields come to our app."""
        return self.subscribe_fields(self.allowed(call, "pages_manage_metadata", object_id=object_id), call)

    @door("GET", r"/(?P<object_id>\w+)/(feed|posts|published_posts|visitor_posts|tagged)")
    def feed(self, call: Call, object_id: str) -> Json:
        """Posts on the Page with their comments, newest first. `since` goes by a post's last change."""
        account = self.allowed(call, "pages_read_engagement", "pages_read_user_content", object_id=object_id)
        start, end = self.since(call)
        edge = call.path.rpartition("/")[2]
        posts = [one for one in self.world.posts.values() if one.account == account.key and not one.removed]
        if edge in ("visitor_posts", "tagged"):
            posts = [one for one in posts if one.foreign]
        elif edge in ("posts", "published_posts"):
            posts = [one for one in posts if not one.foreign]
        nodes = [(self._changed(account, one), one) for one in posts]
        nodes.sort(key=lambda pair: pair[0], reverse=True)
        return self.paged(
            call, [self._post_node(account, one) for at, one in nodes if start <= at <= end], "id,created_time,message"
        )

    @door("POST", r"/(?P<object_id>\w+)/feed")
    def publish_post(self, call: Call, object_id: str) -> Json:
        """A new post of the Page."""
        account = self.allowed(call, "pages_manage_posts", object_id=object_id)
        if not call.text("message"):
            raise error(100, "(#100) The parameter message is required")
        post = self.publish(account, call.text("message"))
        value: Json = {"from": self._page(account), "message": post.text, "post_id": post.id, "item": "status"}
        self.tell_change(account, "feed", value | {"created_time": int(post.at), "published": 1, "verb": "add"})
        return {"id": post.id}

    @door("GET", r"/(?P<object_id>\w+)/conversations")
    def inbox(self, call: Call, object_id: str) -> Json:
        """Conversations of the Page."""
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
        """Comments under a post, or replies under a comment; `filter=stream` gives both levels of a post."""
        account = self.allowed(call, "pages_read_engagement", "pages_read_user_content")
        start, end = self.since(call)
        if object_id in self.world.posts:
            below = [one for one in self._comments(account) if one.post == object_id]
            if call.text("filter", "toplevel") != "stream":
                below = [one for one in below if not one.parent]
        elif self.world.utterance(account, object_id):
            below = [one for one in self._comments(account) if one.parent == object_id]
        else:
            raise missing(object_id)
        if call.text("order") == "reverse_chronological":
            below.reverse()
        below = [one for one in below if start <= one.at <= end]
        return self.paged(call, [self._comment_node(account, one) for one in below], COMMENT_FIELDS)

    @door("POST", r"/(?P<object_id>\w+)/comments")
    def comment(self, call: Call, object_id: str) -> Json:
        """Answer in public, as the Page."""
        account = self.allowed(call, "pages_manage_engagement")
        text = call.text("message")
        if not text and not call.text("attachment_url"):
            raise error(100, "(#100) The parameter message is required")
        if len(text) > MOST:
            raise error(100, "(#100) The comment is too long")
        parent = self.world.utterance(account, object_id)
        post = self.world.posts.get(parent.post if parent else object_id)
        if post is None or post.removed or (parent is not None and not parent.shown()):
            raise missing(object_id)
        mine = [one for one in self._comments(account) if one.ours and self.clock.now() - one.at < 60]
        if any(one.text == text and one.parent == (parent.id if parent else "") for one in mine):
            raise error(506, "(#506) Duplicate status message")
        person = self.world.person(parent.person if parent else next(iter(self.world.people)))
        about = parent.id if parent is not None and parent.id != post.id else ""
        return {"id": self.ours(account, person, "comment", text, post=post.id, parent=about).id}

    @door("POST", r"/(?P<object_id>\d+_\d+)")
    def change(self, call: Call, object_id: str) -> Json:
        """Hide or show a comment, or edit an own one."""
        account = self.allowed(call, "pages_manage_engagement")
        said = self.world.utterance(account, object_id)
        if said is None:
            raise missing(object_id)
        if "is_hidden" in call.params:
            said.hidden = str(call.params["is_hidden"]).lower() in ("true", "1")
            self.happened("hidden" if said.hidden else "shown", account, said)
        elif not said.ours:
            raise error(200, "(#200) Permissions error", status=403)
        else:
            self.edit(account, said, call.text("message"))
        return {"success": True}

    @door("DELETE", r"/(?P<object_id>\d+_\d+)")
    def remove(self, call: Call, object_id: str) -> Json:
        """Delete a comment."""
        account = self.allowed(call, "pages_manage_engagement")
        said = self.world.utterance(account, object_id)
        if said is None:
            raise missing(object_id)
        said.removed_at = self.clock.now()
        self.happened("removed", account, said)
        return {"success": True}

    @door("GET", r"/(?P<object_id>\w+)")
    def look(self, call: Call, object_id: str) -> Json:
        """The Page, a post, a comment or a message."""
        account = self.allowed(call)
        if object_id in ("me", account.id):
            page = {"id": account.id, "name": account.name, "username": account.handle, "link": ""}
            return self.node(call, page, "id,name")
        post = self.world.posts.get(object_id)
        if post is not None and post.account == account.key:
            return self.node(call, self._post_node(account, post), "id,created_time,message")
        said = self.world.utterance(account, object_id)
        if said is None or said.removed_at is not None:
            raise missing(object_id)
        if said.private:
            return self.node(call, self.message_node(account, said), "id,created_time")
        return self.node(call, self._comment_node(account, said), COMMENT_FIELDS)

    # -- nodes

    def _comments(self, account: Account) -> list[Said]:
        return [
            one
            for one in self.world.of(account, private=False)
            if one.removed_at is None and one.id not in self.world.posts
        ]

    def _changed(self, account: Account, post: Post) -> float:
        return max([post.at, *(one.at for one in self._comments(account) if one.post == post.id)])

    def _page(self, account: Account) -> Json:
        return {"id": account.id, "name": account.name}

    def _from(self, account: Account, said: Said) -> Json:
        person = self.world.person(said.person)
        return self._page(account) if said.ours else {"id": self.person_id(account, person), "name": person.name}

    def _post_node(self, account: Account, post: Post) -> Json:
        owner = self.world.people.get(post.owner)
        told: Json = {
            "id": post.id,
            "message": post.text,
            "created_time": graph(post.at),
            "updated_time": graph(self._changed(account, post)),
            "from": {"id": self.person_id(account, owner), "name": owner.name} if owner else self._page(account),
            "permalink_url": self._link(post.id),
            "comments": [
                self._comment_node(account, one)
                for one in self._comments(account)
                if one.post == post.id and not one.parent
            ],
        }
        return told

    def _comment_node(self, account: Account, said: Said) -> Json:
        below = [one for one in self._comments(account) if one.parent == said.id]
        told: Json = {
            "id": said.id,
            "message": said.text,
            "created_time": graph(said.at),
            "from": self._from(account, said),
            "permalink_url": self._link(said.id),
            "is_hidden": said.hidden,
            "can_reply_privately": not said.ours and not said.answered_privately,
            "comment_count": len(below),
            "comments": [self._comment_node(account, one) for one in below],
        }
        if said.parent:
            told["parent"] = {"id": said.parent}
        if said.media:
            told["attachment"] = {"type": "photo", "media": {"image": {"src": said.media[0].url}}}
        return told

    def _link(self, object_id: str) -> str:
        return f"https://www.facebook.com.test/{object_id}"

    # -- hooks

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """Feed changes, mentions and messaging events."""
        if said.private:
            self.tell_message(kind, account, said)
        elif said.what == "mention" and kind == "said":
            person = self.world.person(said.person)
            value: Json = {"post_id": said.post, "sender_name": person.name, "item": "post", "verb": "add"}
            self.tell_change(account, "mention", value | {"sender_id": self.person_id(account, person)})
        elif said.id in self.world.posts:
            self._tell_post(kind, account, said)
        elif kind == "reacted":
            value = {"from": self._from(account, said), "post_id": said.post, "comment_id": said.id, "item": "reaction"}
            value |= {"created_time": int(self.clock.now()), "parent_id": said.post, "reaction_type": "like"}
            self.tell_change(account, "feed", value | {"verb": "add"})
        else:
            self.tell_change(account, "feed", self._comment_value(kind, account, said))

    def _comment_value(self, kind: str, account: Account, said: Said) -> Json:
        verbs = {"said": "add", "edited": "edited", "removed": "remove", "hidden": "hide", "shown": "unhide"}
        post = self.world.posts[said.post]
        at = said.changed_at if kind == "edited" else self.clock.now() if kind == "removed" else said.at
        value: Json = {
            "from": self._page(account) if kind in ("hidden", "shown") else self._from(account, said),
            "post": {
                "status_type": "mobile_status_update",
                "is_published": True,
                "updated_time": graph(self._changed(account, post)),
                "permalink_url": self._link(post.id),
                "promotion_status": "inactive",
                "id": post.id,
            },
            "post_id": post.id,
            "comment_id": said.id,
            "created_time": int(at),
            "item": "comment",
            "parent_id": said.parent or post.id,
            "verb": verbs[kind],
        }
        if kind != "removed" and said.text:
            value["message"] = said.text
        if said.media:
            value["photo"] = said.media[0].url
        return value

    def _tell_post(self, kind: str, account: Account, said: Said) -> None:
        verbs = {"said": "add", "edited": "edited", "removed": "remove", "hidden": "hide", "shown": "unhide"}
        value: Json = {"from": self._from(account, said), "post_id": said.id, "created_time": int(said.at)}
        value |= {"item": "post" if kind == "removed" else "status", "verb": verbs.get(kind, "edited")}
        if kind != "removed":
            value |= {"message": said.text, "published": 1}
        self.tell_change(account, "feed", value)

    def delivered(self, account: Account, said: Said) -> None:
        """Messenger tells it with a list of messages and a watermark."""
        super().delivered(account, said)
        self._receipt(account, said, "message_deliveries", "delivery", {"mids": [said.id]})

    def tell_message(self, kind: str, account: Account, said: Said) -> None:
        """Messenger tells of reading with a watermark alone."""
        if kind == "read":
            self._receipt(account, said, "message_reads", "read", {})
        elif kind != "removed":  # Messenger has no word for a message taken back
            super().tell_message(kind, account, said)

    def _receipt(self, account: Account, said: Said, field: str, word: str, more: dict[str, Any]) -> None:
        theirs = self.person_id(account, self.world.person(said.person))
        event: Json = {"sender": {"id": theirs}, "recipient": {"id": account.id}}
        event["timestamp"] = int(self.clock.now() * 1000)
        event[word] = {**more, "watermark": int(said.at * 1000) + 1}
        self.tell_messaging(account, field, event)
