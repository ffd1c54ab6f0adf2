"""The Graph interface of Meta for one account: one version, the token in a header and never in an address."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from salur.channels.outside import Judge, Outside, Reply
from salur.channels.platforms.loose import ident, rows
from salur.channels.platforms.meta.errors import judge as graph_judge
from salur.channels.ports import AccountView, FetchFailed, SendFailed

VERSION = "v25.0"
FACEBOOK = "https://graph.facebook.com"
INSTAGRAM = "https://graph.instagram.com"
THREADS = "https://graph.threads.net"
_TOKEN = re.compile(r"[!-~]+")
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
MOST_PAGES = 50


@contextmanager
def asking() -> Iterator[None]:
    """Tell what stops an account from asking anything (SendFailed of `Graph`) as FetchFailed."""
    try:
        yield
    except SendFailed as error:
        raise FetchFailed(error.reason) from None


class Graph:
    """Calls under one version of one host. `api_version` of the account's settings replaces the version, `bearer` the
    account's own token.

    Raises SendFailed where the setting `api_base` is no decent address, or the token none that can be sent.
    """

    def __init__(
        self,
        account: AccountView,
        host: str = FACEBOOK,
        *,
        version: str = VERSION,
        judge: Judge = graph_judge,
        bearer: str = "",
        name: str = "",
    ) -> None:
        token = bearer or account.credentials.get("access_token", "")
        if not _TOKEN.fullmatch(token):
            told = "is damaged: enter it anew" if token else "is missing: authorise the account"
            raise SendFailed(f"{name or account.platform}: the access token {told}", permanent=True, blames="account")
        headers = {"authorization": f"Bearer {token}"}
        self.outside = Outside(account, host, judge, headers=headers, name=name)
        wanted = str(account.settings.get("api_version") or "")
        self.version = wanted if _VERSION.fullmatch(wanted) else version

    def get(self, *path: str, **params: str) -> Any:
        """What lies there, as JSON; raises FetchFailed. Each piece of the path is escaped."""
        return self.outside.look("GET", self.path(*path), params=params)

    def each(self, *path: str, **params: str) -> Iterator[Mapping[str, Any]]:
        """Every row of a list, page by page, by its cursors: the address of a next page, which holds the token, is not
        used. Raises FetchFailed."""
        for _ in range(MOST_PAGES):
            page = self.get(*path, **params)
            yield from (row for row in rows(page, "data") if isinstance(row, Mapping))
            after = ident(page, "paging", "cursors", "after")
            if not after or not ident(page, "paging", "next") or after == params.get("after"):
                return
            params["after"] = after

    def post(self, *path: str, json: Mapping[str, Any], traced: bool = False) -> Reply:
        """Have something done once; raises SendFailed or SendUncertain (see `Outside.say`)."""
        return self.outside.say("POST", self.path(*path), traced=traced, json=dict(json))

    def bare(self, *path: str, **params: str) -> Any:
        """What lies outside all versions; raises FetchFailed."""
        return self.outside.look("GET", "/" + "/".join(quote(piece, safe="") for piece in path), params=params)

    def ask(self, *path: str, **params: str) -> Any:
        """A POST that changes nothing but a subscription, and may be repeated; raises FetchFailed."""
        return self.outside.look("POST", self.path(*path), params=params)

    def path(self, *pieces: str) -> str:
        """The path of these pieces under the version; a piece cannot leave its place."""
        return "/" + "/".join([self.version, *(quote(piece, safe="") for piece in pieces)])
