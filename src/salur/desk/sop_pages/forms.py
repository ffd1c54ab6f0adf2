"""What officers type when they decide on a draft or move open cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from salur.desk.forms import DeskForm, area
from salur.sop.versions import LONGEST_SIGNATURE


class GiveBackForm(DeskForm):
    """What has to be changed in a draft."""

    reason = area(_("What has to be changed"), rows=3, longest=2000)


class SignForm(DeskForm):
    """As whom the leader signs."""

    signed_as = forms.CharField(
        label=_("Position and name"),
        help_text=_("As they stand on the paper, such as: Regional secretary, Name"),
        max_length=LONGEST_SIGNATURE,
    )


class MoveForm(DeskForm):
    """Why open cases move to another version."""

    reason = area(_("Reason"), _("It stands in the journal of every case."), rows=3, longest=500)
