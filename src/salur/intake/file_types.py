"""Files that people hand in: what is taken, told by content and never by name. Pure."""

import re
import unicodedata

MAX_FILES = 5
MAX_BYTES = 5 * 1024 * 1024
MAX_TOTAL = 15 * 1024 * 1024
_STARTS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
}
_HEIC = {b"heic", b"heix", b"mif1", b"heim", b"heis"}
ACCEPT = ",".join(_EXTENSIONS)


def type_of(content: bytes) -> str | None:
    """The media type that the first bytes show: JPEG, PNG, WebP, HEIC or PDF; None for anything else."""
    for start, content_type in _STARTS:
        if content.startswith(start):
            return content_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "image/heic"
    return None


def safe_name(name: str, content_type: str) -> str:
    """A bare file name of at most 80 characters that ends as its content demands; never a path, never hidden."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    stem = re.sub(r"\.[^.]{0,5}$", "", bare)
    stem = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in stem)
    stem = re.sub(r'[<>:"|?*\s]+', " ", stem).strip(" .")
    return (stem[:75].strip(" .") or "lampiran") + _EXTENSIONS.get(content_type, "")
