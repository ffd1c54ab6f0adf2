"""Private messages of Messenger and Instagram: windows, private replies, tags, echoes, receipts, conversations."""

import secrets
from typing import Any, ClassVar

from salur_sandbox.answers import Call, Json
from salur_sandbox.clock import graph
from salur_sandbox.platform import as_object
from salur_sandbox.platforms.graph import DAY, HOUR, Graph, error, missing
from salur_sandbox.world import Account, Person, Said

WINDOW = DAY
LONG_WINDOW = 7 * DAY
MESSAGE_FIELDS = "id,created_time"


class Messages(Graph):
    """What the two inboxes have in common; the class attributes say where they differ."""

    outside: ClassVar[int]
    most: ClassVar[int]
    in_bytes: ClassVar[bool]
    echo_field: ClassVar[str]
    message_scopes: ClassVar[tuple[str, ...]]

    def scoped(self, account: Account, person_id: str) -> Person | None:
        """The person behind an id scoped to this account."""
        return next((one for one in self.world.people.values() if self.person_id(account, one) == person_id), None)

    def send_message(self, call: Call, account: Account) -> Json:
        """POST messages: by recipient id within its window, or once to a comment."""
        wait = self.world.allow((account.key, "messages"), account.limits.get("messages", 300), 1)
        if wait:
            raise error(613, "(#613) Calls to this API have exceeded the rate limit.", status=400)
        recipient, message = as_object(call.params.get("recipient")), as_object(call.params.get("message"))
        text = self._message_text(message)
        for name in ("comment_id", "post_id"):
            if recipient.get(name):
                return self._private_reply(account, str(recipient[name]), text)
        person = self.scoped(account, str(recipient.get("id") or ""))
        if person is None:
            raise error(100, "(#100) No matching user found", subcode=2018001)
        if account.key in person.blocks:
            raise error(551, "(#551) This person isn't available right now.", subcode=1545041)
        if "cannot_receive" in account.features:
            raise error(10, "(#10) This person isn't receiving messages from you right now.", subcode=2018108)
        self._in_window(call, account, person)
        said = self.ours(account, person, "dm", text)
        return {"recipient_id": self.person_id(account, person), "message_id": said.id}

    def _message_text(self, message: Json) -> str:
        text = message.get("text")
        if message.get("attachment"):
            return str(as_object(message["attachment"]).get("type") or "")
        if not isinstance(text, str) or not text:
            raise error(100, "(#100) The parameter message is required")
        length = len(text.encode()) if self.in_bytes else len(text)
        if length > self.most:
            raise error(100, f"(#100) Length of param message[text] must be less than or equal to {self.most}")
        return text

    def _in_window(self, call: Call, account: Account, person: Person) -> None:
        last = self.world.last_private_word(account, person)
        ago = self.clock.now() - last if last is not None else None
        kind = call.text("messaging_type", "RESPONSE")
        if kind == "MESSAGE_TAG":
            if call.text("tag") != "HUMAN_AGENT":
                raise error(100, "(#100) Invalid message tag")
            if "human_agent" not in account.features:
                raise error(10, "(#10) Requires the human agent permission", subcode=2018065)
            if ago is not None and ago <= LONG_WINDOW:
                return
        elif kind not in ("RESPONSE", "UPDATE"):
            raise error(100, "(#100) Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG")
        elif ago is not None and ago <= WINDOW:
            return
        raise error(10, "(#10) This message is sent outside of allowed window.", subcode=self.outside)

    def _private_reply(self, account: Account, said_id: str, text: str) -> Json:
        wait = self.world.allow((account.key, "private_replies"), account.limits.get("private_replies", 750), HOUR)
        if wait:
            raise error(613, "(#613) Calls to this API have exceeded the rate limit.")
        comment = self._answerable(account, said_id)
        if comment.answered_privately:
            raise error(10900, "(#10900) Activity already replied to")
        if self.clock.now() - comment.at > LONG_WINDOW:
            raise error(10, "(#10) This message is sent outside of allowed window.", subcode=self.outside)
        person = self.world.person(comment.person)
        if account.key in person.blocks:
            raise error(551, "(#551) This person isn't available right now.", subcode=1545041)
        comment.answered_privately = True
        said = self.ours(account, person, "dm", text, about=comment.id)
        return {"recipient_id": self.person_id(account, person), "message_id": said.id}

    def _answerable(self, account: Account, said_id: str) -> Said:
        comment = self.world.utterance(account, said_id)
        if comment is None:
            found = [one for one in self.world.of(account, private=False) if one.post == said_id and not one.ours]
            comment = next((one for one in found if one.what == "visitor_post"), None)
        if comment is None or comment.ours or not comment.shown():
            raise error(100, "(#100) Invalid comment_id parameter", subcode=2018292)
        return comment

    def said_message_id(self) -> str:
        """A new message id."""
        return f"m_{secrets.token_hex(30)}"

    # -- looking back

    def conversations(self, call: Call, account: Account) -> Json:
        """The conversations of an account, the latest first. 2 calls a second at most."""
        if self.world.allow((account.key, "conversations"), account.limits.get("conversations", 20), 10):
            raise error(613, "(#613) Calls to this API have exceeded the rate limit.")
        latest: dict[str, float] = {}
        for said in self.world.of(account, private=True):
            latest[said.person] = max(latest.get(said.person, 0.0), said.changed_at)
        keys = sorted(latest, key=lambda key: latest[key], reverse=True)
        if user := call.text("user_id"):
            keys = [key for key in keys if self.person_id(account, self.world.person(key)) == user]
        nodes = [self._conversation(account, self.world.person(key), latest[key]) for key in keys]
        return self.paged(call, nodes, "id,link,updated_time")

    def _conversation(self, account: Account, person: Person, at: float) -> Json:
        said = [one for one in self.world.of(account, private=True) if one.person == person.key]
        messages = [self.message_node(account, one) for one in reversed(said) if one.removed_at is None]
        return {
            "id": f"t_{account.id[-6:]}{person.number}",
            "link": f"/{account.id}/inbox/{person.number}/",
            "updated_time": graph(at),
            "message_count": len(messages),
            "participants": {"data": [self._who(account, person, ours=False), self._who(account, person, ours=True)]},
            "messages": messages,
        }

    def conversation_messages(self, call: Call, account: Account, conversation: str) -> Json:
        """The messages of one conversation, newest first."""
        for person in self.world.people.values():
            node = self._conversation(account, person, 0)
            if node["id"] == conversation:
                return self.paged(call, node["messages"], MESSAGE_FIELDS)
        raise missing(conversation)

    def _who(self, account: Account, person: Person, *, ours: bool) -> Json:
        if ours:
            return {"id": account.id, "name": account.name, "username": account.handle}
        return {"id": self.person_id(account, person), "name": person.name, "username": person.handle}

    def message_node(self, account: Account, said: Said) -> Json:
        """One message as Graph shows it."""
        person = self.world.person(said.person)
        told: Json = {
            "id": said.id,
            "created_time": graph(said.at),
            "message": said.text,
            "from": self._who(account, person, ours=said.ours),
            "to": {"data": [self._who(account, person, ours=not said.ours)]},
        }
        if said.media:
            told["attachments"] = {"data": [{"id": one.id, "image_data": {"url": one.url}} for one in said.media]}
        return told

    # -- telling

    def tell_message(self, kind: str, account: Account, said: Said) -> None:
        """The messaging event of what happened to a message."""
        person = self.world.person(said.person)
        theirs, mine = {"id": self.person_id(account, person)}, {"id": account.id}
        event: Json = {"sender": mine if said.ours else theirs, "recipient": theirs if said.ours else mine}
        if kind == "said":
            body = self._message_body(account, said)
            event |= {"timestamp": int(said.at * 1000), "message": body}
            self.tell_messaging(account, self.echo_field if said.ours else "messages", event)
            if said.ours:
                self.delivered(account, said)
            return
        now = int(self.clock.now() * 1000)
        event |= {"sender": theirs, "recipient": mine, "timestamp": now}
        if kind == "edited":
            event["message_edit"] = {"mid": said.id, "text": said.text, "num_edit": len(said.revisions)}
            self.tell_messaging(account, "message_edits", event)
        elif kind == "removed":
            event["message"] = {"mid": said.id, "is_deleted": True}
            self.tell_messaging(account, "messages", event)
        elif kind == "reacted":
            event["reaction"] = {"mid": said.id, "action": "react", "reaction": "love", "emoji": said.more["reaction"]}
            self.tell_messaging(account, "message_reactions", event)

    def delivered(self, account: Account, said: Said) -> None:
        """The message reached the person's device."""
        said.status = "delivered"

    def _message_body(self, account: Account, said: Said) -> Json:
        body: Json = {"mid": said.id}
        if said.text:
            body["text"] = said.text
        attachments: list[dict[str, Any]] = []
        for one in said.media:
            kind = "story_mention" if said.what == "story_mention" else one.kind
            attachments.append({"type": kind, "payload": {"url": one.url}})
        if attachments:
            body["attachments"] = attachments
        if said.parent:
            body["reply_to"] = {"mid": said.parent}
        if said.ours:
            body |= {"is_echo": True, "app_id": int(account.more["app_id"])}
        return body
