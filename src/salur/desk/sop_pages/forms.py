"""What officers type when they decide on a draft or move open cases."""

from django.utils.translation import gettext_lazy as _

from salur.desk.forms import DeskForm, area


class GiveBackForm(DeskForm):
    """What has to be changed in a draft."""

    reason = area(_("What has to be changed"), rows=3, longest=2000)


class MoveForm(DeskForm):
    """Why open cases move to another version."""

    reason = area(_("Reason"), _("It stands in the journal of every case."), rows=3, longest=500)
