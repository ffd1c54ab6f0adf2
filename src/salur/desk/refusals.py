"""The sentences with which verbs refuse, so that an officer reads them in the language of the screen."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("the case is closed; reopen it first"),
    _("choose an agency of this government"),
    _("the case lies with this agency already"),
    _("say why the case is handed over"),
    _("choose the agency first"),
    _("choose the agency first: its approver releases what is said"),
    _("this sender hears the answers already"),
    _("the clocks stand still already"),
    _("the clocks are running"),
    _("the review date must lie in the future"),
    _("the review date lies further away than the SOP allows"),
    _("only a medium- or long-term case is reviewed"),
    _("write what the citizens shall hear"),
    _("the next review date must lie in the future"),
    _("write what will be done"),
    _("no answer has gone out yet: answer first, or archive with a reason"),
    _("say why the case is closed"),
    _("the case is open"),
    _("write the answer first"),
    _("say what has to be changed"),
    _("who drafted the answer cannot approve it: another person must"),
    _("the reply is approved, not submitted: reload the page"),
    _("the reply is draft, not submitted: reload the page"),
    _("the reply is approved, not draft: reload the page"),
    _("the reply is submitted, not draft: reload the page"),
    _("this sending needs no decision: reload the page"),
    _("write the officer's name"),
    _("this name is taken: choose another"),
)
"""Every refusal an officer can meet; a test compares it with what the verbs raise."""


def said(refusal: Exception) -> str:
    """The refusal as a sentence in the language in force, with a capital letter and a full stop."""
    text = gettext(str(refusal))
    return text[:1].upper() + text[1:].rstrip(".") + "."
