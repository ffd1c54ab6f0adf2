"""One file that somebody hands in on a form: taken only when its content shows a photograph or a PDF."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from salur.channels.ports import Attachment
from salur.intake.file_types import MAX_BYTES, safe_name, type_of


def attachment_of(file: UploadedFile) -> Attachment:
    """The file with a safe name and the type that its content shows. Raises ValidationError in words."""
    name = (file.name or "")[:60]
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError(gettext("%(name)s is larger than 5 MB.") % {"name": name})
    content = file.read()
    content_type = type_of(content)
    if content_type is None:
        raise ValidationError(
            gettext("%(name)s is no photograph (JPEG, PNG, WebP, HEIC) and no PDF file.") % {"name": name}
        )
    return Attachment(safe_name(file.name or "", content_type), content_type, content)
