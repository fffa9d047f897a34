"""Every address of the site."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", login_not_required(set_language), name="set_language"),
    path("register/", include("enrollment.urls")),
    path("claims/", include("claims.urls")),
    path("funds/", include("funds.urls")),
    path("audit/", include("audit.urls")),
    path("door/v1/", include("claims.door_urls")),
    path("", include("office.urls")),
]

handler400 = "office.pages.errors.bad_request"
handler403 = "office.pages.errors.forbidden"
handler404 = "office.pages.errors.not_found"
handler500 = "office.pages.errors.server_error"
