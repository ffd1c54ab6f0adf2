"""Open311 behind the port: the door for programs writes a form down, and answers stand at the report's own address."""

from dataclasses import replace

from salur.channels.guide import Entry, Guide, gettext_noop
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.form import FormEntry, read_form, said
from salur.channels.ports import AccountView, Inbound, Item, MediaRef, Outbound, Raw, Receipt
from salur.channels.ways import Capabilities, TextLimit, Way


class ServiceRequest(FormEntry):
    """A request as POST /requests takes it (GeoReport v2). Coordinates are WGS 84."""

    service_code: str
    location: str = ""
    latitude: float | None = None
    longitude: float | None = None
    media_url: str = ""
    reporter: str = ""


class Open311Platform(DefaultPlatform):
    """Nothing is sent: a program asks what became of its requests, and a citizen reads it on the page."""

    guide = Guide(
        label="Open311",
        icon="building-community",
        steps=(gettext_noop("Give every program that files reports an account and a key of its own."),),
        entries=(
            Entry("address", gettext_noop("Short name of the program"), address=True, pattern=r"[A-Za-z0-9._-]{2,60}"),
            Entry(
                "api_key",
                gettext_noop("Key that the program sends along"),
                gettext_noop("At least 24 characters that nobody guesses."),
                secret=True,
                pattern=r"\S{24,200}",
            ),
        ),
    )
    capabilities = Capabilities(ways=(Way("page", TextLimit(100_000)),), media=True, needs_address=False)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one request; raises Unreadable. The address is the e-mail given, else the telephone, else the program's
        own id of its user."""
        entry = read_form(raw, ServiceRequest)
        items = said(entry, entry.email or entry.phone or entry.reporter)
        return [_with_picture(item, entry.media_url) if isinstance(item, Inbound) else item for item in items]

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Taken over at once: the program and the page read it from our own tables."""
        return Receipt(f"page:{out.once_key}")


def _with_picture(item: Inbound, url: str) -> Inbound:
    return replace(item, media=(MediaRef("image", url=url),)) if url.startswith("https://") else item
