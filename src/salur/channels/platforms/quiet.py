"""What all platforms share that nobody has to ask and nothing can be reached by: forms of ours and imported files."""

from collections.abc import Iterator, Mapping
from typing import Any

from salur.channels.ports import AccountView, Health, Raw, Receipt


class QuietPlatform:
    """Nothing to fetch, nothing to read back, always well."""

    def fetch_since(self, account: AccountView, cursor: Mapping[str, Any]) -> Iterator[Raw]:
        """Nothing: deliveries are written down where they arise."""
        return iter(())

    def read_back(self, account: AccountView, once_key: str) -> Receipt | None:
        """None: no trace is kept outside our own tables."""
        return None

    def probe(self, account: AccountView) -> Health:
        """Well: there is no other side."""
        return Health(True)
