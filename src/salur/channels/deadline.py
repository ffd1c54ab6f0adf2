"""Nothing outside holds us longer than we said: a name that is looked up, a connection that drips. No Django."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Found = TypeVar("Found")


def within(seconds: float, ask: Callable[[], Found]) -> Found:
    """What `ask` returns or raises, if it does so within `seconds`; raises TimeoutError.

    For what cannot be broken off, such as the system's look-up of a name: its thread is left behind and ends by itself.
    """
    answer: Future[Found] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as problem:
            answer.set_exception(problem)

    threading.Thread(target=run, name="within", daemon=True).start()
    return answer.result(max(0.0, seconds))


class Cut:
    """Breaks off the connection of one request when its time is over, whatever it is reading; use it in a `with`.

    A timeout of the socket begins anew with each byte, so a server that drips is never too slow for it. `watch` is a
    `trace` extension of httpx. `fell` says that the time was over.
    """

    def __init__(self, seconds: float) -> None:
        self.fell = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(max(0.0, seconds), self._fall)
        self._timer.daemon = True

    def __enter__(self) -> "Cut":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def watch(self, name: str, told: dict[str, Any]) -> None:
        """Take hold of the connection as soon as it stands."""
        if name != "connection.connect_tcp.complete":
            return
        # A second handle of the same connection: TLS takes the first one away, and shutting one shuts both.
        handle = told["return_value"].get_extra_info("socket").dup()
        with self._lock:
            self._socket = handle
            if self.fell:
                _shut(handle)

    def _fall(self) -> None:
        with self._lock:
            self.fell = True
            if self._socket is not None:
                _shut(self._socket)


def _shut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker
