"""How another system is connected."""

from salur.channels.guide import PUBLIC_URL, Entry, Guide, gettext_noop

GUIDE = Guide(
    label=gettext_noop("Another system"),
    icon="webhook",
    steps=(
        gettext_noop("The other system sends a signed call for every message, as Standard Webhooks describes."),
        gettext_noop("The body names type, timestamp and data with id and text; the documentation lists the rest."),
    ),
    entries=(
        Entry("address", gettext_noop("Short name of the other system"), address=True, pattern=r"[A-Za-z0-9._-]{2,60}"),
        Entry(
            "signing_secret",
            gettext_noop("Secret that both sides sign with"),
            gettext_noop("whsec_ and base64, or at least 24 characters."),
            secret=True,
            pattern=r"\S{24,200}",
        ),
        Entry(
            "answer_url",
            gettext_noop("Address that answers are sent to"),
            gettext_noop("Leave it empty where somebody carries the answers there by hand."),
            required=False,
            pattern=PUBLIC_URL,
        ),
    ),
    after=(gettext_noop("Enter the hook address in the other system and send a test event."),),
)
