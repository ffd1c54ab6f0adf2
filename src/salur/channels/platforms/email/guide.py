"""How a mailbox is connected. Pure."""

from salur.channels.guide import Entry, Guide, gettext_noop

_SECURITY = (("tls", "TLS"), ("starttls", "STARTTLS"), ("plain", gettext_noop("none: only on this machine")))

GUIDE = Guide(
    label="E-mail",
    icon="mail",
    steps=(
        gettext_noop("Use a mailbox of its own for reports: everything that comes into it becomes a report."),
        gettext_noop("Ask whoever runs your mail server for the names of the servers and a password for programs."),
    ),
    entries=(
        Entry(
            "address", gettext_noop("Address that citizens write to"), address=True, pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+"
        ),
        Entry("imap_host", gettext_noop("Server for incoming mail (IMAP)"), "mail.example.go.id", pattern=r"[^\s/]+"),
        Entry("imap_port", gettext_noop("Port of the incoming server"), default="993", pattern=r"\d{1,5}"),
        Entry("imap_security", gettext_noop("Encryption of the incoming server"), choices=_SECURITY, default="tls"),
        Entry("smtp_host", gettext_noop("Server for outgoing mail (SMTP)"), "mail.example.go.id", pattern=r"[^\s/]+"),
        Entry("smtp_port", gettext_noop("Port of the outgoing server"), default="465", pattern=r"\d{1,5}"),
        Entry("smtp_security", gettext_noop("Encryption of the outgoing server"), choices=_SECURITY, default="tls"),
        Entry("username", gettext_noop("User name of the mailbox"), secret=True),
        Entry("password", gettext_noop("Password of the mailbox"), secret=True),
        Entry("from_name", gettext_noop("Name that citizens see as the sender"), required=False),
    ),
    after=(gettext_noop("Then send a mail to the address from another mailbox: it must appear here within a minute."),),
)
