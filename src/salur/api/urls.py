"""The addresses programs use."""

from django.urls import path

from salur.api import views

app_name = "api"

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
]
