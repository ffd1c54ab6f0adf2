"""Everything there is on the invented platforms: accounts, people, posts, and what was said. In memory."""

from dataclasses import dataclass, field
from typing import Any

from salur_sandbox.clock import Clock


class Wrong(Exception):
    """A person or a test asked for something that does not exist here; the text says what."""


@dataclass
class Token:
    """One access token. `expires_at` are unix seconds (None: never); `trouble` says why it no longer works:
    revoked, password, removed or "" for nothing."""

    value: str
    scopes: set[str]
    expires_at: float | None = None
    trouble: str = ""
    kind: str = "account"


@dataclass
class Account:
    """One official account. `fields` are the subscriptions in force, `features` what was granted beyond the ordinary;
    `secrets` are those that sign or renew; `failing_since` is since when its hook has not answered 200."""

    key: str
    platform: str
    id: str
    name: str
    handle: str
    secrets: dict[str, str]
    tokens: dict[str, Token] = field(default_factory=dict)
    hook_url: str = ""
    fields: set[str] = field(default_factory=set)
    features: set[str] = field(default_factory=set)
    limits: dict[str, float] = field(default_factory=dict)
    templates: dict[str, int] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    failing_since: float | None = None


@dataclass
class Person:
    """An invented citizen. `blocks` are keys of accounts that may not write to them."""

    key: str
    name: str
    handle: str
    phone: str
    number: int
    blocks: set[str] = field(default_factory=set)


@dataclass
class Media:
    """A file that was sent. `url` is where it lies on the sandbox."""

    id: str
    kind: str
    url: str
    content_type: str = "image/jpeg"
    size: int = 0


@dataclass
class Post:
    """What comments stand under. `owner` is an account's key, or a person's with `foreign`."""

    id: str
    account: str
    text: str
    at: float
    owner: str = ""
    foreign: bool = False
    removed: bool = False


@dataclass
class Said:
    """One utterance. `person` is who said it, or to whom the account said it where `ours`.

    `what` is comment, mention, visitor_post, story_mention or dm; `private` for what nobody else reads. `parent` is the
    utterance answered. `revisions` are earlier texts with their instants. `status` is that of a message of ours.
    """

    id: str
    account: str
    person: str
    what: str
    text: str
    at: float
    ours: bool = False
    private: bool = False
    post: str = ""
    parent: str = ""
    media: list[Media] = field(default_factory=list)
    group: str = ""
    changed_at: float = 0.0
    revisions: list[tuple[float, str]] = field(default_factory=list)
    removed_at: float | None = None
    hidden: bool = False
    status: str = ""
    answered_privately: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> bool:
        """Whether readers see it."""
        return self.removed_at is None and not self.hidden


class World:
    """All of it, and the questions every platform asks."""

    def __init__(self, clock: Clock, first: int = 0) -> None:
        self.clock = clock
        self.base = "http://127.0.0.1:8001"
        self.accounts: dict[str, Account] = {}
        self.people: dict[str, Person] = {}
        self.posts: dict[str, Post] = {}
        self.said: dict[tuple[str, str], Said] = {}
        self._serial = first
        self.buckets: dict[tuple[str, ...], list[float]] = {}

    def serial(self) -> int:
        """The next number; ids are made of it, so that two runs from the same `first` tell the same story."""
        self._serial += 1
        return self._serial

    def account(self, key: str) -> Account:
        """The account of this key. Raises Wrong."""
        if key not in self.accounts:
            raise Wrong(f"there is no account {key!r}; there are {', '.join(self.accounts) or 'none'}")
        return self.accounts[key]

    def person(self, key: str) -> Person:
        """The person of this key. Raises Wrong."""
        if key not in self.people:
            raise Wrong(f"there is no person {key!r}; there are {', '.join(self.people) or 'none'}")
        return self.people[key]

    def utterance(self, account: Account, said_id: str) -> Said | None:
        """What was said under this id to or by an account."""
        return self.said.get((account.key, said_id))

    def keep(self, said: Said) -> Said:
        """Put an utterance into the world."""
        said.changed_at = said.changed_at or said.at
        self.said[(said.account, said.id)] = said
        return said

    def of(self, account: Account, *, private: bool | None = None) -> list[Said]:
        """What was said to and by an account, in the order it was said."""
        rows = [one for one in self.said.values() if one.account == account.key]
        return sorted(
            (one for one in rows if private is None or one.private == private), key=lambda one: (one.at, one.id)
        )

    def posts_of(self, account: Account) -> list[Post]:
        """The account's own posts, newest first."""
        mine = [post for post in self.posts.values() if post.account == account.key and not post.foreign]
        return sorted((post for post in mine if not post.removed), key=lambda post: post.at, reverse=True)

    def last_private_word(self, account: Account, person: Person) -> float | None:
        """When this person last wrote to this account in private (unix seconds)."""
        times = [one.at for one in self.of(account, private=True) if one.person == person.key and not one.ours]
        return max(times, default=None)

    def by_token(self, platform: str, value: str) -> tuple[Account, Token] | None:
        """Whose token this is."""
        for account in self.accounts.values():
            if account.platform == platform and value in account.tokens:
                return account, account.tokens[value]
        return None

    def allow(self, key: tuple[str, ...], most: float, seconds: float, cost: float = 1) -> float:
        """Take from a bucket of `most`, refilled evenly within `seconds`: 0 where it was allowed, else the wait."""
        now = self.clock.now()
        left, since = self.buckets.get(key, [most, now])
        left = min(most, left + max(0.0, now - since) * most / seconds)
        if left >= cost:
            self.buckets[key] = [left - cost, now]
            return 0.0
        self.buckets[key] = [left, now]
        return (cost - left) * seconds / most

    def count(self, key: tuple[str, ...], most: float, seconds: float, cost: float = 1) -> tuple[bool, float, float]:
        """Count in a fixed window of `seconds`: (allowed, what is left, when it begins anew in unix seconds)."""
        now = self.clock.now()
        used, until = self.buckets.get(key, [0.0, now + seconds])
        if now >= until:
            used, until = 0.0, now + seconds
        allowed = used + cost <= most
        used += cost if allowed else 0
        self.buckets[key] = [used, until]
        return allowed, max(0.0, most - used), until
