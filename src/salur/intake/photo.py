"""What a camera wrote into a photograph, and the photograph without it. Pure."""

import io
import math
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image, ImageOps

DEVELOPED = frozenset({"image/jpeg", "image/png", "image/webp"})
LARGEST_SIDE = 4096
MOST_PIXELS = 60_000_000
QUALITY = 88


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
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NoPhoto("too many pixels")
                written = _written(picture)
                return Photo(*_drawn(picture), *_place(written), _taken(written, zone))
    except NoPhoto:
        raise
    except Exception as error:  # a damaged file makes the library raise nearly anything
        raise NoPhoto(type(error).__name__) from error


def _written(picture: Image.Image) -> Image.Exif | None:
    """The Exif block; a broken one is none, the picture still counts."""
    try:
        return picture.getexif()
    except Exception:
        return None


def _drawn(picture: Image.Image) -> tuple[bytes, str]:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    bare = Image.new("RGBA" if clear else "RGB", upright.size)
    bare.paste(upright.convert(bare.mode))
    out = io.BytesIO()
    if clear:
        bare.save(out, "PNG", optimize=False)
        return out.getvalue(), "image/png"
    bare.save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), "image/jpeg"


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
