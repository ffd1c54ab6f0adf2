"""How an application service on a Matrix homeserver is connected."""

from salur.channels.guide import PUBLIC_URL, Entry, Guide, gettext_noop
from salur.channels.platforms.matrix.rooms import NOTICE

GUIDE = Guide(
    label="Matrix",
    icon="brand-matrix",
    steps=(
        gettext_noop("You need the administrator of a Matrix homeserver, for instance Synapse, of your government."),
        gettext_noop("Make up two long random words, one for each direction: as_token and hs_token."),
    ),
    entries=(
        Entry(
            "address",
            gettext_noop("Matrix user of the agency"),
            "@opd:example.go.id",
            address=True,
            pattern=r"@[^:\s]+:\S+",
        ),
        Entry(
            "homeserver",
            gettext_noop("Address of the homeserver"),
            "https://matrix.example.go.id",
            pattern=PUBLIC_URL,
        ),
        Entry("service", gettext_noop("Id in the registration file"), default="salur", required=False),
        Entry("as_token", gettext_noop("Token from us to the homeserver"), secret=True),
        Entry("hs_token", gettext_noop("Token from the homeserver to us"), secret=True),
        Entry(
            "encrypted_notice",
            gettext_noop("What is said once in an encrypted room"),
            default=NOTICE,
            required=False,
        ),
    ),
    after=(
        gettext_noop(
            "Write a registration file with id, url (the hook address), as_token, hs_token and sender_localpart."
        ),
        gettext_noop("Leave rate_limited off, and name the agency's user as exclusive in namespaces.users."),
        gettext_noop("Add the file to app_service_config_files of the homeserver and restart it."),
    ),
    scopes=(),
)
