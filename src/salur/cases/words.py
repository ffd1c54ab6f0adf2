"""How the fixed words of a case are said on a screen, in the language in force."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salur.channels.registry import PLATFORMS

STATUSES: dict[str, Promise] = {
    "new": _("New"),
    "in_progress": _("In progress"),
    "awaiting_citizen": _("Waiting for the citizen"),
    "answered": _("Answered"),
    "scheduled": _("Scheduled"),
    "closed": _("Closed"),
}
KINDS: dict[str, Promise] = {
    "complaint": _("Complaint"),
    "supervisory_complaint": _("Supervisory complaint"),
    "aspiration": _("Aspiration"),
    "information_request": _("Information request"),
}
HORIZONS: dict[str, Promise] = {"short": _("Short term"), "medium": _("Medium term"), "long": _("Long term")}
CHANNELS: dict[str, Promise] = {name: _(one.guide.label) for name, one in PLATFORMS.items()}
OUTCOMES: dict[str, Promise] = {
    "answered": _("Answered"),
    "completed": _("Completed"),
    "silence": _("No further word from the citizen"),
    "archived": _("Archived"),
    "incomplete": _("Incomplete"),
}
ACTORS: dict[str, Promise] = {
    "operator": _("Operator"),
    "approver": _("Approver"),
    "coordinator": _("Coordinator"),
    "citizen": _("Citizen"),
}
PURPOSES: dict[str, Promise] = {
    "acknowledgement": _("Acknowledgement"),
    "question": _("Question to the citizen"),
    "progress": _("Progress news"),
    "answer": _("Answer"),
    "notice": _("Notice"),
}
REFERRAL_REASONS: dict[str, Promise] = {
    "mandate": _("It is this agency's authority"),
    "supervisory": _("It is a supervisory matter"),
    "import": _("As it stood in the import"),
}
"""Why a case came to an agency where the SOP names no reason: the first choice, the law, an import."""


def said(words: dict[str, Promise], code: str) -> str:
    """The word for a code, or the code itself where nobody has given it a word yet."""
    return str(words.get(code, code))
