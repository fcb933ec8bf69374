"""All addresses."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

urlpatterns = [
    path("", include("claims.urls")),
    path("api/", include("claims.api.urls")),
    path("admin/", admin.site.urls),
    # Not worth a token in every page: the worst that a foreign form can do is to change it.
    path("language/", csrf_exempt(set_language), name="set_language"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
