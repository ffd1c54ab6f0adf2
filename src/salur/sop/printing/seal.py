"""What a paper says about its signing. Pure."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Seal:
    """Whose paper it is and how it was signed; a draft has no `signed_at`.

    `base_url` is the address of the portal, without a slash at its end; `sha256` the hash of the document in hex;
    `signed_by` position and name; `signed_at` an aware instant, printed in `timezone` (an IANA name).
    """

    government: str
    base_url: str
    sha256: str
    signed_by: str = ""
    signed_at: datetime | None = None
    in_force_from: date | None = None
    timezone: str = "Asia/Jakarta"

    @property
    def address(self) -> str:
        """The page at which anybody may see whether this hash was signed."""
        return f"{self.base_url}/sop/{self.sha256}/"
