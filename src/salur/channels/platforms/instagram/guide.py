"""How an Instagram account is connected, and what has to be granted.

Source: Instagram Platform "Overview", "Webhooks", permissions of both kinds of login.
"""

from salur.channels.guide import Entry, Guide, gettext_noop
from salur.channels.platforms.facebook.guide import APP, HUMAN_AGENT, VERIFY_TOKEN

FIELDS = (
    "comments",
    "live_comments",
    "messages",
    "message_reactions",
    "messaging_postbacks",
    "messaging_seen",
)
WISHED_FIELDS = ("message_edit",)
"""Asked for where the platform knows it: with a field it does not know it would refuse them all."""
SCOPES = (
    "instagram_business_basic",
    "instagram_business_manage_comments",
    "instagram_business_manage_messages",
)
PAGE_FIELDS = ("feed",)
"""With Facebook Login any field of the linked Page makes the platform tell of its Instagram account."""
PAGE_SCOPES = (
    "instagram_basic",
    "instagram_manage_comments",
    "instagram_manage_messages",
    "pages_manage_metadata",
    "pages_read_engagement",
)
GUIDE = Guide(
    label="Instagram",
    icon="brand-instagram",
    steps=(
        gettext_noop("Make the Instagram account a professional one, and allow access to messages in its settings."),
        gettext_noop("At Meta for Developers, add Instagram to the app of your government, with Instagram Login."),
        gettext_noop("Have the business verified and ask for Advanced Access to the permissions below."),
        gettext_noop("Under API setup, add the account and let a token be made. Salur renews it from then on."),
    ),
    entries=(
        Entry(
            "account_id",
            gettext_noop("Instagram account ID"),
            gettext_noop("A long number, shown beside the account where the token is made."),
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
        Entry(
            "login",
            gettext_noop("Kind of login"),
            gettext_noop("Facebook Login only where the account is reached through its Page; mentions need it."),
            choices=(("instagram", "Instagram Login"), ("facebook", "Facebook Login")),
            default="instagram",
        ),
        Entry(
            "page_id",
            gettext_noop("Page ID"),
            gettext_noop("Only with Facebook Login: the Page the account is linked to."),
            required=False,
            pattern=r"\d{5,25}",
        ),
        *APP,
        Entry(
            "instagram_app_secret",
            gettext_noop("Instagram App Secret"),
            gettext_noop("With Instagram Login the app has a second secret, under Instagram, API setup."),
            secret=True,
            required=False,
            pattern=r"[0-9a-fA-F]{16,64}",
        ),
        VERIFY_TOKEN,
        HUMAN_AGENT,
    ),
    after=(
        gettext_noop("In the app under Webhooks, choose Instagram, and enter the hook address and the verify token."),
        gettext_noop("Subscribe to the fields comments, mentions, messages and all that begin with message."),
        gettext_noop("Then write a comment under a post of the account: it must appear here within a minute."),
    ),
    scopes=SCOPES,
    console="https://developers.facebook.com/apps/",
)
