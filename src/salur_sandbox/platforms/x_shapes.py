"""How X shows posts and events: fields on request, includes, and the frame of activity events."""

import secrets
from collections.abc import Mapping
from typing import Any

from salur_sandbox.answers import Call, Json
from salur_sandbox.clock import zulu
from salur_sandbox.deliver import compact
from salur_sandbox.platform import Platform
from salur_sandbox.signing import x as signed
from salur_sandbox.world import Account, Person, Said

BASIC = ("id", "text", "edit_history_tweet_ids")


class Shapes(Platform):
    """Base of X: nodes and hooks."""

    def now_text(self) -> str:
        """This instant as X writes it."""
        return zulu(self.clock.now())

    def author(self, account: Account, said: Said) -> Json:
        """Who said it."""
        if said.ours:
            return {"id": account.id, "name": account.name, "username": account.handle}
        person = self.world.person(said.person)
        return {"id": self.person_id(account, person), "name": person.name, "username": person.handle}

    def conversation_of(self, account: Account, said: Said) -> str:
        """The id of the first post of a conversation; who quotes begins one."""
        if said.more.get("quotes_us"):
            return said.id
        while said.parent and (above := self.world.utterance(account, said.parent)):
            said = above
        post = self.world.posts.get(said.post)
        if post is not None and not post.foreign:
            return post.id
        history: list[str] = said.more.get("history") or [said.id]
        return history[0]

    def dm_conversation(self, account: Account, person: Person) -> str:
        """Both ids, the smaller first."""
        return "-".join(sorted((account.id, self.person_id(account, person)), key=int))

    def tweet_node(self, account: Account, said: Said) -> Json:
        """Everything X may tell of a post."""
        told: Json = {
            "id": said.id,
            "text": said.text,
            "edit_history_tweet_ids": said.more.get("history") or [said.id],
            "created_at": zulu(said.at),
            "author_id": self.author(account, said)["id"],
            "conversation_id": self.conversation_of(account, said),
            "lang": "in",
            "reply_settings": "everyone",
        }
        above = self._above(said)
        references = [{"type": "replied_to", "id": above}] if above else []
        if said.more.get("quotes_us"):
            references.append({"type": "quoted", "id": said.post})
        if references:
            told["referenced_tweets"] = references
        if above:
            answered = self.world.utterance(account, above)
            told["in_reply_to_user_id"] = self.author(account, answered)["id"] if answered else account.id
        if said.more.get("names_us"):
            start = said.text.lower().find("@" + account.handle.lower())
            mention = {"start": start, "end": start + len(account.handle) + 1, "username": account.handle}
            told["entities"] = {"mentions": [mention | {"id": account.id}]}
        if said.media:
            told["attachments"] = {"media_keys": [f"3_{one.id}" for one in said.media]}
        return told

    def _above(self, said: Said) -> str:
        if said.more.get("quotes_us"):
            return ""
        post = self.world.posts.get(said.post)
        return said.parent or (post.id if post is not None and not post.foreign else "")

    def told(self, call: Call, account: Account, rows: list[Said], *, one: bool = False) -> Json:
        """An answer with the fields and expansions asked for; an empty page has no `data`."""
        if not rows:
            return {}
        wanted = {*BASIC, *call.text("tweet.fields").split(",")}
        expansions = set(call.text("expansions").split(","))
        if "author_id" in expansions:
            wanted.add("author_id")
        nodes = [
            {name: value for name, value in self.tweet_node(account, said).items() if name in wanted} for said in rows
        ]
        told: Json = {"data": nodes[0] if one else nodes}
        includes: Json = {}
        if "author_id" in expansions:
            users = {self.author(account, said)["id"]: self.author(account, said) for said in rows}
            includes["users"] = list(users.values())
        if "attachments.media_keys" in expansions:
            media = [one for said in rows for one in said.media]
            if media:
                includes["media"] = [{"media_key": f"3_{one.id}", "type": "photo", "url": one.url} for one in media]
        return told | ({"includes": includes} if includes else {})

    def _dm_page(self, call: Call, account: Account, user_id: str) -> Json:
        rows = [one for one in self.world.of(account, private=True) if self.clock.now() - one.at < 30 * 86400]
        if user_id:
            rows = [one for one in rows if self.person_id(account, self.world.person(one.person)) == user_id]
        rows = sorted((one for one in rows if one.removed_at is None), key=lambda one: int(one.id), reverse=True)
        most, start = int(call.text("max_results") or 100), int(call.text("pagination_token") or 0)
        wanted = {"id", "event_type", "text", *call.text("dm_event.fields").split(",")}
        part = rows[start : start + most]
        nodes = [{n: v for n, v in self._dm_node(account, one).items() if n in wanted} for one in part]
        told: Json = {"data": nodes} if nodes else {}
        told["meta"] = {"result_count": len(nodes)}
        if start + most < len(rows):
            told["meta"]["next_token"] = str(start + most)
        return told

    def _dm_node(self, account: Account, said: Said) -> Json:
        person = self.world.person(said.person)
        told: Json = {"id": said.id, "event_type": "MessageCreate", "text": said.text, "created_at": zulu(said.at)}
        told["sender_id"] = account.id if said.ours else self.person_id(account, person)
        return told | {"dm_conversation_id": self.dm_conversation(account, person)}

    # -- what people do here

    def _utter(self, account: Account, person: Person, what: str, wanted: Mapping[str, Any]) -> Said:
        text = str(wanted.get("text") or "")
        named = "@" + account.handle.lower() in text.lower()
        if what == "mention" and not named:
            text, named = f"@{account.handle} {text}", True
        more = {**(wanted.get("more") or {}), "names_us": named and what != "dm", "quotes_us": what == "quote"}
        return super()._utter(account, person, what, {**wanted, "text": text, "more": more})

    def edit(self, account: Account, said: Said, text: str) -> Said:
        """An edit is a new post; the old one stays behind it in the chain."""
        history: list[str] = list(said.more.get("history") or [said.id])
        said.revisions = [(0.0, "")] * (len(history) - 1)
        old = said.text
        super().edit(account, said, text)
        fresh = Said(**{**said.__dict__, "id": self.post_id(account), "at": self.clock.now()})
        history.append(fresh.id)
        fresh.more = {**said.more, "history": history}
        said.text, said.more = old, {**said.more, "history": history, "edited_to": fresh.id}
        self.world.keep(fresh)
        self.happened("said", account, fresh)
        return fresh

    # -- hooks

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """The activity events of what happened."""
        if said.private:
            if kind == "said":
                self._event(account, "dm.sent" if said.ours else "dm.received", self._dm_payload(account, said))
        elif kind == "said" and said.ours:
            self._event(account, "post.create", self.tweet_node(account, said), self._includes(account, said))
        elif kind == "said":
            if said.more.get("names_us"):
                self._event(
                    account, "post.mention.create", self.tweet_node(account, said), self._includes(account, said)
                )
            above = self.world.utterance(account, said.parent) if said.parent else None
            post = self.world.posts.get(said.post)
            direct = above.ours if above is not None else post is not None and not post.foreign
            if direct and said.what == "comment":
                self._event(account, "post.reply.create", self.tweet_node(account, said), self._includes(account, said))
            if said.more.get("quotes_us"):
                self._event(account, "post.quote.create", self.tweet_node(account, said), self._includes(account, said))
        elif kind == "removed" and said.ours:
            self._event(account, "post.delete", {"id": said.id, "author_id": account.id})

    def _includes(self, account: Account, said: Said) -> Json:
        told: Json = {"users": [{"data": self.author(account, said)}]}
        if said.media:
            told["media"] = [{"media_key": f"3_{one.id}", "type": "photo", "url": one.url} for one in said.media]
        return told

    def withdraw(self, account: Account) -> None:
        """X tells of it, without naming a user in the filter."""
        super().withdraw(account)
        at = self.clock.moment().isoformat(timespec="seconds")
        payload = {"date_time": at, "user_id": account.id, "app_id": account.more["webhook_id"][-8:]}
        self._event(account, "oauth.revoke", payload)

    def _dm_payload(self, account: Account, said: Said) -> Json:
        person = self.world.person(said.person)
        theirs = self.person_id(account, person)
        mine = {"id": account.id, "name": account.name, "username": account.handle}
        entities: Json = {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}
        create: Json = {"target": {"recipient_id": theirs if said.ours else account.id}}
        create["sender_id"] = account.id if said.ours else theirs
        create["message_data"] = {"text": said.text, "entities": entities}
        event = {"type": "message_create", "id": said.id, "created_timestamp": str(int(said.at * 1000))}
        users = {theirs: {"data": {"id": theirs, "name": person.name, "username": person.handle}}}
        users[account.id] = {"data": mine}
        return {"direct_message_events": [{**event, "message_create": create}], "users": users}

    def _event(self, account: Account, kind: str, payload: Json, includes: Json | None = None) -> None:
        if kind not in account.fields or not account.more.get("valid"):
            return
        data: Json = {"event_uuid": str(secrets.randbits(63) - 2**62), "filter": {"user_id": account.id}}
        data |= {"event_type": kind, "tag": account.more.get("tags", {}).get(kind, ""), "payload": payload}
        if includes:
            data["includes"] = includes

        def sign(body: bytes) -> Mapping[str, str]:
            return {"x-twitter-webhooks-signature": signed(account.secrets["consumer_secret"], body)}

        self.send(account, {"data": data}, lambda items: compact(items[0]), sign)
