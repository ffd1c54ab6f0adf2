"""The addresses of the officers' screens."""

from django.urls import path
from django.urls.resolvers import URLPattern

from salur.desk import (
    views_case,
    views_counter,
    views_members,
    views_outbox,
    views_quarantine,
    views_queue,
    views_replies,
)
from salur.desk.acts import ACTS

app_name = "desk"


def _act(slug: str) -> URLPattern:
    return path(f"cases/<str:number>/{slug}/", views_case.act_view(ACTS[slug]), name=f"case-{slug}")


urlpatterns = [
    path("", views_queue.queue, name="queue"),
    path("cases/<str:number>/", views_case.case, name="case"),
    *(_act(slug) for slug in ACTS),
    path("cases/<str:number>/voices/<int:voice_id>/admit/", views_case.admit_voice, name="voice-admit"),
    path("files/<int:file_id>/", views_case.file, name="file"),
    path("approvals/", views_replies.approvals, name="approvals"),
    path("replies/<int:reply_id>/", views_replies.judge, name="reply"),
    path("replies/<int:reply_id>/revise/", views_replies.revise, name="reply-revise"),
    path("outbox/", views_outbox.outbox, name="outbox"),
    path("outbox/<int:dispatch_id>/decide/", views_outbox.decide, name="dispatch-decide"),
    path("counter/", views_counter.counter, name="counter"),
    path("counter/<uuid:form_id>/", views_counter.receipt, name="receipt"),
    path("quarantine/", views_quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:delivery_id>/", views_quarantine.delivery, name="delivery"),
    path("quarantine/<int:delivery_id>/replay/", views_quarantine.replay_again, name="delivery-replay"),
    path("members/", views_members.members, name="members"),
]
