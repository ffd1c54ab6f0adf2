"""The addresses programs use."""

from django.urls import path, re_path

from salur.api import open311, views

app_name = "api"
FORM = "(?P<form>json|xml)"

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    re_path(rf"^open311/discovery\.{FORM}$", open311.discovery, name="open311_discovery"),
    re_path(rf"^open311/v2/services\.{FORM}$", open311.services, name="open311_services"),
    re_path(rf"^open311/v2/services/(?P<service_code>[^/]+)\.{FORM}$", open311.service, name="open311_service"),
    re_path(rf"^open311/v2/requests\.{FORM}$", open311.requests, name="open311_requests"),
    re_path(rf"^open311/v2/requests/(?P<number>[^/]+)\.{FORM}$", open311.request_by_id, name="open311_request"),
    re_path(rf"^open311/v2/tokens/(?P<token>[^/]+)\.{FORM}$", open311.token, name="open311_token"),
]
