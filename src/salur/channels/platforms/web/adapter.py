"""The portal form behind the port."""

from salur.channels.guide import Guide, gettext_noop
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.form import FormEntry, read_form, said
from salur.channels.ports import AccountView, Item, Outbound, Raw, Receipt
from salur.channels.ways import Capabilities, TextLimit, Way


class WebPlatform(DefaultPlatform):
    """Answers appear on the page by which the citizen follows the report; nothing is sent anywhere."""

    capabilities = Capabilities(ways=(Way("page", TextLimit(100_000)),), needs_address=False)
    guide = Guide(label=gettext_noop("Website"), icon="world", offered=False)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one filled form; raises Unreadable. The address is the e-mail given, else the phone, else ""."""
        entry = read_form(raw, FormEntry)
        return said(entry, entry.email or entry.phone)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """Taken over at once: the page shows what stands in our own tables."""
        return Receipt(f"page:{out.once_key}")
