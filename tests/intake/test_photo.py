"""A photograph is shown without what the camera wrote into it; where and when it was taken is read first."""

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from salur.intake.file_types import type_of
from salur.intake.photo import LARGEST_SIDE, NoPhoto, develop

METRO = {1: "S", 2: (5.0, 6.0, 46.8), 3: "E", 4: (105.0, 18.0, 24.12)}


def photograph(
    *,
    gps: dict[int, Any] | None = None,
    taken: str = "",
    offset: str = "",
    size: tuple[int, int] = (40, 20),
    **how: Any,
) -> bytes:
    """A small picture whose left half is red and right half blue, with what a camera writes into it."""
    picture = Image.new(how.pop("mode", "RGB"), size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    written = Image.Exif()
    written[ExifTags.Base.Make] = "KameraRahasia"
    if orientation := how.pop("orientation", 0):
        written[ExifTags.Base.Orientation] = orientation
    if gps:
        written.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    if taken:
        written.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        written.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = offset
    out = io.BytesIO()
    picture.save(out, how.pop("format", "JPEG"), exif=written, **how)
    return out.getvalue()


def test_place_and_time_are_read() -> None:
    photo = develop(photograph(gps=METRO, taken="2026:11:20 08:15:30"))
    assert (photo.latitude, photo.longitude) == (-5.113, 105.3067)
    assert photo.taken_at == datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC)


def test_the_offset_the_camera_wrote_counts_before_ours() -> None:
    photo = develop(photograph(taken="2026:11:20 08:15:30", offset="+09:00"), timedelta(hours=7))
    assert photo.taken_at == datetime(2026, 11, 19, 23, 15, 30, tzinfo=UTC)


def test_nothing_the_camera_wrote_is_shown() -> None:
    content = photograph(gps=METRO, taken="2026:11:20 08:15:30")
    assert b"KameraRahasia" in content
    shown = develop(content).shown
    assert b"KameraRahasia" not in shown and b"Exif" not in shown
    assert not dict(Image.open(io.BytesIO(shown)).getexif())


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_other_formats_lose_their_traces_too(format: str) -> None:
    photo = develop(photograph(gps=METRO, format=format))
    assert (photo.latitude, photo.longitude) == (-5.113, 105.3067)
    assert b"KameraRahasia" not in photo.shown


def test_text_in_a_png_is_not_shown() -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Author", "Siti Rahma")
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 4)).save(out, "PNG", pnginfo=note)
    photo = develop(out.getvalue())
    assert b"Siti" not in photo.shown and photo.content_type == "image/png"
    assert Image.open(io.BytesIO(photo.shown)).convert("RGBA").getpixel((3, 3)) == (1, 2, 3, 4)


def test_a_picture_lying_on_its_side_is_shown_upright() -> None:
    photo = develop(photograph(orientation=6))
    shown = Image.open(io.BytesIO(photo.shown))
    assert shown.size == (20, 40)
    top, bottom = shown.convert("RGB").getpixel((10, 5)), shown.convert("RGB").getpixel((10, 35))
    assert top[0] > 200 and bottom[2] > 200, "what was left is on top"


@pytest.mark.parametrize(("orientation", "size"), [*((number, (40, 20)) for number in range(1, 9)), (6, (4200, 4000))])
def test_every_way_a_camera_was_held_is_set_upright(orientation: int, size: tuple[int, int]) -> None:
    """As the library does with the whole picture, which we do not hold."""
    content = photograph(orientation=orientation, size=size)
    with Image.open(io.BytesIO(develop(content).shown)) as shown:
        ours = shown.convert("RGB").resize((8, 8), Image.Resampling.BOX)
    with Image.open(io.BytesIO(content)) as picture:
        theirs = ImageOps.exif_transpose(picture).convert("RGB").resize((8, 8), Image.Resampling.BOX)
    assert all(abs(a - b) < 24 for a, b in zip(ours.tobytes(), theirs.tobytes(), strict=True))


def test_two_pictures_in_one_file_are_shown_as_the_first() -> None:
    """As telephones write them that keep a depth or brightness picture beside (CIPA DC-007, MPO)."""
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (20, 10))])
    shown = Image.open(io.BytesIO(develop(out.getvalue()).shown))
    assert (shown.format, shown.size) == ("JPEG", (20, 10))


def test_a_large_picture_without_loss_is_drawn_at_half_its_size() -> None:
    out = io.BytesIO()
    picture = Image.new("RGBA", (5001, 4001), (200, 10, 10, 255))
    picture.paste((10, 10, 200, 255), (0, 2000, 5001, 4001))
    picture.save(out, "PNG", compress_level=1)
    shown = Image.open(io.BytesIO(develop(out.getvalue()).shown)).convert("RGBA")
    assert shown.size == (2501, 2001)
    assert [shown.getpixel((9, y)) for y in (0, 999, 1000, 2000)] == [
        *[(200, 10, 10, 255)] * 2,
        *[(10, 10, 200, 255)] * 2,
    ]


MAKE = """
import sys
from PIL import Image
kind, mode, width, height, progressive, place = sys.argv[1:]
more = {"progressive": True, "subsampling": 0} if progressive else {"lossless": True, "method": 0, "compress_level": 1}
Image.new(mode, (int(width), int(height))).save(place, kind, **more)
"""
MEASURE = """
import pathlib, re, sys
from salur.intake.photo import develop
develop(pathlib.Path(sys.argv[1]).read_bytes())
print(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.parametrize(
    ("kind", "mode", "width", "height", "progressive"),
    [
        ("PNG", "RGBA", 7900, 5060, ""),
        ("JPEG", "RGB", 7900, 5060, "x"),
        ("JPEG", "CMYK", 5000, 3990, "x"),
        ("WEBP", "RGBA", 4000, 2990, ""),
    ],
)
def test_the_largest_picture_takes_a_bounded_amount_of_memory(
    kind: str, mode: str, width: int, height: int, progressive: str, tmp_path: Path
) -> None:
    place = str(tmp_path / "gambar")
    subprocess.run([sys.executable, "-c", MAKE, kind, mode, str(width), str(height), progressive, place], check=True)
    told = subprocess.run([sys.executable, "-c", MEASURE, place], check=True, capture_output=True, text=True)
    assert int(told.stdout) < 350 * 1024, "kB"


@pytest.mark.parametrize(("kind", "mode", "size"), [("PNG", "L", (7000, 6000)), ("WEBP", "RGB", (4000, 3001))])
def test_one_that_is_larger_is_refused(kind: str, mode: str, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, lossless=True, method=0, compress_level=1)
    with pytest.raises(NoPhoto, match="too many pixels"):
        develop(out.getvalue())


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    shown = Image.open(io.BytesIO(develop(photograph(size=(8000, 1000))).shown))
    assert shown.size == (LARGEST_SIDE, LARGEST_SIDE // 8)


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)},
        {1: "N", 2: (5.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_cannot_be_is_none(gps: dict[int, Any]) -> None:
    photo = develop(photograph(gps=gps))
    assert (photo.latitude, photo.longitude) == (None, None)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "kemarin", "2026:13:40 25:61:61"])
def test_a_time_that_cannot_be_is_none(taken: str) -> None:
    assert develop(photograph(taken=taken)).taken_at is None


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(NoPhoto):
        develop(out.getvalue())


@settings(max_examples=60)
@given(st.integers(0, 900), st.binary(min_size=1, max_size=20))
def test_any_damage_gives_a_picture_or_is_refused(place: int, damage: bytes) -> None:
    content = photograph(gps=METRO, taken="2026:11:20 08:15:30")
    try:
        photo = develop(content[:place] + damage + content[place + len(damage) :])
    except NoPhoto:
        return
    assert b"KameraRahasia" not in photo.shown


@given(st.binary(max_size=200))
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NoPhoto):
        develop(content)


HEIC = Path(__file__).parent / "pictures"
"""Written with an encoder that we do not ship: left half red, right half blue, with what a camera writes into it."""


def test_a_photograph_of_an_iphone_is_read_and_shown_without_its_traces() -> None:
    content = (HEIC / "small.heic").read_bytes()
    assert type_of(content) == "image/heic" and b"KameraRahasia" in content
    photo = develop(content)
    assert (photo.latitude, photo.longitude) == (-5.113, 105.3067)
    assert photo.taken_at == datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC)
    assert photo.content_type == "image/jpeg" and b"KameraRahasia" not in photo.shown and b"Exif" not in photo.shown
    shown = Image.open(io.BytesIO(photo.shown)).convert("RGB")
    assert shown.size == (128, 64) and shown.getpixel((9, 9))[0] > 200 and shown.getpixel((120, 9))[2] > 200


def test_a_clear_one_stays_clear() -> None:
    assert develop((HEIC / "alpha.heic").read_bytes()).content_type == "image/png"


def test_a_heic_of_more_pixels_than_any_telephone_makes_is_refused() -> None:
    with pytest.raises(NoPhoto, match="too many pixels"):
        develop((HEIC / "40-million.heic").read_bytes())


def test_the_largest_heic_takes_a_bounded_amount_of_memory_and_time() -> None:
    place = str(HEIC / "24-million.heic")
    command = [sys.executable, "-c", MEASURE, place]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    assert int(told.stdout) < 350 * 1024, "kB"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=20))
def test_any_damage_to_a_heic_gives_a_picture_or_is_refused(place: int, damage: bytes) -> None:
    content = (HEIC / "small.heic").read_bytes()
    try:
        photo = develop(content[:place] + damage + content[place + len(damage) :])
    except NoPhoto:
        return
    assert b"KameraRahasia" not in photo.shown
