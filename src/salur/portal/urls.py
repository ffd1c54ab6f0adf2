"""The addresses citizens use."""

from django.urls import path

from salur.portal import follow, views, views_channels, views_sop

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("lapor/", views.report, name="report"),
    path("lapor/perangkat-daerah/", views.agencies, name="agencies"),
    path("lapor/terima/<uuid:key>/", views.receipt, name="receipt"),
    path("lacak/", follow.search, name="search"),
    path("lacak/<str:number>/", follow.case, name="case"),
    path("lacak/<str:number>/tanggapan/", follow.respond, name="respond"),
    path("lacak/<str:number>/selesai/", follow.settle, name="settle"),
    path("kanal/", views_channels.channels, name="channels"),
    path("sop/", views_sop.search, name="sop-search"),
    path("sop/<str:sha256>/", views_sop.verify, name="sop"),
    path("sop/<str:sha256>/<str:code>.pdf", views_sop.paper, name="sop-paper"),
]
