"""Whether the officer may do something, for showing or hiding a control: `{% if request.member|may:"approve" %}`."""

from django import template

from salur.agencies.models import Member
from salur.desk import officer

register = template.Library()


@register.filter
def may(member: Member, action: str) -> bool:
    """Whether the role of this officer allows the action."""
    return officer.may(member, action)
