"""The demonstration's official accounts: they live in the sandbox, with credentials that are nobody's."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from salur.agencies.models import Agency, Member
from salur.channels.connect import connect, set_custodians
from salur.channels.models import Account

NAME = "Diskominfotik Provinsi Lampung"
CUSTODIANS = ("koordinator.lampung", "admin.lampung")
POST = "Sampaikan keluhan layanan publik Anda di kolom komentar. Kami teruskan ke dinas yang berwenang."


@dataclass(frozen=True)
class Played:
    """One account of the demonstration. `address` is the platform's own id, `token_name` what Salur calls its token."""

    platform: str
    address: str
    handle: str
    secrets: tuple[str, ...]
    more: tuple[tuple[str, str], ...] = ()
    token_name: str = "access_token"
    token: str = ""

    @property
    def credentials(self) -> dict[str, str]:
        """The same at every start: the sandbox forgets, and is told again."""
        return {name: _invented(self.platform, name) for name in self.secrets} | {
            self.token_name: self.token or _invented(self.platform, self.token_name)
        }

    @property
    def posts(self) -> bool:
        """Whether there is something in public to comment on."""
        return self.platform in ("facebook", "instagram", "x")


META = ("app_secret", "verify_token")
ACCOUNTS = (
    Played("facebook", "102030405060701", "diskominfotiklampung", META, (("app_id", "700000000000001"),)),
    Played(
        "instagram",
        "17840000000000702",
        "diskominfotik.lampung",
        META,
        (("app_id", "700000000000002"), ("page_id", "102030405060702"), ("login", "facebook")),
    ),
    Played(
        "whatsapp",
        "102030405060703",
        "diskominfotik",
        META,
        (("app_id", "700000000000003"), ("waba_id", "202030405060703"), ("number", "6281100000703")),
    ),
    Played(
        "telegram",
        "7000000704",
        "salur_lampung_bot",
        ("hook_secret",),
        token_name="bot_token",
        token=f"7000000704:{hashlib.sha256(b'peragaan telegram').hexdigest()[:35]}",
    ),
    Played(
        "x",
        "1600000000000000705",
        "diskominfotiklpg",
        ("consumer_secret", "refresh_token", "app_token", "client_id"),
        (("direct_messages", "yes"),),
    ),
)


def connect_accounts(sandbox: str) -> None:
    """Connect them for the province's Diskominfotik, or bring them to where the sandbox is this time."""
    agency = Agency.objects.get(government__code="18", code="diskominfotik")
    custodians = list(Member.objects.filter(user__username__in=CUSTODIANS))
    for one in ACCOUNTS:
        account = connect(
            agency,
            one.platform,
            _address(one),
            settings={"api_base": f"{sandbox}/{one.platform}", "username": one.handle, **dict(one.more)},
            credentials=one.credentials,
            name=NAME,
            link=f"{sandbox}/main/{one.platform}",
        )
        set_custodians(account.pk, custodians)


def scene(salur: str) -> dict[str, Any]:
    """The same accounts as the sandbox begins with them, each calling its hook at `salur` where that is this machine.

    Elsewhere no hook is called, and what is said is found by asking.
    """
    own = Account.objects.filter(government__code="18", settings__has_key="api_base")
    keys = {(account.platform, account.address): account.hook_key for account in own}
    called = urlsplit(salur).hostname in ("127.0.0.1", "localhost", "::1")
    accounts = [
        {
            "platform": one.platform,
            "key": one.platform,
            "id": one.address,
            "name": NAME,
            "handle": one.handle,
            "token": one.credentials[one.token_name],
            "secrets": {name: one.credentials[name] for name in one.secrets},
            "hook_url": f"{salur}/hooks/{one.platform}/{keys[one.platform, _address(one)]}" if called else "",
            "more": dict(one.more),
        }
        for one in ACCOUNTS
    ]
    return {"accounts": accounts, "posts": [{"account": one.platform, "text": POST} for one in ACCOUNTS if one.posts]}


def _address(one: Played) -> str:
    return one.handle if one.platform == "telegram" else one.address


def _invented(platform: str, name: str) -> str:
    return hashlib.sha256(f"peragaan {platform} {name}".encode()).hexdigest()[:32]
