"""Files that people send: a photograph with its place in it, a huge one, and two that lead inside the house."""

from collections.abc import AsyncIterator
from io import BytesIO

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

PLACE = (-5.4292, 105.2610)
"""Latitude and longitude in the photograph: Tugu Adipura in Bandar Lampung, a public square."""
TAKEN = "2026:11:02 07:45:00"
"""When it was taken, as cameras write it: local time without a zone."""
HUGE = 200_000_000
GPS, MADE, ORIGINAL, EXIF = 0x8825, 0x0132, 0x9003, 0x8769


def photograph(label: str = "") -> bytes:
    """A JPEG of a drawn road with a hole; its EXIF says where and when it was taken."""
    image = Image.new("RGB", (640, 480), "#a9c4d6")
    draw = ImageDraw.Draw(image)
    draw.polygon([(200, 200), (440, 200), (640, 480), (0, 480)], fill="#5c5f66")
    for top in range(220, 480, 60):
        draw.rectangle((314, top, 326, top + 30), fill="#f0e9d2")
    draw.ellipse((210, 330, 340, 400), fill="#2f2a26")
    draw.text((12, 12), f"Foto rekaan {label}".strip(), fill="#1d2a3a")
    exif = image.getexif()
    exif[MADE] = TAKEN
    exif.get_ifd(EXIF)[ORIGINAL] = exif[MADE]
    gps = exif.get_ifd(GPS)
    gps.update({1: "S", 2: _degrees(-PLACE[0]), 3: "E", 4: _degrees(PLACE[1])})
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = (value % 1) * 60
    return float(int(value)), float(int(minutes)), round((minutes % 1) * 60, 2)


async def serve(request: Request) -> Response:
    """One of the files; the name says which."""
    name = request.path_params["name"]
    if name == "photo.jpg":
        return Response(photograph(request.query_params.get("id", "")), media_type="image/jpeg")
    if name == "huge.jpg":
        return StreamingResponse(_much(), media_type="image/jpeg")
    if name == "to-metadata":
        return RedirectResponse("http://169.254.169.254/latest/meta-data/", 302)
    if name == "to-loopback":
        return RedirectResponse("https://127.0.0.1:1/inside.jpg", 302)
    return Response("not found", 404)


async def _much() -> AsyncIterator[bytes]:
    piece = b"\xff\xd8\xff" + bytes(65_533)
    for _ in range(HUGE // len(piece)):
        yield piece
