"""The addresses of the pages about SOPs, all below sop/."""

from django.urls import path

from salur.desk.sop_pages import views_draft, views_move, views_parent, views_read

urlpatterns = [
    path("sop/", views_read.sop_list, name="sop-list"),
    path("sop/compare/", views_read.compare, name="sop-compare"),
    path("sop/versions/<int:version_id>/", views_read.version, name="sop-version"),
    path("sop/versions/<int:version_id>/yaml/", views_read.export, name="sop-export"),
    path("sop/versions/<int:from_id>/move/<int:to_id>/", views_move.move_cases, name="sop-move"),
    path("sop/<int:sop_id>/history/", views_read.history, name="sop-history"),
    path("sop/<int:sop_id>/parent/", views_parent.parent, name="sop-parent"),
    path("sop/<int:sop_id>/draft/", views_draft.draft, name="sop-draft"),
    path("sop/<int:sop_id>/draft/begin/", views_draft.begin, name="sop-begin"),
    path("sop/<int:sop_id>/draft/submit/", views_draft.submit, name="sop-submit"),
    path("sop/<int:sop_id>/draft/review/", views_draft.judge, name="sop-review"),
    path("sop/<int:sop_id>/draft/sign/", views_draft.signature, name="sop-sign"),
    path("sop/<int:sop_id>/draft/discard/", views_draft.discard, name="sop-discard"),
]
