"""Files that lie at a platform are fetched soon after they were named, and photographs are drawn without their traces.

An acting verb: a file is claimed in one transaction, fetched in none, and written down in another. Addresses at
platforms die within minutes or days, so this does not wait for anybody's look.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from salur.channels.guarded import NotFetched, fetch
from salur.channels.ports import FetchFailed, MediaRef
from salur.channels.registry import platform
from salur.intake.file_types import media_type, safe_name
from salur.intake.files import path_of, store, wake
from salur.intake.models import Message, StoredFile
from salur.intake.photo import DEVELOPED, NoPhoto, develop
from salur.kernel import clock, tenancy

log = structlog.get_logger("salur.intake")
State = StoredFile.State
MOST = 20
"""Files of one message: the albums of all platforms hold fewer."""
TRIES = 6
"""So a file that cannot be fetched is given up after about ten minutes: the pauses double from PAUSE."""
CLAIM = timedelta(minutes=3)
"""How long one fetch may take before another worker takes it for lost; longer than `guarded.SECONDS`."""
PAUSE = timedelta(seconds=20)


def want(message: Message, media: Iterable[MediaRef]) -> None:
    """Note the files of a message that have to be fetched, in the caller's transaction; the fetching loop is woken."""
    wanted = [
        StoredFile(
            government_id=message.government_id,
            message=message,
            name=safe_name(ref.name or ref.kind, ref.content_type),
            content_type=ref.content_type[:120],
            state=State.WANTED,
            source=asdict(ref),
        )
        for ref in list(media)[:MOST]
    ]
    if wanted:
        StoredFile.objects.bulk_create(wanted)
        wake()


def fetch_some(limit: int = 10) -> int:
    """Fetch or develop the next files, one by one, outside any transaction; returns how many were taken up."""
    for done in range(limit):
        with tenancy.use(tenancy.EVERYTHING):
            file = _claim()
            if file is None:
                return done
            _carry(file)
    return limit


def _claim() -> StoredFile | None:
    ready = Q(not_before=None) | Q(not_before__lte=clock.now())
    with transaction.atomic():
        rows = StoredFile.objects.filter(ready, state__in=[State.WANTED, State.ARRIVED]).order_by("id")
        file = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if file is not None:
            file.attempts += 1
            file.not_before = clock.now() + CLAIM
            file.save(update_fields=["attempts", "not_before"])
    return file


def _carry(file: StoredFile) -> None:
    try:
        content = _content(file)
    except NotFetched as problem:
        _failed(file, problem.why, final=problem.final)
    except FetchFailed as problem:
        _failed(file, problem.reason, final=False)
    except Exception as problem:
        log.exception("file not fetched", file=file.pk)
        _failed(file, type(problem).__name__, final=False)
    else:
        _write(file, content)


def _content(file: StoredFile) -> bytes:
    """The bytes of a claimed file. Raises NotFetched or FetchFailed."""
    if file.state == State.ARRIVED:
        with default_storage.open(path_of(file.sha256)) as lying:
            return bytes(lying.read())
    account = Message.objects.select_related("account").get(pk=file.message_id).account
    view = account.view()
    return fetch(platform(account.platform).locate(view, MediaRef(**file.source))).content


def _write(file: StoredFile, content: bytes) -> None:
    """Keep the content, what the camera wrote, and the picture without it."""
    file.content_type = media_type(content) or "application/octet-stream"
    file.name = safe_name(file.name, file.content_type)
    file.size, file.sha256 = len(content), store(content)
    if file.content_type in DEVELOPED:
        _develop(file, content)
    file.state, file.problem, file.not_before, file.source = State.KEPT, "", None, {}
    file.save()


def _develop(file: StoredFile, content: bytes) -> None:
    zone = ZoneInfo(Message.objects.values_list("government__timezone", flat=True).get(pk=file.message_id))
    offset = datetime.now(zone).utcoffset() or timedelta()
    try:
        photo = develop(content, offset)
    except NoPhoto as problem:
        log.info("no picture could be drawn", file=file.pk, reason=str(problem))
        return
    file.shown_sha256 = store(photo.shown)
    file.latitude, file.longitude, file.taken_at = photo.latitude, photo.longitude, photo.taken_at


def _failed(file: StoredFile, why: str, *, final: bool) -> None:
    file.problem = why[:300]
    if final:
        file.state = State.REFUSED
    elif file.attempts >= TRIES:
        file.state = State.FAILED
    else:
        file.not_before = clock.now() + PAUSE * 2 ** (file.attempts - 1)
    file.save(update_fields=["problem", "state", "not_before"])
