"""Files that citizens send: the content lies under its hash, the name is only a label."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage

from salur.channels.ports import Attachment
from salur.intake.file_types import type_of
from salur.intake.models import Message, StoredFile
from salur.intake.photo import DEVELOPED
from salur.kernel.database import ring

CHANNEL = "salur_media"
"""Rings when a file has to be fetched or drawn anew."""


def wake() -> None:
    """Have `intake/media` look now, once the caller's transaction is committed."""
    ring(CHANNEL)


def keep(message: Message, attachments: tuple[Attachment, ...]) -> None:
    """Store every attachment of a message. The same content is stored once, whatever its names.

    A photograph is shown once `intake/media` has drawn it anew, without what the camera wrote into it.
    """
    arrived = False
    for item in attachments:
        photo = type_of(item.content) in DEVELOPED
        arrived |= photo
        digest = store(item.content)
        StoredFile.objects.create(
            government_id=message.government_id,
            message=message,
            name=item.name.replace("\x00", "")[:200],
            content_type=item.content_type[:120],
            size=len(item.content),
            sha256=digest,
            state=StoredFile.State.ARRIVED if photo else StoredFile.State.KEPT,
        )
    if arrived:
        wake()


def store(content: bytes) -> str:
    """Have the content lie under its hash in the media folder; returns the hash. The same content lies there once."""
    digest = hashlib.sha256(content).hexdigest()
    _store(Path(default_storage.path(path_of(digest))), content)
    return digest


def path_of(sha256: str) -> str:
    """Where the content with this hash lies in the media folder."""
    return f"files/{sha256[:2]}/{sha256}"


def _store(place: Path, content: bytes) -> None:
    """Have the whole content lie there, or nothing new: it takes its name only once it is on the disk.

    A program that is killed while it writes leaves a nameless rest and no half file. What lies there with another
    size is such a half from elsewhere (a full disk, a broken copy) and is written anew.
    """
    if place.is_file() and place.stat().st_size == len(content):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)  # readable by us alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)  # the new name is on the disk only once its folder is
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
