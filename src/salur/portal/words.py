"""What the portal calls things."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "complaint": _("Complaint"),
    "aspiration": _("Suggestion or aspiration"),
    "information_request": _("Request for information"),
    "supervisory_complaint": _("Report about the conduct of an official"),
}

CHANNELS = {
    "web": _("this site"),
    "email": _("e-mail"),
    "counter": _("the counter"),
    "phone": _("telephone"),
}
"""Channels that are named otherwise within a sentence; the others by their own label."""

STATUSES = {
    "new": _("Received, being checked"),
    "in_progress": _("Being worked on"),
    "awaiting_citizen": _("Waiting for your answer"),
    "answered": _("Answered"),
    "scheduled": _("Scheduled"),
    "closed": _("Closed"),
}

EXPLAINED = {
    "new": _("We are checking whether the report is complete and which agency can act."),
    "in_progress": _("The agency is looking into the matter and prepares an answer."),
    "awaiting_citizen": _(
        "We need to know more to go on. Please answer our question below; until then the time stands still."
    ),
    "answered": _("Please read the answer. If the matter is not settled, write to us; otherwise tell us that it is."),
    "scheduled": _(
        "This takes longer and has been put into a plan. We look at it again on the date below and tell you."
    ),
    "closed": _("Nothing more will be done. If the matter is not settled, write below and the report is opened again."),
}

OUTCOMES = {
    "answered": _("closed after the answer"),
    "completed": _("settled"),
    "silence": _("closed, as no further message came after the answer"),
    "archived": _("archived"),
    "incomplete": _("archived, as the details we asked for did not come"),
}

REPLIES = {
    "answer": _("Answer"),
    "progress": _("News"),
    "question": _("Question to you"),
    "notice": _("Notice"),
}
