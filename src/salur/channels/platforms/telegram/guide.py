"""How a Telegram bot is connected."""

from salur.channels.guide import Entry, Guide, gettext_noop

GUIDE = Guide(
    label="Telegram",
    icon="brand-telegram",
    steps=(
        gettext_noop("Open a chat with @BotFather in Telegram and send /newbot. Choose a name and a user name."),
        gettext_noop("Copy the token that BotFather answers with. Whoever has it, is the bot: keep it secret."),
        gettext_noop("Leave the group privacy of the bot on: in groups it then hears only what is said to it."),
    ),
    entries=(
        Entry("address", gettext_noop("User name of the bot"), address=True, pattern=r"@?[A-Za-z0-9_]{5,32}"),
        Entry("bot_token", gettext_noop("Token of the bot"), secret=True, pattern=r"\d{3,20}:[A-Za-z0-9_-]{20,100}"),
        Entry(
            "hook_secret",
            gettext_noop("Secret word for the hook"),
            gettext_noop("Any 32 letters and digits. Telegram sends it along, so that nobody else can."),
            secret=True,
            required=False,
            pattern=r"[A-Za-z0-9_-]{16,256}",
        ),
        Entry(
            "mode",
            gettext_noop("How messages arrive"),
            gettext_noop("Choose asking where this machine cannot be reached from the internet."),
            choices=(
                ("hook", gettext_noop("Telegram calls us")),
                ("poll", gettext_noop("We ask Telegram every few seconds")),
            ),
            default="hook",
        ),
    ),
    after=(gettext_noop("Nothing more to do: the address is told to Telegram by itself."),),
    console="https://t.me/BotFather",
)
