"""Files that citizens send: the content lies under its hash, the name is only a label."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from salur.channels.ports import Attachment
from salur.intake.models import Message, StoredFile


def keep(message: Message, attachments: tuple[Attachment, ...]) -> None:
    """Store every attachment of a message. The same content is stored once, whatever its names."""
    for item in attachments:
        digest = hashlib.sha256(item.content).hexdigest()
        if not default_storage.exists(path_of(digest)):
            default_storage.save(path_of(digest), ContentFile(item.content))
        StoredFile.objects.create(
            government_id=message.government_id,
            message=message,
            name=item.name.replace("\x00", "")[:200],
            content_type=item.content_type[:120],
            size=len(item.content),
            sha256=digest,
        )


def path_of(sha256: str) -> str:
    """Where the content with this hash lies in the media folder."""
    return f"files/{sha256[:2]}/{sha256}"
