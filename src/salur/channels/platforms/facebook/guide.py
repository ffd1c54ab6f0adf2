"""How a Facebook Page is connected, and what has to be granted.

Source: Graph API "Webhooks for Pages", Messenger Platform "Get started", permissions reference.
"""

from salur.channels.guide import Entry, Guide, gettext_noop

FIELDS = (
    "feed",
    "mention",
    "messages",
    "message_deliveries",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    "messaging_postbacks",
    "standby",
)
SCOPES = (
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
    "pages_read_engagement",
    "pages_read_user_content",
)
HUMAN_AGENT = Entry(
    "features",
    gettext_noop("Human Agent"),
    gettext_noop("Lets an officer answer in private up to 7 days after the last message. Meta grants it on request."),
    required=False,
    choices=(("", gettext_noop("Not granted")), ("human_agent", gettext_noop("Granted"))),
)
APP = (
    Entry(
        "app_id",
        gettext_noop("App ID"),
        gettext_noop("The number of your app, at the top of its page at Meta for Developers."),
        pattern=r"\d{5,25}",
    ),
    Entry(
        "app_secret",
        gettext_noop("App Secret"),
        gettext_noop("Under App settings, Basic. It proves that a delivery really comes from the platform."),
        secret=True,
        pattern=r"[0-9a-fA-F]{16,64}",
    ),
)
VERIFY_TOKEN = Entry(
    "verify_token",
    gettext_noop("Verify token"),
    gettext_noop("A password of your own choice. The platform shows it once when it tries the hook address."),
    secret=True,
    pattern=r"[A-Za-z0-9_.~-]{8,100}",
)
GUIDE = Guide(
    label="Facebook",
    icon="brand-facebook",
    steps=(
        gettext_noop("At Meta for Developers, open the app of your government, or create one of the type Business."),
        gettext_noop("Have the business verified and ask for Advanced Access to the permissions below."),
        gettext_noop(
            "In Business settings, create a system user, give it the Page with full control, and let it make a token."
        ),
        gettext_noop(
            "Set the app to Live: until then the platform tells us only what people with a role in the app say."
        ),
    ),
    entries=(
        Entry(
            "page_id",
            gettext_noop("Page ID"),
            gettext_noop("On the Page under About, Page transparency: a long number."),
            address=True,
            pattern=r"\d{5,25}",
        ),
        Entry(
            "access_token",
            gettext_noop("Page access token"),
            gettext_noop("Of the system user, for this Page. Such a token does not end by itself."),
            secret=True,
        ),
        *APP,
        VERIFY_TOKEN,
        HUMAN_AGENT,
    ),
    after=(
        gettext_noop("In the app under Webhooks, choose Page, and enter the hook address and the verify token."),
        gettext_noop(
            "Switch on Include Values, and subscribe to the fields feed, mention and all that begin with message."
        ),
        gettext_noop("Then write a comment under a post of the Page: it must appear here within a minute."),
    ),
    scopes=SCOPES,
    console="https://developers.facebook.com/apps/",
)
