"""Words about accounts on a page."""

import re

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.channels import queries
from salur.channels.alarm import MEANINGS
from salur.channels.guide import Guide
from salur.channels.models import Account

register = template.Library()

CHECKS = {
    "token": _("Token"),
    "scopes": _("Permissions"),
    "subscription": _("Subscription"),
    "reach": _("Connection"),
    "address": _("Address"),
    "account": _("Account"),
}
SAYINGS = (
    (r"cannot be reached|connection broke|could not be reached|timed out", _("The platform cannot be reached.")),
    (r"asks us to wait", _("The platform asks us to wait. It is tried again by itself.")),
    (r"the platform fails", _("The platform itself is failing. It is tried again by itself.")),
    (r"belongs to another|token is that of", _("The token belongs to another account: compare address and token.")),
    (
        r"permissions? (are|is) missing|may not answer",
        _("The token lacks permissions: grant them and make a new token."),
    ),
    (
        r"no longer accepts our token|token is not valid|authorise|withdrawn",
        _("The platform does not accept the token: make a new one there and enter it here."),
    ),
    (
        r"does not call|does not tell us|subscri|webhook|hook",
        _("The platform does not call the hook address: enter it there and subscribe."),
    ),
    (r"sent us elsewhere|api_base", _("The address of the platform's interface is not right.")),
)
"""What the sentences of probes and calls mean, by what is fixed in them; the first that fits."""
BY_CHECK = {
    "token": _("The platform does not accept the token: make a new one there and enter it here."),
    "scopes": _("The token lacks permissions: grant them and make a new token."),
    "subscription": _("The platform does not call the hook address: enter it there and subscribe."),
    "reach": _("The platform cannot be reached."),
    "address": _("The address of the account does not agree with the token."),
}


@register.filter
def translated(message: str) -> str:
    """A message id of a guide or an alarm in the language of the page."""
    return gettext(message) if message else ""


@register.simple_tag
def check_title(code: str) -> str:
    """What a probe looked at."""
    return str(CHECKS.get(code, code))


@register.simple_tag
def plain(detail: str, code: str = "") -> str:
    """What a technical detail means, in the language of the page; by what was looked at where it is not known."""
    for pattern, sentence in SAYINGS:
        if re.search(pattern, detail):
            return str(sentence)
    return str(BY_CHECK.get(code) or gettext("Something is not right with the account."))


@register.filter
def account_name(account: Account) -> str:
    """What an account is called on a page."""
    return queries.shown_name(account)


@register.simple_tag
def alarm_title(kind: str) -> str:
    """What a kind of alarm says."""
    return gettext(MEANINGS[kind].title)


@register.simple_tag
def entry_label(guide: Guide, name: str) -> str:
    """The label of one entry of a guide."""
    return next((gettext(entry.label) for entry in guide.entries if entry.name == name), name)
