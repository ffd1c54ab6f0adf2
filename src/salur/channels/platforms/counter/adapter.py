"""The clerk's form behind the port."""

from salur.channels.guide import Guide, gettext_noop
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.form import CounterEntry, read_form, said
from salur.channels.ports import AccountView, Item, Outbound, Raw, Receipt
from salur.channels.ways import Capabilities, TextLimit, Way


class CounterPlatform(DefaultPlatform):
    """A citizen who left a contact is told by a person; one who left none reads the page named on the slip."""

    capabilities = Capabilities(ways=(Way("hand", TextLimit(100_000)),), needs_address=False)
    guide = Guide(label=gettext_noop("Service counter"), icon="walk", offered=False)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one form that a clerk filled; raises Unreadable. The address is the first contact the citizen left."""
        entry = read_form(raw, CounterEntry)
        return said(entry, entry.contact or entry.email or entry.phone)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """The acknowledgement is the slip and needs no carrier; an answer to a contact is a person's errand."""
        if out.to and not out.automatic:
            return Receipt(f"counter:{out.once_key}", manual=True)
        return Receipt(f"page:{out.once_key}")
