"""How an account on a Mastodon server is connected."""

from salur.channels.guide import PUBLIC_HOST, PUBLIC_URL, Entry, Guide, gettext_noop

GUIDE = Guide(
    label="Mastodon",
    icon="brand-mastodon",
    steps=(
        gettext_noop("Sign in to the server with the account of the agency and open Preferences, Development."),
        gettext_noop("Make a new application with the permissions named here and copy its access token."),
    ),
    entries=(
        Entry(
            "address",
            gettext_noop("Full name of the account"),
            "@opd@sosial.example.id",
            address=True,
            pattern=rf"@?[^@\s]+@{PUBLIC_HOST}",
        ),
        Entry(
            "instance",
            gettext_noop("Address of the server"),
            gettext_noop("Only where it differs from the name behind the second @."),
            required=False,
            pattern=PUBLIC_URL,
        ),
        Entry("access_token", gettext_noop("Access token"), secret=True),
    ),
    scopes=("read:accounts", "read:notifications", "read:statuses", "write:statuses"),
)
