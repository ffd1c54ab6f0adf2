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
_MEDIA_STARTS = (
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_MEDIA_EXTENSIONS = {
    "image/gif": ".gif",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "video/webm": ".webm",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/quicktime": ".mov",
}
_BRANDS = {b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"}
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


def media_type(content: bytes) -> str | None:
    """As `type_of`, and what telephones and platforms send beyond: GIF, voice notes, sound, short films."""
    if (found := type_of(content)) is not None:
        return found
    for start, content_type in _MEDIA_STARTS:
        if content.startswith(start):
            return content_type
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return "video/3gpp" if brand[:2] == b"3g" else _BRANDS.get(brand, "video/mp4")
    return None


def safe_name(name: str, content_type: str) -> str:
    """A bare file name of at most 80 characters that ends as its content demands; never a path, never hidden."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    stem = re.sub(r"\.[^.]{0,5}$", "", bare)
    stem = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in stem)
    stem = re.sub(r'[<>:"|?*\s]+', " ", stem).strip(" .")
    return (stem[:75].strip(" .") or "lampiran") + {**_EXTENSIONS, **_MEDIA_EXTENSIONS}.get(content_type, "")
