"""Whether the officer may do something, for showing or hiding a control: `{% if request.member|may:"approve" %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from salur.agencies.models import Member, Role
from salur.desk import officer
from salur.sop.escalate import how_many

register = template.Library()


@register.filter
def may(member: Member, action: str) -> bool:
    """Whether the role of this officer allows the action."""
    return officer.may(member, action)


@register.simple_tag
def called(member: Member) -> SafeString:
    """How many overdue duties a leader is called on, beside the menu; nothing for the others, who look there."""
    if member.role != Role.LEADER:
        return SafeString("")
    n = how_many(member)
    said = ngettext("%(n)s overdue duty", "%(n)s overdue duties", n) % {"n": n}
    return format_html(' <span class="badge" aria-label="{}">{}</span>', said, n) if n else SafeString("")
