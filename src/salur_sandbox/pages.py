"""The pages on which a newcomer plays a citizen."""

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from salur_sandbox.app import Sandbox

FOLDER = Path(__file__).parent / "pages"
TYPES = {"sandbox.css": "text/css", "sandbox.js": "text/javascript"}
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


def routes(sandbox: "Sandbox") -> list[Route]:
    """The list, what is needed to connect each, one page an account, and what they need."""

    async def home(_request: Request) -> Response:
        return _page("home.html")

    async def accounts(_request: Request) -> Response:
        return _page("accounts.html")

    async def play(request: Request) -> Response:
        if request.path_params["account"] not in sandbox.world.accounts:
            return HTMLResponse("Akun ini tidak ada di lingkungan uji.", 404)
        return _page("play.html")

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in TYPES:
            return Response("not found", 404)
        return Response((FOLDER / name).read_text(encoding="utf-8"), headers=HEADERS, media_type=TYPES[name])

    async def health(_request: Request) -> Response:
        return JSONResponse({"program": "salur-sandbox"})

    return [
        Route("/", home),
        Route("/accounts", accounts),
        Route("/main/{account}", play),
        Route("/_static/{name}", static),
        Route("/healthz", health),
    ]


def _page(name: str) -> Response:
    return HTMLResponse((FOLDER / name).read_text(encoding="utf-8"), headers=HEADERS)
