"""The addresses of the editor, below those of the desk."""

from django.urls import path

from salur.desk.sop_editor import views

urlpatterns = [
    path("sop/drafts/<int:draft_id>/edit/", views.page, name="sop-edit"),
    path("sop/drafts/<int:draft_id>/edit/<slug:page>/", views.page, name="sop-edit-page"),
    path("sop/drafts/<int:draft_id>/edit/<slug:page>/preview/", views.preview, name="sop-edit-preview"),
    path("sop/drafts/<int:draft_id>/edit/<slug:page>/<slug:which>/", views.step_back, name="sop-edit-step"),
]
