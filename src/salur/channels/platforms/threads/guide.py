"""How a Threads profile is connected, and what has to be granted. Source: Threads API "Get started", "Webhooks"."""

from salur.channels.guide import Entry, Guide, gettext_noop
from salur.channels.platforms.facebook.guide import APP, VERIFY_TOKEN

SCOPES = (
    "threads_basic",
    "threads_content_publish",
    "threads_manage_mentions",
    "threads_manage_replies",
    "threads_read_replies",
)
GUIDE = Guide(
    label="Threads",
    icon="brand-threads",
    steps=(
        gettext_noop("At Meta for Developers, add the use case Threads API to the app of your government."),
        gettext_noop("Have the business verified and ask for Advanced Access to the permissions below."),
        gettext_noop("Add the profile as a tester, accept it in Threads, and let a long-lived token be made."),
    ),
    entries=(
        Entry(
            "account_id",
            gettext_noop("Threads user ID"),
            gettext_noop("A long number, shown beside the profile where the token is made."),
            address=True,
            pattern=r"\d{5,25}",
        ),
        Entry(
            "username",
            gettext_noop("User name"),
            gettext_noop("As people write it, without the sign @. By it our own answers are known."),
            pattern=r"@?[A-Za-z0-9_.]{1,30}",
        ),
        Entry("access_token", gettext_noop("Access token"), secret=True),
        *APP,
        VERIFY_TOKEN,
    ),
    after=(
        gettext_noop("In the use case under Webhooks, enter the hook address and the verify token."),
        gettext_noop("Subscribe to replies and delete under moderate, and to mentions and publish under interaction."),
        gettext_noop("Then write a reply under a thread of the profile: it must appear here within a minute."),
    ),
    scopes=SCOPES,
    console="https://developers.facebook.com/apps/",
)
