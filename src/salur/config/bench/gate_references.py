"""What the gate is measured against, on the same server; run as `python -m salur.config.bench.gate_references NAME FD`.

ceiling: takes the whole request, has the platform verify it, and answers; no account to be looked up, no database.
plain: a Django view without any middleware that verifies and makes one INSERT, as a first version would be written.
"""

import gc
import os
import socket
import sys
import time
from typing import Any

import django
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from salur.channels.hooks import HookRequest, Keep
from salur.channels.ports import AccountView
from salur.channels.registry import platform

PLATFORM, SECRET = "facebook", "GATE_SECRET"
ACCOUNT, GOVERNMENT = "GATE_ACCOUNT", "GATE_GOVERNMENT"
INSERT = """
INSERT INTO intake_delivery
    (government_id, account_id, external_id, body, content_type, received_at, via, state, reason, detail, attempts)
VALUES (%s, %s, %s, %s, %s, now(), 'hook', 'received', '', '', 0) ON CONFLICT (account_id, external_id) DO NOTHING
"""


def _view() -> AccountView:
    return AccountView(1, PLATFORM, "", credentials={"app_secret": os.environ.get(SECRET, "")})


class Ceiling:
    """Answers as fast as this server and this signature allow."""

    def __init__(self) -> None:
        self.view = _view()
        self.verify = platform(PLATFORM).verify

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        if scope["method"] == "POST":
            request = HookRequest("POST", "", b"", dict(scope["headers"]), body, "", time.time())
            self.verify(self.view, request)
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@csrf_exempt
def plain(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Verify, insert, answer."""
    headers = {b"x-hub-signature-256": request.headers.get("X-Hub-Signature-256", "").encode()}
    found = platform(name).verify(_view(), HookRequest("POST", "", b"", headers, request.body, "", time.time()))
    if not isinstance(found, Keep):
        return HttpResponse(status=400)
    row: list[str | bytes] = [
        os.environ[GOVERNMENT],
        os.environ[ACCOUNT],
        found.external_id,
        request.body,
        found.content_type,
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row)
    return HttpResponse(b"ok", content_type="text/plain")


def _well(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


urlpatterns = [path("hooks/<str:name>/<str:key>", plain), path("healthz", _well)]


def main(name: str, listening: int) -> None:
    """Serve one reference on a socket handed down by its parent, as `salur web` serves."""
    if name == "ceiling":
        application: Any = Ceiling()
    else:
        django.setup()
        settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
        settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 12, "timeout": 10}
        application = get_asgi_application()
    gc.collect()
    gc.freeze()  # as the gate does
    config = uvicorn.Config(application, log_level="warning", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=listening)])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.config.settings")
    main(sys.argv[1], int(sys.argv[2]))
