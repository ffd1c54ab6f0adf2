"""Fetching a file from an address that a stranger chose: never from inside the house, never without bounds. No Django.

The name is looked up once, every address it has must be a public one, and the connection goes to just that address:
what a second look-up would say does not matter (DNS rebinding). Each redirect is checked anew, and a token is never
carried to another host. OWASP "Server-Side Request Forgery Prevention" is the rule behind it.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from salur.channels.deadline import Cut, within
from salur.channels.outside import trust
from salur.channels.ports import Download

LARGEST = 25_000_000
"""Bytes of one file: what WhatsApp, Messenger and Telegram carry at most for a photograph or a short video is less."""
SECONDS = 60.0
REDIRECTS = 4
Resolve = Callable[[str, int], list[str]]


class NotFetched(Exception):
    """The file is not here. `final`: trying again is of no use. The text is safe to show: no address, no token.

    `why` is private_address, not_web, too_large, gone, unreachable, too_slow or too_many_redirects.
    """

    def __init__(self, why: str, *, final: bool) -> None:
        super().__init__(why)
        self.why = why
        self.final = final


@dataclass(frozen=True)
class Fetched:
    """The content and the type the server gave it, which nobody has to believe."""

    content: bytes
    content_type: str


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, in the order the system gives them. Raises OSError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def fetch(
    download: Download,
    *,
    most: int = LARGEST,
    seconds: float = SECONDS,
    resolve: Resolve = resolve,
    certificates: ssl.SSLContext | None = None,
) -> Fetched:
    """The file behind an address. Raises NotFetched. Blocks up to `seconds`, whatever the other side does.

    `download.trusted` is the one origin (scheme, host, port) named for the account: it alone may lie on this machine or
    in our network and speak plain http. `most` in bytes counts what really comes, whatever the headers promise.
    """
    url, headers, until = download.url, dict(download.headers), time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        parts, address = _checked(url, download.trusted, resolve, until)
        found = _get(parts, address, headers, most, until, certificates)
        if isinstance(found, Fetched):
            return found
        following = urljoin(url, found)
        if _origin(urlsplit(following)) != _origin(parts):
            headers = {}
        url = following
    raise NotFetched("too_many_redirects", final=True)


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet: also what hides inside an IPv6 one must."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if hidden is None and ip in _NAT64:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotFetched("not_web", final=True) from None
    return parts.scheme.lower(), (parts.hostname or "").lower(), port


def _checked(url: str, trusted: str, resolve: Resolve, until: float) -> tuple[SplitResult, str]:
    """The parts of a decent address and the one IP address to connect to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotFetched("not_web", final=True) from None
    scheme, host, port = _origin(parts)
    ours = bool(trusted) and _origin(urlsplit(trusted)) == (scheme, host, port)
    if not host or parts.username is not None or (scheme != "https" and not (ours and scheme == "http")):
        raise NotFetched("not_web", final=True)
    try:
        addresses = within(until - time.monotonic(), lambda: resolve(host, port))
    except TimeoutError:
        raise NotFetched("too_slow", final=False) from None
    except (OSError, UnicodeError):
        raise NotFetched("unreachable", final=False) from None
    if not addresses:
        raise NotFetched("unreachable", final=False)
    if not ours and not all(is_public(address) for address in addresses):
        raise NotFetched("private_address", final=True)
    return parts, addresses[0]


def _get(
    parts: SplitResult,
    address: str,
    headers: Mapping[str, str],
    most: int,
    until: float,
    certificates: ssl.SSLContext | None,
) -> Fetched | str:
    """The file, or the address it was moved to."""
    scheme, host, port = _origin(parts)
    target = httpx.URL(
        scheme=scheme, host=address, port=port, raw_path=_path(parts).encode("ascii", "backslashreplace")
    )
    sent = {**headers, "Host": parts.netloc.rpartition("@")[2], "Accept-Encoding": "identity", "User-Agent": "Salur"}
    left = until - time.monotonic()
    if left <= 0:
        raise NotFetched("too_slow", final=False)
    cut = Cut(left)
    how: dict[str, Any] = {"sni_hostname": host, "trace": cut.watch}
    try:
        with (
            cut,
            httpx.Client(
                timeout=min(15.0, left), follow_redirects=False, trust_env=False, verify=certificates or trust()
            ) as client,
            client.stream("GET", target, headers=sent, extensions=how) as answer,
        ):
            if answer.has_redirect_location:
                return answer.headers["location"]
            _acceptable(answer, most)
            content = _body(answer, most)
            if cut.fell:  # a file without a length looks whole then
                raise NotFetched("too_slow", final=False)
            return Fetched(content, answer.headers.get("content-type", "").partition(";")[0].strip())
    except httpx.TimeoutException:
        raise NotFetched("too_slow", final=False) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        raise NotFetched("too_slow" if cut.fell else "unreachable", final=False) from None


def _acceptable(answer: httpx.Response, most: int) -> None:
    if answer.status_code in (401, 403, 404, 410):
        raise NotFetched("gone", final=answer.status_code in (404, 410))
    if answer.status_code != 200:
        raise NotFetched("unreachable", final=400 <= answer.status_code < 500 and answer.status_code not in (408, 429))
    told = answer.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise NotFetched("too_large", final=True)


def _body(answer: httpx.Response, most: int) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_raw():
        size += len(piece)
        if size > most:
            raise NotFetched("too_large", final=True)
        pieces.append(piece)
    return b"".join(pieces)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
