"""Telegram: a bot, by webhook or long poll (Bot API)."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from salur_sandbox.answers import Answer, Call, Json, Refusal, door
from salur_sandbox.deliver import Manner, compact, on_this_machine
from salur_sandbox.platform import Platform, as_object
from salur_sandbox.world import Account, Media, Person, Post, Said

DAY = 86400.0
MOST = 4096
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
KINDS = frozenset(
    ["message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member", "callback_query"]
)


def refusal(code: int, description: str, **parameters: Any) -> Refusal:
    """{ok: false, error_code, description}."""
    told: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        told["parameters"] = parameters
    return Refusal(code, told)


class Telegram(Platform):
    """One bot; `Account.id` is its number, its token the whole credential."""

    name = "telegram"
    label = "Telegram"
    people_can = ("dm", "album", "group")
    edit_seconds = 2 * DAY
    secret_names: ClassVar[tuple[str, ...]] = ("hook_secret",)
    all_fields = KINDS
    all_scopes = frozenset(("bot",))
    manner = Manner(60, DAY)

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """A bot; with a hook address it has a webhook already."""
        account = super().connect({"id": str(7_000_000_000 + self.world.serial()), **wanted})
        account.more |= {"updates": [], "next": 174_114_000 + self.world.serial(), "polling": False}
        return account

    def token_value(self, account: Account) -> str:
        """<bot id>:<secret>."""
        return f"{account.id}:{secrets.token_urlsafe(26)[:35]}"

    def person_id(self, account: Account, person: Person) -> str:
        """A user id, the same for every bot."""
        return str(249_000_000 + person.number)

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """<chat>:<message>; messages are counted in each chat."""
        chat = self._group(account) if what == "group" else int(self.person_id(account, person))
        number = account.more.get(f"last {chat}", self.world.serial()) + 1
        account.more[f"last {chat}"] = number
        return f"{chat}:{number}"

    def _group(self, account: Account) -> int:
        return -1_001_234_000_000 - int(account.id) % 1_000_000

    # -- refusals

    def unknown(self, call: Call) -> Refusal:
        """Not Found."""
        return refusal(404, "Not Found")

    def malformed(self) -> Refusal:
        """A body that is no JSON."""
        return refusal(400, "Bad Request: can't parse the request body as JSON")

    def failure(self, status: int, rule: Mapping[str, Any]) -> Refusal:
        """A failure on purpose; 429 says how long to wait."""
        if status == 429:
            after = int(rule.get("after", 35))
            return refusal(429, f"Too Many Requests: retry after {after}", retry_after=after)
        return refusal(status, str(rule.get("description", "Internal Server Error")))

    def bot(self, token: str) -> Account:
        """The bot of a token. Raises 401."""
        found = self.world.by_token(self.name, token)
        if found is None or found[1].trouble:
            raise refusal(401, "Unauthorized")
        return found[0]

    # -- the methods

    @door("GET", r"/bot(?P<token>[^/]+)/(?P<method>\w+)")
    async def get(self, call: Call, token: str, method: str) -> Answer:
        """Every method works by GET and by POST."""
        answer: Answer = await self.post(call, token, method)
        return answer

    @door("POST", r"/bot(?P<token>[^/]+)/(?P<method>\w+)")
    async def post(self, call: Call, token: str, method: str) -> Answer:
        """One method of the bot; names are read without regard to case."""
        call.path = f"/bot/{method}"  # a token stands in no log
        account = self.bot(token)
        names = {name.lower(): name for name in ("getMe", "getWebhookInfo", "deleteWebhook", "sendMessage", "getFile")}
        if method.lower() in ("getupdates", "setwebhook"):
            result = await (self.get_updates if method.lower() == "getupdates" else self.set_webhook)(account, call)
        elif method.lower() in names:
            result = getattr(self, "_" + names[method.lower()])(account, call)
        else:
            raise self.unknown(call)
        return Answer({"ok": True, "result": result})

    def _getMe(self, account: Account, call: Call) -> Json:
        return self._self(account) | {"can_join_groups": True, "can_read_all_group_messages": False}

    def _self(self, account: Account) -> Json:
        return {"id": int(account.id), "is_bot": True, "first_name": account.name, "username": account.handle}

    def _getWebhookInfo(self, account: Account, call: Call) -> Json:
        told: Json = {"url": account.hook_url, "has_custom_certificate": False}
        told["pending_update_count"] = len(account.more["updates"])
        if account.hook_url:
            told |= {"max_connections": 40, "allowed_updates": sorted(account.fields)}
        if account.failing_since is not None:
            told |= {"last_error_date": int(self.clock.now()), "last_error_message": "Wrong response from the webhook"}
        return told

    def _deleteWebhook(self, account: Account, call: Call) -> bool:
        account.hook_url = ""
        if call.text("drop_pending_updates").lower() == "true":
            account.more["updates"] = []
        return True

    async def set_webhook(self, account: Account, call: Call) -> bool:
        """Set or (with an empty address) remove the webhook."""
        url, secret = call.text("url"), call.text("secret_token")
        if secret and not SECRET.fullmatch(secret):
            raise refusal(400, "Bad Request: secret token contains unallowed characters")
        if url and not (on_this_machine(url) or url.startswith("https://")):
            raise refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not 1 <= int(call.text("max_connections") or 40) <= 100:
            raise refusal(400, "Bad Request: max_connections must be from 1 to 100")
        kinds = call.params.get("allowed_updates") or []
        account.hook_url, account.secrets["hook_secret"], account.failing_since = url, secret, None
        account.fields = set(kinds) & KINDS if kinds else set(KINDS)
        if call.text("drop_pending_updates").lower() == "true":
            account.more["updates"] = []
        waiting, account.more["updates"] = account.more["updates"], []
        for update in waiting:
            self._bring(account, update)
        return True

    async def get_updates(self, account: Account, call: Call) -> list[Json]:
        """Long poll: `offset` confirms all before it; one poller at a time, and none beside a webhook."""
        if account.hook_url:
            told = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
            raise refusal(409, told)
        if account.more["polling"]:
            told = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            raise refusal(409, told)
        offset, most = int(call.text("offset") or 0), int(call.text("limit") or 100)
        until = self.clock.now() + min(50.0, float(call.text("timeout") or 0))
        account.more["polling"] = True
        try:
            while True:
                fresh = self.clock.now() - DAY
                kept = [one for one in account.more["updates"] if one["update_id"] >= offset and one["_at"] > fresh]
                account.more["updates"] = kept
                if kept or self.clock.now() >= until:
                    part = kept[: max(1, min(most, 100))]
                    return [{name: value for name, value in one.items() if name != "_at"} for one in part]
                await asyncio.sleep(0.05)
        finally:
            account.more["polling"] = False

    def _sendMessage(self, account: Account, call: Call) -> Json:
        text, chat_id = call.text("text"), call.text("chat_id")
        if not text:
            raise refusal(400, "Bad Request: message text is empty")
        if len(text) > MOST:
            raise refusal(400, "Bad Request: message is too long")
        people = self.world.people.values()
        person = next((one for one in people if self.person_id(account, one) == chat_id), None)
        in_group = chat_id == str(self._group(account))
        started = any(one.id.startswith(f"{chat_id}:") for one in self.world.of(account))
        if (person is None and not in_group) or not started:
            raise refusal(400, "Bad Request: chat not found")
        self._paced(account, chat_id, in_group)
        if person is not None and account.key in person.blocks:
            raise refusal(403, "Forbidden: bot was blocked by the user")
        reply = as_object(call.params.get("reply_parameters"))
        about = f"{chat_id}:{reply['message_id']}" if reply.get("message_id") else ""
        above = self.world.utterance(account, about)
        if about and (above is None or above.removed_at is not None):
            if not reply.get("allow_sending_without_reply"):
                raise refusal(400, "Bad Request: message to be replied not found")
            about = ""
        who = person or self.world.person(above.person if above else next(iter(self.world.people)))
        said = self.ours(account, who, "group" if in_group else "dm", text, parent=about)
        return self._message(account, said)

    def _paced(self, account: Account, chat_id: str, in_group: bool) -> None:
        burst = account.limits.get("chat_burst", 20 if in_group else 5)
        waits = [self.world.allow((account.key, "chat", chat_id), burst, 60 if in_group else burst)]
        waits.append(self.world.allow((account.key, "all"), account.limits.get("a_second", 30), 1))
        if wait := max(waits):
            seconds = int(wait) + 1
            raise refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _getFile(self, account: Account, call: Call) -> Json:
        media = self._media(account, call.text("file_id"))
        if media.size > 20_000_000:
            raise refusal(400, "Bad Request: file is too big")
        told = {"file_id": media.id, "file_unique_id": "AQ" + media.id, "file_size": media.size}
        return told | {"file_path": f"photos/file_{media.id}.jpg"}

    @door("GET", r"/file/bot(?P<token>[^/]+)/photos/file_(?P<file_id>\w+)\.jpg")
    def download(self, call: Call, token: str, file_id: str) -> Answer:
        """The file itself."""
        call.path = "/file/bot/photos"
        return Answer(None, 302, {"Location": self._media(self.bot(token), file_id).url})

    def _media(self, account: Account, file_id: str) -> Media:
        for said in self.world.of(account):
            for one in said.media:
                if one.id == file_id:
                    return one
        raise refusal(400, "Bad Request: invalid file_id")

    # -- people

    def say(self, account: Account, person: Person, wanted: Mapping[str, Any]) -> list[Said]:
        """An album is several messages with one group id, the caption on the first."""
        if wanted.get("what") != "album":
            return super().say(account, person, wanted)
        group = str(28_376_098_000_000_000 + self.world.serial())
        files = list(wanted.get("media") or ("photo", "photo"))
        parts = [
            {**wanted, "what": "dm", "text": wanted.get("text", "") if n == 0 else "", "media": [one], "group": group}
            for n, one in enumerate(files)
        ]
        return [said for part in parts for said in super(Telegram, self).say(account, person, part)]

    def _utter(self, account: Account, person: Person, what: str, wanted: Mapping[str, Any]) -> Said:
        if what == "group" and account.handle.lower() not in str(wanted.get("text")).lower():
            wanted = {**wanted, "silent": True}  # privacy mode: a bot hears only what is addressed to it
        return super()._utter(account, person, what, wanted)

    def blocked(self, account: Account, person: Person, blocked: bool) -> None:
        """my_chat_member tells of it."""
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        me = self._self(account)
        chat = self._chat(account, int(self.person_id(account, person)), person)
        told: Json = {"chat": chat, "from": self._user(account, person), "date": int(self.clock.now())}
        told["old_chat_member"] = {"user": me, "status": old}
        told["new_chat_member"] = {"user": me, "status": new} | ({"until_date": 0} if blocked else {})
        self._update(account, "my_chat_member", told)

    # -- updates

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """New and changed messages of people. Deletions are never told."""
        if said.ours:
            return
        if kind == "said":
            self._update(account, "message", self._message(account, said))
        elif kind == "edited":
            told = self._message(account, said) | {"edit_date": int(said.changed_at)}
            self._update(account, "edited_message", told)

    def _update(self, account: Account, kind: str, told: Json) -> None:
        if account.fields and kind not in account.fields:
            return
        account.more["next"] += 1
        update: Json = {"update_id": account.more["next"], kind: told, "_at": self.clock.now()}
        if account.hook_url:
            self._bring(account, update)
        else:
            account.more["updates"].append(update)

    def _bring(self, account: Account, update: Json) -> None:
        told = {name: value for name, value in update.items() if name != "_at"}

        def sign(_body: bytes) -> Mapping[str, str]:
            secret = account.secrets["hook_secret"]
            return {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}

        self.send(account, told, lambda items: compact(items[0]), sign)

    def _user(self, account: Account, person: Person) -> Json:
        told: Json = {"id": int(self.person_id(account, person)), "is_bot": False, "first_name": person.name}
        return told | {"username": person.handle, "language_code": "id"}

    def _chat(self, account: Account, chat_id: int, person: Person) -> Json:
        if chat_id < 0:
            return {"id": chat_id, "title": "Warga RT 05", "type": "supergroup"}
        return {"id": chat_id, "first_name": person.name, "username": person.handle, "type": "private"}

    def _message(self, account: Account, said: Said) -> Json:
        chat, _, number = said.id.partition(":")
        person = self.world.person(said.person)
        told: Json = {
            "message_id": int(number),
            "from": self._self(account) if said.ours else self._user(account, person),
        }
        told |= {"chat": self._chat(account, int(chat), person), "date": int(said.at)}
        if said.group:
            told["media_group_id"] = said.group
        if said.media:
            one = said.media[0]
            small = {"file_id": one.id, "file_unique_id": "AQ" + one.id, "file_size": 1200, "width": 90, "height": 67}
            told["photo"] = [small, {**small, "file_size": one.size or 90_000, "width": 1280, "height": 960}]
            if said.text:
                told["caption"] = said.text
        else:
            told["text"] = said.text
        named = said.text.lower().find("@" + account.handle.lower())
        if named >= 0:
            offset = len(said.text[:named].encode("utf-16-le")) // 2
            told["entities"] = [{"type": "mention", "offset": offset, "length": len(account.handle) + 1}]
        above = self.world.utterance(account, said.parent) if said.parent else None
        if above is not None:
            told["reply_to_message"] = {**self._message(account, above)}
            told["reply_to_message"].pop("reply_to_message", None)
        return told
