"""Words of SOPs on a screen: `{{ state|sop_state }}`, `{{ words|in_language }}`."""

from django import template
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from salur.sop.document.values import Words

register = template.Library()
STATES = {
    "signed": _("Signed, not yet in force"),
    "in_force": _("In force"),
    "superseded": _("Superseded"),
    "draft": _("Draft"),
    "review": _("In review"),
    "reviewed": _("Reviewed, waits for the signature"),
}


@register.filter
def sop_state(code: str) -> str:
    """Where a version or a draft stands, in words."""
    return gettext(STATES[code])


@register.filter
def in_language(words: Words) -> str:
    """The document's own words, in the language of the screen."""
    return words.of(get_language() or "id")
