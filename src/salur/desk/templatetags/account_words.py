"""Words about accounts on a page."""

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.channels.alarm import MEANINGS
from salur.channels.guide import Guide

register = template.Library()

CHECKS = {
    "token": _("Token"),
    "scopes": _("Permissions"),
    "subscription": _("Subscription"),
    "reach": _("Connection"),
    "address": _("Address"),
    "account": _("Account"),
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
def alarm_title(kind: str) -> str:
    """What a kind of alarm says."""
    return gettext(MEANINGS[kind].title)


@register.simple_tag
def entry_label(guide: Guide, name: str) -> str:
    """The label of one entry of a guide."""
    return next((gettext(entry.label) for entry in guide.entries if entry.name == name), name)
