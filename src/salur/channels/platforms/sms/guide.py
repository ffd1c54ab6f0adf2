"""How text messages are connected: three ways, of which the first needs nobody but a modem."""

from salur.channels.guide import Entry, Guide, gettext_noop

GUIDE = Guide(
    label="SMS",
    icon="device-mobile",
    steps=(
        gettext_noop("Choose: a modem on this machine (gammu-smsd), an Android telephone, or a carrier (Twilio)."),
        gettext_noop("For a modem, run gammu-smsd with its FILES backend and folders inbox, outbox, sent and error."),
        gettext_noop("The administrator of this machine names that folder: salur account add --set folder=..."),
        gettext_noop("For a telephone, install the app SMS Gateway and note its user name, password and signing key."),
    ),
    entries=(
        Entry("address", gettext_noop("Number that citizens write to"), address=True, pattern=r"\+?\d{3,20}"),
        Entry(
            "mode",
            gettext_noop("How messages travel"),
            choices=(
                ("gammu", gettext_noop("A modem on this machine")),
                ("android", gettext_noop("An Android telephone")),
                ("twilio", gettext_noop("A carrier (Twilio)")),
            ),
            default="gammu",
        ),
        Entry("username", gettext_noop("User name in the app"), secret=True, required=False),
        Entry("password", gettext_noop("Password in the app"), secret=True, required=False),
        Entry("signing_secret", gettext_noop("Signing key of the app"), secret=True, required=False),
        Entry("account_sid", gettext_noop("Account SID of the carrier"), secret=True, required=False),
        Entry("auth_token", gettext_noop("Auth token of the carrier"), secret=True, required=False),
    ),
    after=(
        gettext_noop("In the app, register the hook address for sms:received, sms:sent, sms:delivered and sms:failed."),
        gettext_noop("At the carrier, set the hook address as the one for incoming messages of your number."),
    ),
)
