"""What a camera wrote into a photograph, and the photograph without it. Pure."""

import io
import math
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pi_heif  # type: ignore[import-untyped]  # it carries no annotations
from PIL import ExifTags, Image

# Only the picture itself: what telephones put beside it (a small copy, depth, brightness) is never unpacked.
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)

DEVELOPED = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
LARGEST_SIDE = 4096
MOST_PIXELS = 40_000_000
"""What one picture may unpack to. A few kilobytes are enough to ask for gigabytes, so this and the next three bound
what a stranger can take of us (about 330 MB)."""
MOST_OF_WEBP = 12_000_000
"""Its library holds a picture four times over."""
MOST_OF_HEIF = 25_000_000
"""It is unpacked whole and copied once; the full picture of an iPhone has 24.5 million."""
MOST_OF_CMYK = 20_000_000
"""A JPEG for print, whose every scan is held at once."""
LARGE = LARGEST_SIDE**2
"""A picture of more pixels is drawn at half its size."""
BAND = 512
QUALITY = 88
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by its orientation (Exif 2.3, tag 0112)."""


@dataclass(frozen=True)
class Photo:
    """Place in degrees (WGS 84) and time where the camera wrote them, and the same picture with nothing written in it.

    `taken_at` is aware where the camera wrote its offset; else it is read as local time of `zone` given to `develop`.
    `shown` is JPEG or PNG, upright, at most LARGEST_SIDE pixels wide or high.
    """

    shown: bytes
    content_type: str
    latitude: float | None = None
    longitude: float | None = None
    taken_at: datetime | None = None


class NoPhoto(ValueError):
    """The content is no picture that can be read within bounds; it is kept and shown to nobody as a picture."""


def develop(content: bytes, zone: timedelta = timedelta(hours=7)) -> Photo:
    """Read what the camera wrote (Exif 2.3: GPS IFD, DateTimeOriginal) and draw the picture anew without it.

    Raises NoPhoto for what is no picture, is damaged, or unpacks to more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library's, about damage that we bear
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "HEIF")) as picture:
                if picture.width * picture.height > _most(picture):
                    raise NoPhoto("too many pixels")
                written = _written(picture)
                return Photo(*_drawn(picture, _turn(written)), *_place(written), _taken(written, zone))
    except NoPhoto:
        raise
    except Exception as error:  # a damaged file makes the library raise nearly anything
        raise NoPhoto(type(error).__name__) from error


def _most(picture: Image.Image) -> int:
    if picture.format == "WEBP":
        return MOST_OF_WEBP
    if picture.format == "HEIF":
        return MOST_OF_HEIF
    return MOST_OF_CMYK if picture.mode == "CMYK" else MOST_PIXELS


def _written(picture: Image.Image) -> Image.Exif | None:
    """The Exif block; a broken one is none, the picture still counts."""
    try:
        return picture.getexif()
    except Exception:
        return None


def _turn(written: Image.Exif | None) -> Image.Transpose | None:
    try:
        return _TURNS.get(int(written.get(ExifTags.Base.Orientation, 1))) if written is not None else None
    except Exception:
        return None


def _drawn(picture: Image.Image, turn: Image.Transpose | None) -> tuple[bytes, str]:
    """Small first, upright then: each step after the first holds the smaller picture alone."""
    if picture.width * picture.height > LARGE:
        picture.draft(None, (picture.width // 2, picture.height // 2))  # a JPEG unpacks to half its size by itself
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    bare = _bare(picture, "RGBA" if clear else "RGB")
    picture.close()
    bare.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    if turn is not None:
        bare = bare.transpose(turn)
    out = io.BytesIO()
    if clear:
        bare.save(out, "PNG", optimize=False)
        return out.getvalue(), "image/png"
    bare.save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), "image/jpeg"


def _bare(picture: Image.Image, mode: str) -> Image.Image:
    """The dots of the picture and nothing else of it; band by band, so that there is no second copy of a large one."""
    width, height = picture.size
    step = 2 if width * height > LARGE else 1
    bare = Image.new(mode, (-(-width // step), -(-height // step)))
    for top in range(0, height, BAND):
        band = picture.crop((0, top, width, min(top + BAND, height))).convert(mode)
        bare.paste(band.reduce(step) if step > 1 else band, (0, top // step))
    return bare


def _place(written: Image.Exif | None) -> tuple[float | None, float | None]:
    gps = _block(written, ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None  # a camera without a fix writes zeros
    return latitude, longitude


def _block(written: Image.Exif | None, name: int) -> dict[int, Any]:
    try:
        return dict(written.get_ifd(name)) if written is not None else {}
    except Exception:
        return {}


def _degrees(value: Any, side: Any, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(one) for one in value)
        found = degrees + minutes / 60 + seconds / 3600
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not math.isfinite(found) or not 0 <= found <= most:
        return None
    return round(-found if str(side).strip("\0 ").upper().startswith(negative) else found, 7)


def _taken(written: Image.Exif | None, zone: timedelta) -> datetime | None:
    block = _block(written, ExifTags.IFD.Exif)
    taken = _text(block.get(ExifTags.Base.DateTimeOriginal))
    for offset in (_text(block.get(ExifTags.Base.OffsetTimeOriginal)), datetime.now(timezone(zone)).strftime("%z")):
        try:
            return datetime.strptime(f"{taken} {offset}", "%Y:%m:%d %H:%M:%S %z").astimezone(UTC)
        except (OverflowError, ValueError):
            continue
    return None


def _text(value: Any) -> str:
    return str(value or "").strip("\0 ")
