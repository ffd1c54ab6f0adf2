"""How a case is written on a screen: its codes in words, `{{ case.kind|kind_word }}`, and small pieces of markup.

The pieces stand fifty times on one page, so they are made here: a template of its own costs three times as much.
"""

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from salur.cases import words
from salur.cases.due import Due
from salur.channels.registry import PLATFORMS

register = template.Library()
ICONS = {name: one.guide.icon for name, one in PLATFORMS.items()}
TIME = '<time datetime="{}">{}</time>'
DUE = '<span class="case-badge case-due-{}">{}</span>\n<time class="case-due-date" datetime="{}">{}</time>'
CHANNEL = (
    '<span class="case-channel"><svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>\n'
    "<span>{}</span></span>"
)


@register.simple_tag
def when(at: datetime, shape: str = "j M Y H:i") -> SafeString:
    """An instant by the officer's clock: `{% when reply.drafted_at %}`."""
    local = timezone.localtime(at)
    return format_html(TIME, local.isoformat(), dateformat.format(local, shape))


@register.simple_tag
def due_badge(due: Due | None) -> SafeString:
    """The words of a deadline and always its date too; without one, that none runs."""
    if due is None:
        return format_html('<span class="text-secondary">{}</span>', gettext("No deadline runs"))
    local = timezone.localtime(due.at)
    return format_html(DUE, due.tone, due.words, local.isoformat(), dateformat.format(local, "j M Y H:i"))


@register.simple_tag
def status_badge(code: str) -> SafeString:
    """The status in words, in its colour."""
    return format_html('<span class="case-badge case-status-{}">{}</span>', code, status_word(code))


@register.simple_tag
def channel(code: str) -> SafeString:
    """The sign of a channel and its name."""
    return format_html(CHANNEL, static("vendor/icons.svg"), ICONS.get(code, "message"), channel_word(code))


@register.filter
def status_word(code: str) -> str:
    """The status in words."""
    return words.said(words.STATUSES, code)


@register.filter
def kind_word(code: str) -> str:
    """The kind of a case in words."""
    return words.said(words.KINDS, code)


@register.filter
def horizon_word(code: str) -> str:
    """The horizon in words."""
    return words.said(words.HORIZONS, code)


@register.filter
def channel_word(code: str) -> str:
    """The channel in words."""
    return words.said(words.CHANNELS, code)


@register.filter
def outcome_word(code: str) -> str:
    """The outcome in words."""
    return words.said(words.OUTCOMES, code)


@register.filter
def purpose_word(code: str) -> str:
    """The purpose of a reply in words."""
    return words.said(words.PURPOSES, code)
