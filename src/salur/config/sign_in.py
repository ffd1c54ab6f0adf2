"""The few addresses of allauth that officers need; everything else of it stays shut."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    # Says that accounts are made by the administrator: the adapter is closed to sign-up.
    path("signup/", views.signup, name="account_signup"),
]
