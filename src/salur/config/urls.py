"""Which window answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("salur.portal.urls")),
    path("desk/", include("salur.desk.urls")),
    path("", include("salur.api.urls")),
    path("akun/", include("salur.config.sign_in")),
    path("i18n/", include("django.conf.urls.i18n")),
]
