"""The telephone behind the port: the same form as at the counter, filled while somebody calls."""

from salur.channels.guide import Entry, Guide, gettext_noop
from salur.channels.platforms.default import DefaultPlatform
from salur.channels.platforms.form import CounterEntry, read_form, said
from salur.channels.ports import AccountView, Item, Outbound, Raw, Receipt
from salur.channels.ways import Capabilities, TextLimit, Way


class PhonePlatform(DefaultPlatform):
    """Who called is called back by a person; who left no number reads the page whose address they were told."""

    guide = Guide(
        label=gettext_noop("Telephone"),
        icon="phone",
        steps=(gettext_noop("Clerks of the agency then choose the telephone in the form of the counter."),),
        entries=(
            Entry("address", gettext_noop("Number that citizens call"), address=True, pattern=r"\+?[\d -]{3,24}"),
        ),
    )
    capabilities = Capabilities(ways=(Way("hand", TextLimit(100_000)),), needs_address=False)

    def parse(self, account: AccountView, raw: Raw) -> list[Item]:
        """Read one form that a clerk filled; raises Unreadable. The address is the number, before any other contact."""
        entry = read_form(raw, CounterEntry)
        return said(entry, entry.phone or entry.contact or entry.email)

    def send(self, account: AccountView, out: Outbound) -> Receipt:
        """The clerk says the number of the report at once; an answer later is a person's errand."""
        if out.to and not out.automatic:
            return Receipt(f"phone:{out.once_key}", manual=True)
        return Receipt(f"page:{out.once_key}")
