"""What lies under a hash is whole, whenever the program was killed."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests.world import Lampung

from salur.channels.ports import Attachment
from salur.intake.files import keep, path_of
from salur.intake.models import Message, StoredFile
from salur.kernel.tenancy import EVERYTHING, use

CONTENT = b"%PDF-" + b"x" * 1_000
PLACE = path_of(hashlib.sha256(CONTENT).hexdigest())
FILE = Attachment("a.pdf", "application/pdf", CONTENT)


@pytest.fixture
def message(lampung: Lampung, settings: Any, tmp_path: Path) -> Message:
    settings.MEDIA_ROOT = str(tmp_path)
    lampung.report("satu")
    with use(EVERYTHING):
        return Message.objects.get(external_id="satu")


def lying(folder: Path) -> dict[str, bytes]:
    """Every file of the media folder, by its place."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def store(message: Message, *files: Attachment) -> None:
    with use(EVERYTHING):
        keep(message, files)


def test_the_same_content_lies_once_under_its_hash_and_only_we_may_read_it(message: Message, tmp_path: Path) -> None:
    store(message, FILE, Attachment("b.pdf", "application/pdf", CONTENT))
    assert lying(tmp_path) == {PLACE: CONTENT}
    assert (tmp_path / PLACE).stat().st_mode & 0o777 == 0o600
    with use(EVERYTHING):
        assert [(one.name, one.size) for one in StoredFile.objects.order_by("id")] == [
            ("a.pdf", 1_005),
            ("b.pdf", 1_005),
        ]


def test_a_half_file_is_written_anew(message: Message, tmp_path: Path) -> None:
    default_storage.save(PLACE, ContentFile(CONTENT[:10]))
    store(message, FILE)
    assert lying(tmp_path) == {PLACE: CONTENT}


def test_until_it_is_whole_on_the_disk_nothing_bears_its_name(
    message: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, bytes]] = []

    def disk_full(_handle: int) -> None:
        seen.append(lying(tmp_path))
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="no space"):
        store(message, FILE)
    assert list(seen[0].values()) == [CONTENT] and PLACE not in seen[0]
    assert lying(tmp_path) == {}
