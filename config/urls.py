"""All addresses."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language

from config import accounts, oidc, second_factors, sessions

urlpatterns = [
    path("login/", accounts.LoginView.as_view(), name="login"),
    path("login/", accounts.LoginView.as_view(), name="account_login"),  # as allauth calls it
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordView.as_view(), name="password_change"),
    path("welcome/<uidb64>/<token>/", accounts.WelcomeView.as_view(), name="welcome"),
    path("", include(second_factors.urlpatterns)),
    path("", include(oidc.urlpatterns)),
    path("", include(sessions.urlpatterns)),
    path("", include("claims.urls")),
    path("api/", include("claims.api.urls")),
    # One way in for all, which slows guessing down.
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="login", query_string=True)),
    ),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password_change")),
    path("admin/", admin.site.urls),
    # Not worth a token in every page: the worst that a foreign form can do is to change it.
    path("language/", csrf_exempt(login_not_required(set_language)), name="set_language"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
