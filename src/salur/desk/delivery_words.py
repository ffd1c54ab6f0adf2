"""Why a delivery was ignored or waits in quarantine, in the words of the screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "item": _("a part of it could not be understood"),
    "unreadable": _("could not be read"),
    "error": _("Salur itself failed at it"),
    "bounce": _("a mail of ours came back"),
    "auto_reply": _("automatic reply"),
    "mailing_list": _("mailing list"),
    "own_message": _("our own words"),
    "empty": _("nothing in it"),
    "reaction": _("reaction"),
    "typing": _("somebody was writing"),
    "unknown_kind": _("of a kind that is no message"),
    "test": _("test of the platform"),
    "other_account": _("for another account"),
    "several": _("several reasons"),
}


def reason_words(code: str) -> str:
    """The reason in words, or the code itself where it has none yet."""
    return str(REASONS.get(code, code))
