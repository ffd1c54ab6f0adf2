"""What the pure rooms say, in the language in force."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from salur.sop.document.said import Said
from salur.sop.document.values import Words


def in_words(said: Said) -> str:
    """The sentence in the language in force, with its inner sentences, the document's own names and dates."""
    if not said.params:
        return gettext(said.text)
    return gettext(said.text) % {name: _filled(value) for name, value in said.params.items()}


def _filled(value: object) -> object:
    if isinstance(value, Said):
        return in_words(value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return value.of(get_language() or "id") if isinstance(value, Words) else value
