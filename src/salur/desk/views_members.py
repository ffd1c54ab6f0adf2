"""Officers of a government and their roles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from salur.agencies import queries
from salur.agencies.members import CannotAdd, add_member
from salur.desk.forms import ROLES, MemberForm
from salur.desk.officer import OfficerRequest, actor, officer
from salur.desk.refusals import said
from salur.journey.act import act


@officer("administer")
def members(request: OfficerRequest) -> HttpResponse:
    """The officers of the government, and a form for one more."""
    form = MemberForm(request.POST if request.method == "POST" else None, member=request.member)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        place = form.positions.get(answers["position"])
        try:
            added = act(
                add_member,
                request.member.government_id,
                username=answers["username"],
                name=answers["name"],
                agency_id=answers["agency"],
                role=answers["role"],
                password=answers["password"],
                position=answers["position"],
                government_wide=bool(place and place.government_wide),
                actor=actor(request),
            )
        except CannotAdd as refusal:
            for name, sentences in refusal.problems.items():
                for sentence in sentences:
                    form.add_error(name if name in form.fields else None, said(ValueError(sentence)))
        else:
            messages.success(request, gettext("%(name)s can sign in now.") % {"name": added.name})
            return redirect("desk:members")
    rows = [(one, str(ROLES[one.role]).partition(":")[0]) for one in queries.members()]
    return render(request, "desk/members.html", {"form": form, "rows": rows})
