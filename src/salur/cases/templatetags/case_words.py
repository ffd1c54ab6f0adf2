"""Filters that say the codes of a case in words: `{{ case.status|status_word }}`."""

from django import template

from salur.cases import words

register = template.Library()


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
def actor_word(code: str) -> str:
    """The role that has to act, in words."""
    return words.said(words.ACTORS, code)


@register.filter
def purpose_word(code: str) -> str:
    """The purpose of a reply in words."""
    return words.said(words.PURPOSES, code)
