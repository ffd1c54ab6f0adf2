"""What every platform of the sandbox has: doors, people who say things, and hooks that tell of it."""

import contextlib
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

import httpx
from starlette.requests import Request

from salur_sandbox.answers import Answer, Call, Refusal, doors_of, read_body, settled
from salur_sandbox.clock import Clock
from salur_sandbox.deliver import Courier, Hook, Manner, on_this_machine
from salur_sandbox.world import Account, Media, Person, Post, Said, Token, World, Wrong

ACTS = ("edit", "delete", "unsend", "react")


class Platform:
    """One vendor. The class attributes say what its people can do; the methods below them are its own words."""

    name: ClassVar[str]
    label: ClassVar[str]
    prefix: ClassVar[re.Pattern[str]] = re.compile(r"^(?=/)")
    people_can: ClassVar[tuple[str, ...]] = ("comment", "dm")
    edit_seconds: ClassVar[float | None] = None
    most_edits: ClassVar[int] = 1_000_000
    all_fields: ClassVar[frozenset[str]] = frozenset()
    all_scopes: ClassVar[frozenset[str]] = frozenset()
    secret_names: ClassVar[tuple[str, ...]] = ()
    token_seconds: ClassVar[float | None] = None
    mention_is_post: ClassVar[bool] = True
    manner: ClassVar[Manner] = Manner(10, 3600)

    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.courier = courier
        self.doors = doors_of(self)

    @property
    def clock(self) -> Clock:
        """The sandbox's time."""
        return self.world.clock

    # -- one call

    async def call(self, request: Request) -> tuple[Call, Answer]:
        """Answer one request in the vendor's manner."""
        raw = await request.body()
        path = self.prefix.sub("", "/" + request.path_params["path"], count=1) or "/"
        call = Call(request.method, path, dict(request.query_params), {}, request.headers, raw)
        try:
            try:
                call.body = read_body(request.headers.get("content-type", ""), raw)
            except ValueError:
                raise self.malformed() from None
            rule = self.courier.faults.takes(self.courier.faults.fail_next, self.name, call.method, call.path)
            if rule is not None:
                raise self.failure(int(rule.get("status", 500)), rule)
            answer = await self._answer(call)
        except Refusal as refusal:
            answer = refusal.answer
        answer.headers = {**self.headers(call), **answer.headers}
        return call, answer

    async def _answer(self, call: Call) -> Answer:
        for method, pattern, name in self.doors:
            match = pattern.fullmatch(call.path)
            if match and method == call.method:
                result = await settled(getattr(self, name)(call, **match.groupdict()))
                return result if isinstance(result, Answer) else Answer(result)
        raise self.unknown(call)

    # -- the vendor's words

    def unknown(self, call: Call) -> Refusal:
        """The refusal of a path nobody serves."""
        return Refusal(404, {"error": "not found"})

    def malformed(self) -> Refusal:
        """The refusal of a body that is no JSON."""
        return Refusal(400, {"error": "malformed"})

    def failure(self, status: int, rule: Mapping[str, Any]) -> Refusal:
        """A failure on purpose, with the vendor's body for this status; `rule` may bring a body of its own."""
        return Refusal(status, rule.get("body", {"error": "failure"}), dict(rule.get("headers") or {}))

    def headers(self, call: Call) -> dict[str, str]:
        """Headers of every answer."""
        return {}

    def person_id(self, account: Account, person: Person) -> str:
        """How this platform calls a person towards this account."""
        return str(person.number)

    def post_id(self, account: Account) -> str:
        """The id of a new post."""
        return f"{10**14 + self.world.serial()}"

    def said_id(self, account: Account, person: Person, what: str, post: Post | None, parent: Said | None) -> str:
        """The id of something new that was said."""
        return f"{10**16 + self.world.serial() * 7919}"

    def happened(self, kind: str, account: Account, said: Said) -> None:
        """Tell whoever subscribed. `kind`: said, edited, removed, reacted, delivered, read, hidden or shown."""

    def blocked(self, account: Account, person: Person, blocked: bool) -> None:
        """A person has shut the account out, or let it in again."""

    # -- accounts

    def connect(self, wanted: Mapping[str, Any]) -> Account:
        """A new official account with invented credentials, or those that are wished for."""
        number = self.world.serial()
        key = str(wanted.get("key") or f"{self.name}-{number}")
        account = Account(
            key=key,
            platform=self.name,
            id=str(wanted.get("id") or 4_000_000_000_000_000 + number * 7919),
            name=str(wanted.get("name") or "Diskominfotik Lampung"),
            handle=str(wanted.get("handle") or "diskominfotik_lampung"),
            secrets={
                name: str((wanted.get("secrets") or {}).get(name) or _invented(name, key, number))
                for name in self.secret_names
            },
            hook_url=str(wanted.get("hook_url") or ""),
            features=set(wanted.get("features") or ()),
            limits={name: float(value) for name, value in (wanted.get("limits") or {}).items()},
            more=dict(wanted.get("more") or {}),
        )
        if "fields" in wanted or account.hook_url:
            account.fields = set(wanted.get("fields", self.all_fields))
        if account.hook_url and not on_this_machine(account.hook_url):
            raise Wrong("hook_url must lead to this machine")
        value = str(wanted.get("token") or self.token_value(account))
        ends = wanted.get("token_seconds", self.token_seconds)
        account.tokens[value] = Token(
            value,
            set(wanted.get("scopes") or self.all_scopes),
            None if ends is None else self.clock.now() + float(ends),
        )
        self.world.accounts[key] = account
        return account

    def token_value(self, account: Account) -> str:
        """What an access token looks like."""
        return f"token-{account.key}-{self.world.serial()}"

    def withdraw(self, account: Account) -> None:
        """The owner takes the authorisation back: every token ends, and none can be renewed."""
        account.more["withdrawn"] = True
        for token in account.tokens.values():
            if token.kind == "account":
                token.trouble = "revoked"

    def publish(self, account: Account, text: str, *, foreign: bool = False, owner: str = "") -> Post:
        """A post of the account, or with `foreign` one of somebody else that names it."""
        made = Post(self.post_id(account), account.key, text, self.clock.now(), owner or account.key, foreign)
        self.world.posts[made.id] = made
        return made

    # -- people

    def say(self, account: Account, person: Person, wanted: Mapping[str, Any]) -> list[Said]:
        """A person says or does something. Raises Wrong for what this platform does not have."""
        what = str(wanted.get("what") or "comment")
        if what in ACTS:
            return [self._act(account, person, what, wanted)]
        if what not in self.people_can:
            raise Wrong(f"on {self.label} one cannot {what}; one can {', '.join(self.people_can)}")
        return [self._utter(account, person, what, wanted)]

    def _utter(self, account: Account, person: Person, what: str, wanted: Mapping[str, Any]) -> Said:
        private = what in ("dm", "story_mention")
        parent = self._found(account, str(wanted["parent"])) if wanted.get("parent") else None
        post = None if private else self._post(account, person, what, wanted, parent)
        said = Said(
            id=str(wanted.get("id") or self.said_id(account, person, what, post, parent)),
            account=account.key,
            person=person.key,
            what=what,
            text=str(wanted.get("text") or ""),
            at=float(wanted.get("at") or self.clock.now()),
            private=private,
            post=post.id if post else "",
            parent=parent.id if parent else "",
            media=[self.media(one) for one in wanted.get("media") or ()],
            group=str(wanted.get("group") or ""),
            more=dict(wanted.get("more") or {}),
        )
        self.world.keep(said)
        if not wanted.get("silent"):
            self.happened("said", account, said)
        return said

    def _post(
        self, account: Account, person: Person, what: str, wanted: Mapping[str, Any], parent: Said | None
    ) -> Post:
        if what in ("mention", "visitor_post") and not wanted.get("post"):
            usual = wanted.get("text") if self.mention_is_post else "Unggahan warga"
            text = str(wanted.get("post_text") or usual or "")
            return self.publish(account, text, foreign=True, owner=person.key)
        if wanted.get("post"):
            post = self.world.posts.get(str(wanted["post"]))
            if post is None:
                raise Wrong(f"there is no post {wanted['post']!r}")
            return post
        if parent is not None and parent.post in self.world.posts:
            return self.world.posts[parent.post]
        mine = self.world.posts_of(account)
        return mine[0] if mine else self.publish(account, "Layanan pengaduan warga")

    def _found(self, account: Account, said_id: str) -> Said:
        found = self.world.utterance(account, said_id)
        if found is None:
            raise Wrong(f"nothing was said under the id {said_id!r}")
        return found

    def _act(self, account: Account, person: Person, what: str, wanted: Mapping[str, Any]) -> Said:
        said = self._found(account, str(wanted.get("id") or ""))
        if what == "react":
            said.more["reaction"] = str(wanted.get("text") or "👍")
            self.happened("reacted", account, said)
            return said
        if said.ours or said.person != person.key:
            raise Wrong("one can change only one's own words")
        if what == "edit":
            return self.edit(account, said, str(wanted.get("text") or ""))
        said.removed_at = self.clock.now()
        self.happened("removed", account, said)
        return said

    def edit(self, account: Account, said: Said, text: str) -> Said:
        """Change a text where this platform lets people. Raises Wrong."""
        now = self.clock.now()
        if self.edit_seconds is None or not self.editable(said):
            raise Wrong(f"on {self.label} nobody can edit this")
        if now - said.at > self.edit_seconds or len(said.revisions) >= self.most_edits:
            raise Wrong("too late, or too often, to edit this")
        said.revisions.append((said.changed_at, said.text))
        said.text, said.changed_at = text, now
        self.happened("edited", account, said)
        return said

    def editable(self, said: Said) -> bool:
        """Whether this platform lets people change such an utterance at all."""
        return self.edit_seconds is not None

    def read(self, account: Account, person: Person) -> None:
        """The person opens the conversation: what the account said is read."""
        for said in self.world.of(account, private=True):
            if said.ours and said.person == person.key and said.status in ("sent", "delivered"):
                said.status = "read"
                self.happened("read", account, said)

    def media(self, kind: str) -> Media:
        """A file of one of the kinds that lie ready: photo, huge, to-metadata, to-loopback."""
        number = self.world.serial()
        names = {"photo": "photo.jpg", "huge": "huge.jpg", "to-metadata": "to-metadata", "to-loopback": "to-loopback"}
        if kind not in names:
            raise Wrong(f"there is no file {kind!r}; there are {', '.join(names)}")
        return Media(str(900_000_000 + number), "image", f"{self.world.base}/_media/{names[kind]}?id={number}")

    def ours(self, account: Account, person: Person, what: str, text: str, **more: Any) -> Said:
        """Something the account says: kept, and told of."""
        post = self.world.posts.get(more.pop("post", ""))
        parent = self.world.utterance(account, more.pop("parent", ""))
        said = Said(
            id=self.said_id(account, person, what, post, parent),
            account=account.key,
            person=person.key,
            what=what,
            text=text,
            at=self.clock.now(),
            ours=True,
            private=what == "dm",
            post=post.id if post else "",
            parent=parent.id if parent else "",
            status="sent",
            more=more,
        )
        self.world.keep(said)
        self.happened("said", account, said)
        return said

    # -- hooks

    def send(
        self,
        account: Account,
        item: Any,
        wrap: Callable[[list[Any]], bytes],
        sign: Callable[[bytes], Mapping[str, str]],
        *,
        together: bool = False,
    ) -> None:
        """Hand one event to the courier, where a hook is subscribed."""
        if not account.hook_url:
            return
        self.courier.bring(
            Hook(
                self.name,
                account.key,
                account.hook_url,
                [item],
                wrap,
                sign,
                self.manner,
                lambda good: self._went(account, good),
                together,
            )
        )

    def _went(self, account: Account, good: bool) -> None:
        now = self.clock.now()
        if good:
            account.failing_since = None
            return
        account.failing_since = account.failing_since or now
        self.dead_hook(account, now - account.failing_since)

    def dead_hook(self, account: Account, seconds: float) -> None:
        """The hook has failed for so long; some vendors switch it off."""

    async def ask(self, url: str, params: Mapping[str, str], timeout: float = 10) -> httpx.Response | None:
        """One GET of a handshake; None where nothing answers or the address is not of this machine."""
        if not on_this_machine(url):
            return None
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(trust_env=False, timeout=timeout) as client:
                return await client.get(url, params=dict(params))
        return None

    def handshake(self, account: Account) -> Awaitable[bool]:
        """Prove the account's hook the vendor's way."""
        return _agreed()


def _invented(name: str, key: str, number: int) -> str:
    """A credential that looks like one and is nobody's."""
    return hashlib.sha256(f"{name} {key} {number}".encode()).hexdigest()[:32]


async def _agreed() -> bool:
    return True


def as_object(value: Any) -> dict[str, Any]:
    """A parameter that is an object, also when it came as JSON in a form field; {} for anything else."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    return value if isinstance(value, dict) else {}
