"""How a sending went, in words: which way, what it cost, why not."""

from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from salur.publishing.models import Dispatch
from salur.publishing.outbound import FOLDED
from salur.publishing.spend import USD

register = template.Library()
WAYS = {
    "public_reply": _("public reply"),
    "private_reply": _("private reply to the comment"),
    "direct": _("private message"),
    "tagged": _("private message of an officer, after the first day"),
    "template": _("approved template"),
    "page": _("on the page of the report"),
    "mail": _("e-mail"),
    "hand": _("by hand"),
}


@register.filter
def way_word(code: str) -> str:
    """The way of answering in words; nothing where none was chosen yet."""
    return gettext(WAYS[code]) if code in WAYS else code


@register.filter
def problem_word(problem: str) -> str:
    """A problem in the language of the screen where it is one of ours; else as the platform put it. A line each."""
    return "\n".join(gettext(line) for line in problem.splitlines())


@register.filter
def usd(amount: int) -> str:
    """Millionths of a US dollar as dollars, such as "USD 0,010"."""
    return f"USD {formats.number_format(Decimal(amount) / USD, 3)}"


@register.filter
def is_folded(dispatch: Dispatch) -> bool:
    """Whether it was said in one message with the acknowledgement."""
    return dispatch.state == Dispatch.State.WITHDRAWN and dispatch.problem == FOLDED
