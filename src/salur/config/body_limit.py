"""A bound on what one request may bring, held before any of it is read into memory."""

from typing import Any

from django.utils.translation import gettext

LARGEST_BODY = 20_000_000
"""Bytes. The largest form, with its files, stays below 16 MB (`intake/file_types`)."""


class BodyLimit:
    """An ASGI application that refuses larger bodies with 413: by their Content-Length, else once they have passed it.

    To the application inside, a body cut at the limit is a client that went away.
    """

    def __init__(self, application: Any, largest: int = LARGEST_BODY) -> None:
        self.application = application
        self.largest = largest

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        if _declared(scope) > self.largest:
            await self._refuse(send)
            return
        taken, answered = 0, False

        async def counted() -> Any:
            nonlocal taken
            if taken > self.largest:
                return {"type": "http.disconnect"}
            message = await receive()
            taken += len(message.get("body", b""))
            return {"type": "http.disconnect"} if taken > self.largest else message

        async def watched(message: Any) -> None:
            nonlocal answered
            answered = True
            await send(message)

        await self.application(scope, counted, watched)
        if taken > self.largest and not answered:
            await self._refuse(send)

    async def _refuse(self, send: Any) -> None:
        told = gettext("This is too large: at most %(n)d MB can be sent at once. Please send fewer or smaller files.")
        body = (told % {"n": self.largest // 1_000_000}).encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _declared(scope: Any) -> int:
    """The Content-Length; 0 where there is none. The web server has refused what is no number."""
    return max((int(value) for name, value in scope["headers"] if name == b"content-length"), default=0)
