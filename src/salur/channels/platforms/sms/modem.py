"""The folders of gammu-smsd with its FILES backend (gammu-smsd-files(7)): files come in, files go out.

Received: IN<date>_<time>_<serial>_<sender>_<part>.txt, in the machine's local time, a file for each part. To be sent:
OUT<priority><date>_<time>_<serial>_<recipient>_<note>.txt; once sent it lies in the folder of the sent, else in that
of the errors. Observed with 1.42: UTF-8 both ways.
"""

import hashlib
import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from salur.channels.platforms.loose import part
from salur.channels.platforms.sms.parse import said_key
from salur.channels.ports import AccountView, FetchFailed, Health, Outbound, Raw, Receipt, SendFailed

FOLDERS = ("inbox", "outbox", "sent", "error")
# A file younger than this may still be written, or the next part of its message may be.
SETTLED = 1.0
# Files that came within this time before the last one known are looked at again: folders keep no strict order.
OVERLAP = 3600
_RECEIVED = re.compile(r"IN(\d{8})_(\d{6})_(\d+)_(\+?[^_]*)_(\d+)\.txt")
_OURS = re.compile(r"OUT.*_(salur[0-9a-f]{24})\.txt[a-z]*")
_NUMBER = re.compile(r"\+?\d{3,20}")


def folder(account: AccountView, name: str) -> Path:
    """One of the FOLDERS under the setting `folder`; raises LookupError where it is not there."""
    base = str(account.settings.get("folder") or "")
    found = Path(base) / name
    if not base or not found.is_dir():
        raise LookupError(f"the folder of gammu-smsd is not there: set `folder` to the one that holds {name}")
    return found


def fetch_since(account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
    """Messages received and news of those sent since {"seen"} (seconds of the file system), oldest first.

    Nothing is removed. Raises FetchFailed.
    """
    known = part(cursor, "seen")
    since = float(known) - OVERLAP if isinstance(known, int | float) else 0.0
    try:
        zone = ZoneInfo(str(account.settings.get("timezone") or "Asia/Jakarta"))
        found = [*_received(folder(account, "inbox"), zone), *_sent(account)]
    except (LookupError, OSError, ZoneInfoNotFoundError, ValueError) as error:
        raise FetchFailed(str(error) if isinstance(error, LookupError) else type(error).__name__) from None
    found = [one for one in found if one[0] >= since]
    seen = float(known) if isinstance(known, int | float) else 0.0
    for changed, key, body in sorted(found, key=lambda one: (one[0], one[1])):
        seen = max(seen, changed)
        raw = json.dumps({"modem": body}).encode()
        yield Raw(key, raw, "application/json", cursor={"seen": seen}, via="poll")


def _received(inbox: Path, zone: ZoneInfo) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """(changed, key, what to write down) of every message whose parts are all here."""
    parts: dict[tuple[str, ...], list[tuple[int, Path]]] = defaultdict(list)
    for path in inbox.iterdir():
        if named := _RECEIVED.fullmatch(path.name):
            parts[named.groups()[:4]].append((int(named[5]), path))
    for (day, clock, _, number), pieces in parts.items():
        changed = max(path.stat().st_mtime for _, path in pieces)
        if time.time() - changed < SETTLED:
            continue
        text = "".join(path.read_bytes().decode("utf-8", "replace") for _, path in sorted(pieces))
        try:
            at = datetime.strptime(day + clock, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC).isoformat()
        except ValueError:
            at = ""
        yield changed, said_key(number, at, text), {"number": number, "at": at, "text": text}


def _sent(account: AccountView) -> Iterator[tuple[float, str, dict[str, Any]]]:
    for name in ("sent", "error"):
        for path in folder(account, name).iterdir():
            if named := _OURS.fullmatch(path.name):
                changed = path.stat().st_mtime
                at = datetime.fromtimestamp(changed, UTC).isoformat()
                yield changed, f"{name}:{named[1]}", {"about": named[1], "failed": name == "error", "at": at}


def send(account: AccountView, out: Outbound) -> Receipt:
    """Lay a file into the outbox, whole or not at all; the same key is the same file. Raises SendFailed."""
    note = note_of(out.once_key)
    if not _NUMBER.fullmatch(out.to):
        raise SendFailed("the recipient's number is no telephone number", permanent=True, blames="recipient")
    try:
        if _lies(account, note):
            return Receipt(note)
        outbox = folder(account, "outbox")
        # A name that does not begin with OUT is not looked at while it is written.
        unfinished = outbox / f".{note}"
        unfinished.write_bytes(out.text.encode())
        stamp = (out.began_at or datetime.now(UTC)).strftime("%Y%m%d_%H%M%S")
        os.replace(unfinished, outbox / f"OUTC{stamp}_00_{out.to}_{note}.txt")
    except LookupError as error:
        raise SendFailed(str(error), permanent=True, blames="account") from None
    except OSError as error:
        raise SendFailed(f"the outbox of gammu-smsd cannot be written ({type(error).__name__})") from None
    return Receipt(note)


def read_back(account: AccountView, out: Outbound) -> Receipt | None:
    """Whether the file was laid down, wherever it lies by now; raises FetchFailed."""
    note = note_of(out.once_key)
    try:
        return Receipt(note) if _lies(account, note) else None
    except (LookupError, OSError) as error:
        raise FetchFailed(str(error) if isinstance(error, LookupError) else type(error).__name__) from None


def probe(account: AccountView) -> Health:
    """Whether the four folders are there and the outbox can be written to."""
    try:
        paths = [folder(account, name) for name in FOLDERS]
    except LookupError as error:
        return Health(False, str(error))
    if not os.access(paths[1], os.W_OK):
        return Health(False, "the outbox of gammu-smsd cannot be written to")
    return Health(True)


def note_of(once_key: str) -> str:
    """The mark in the name of a file by which it is found again."""
    return "salur" + hashlib.sha256(once_key.encode()).hexdigest()[:24]


def _lies(account: AccountView, note: str) -> bool:
    places = [folder(account, name) for name in ("outbox", "sent", "error")]
    return any(
        named[1] == note for place in places for path in place.iterdir() if (named := _OURS.fullmatch(path.name))
    )
