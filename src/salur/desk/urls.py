"""The addresses of the officers' screens."""

from django.urls import path
from django.urls.resolvers import URLPattern

from salur.desk import (
    views_accounts,
    views_case,
    views_counter,
    views_escalations,
    views_lab,
    views_live,
    views_members,
    views_outbox,
    views_quarantine,
    views_queue,
    views_recount,
    views_register,
    views_replies,
    views_sop_print,
)
from salur.desk.acts import ACTS
from salur.desk.sop_editor.urls import urlpatterns as sop_editor
from salur.desk.sop_pages.urls import urlpatterns as sop_pages

app_name = "desk"


def _act(slug: str) -> URLPattern:
    return path(f"cases/<str:number>/{slug}/", views_case.act_view(ACTS[slug]), name=f"case-{slug}")


urlpatterns = [
    path("", views_queue.queue, name="queue"),
    path("changes/", views_live.changes, name="changes"),
    path("cases/<str:number>/", views_case.case, name="case"),
    *(_act(slug) for slug in ACTS),
    path("cases/<str:number>/voices/<int:voice_id>/admit/", views_case.admit_voice, name="voice-admit"),
    path("files/<int:file_id>/", views_case.file, name="file"),
    path("files/<int:file_id>/photo/", views_case.photo, name="photo"),
    path("evidence/<int:evidence_id>/", views_case.evidence, name="evidence"),
    path("approvals/", views_replies.approvals, name="approvals"),
    path("replies/<int:reply_id>/", views_replies.judge, name="reply"),
    path("replies/<int:reply_id>/withdraw/", views_replies.withdraw, name="reply-withdraw"),
    path("replies/<int:reply_id>/revise/", views_replies.revise, name="reply-revise"),
    path("escalations/", views_escalations.escalations, name="escalations"),
    path("lab/", views_lab.lab, name="lab"),
    path("lab/<int:run_id>/", views_lab.lab_run, name="lab-run"),
    path("lab/<int:run_id>/cancel/", views_lab.lab_cancel, name="lab-cancel"),
    path("lab/<int:run_id>/report.pdf", views_lab.lab_report, name="lab-report"),
    path("register/", views_register.register, name="register"),
    path("register/register.xlsx", views_register.register_file, name="register-file"),
    path("outbox/", views_outbox.outbox, name="outbox"),
    path("outbox/<int:dispatch_id>/decide/", views_outbox.decide, name="dispatch-decide"),
    path("counter/", views_counter.counter, name="counter"),
    path("counter/<uuid:form_id>/", views_counter.receipt, name="receipt"),
    path("deliveries/", views_quarantine.deliveries, name="deliveries"),
    path("quarantine/", views_quarantine.quarantine, name="quarantine"),
    path("quarantine/replay/", views_quarantine.replay_all, name="quarantine-replay"),
    path("quarantine/<int:delivery_id>/", views_quarantine.delivery, name="delivery"),
    path("quarantine/<int:delivery_id>/replay/", views_quarantine.replay_again, name="delivery-replay"),
    path("sop/versions/<int:version_id>/paper.pdf", views_sop_print.version, name="sop-print"),
    path("sop/drafts/<int:draft_id>/paper.pdf", views_sop_print.draft, name="sop-draft-print"),
    path("members/", views_members.members, name="members"),
    path("channels/", views_accounts.accounts, name="accounts"),
    path("channels/new/", views_accounts.choose, name="account-choose"),
    path("channels/new/<str:name>/", views_accounts.begin, name="account-new"),
    path("channels/<int:account_id>/", views_accounts.account, name="account"),
    path("channels/<int:account_id>/change/", views_accounts.change, name="account-change"),
    path("channels/<int:account_id>/test/", views_accounts.account_test, name="account-test"),
    path("channels/<int:account_id>/custodians/", views_accounts.custodians, name="account-custodians"),
    path("channels/<int:account_id>/rotation/", views_accounts.rotation, name="account-rotation"),
    path("channels/<int:account_id>/do/<str:act>/", views_accounts.account_act, name="account-act"),
    path("calendar/", views_recount.calendar, name="calendar"),
    path("calendar/<str:key>.yaml", views_recount.document, name="calendar-file"),
    path("calendar/<int:recount_id>/", views_recount.moved, name="recount"),
    *sop_editor,
    *sop_pages,
]
