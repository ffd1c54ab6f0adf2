"""WhatsApp Business Cloud API: messages in and out, the 24-hour window, templates, statuses, media."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from salur_sandbox.answers import Answer, Call, Json, Refusal, door
from salur_sandbox.deliver import Manner, on_this_machine
from salur_sandbox.platform import as_object
from salur_sandbox.platforms.graph import DAY, Graph, error, missing
from salur_sandbox.world import Account, Media, Person, Post, Said, Wrong

MOST = 4096
EDIT_SECONDS, REVOKE_SECONDS, MEDIA_SECONDS = 15 * 60, 2 * DAY, 5 * 60
SCOPES = frozenset(("whatsapp_business_messaging", "whatsapp_business_management"))
MESSAGING, MANAGEMENT = "whatsapp_business_messaging", "whatsapp_business_management"


def cloud_error(code: int, title: str, details: str, *, status: int = 400) -> Refusal:
    """A Cloud API error: a Graph error with error_data."""
    told = error(code, f"(#{code}) {title}", status=status)
    told.answer.data["error"]["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return told


class WhatsApp(Graph):
    """One business account with one number; `Account.id` is the phone number id."""

    name = "whatsapp"
    label = "WhatsApp"
    object = "whatsapp_business_account"
    people_can = ("dm",)
    edit_seconds = EDIT_SECONDS
    manner = Manner(20, 7 * DAY)
    all_fields = frozenset(
        [
            "messages",
            "message_template_status_update",
            "account_update",
            "phone_number_quality_update",
            "smb_message_echoes",
        ]
    )
    all_scopes: ClassVar[frozenset[str]] = SCOPES

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """A number, its business account, and one approved template."""
        account = super().connect(wanted)
        account.more.setdefault("waba_id", str(2_800_000_000_000_000 + self.world.serial()))
        account.more.setdefault("number", "6281100" + account.id[-6:])
        account.templates = {str(k): int(v) for k, v in (wanted.get("templates") or {"laporan_diperbarui": 2}).items()}
        return account

    def person_id(self, account: Account, person: Person) -> str:
        """The number without plus, or the scoped id of somebody who hides it."""
        return person.phone or self._user_id(person)

    def _user_id(self, person: Person) -> str:
        return f"ID.{13_491_208_655_302_741_918 + person.number}"

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """A wamid."""
        return f"wamid.{secrets.token_hex(20)}"

    # -- account

    @door("GET", r"/(?P<object_id>\d+)/subscribed_apps")
    def read_subscription(self, call: Call, object_id: str) -> Json:
        """Which app hears of this business account."""
        account = self._business(call, object_id)
        if not account.fields:
            return {"data": []}
        told: Json = {"whatsapp_business_api_data": {"id": account.more["app_id"], "name": "Salur", "link": ""}}
        if account.more.get("override"):
            told["override_callback_uri"] = account.hook_url
        return {"data": [told]}

    @door("POST", r"/(?P<object_id>\d+)/subscribed_apps")
    async def subscribe(self, call: Call, object_id: str) -> Json:
        """Subscribe the app; with override_callback_uri its address is proved first."""
        account = self._business(call, object_id)
        url = call.text("override_callback_uri")
        if url:
            if not on_this_machine(url) or not await self._proved(url, call.text("verify_token")):
                raise error(2200, "(#2200) Callback verification failed")
            account.hook_url = url
            account.more["override"] = True
        account.fields, account.failing_since = set(self.all_fields), None
        return {"success": True}

    def _business(self, call: Call, object_id: str) -> Account:
        account = self.allowed(call, MANAGEMENT)
        if object_id != account.more["waba_id"]:
            raise missing(object_id)
        return account

    @door("GET", r"/(?P<object_id>\d+)/phone_numbers")
    def numbers(self, call: Call, object_id: str) -> Json:
        """The numbers of the business account."""
        account = self._business(call, object_id)
        return self.paged(call, [self._number(account)], "id,verified_name,display_phone_number,quality_rating")

    @door("GET", r"/(?P<object_id>\d+)/message_templates")
    def template_list(self, call: Call, object_id: str) -> Json:
        """Approved templates."""
        account = self._business(call, object_id)
        nodes = [
            {"id": str(10**15 + n), "name": name, "status": "APPROVED", "language": "id", "category": "UTILITY"}
            for n, name in enumerate(account.templates)
        ]
        return self.paged(call, nodes, "id,name,status,language,category")

    def _number(self, account: Account) -> Json:
        told: Json = {"id": account.id, "verified_name": account.name, "quality_rating": "GREEN"}
        told |= {"display_phone_number": "+" + account.more["number"], "code_verification_status": "VERIFIED"}
        return told | {"platform_type": "CLOUD_API", "throughput": {"level": "STANDARD"}, "status": "CONNECTED"}

    # -- sending

    @door("POST", r"/(?P<object_id>\d+)/messages")
    def send_message(self, call: Call, object_id: str) -> Json:
        """Say something, or mark a message as read. 200 only means accepted."""
        account = self.allowed(call, MESSAGING, object_id=object_id)
        if call.text("messaging_product") != "whatsapp":
            raise error(100, "(#100) The parameter messaging_product is required.")
        if call.text("status") == "read":
            return self._mark_read(account, call.text("message_id"))
        to = call.text("to") or call.text("recipient")
        if not to:
            raise error(100, "(#100) The parameter to is required.")
        self._paced(account, to)
        person = self._recipient(account, to)
        kind = call.text("type", "text")
        if kind == "template":
            text = self._template(account, as_object(call.params.get("template")))
        elif kind == "text":
            text = self._text(as_object(call.params.get("text")))
            last = self.world.last_private_word(account, person) if person else None
            if last is None or self.clock.now() - last > DAY:
                told = "more than 24 hours have passed since the customer last replied to this number."
                raise cloud_error(131047, "Re-engagement message", "Message failed to send because " + told)
        else:
            raise cloud_error(131051, "Unsupported message type", "Message type is not supported here")
        if person is None:
            raise cloud_error(131026, "Message undeliverable", "Message Undeliverable.")
        about = str(as_object(call.params.get("context")).get("message_id") or "")
        if about and self.world.utterance(account, about) is None:
            raise error(100, "(#100) Invalid parameter: context.message_id")
        back = call.text("biz_opaque_callback_data")
        said = self.ours(account, person, "dm", text, parent=about, template=kind == "template", back=back)
        contact = {"input": to, "wa_id": self.person_id(account, person)}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": said.id}]}

    def _paced(self, account: Account, to: str) -> None:
        if account.more.get("restricted"):
            raise cloud_error(131031, "Business Account locked", "The account has been locked.", status=403)
        if self.world.allow((account.key, "throughput"), account.limits.get("a_second", 80), 1):
            told = "there were too many messages sent from this phone number in a short period of time"
            raise cloud_error(130429, "Rate limit hit", "Message failed to send because " + told, status=429)
        burst = account.limits.get("pair_burst", 45)
        if self.world.allow((account.key, "pair", to.lstrip("+")), burst, burst * 6):
            told = "Too many messages sent from the sender phone number to the same recipient"
            raise cloud_error(131056, "(Business Account, Consumer Account) pair rate limit hit", told, status=400)

    def _recipient(self, account: Account, to: str) -> Person | None:
        wanted = to.lstrip("+").replace(" ", "")
        people = self.world.people.values()
        return next((one for one in people if wanted in (one.phone, self._user_id(one))), None)

    def _text(self, text: Json) -> str:
        body = text.get("body")
        if not isinstance(body, str) or not body:
            raise error(100, "(#100) The parameter text['body'] is required.")
        if len(body) > MOST:
            raise error(100, f"(#100) Param text['body'] must be at most {MOST} characters long.")
        return body

    def _template(self, account: Account, template: Json) -> str:
        name = str(template.get("name") or "")
        if name not in account.templates or not as_object(template.get("language")).get("code"):
            told = f"template name ({name}) does not exist in the translation"
            raise cloud_error(132001, "Template name does not exist in the translation", told, status=404)
        parts = [as_object(one) for one in template.get("components") or [] if as_object(one).get("type") == "body"]
        values = [str(as_object(one).get("text", "")) for part in parts for one in part.get("parameters") or []]
        if len(values) != account.templates[name]:
            told = f"body: number of localizable_params ({len(values)}) does not match the expected number of params"
            raise cloud_error(132000, "Number of parameters does not match the expected number of params", told)
        return f"[{name}] " + " · ".join(values)

    def _mark_read(self, account: Account, said_id: str) -> Json:
        if self.world.utterance(account, said_id) is None:
            raise error(100, "(#100) Invalid parameter: message_id")
        return {"success": True}

    # -- media

    @door("GET", r"/_file/(?P<object_id>\d+)")
    def download(self, call: Call, object_id: str) -> Answer:
        """The file itself, with the same token, for five minutes after its address was given."""
        account, _ = self.token_of(call)
        given = account.more.get("urls", {}).get(object_id, 0)
        if self.clock.now() - given > MEDIA_SECONDS:
            raise Refusal(404, {"error": {"message": "URL signature expired", "code": 404}})
        media = self._media(account, object_id)
        return Answer(None, 302, {"Location": media.url})

    @door("GET", r"/(?P<object_id>\d+)")
    def look(self, call: Call, object_id: str) -> Json:
        """The number, the business account, or where a file lies for the next five minutes."""
        account = self.allowed(call)
        if object_id == account.id:
            return self.node(call, self._number(account), "id,verified_name,display_phone_number,quality_rating")
        if object_id == account.more["waba_id"]:
            return self.node(call, {"id": object_id, "name": account.name}, "id,name")
        media = self._media(account, object_id)
        account.more.setdefault("urls", {})[object_id] = self.clock.now()
        url = f"{self.world.base}/whatsapp/_file/{object_id}"
        told = {
            "url": url,
            "mime_type": media.content_type,
            "sha256": self._sha(object_id),
            "file_size": 1,
            "id": object_id,
        }
        return told | {"messaging_product": "whatsapp"}

    def _media(self, account: Account, media_id: str) -> Media:
        for said in self.world.of(account, private=True):
            for one in said.media:
                if one.id == media_id:
                    return one
        raise missing(media_id)

    def _sha(self, media_id: str) -> str:
        return base64.b64encode(hashlib.sha256(media_id.encode()).digest()).decode()

    # -- hooks

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """Messages of people, their edits and revocations; statuses of ours."""
        if said.ours:
            if kind == "said":
                self._outcome(account, said)
            elif kind == "read":
                self._status(account, said, "read")
            return
        person = self.world.person(said.person)
        now = self.clock.now()
        if kind == "removed" and now - said.at > REVOKE_SECONDS:
            said.removed_at = None
            raise Wrong("too late to take this back")
        message: Json = {"id": said.id, "timestamp": str(int(said.at))}
        if kind == "said":
            message |= self._content(said)
            if said.parent:
                message["context"] = {"from": account.more["number"], "id": said.parent}
        else:
            message |= {"id": f"wamid.{secrets.token_hex(20)}", "timestamp": str(int(now))}
            message |= self._change(kind, said)
        message["from" if person.phone else "from_user_id"] = self.person_id(account, person)
        contact: Json = {
            "profile": {"name": person.name},
            "user_id": self._user_id(person),
        }
        if person.phone:
            contact["wa_id"] = person.phone
        self._tell(account, {"contacts": [contact], "messages": [message]})

    def _change(self, kind: str, said: Said) -> Json:
        if kind == "edited":
            inner = {**self._content(said), "context": {"id": "M0"}}
            return {"type": "edit", "edit": {"original_message_id": said.id, "message": inner}}
        if kind == "removed":
            return {"type": "revoke", "revoke": {"original_message_id": said.id}}
        return {"type": "reaction", "reaction": {"message_id": said.id, "emoji": said.more.get("reaction", "")}}

    def _content(self, said: Said) -> Json:
        if not said.media:
            return {"type": "text", "text": {"body": said.text}}
        one = said.media[0]
        image: Json = {"mime_type": one.content_type, "sha256": self._sha(one.id), "id": one.id}
        return {"type": "image", "image": image | ({"caption": said.text} if said.text else {})}

    def _outcome(self, account: Account, said: Said) -> None:
        self._status(account, said, "sent")
        if account.key in self.world.person(said.person).blocks:
            said.status = "failed"
            self._status(account, said, "failed")
            return
        said.status = "delivered"
        self._status(account, said, "delivered")

    def _status(self, account: Account, said: Said, status: str) -> None:
        told: Json = {"id": said.id, "status": status, "timestamp": str(int(self.clock.now()))}
        told["recipient_id"] = self.person_id(account, self.world.person(said.person))
        if said.more.get("back"):
            told["biz_opaque_callback_data"] = said.more["back"]
        if status == "failed":
            details = {"details": "Message Undeliverable."}
            one = {"code": 131026, "title": "Message undeliverable", "message": "Message undeliverable"}
            told["errors"] = [{**one, "error_data": details}]
        else:
            category = "utility" if said.more.get("template") else "service"
            told["conversation"] = {"id": f"{int(said.at)}{account.id}", "origin": {"type": category}}
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": category}
        self._tell(account, {"statuses": [told]})

    def _tell(self, account: Account, more: Json) -> None:
        metadata = {"display_phone_number": account.more["number"], "phone_number_id": account.id}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **more}
        self.tell(
            account, "messages", {"id": account.more["waba_id"], "changes": [{"value": value, "field": "messages"}]}
        )
