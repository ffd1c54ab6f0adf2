"""Signed deliveries of an invented Facebook page: 1.5 KB each, no two alike, reproducible from their number."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from salur.agencies.queries import government_by_code
from salur.channels.connect import connect
from salur.channels.queries import web_account
from salur.config.bench.invented import reports
from salur.config.bench.measure_rules import PROVINCE
from salur.intake.models import Delivery

PLATFORM, ADDRESS = "facebook", "100000000000018"
SIZE = 1500
"""Bytes of a body, give or take what fills it."""
MARK = "#" * 10


@dataclass(frozen=True)
class Corpus:
    """What every delivery has in common. The body is `before`, ten digits, `after`."""

    account_id: int
    path: str
    secret: bytes
    before: bytes
    after: bytes

    def body(self, number: int) -> bytes:
        """One delivery."""
        return b"%s%010d%s" % (self.before, number, self.after)

    def signature(self, number: int) -> str:
        """Its signature, in hexadecimal."""
        return hmac.digest(self.secret, self.body(number), hashlib.sha256).hex()

    def headers(self, body: bytes) -> Mapping[str, str]:
        """The headers a platform sends with a body."""
        signature = hmac.digest(self.secret, body, hashlib.sha256).hex()
        return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}

    def write(self, folder: Path, count: int) -> None:
        """Lay the first `count` down for `data/gate_load.lua`."""
        (folder / "path").write_text(self.path)
        (folder / "before").write_bytes(self.before)
        (folder / "after").write_bytes(self.after)
        with (folder / "signatures").open("w") as file:
            file.writelines(f"{self.signature(number)}\n" for number in range(count))


def corpus() -> Corpus:
    """The corpus of the measured home, and its account: connected anew, with a secret nobody knows."""
    province = government_by_code(PROVINCE)
    portal = web_account(province.pk) if province else None
    if portal is None:
        raise LookupError("the province has no portal: load the base first")
    secret = secrets.token_hex(16)
    with transaction.atomic():
        account = connect(portal.agency, PLATFORM, ADDRESS, credentials={"app_secret": secret})
    before, after = _body().split(MARK.encode())
    return Corpus(account.pk, f"/hooks/{PLATFORM}/{account.hook_key}", secret.encode(), before, after)


def _body() -> bytes:
    said, name = " ".join(one.text for one in islice(reports(), 12)), next(reports()).name
    room = SIZE - len(comment(MARK, "7000000000000001", name, "", 1_780_000_000))
    return comment(MARK, "7000000000000001", name, said[:room], 1_780_000_000)


def comment(mark: str, sender: str, name: str, text: str, at: int) -> bytes:
    """What Facebook tells of a comment under a post of the page; `mark` makes its id, `at` is in seconds (Unix)."""
    post = "122000000000000001"
    value = {
        "item": "comment",
        "verb": "add",
        "post_id": f"{ADDRESS}_{post}",
        "comment_id": f"{post}_{mark}",
        "parent_id": f"{ADDRESS}_{post}",
        "from": {"id": sender, "name": name},
        "created_time": at,
        "message": text,
    }
    change = {"field": "feed", "value": value}
    whole = {"object": "page", "entry": [{"id": ADDRESS, "time": at, "changes": [change]}]}
    return json.dumps(whole).encode()


def stored() -> int:
    """How many deliveries are in the table."""
    return Delivery.objects.count()


def clear() -> None:
    """Take every delivery out again, so that each round begins alike. On the home of a measurement only."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE intake_delivery CASCADE")
