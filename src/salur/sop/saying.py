"""What the pure rooms say, in the language in force."""

from django.utils.translation import get_language, gettext

from salur.sop.document.said import Said
from salur.sop.document.values import Words


def in_words(said: Said) -> str:
    """The sentence in the language in force, its inner sentences and the document's own names included."""
    if not said.params:
        return gettext(said.text)
    return gettext(said.text) % {name: _filled(value) for name, value in said.params.items()}


def _filled(value: object) -> object:
    if isinstance(value, Said):
        return in_words(value)
    return value.of(get_language() or "id") if isinstance(value, Words) else value
