"""The pages of one's own account: what else than a password it is opened by (an app's codes,
passkeys, recovery codes), and who one is asked to show again to be before that is changed.

django-allauth checks codes and keys, and leads from step to step; pages and addresses are ours.
"""

from __future__ import annotations

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from claims.access.second_factor import needed_by
from config import oidc, sessions

# They ask for a login themselves, and for no role.
own = method_decorator([login_not_required, never_cache], name="dispatch")


class Labels:
    """Forms as on the other pages: without a colon after each label."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label_suffix": ""}  # type: ignore[misc]


class Digits:
    """Codes are digits: a phone shows its keys for those."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context["form"].fields["code"].widget.attrs["inputmode"] = "numeric"
        return context


class Removal:
    """A page that takes a second factor away says what the account is left with."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        others = Authenticator.objects.filter(user=user.pk)
        others = others.exclude(type=Authenticator.Type.RECOVERY_CODES)
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "last": others.count() < 2, "needed": needed_by(user)}


@own
class SecurityView(IndexView):
    template_name = "accounts/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        codes = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        left = len(codes.get_unused_codes()) if codes else 0
        return {
            **context,
            "codes_left": left,
            "needed": needed_by(self.request.user),
            "provider": oidc.provider(),
            "identity": oidc.connected(self.request.user),
            "elsewhere": sessions.elsewhere(self.request),
        }


class SecondFactorView(Digits, AuthenticateView):
    """The second step of a log-in. Whoever comes without the first is sent to that."""

    template_name = "accounts/second_factor.html"


@own
class ConfirmView(Labels, ReauthenticateView):
    template_name = "accounts/confirm.html"


@own
class ConfirmByCodeView(Digits, Labels, ReauthenticateByCodeView):
    template_name = "accounts/confirm.html"


@own
class ConfirmByPasskeyView(ReauthenticateWebAuthnView):
    template_name = "accounts/confirm_passkey.html"


@own
class AppView(Digits, Labels, ActivateTOTPView):
    template_name = "accounts/app.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the key as it is typed: in fours."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "key": [secret[at : at + 4] for at in range(0, len(secret), 4)]}


@own
class AppOffView(Removal, DeactivateTOTPView):
    template_name = "accounts/app_off.html"


@own
class CodesView(ViewRecoveryCodesView):
    template_name = "accounts/codes.html"


@own
class NewCodesView(GenerateRecoveryCodesView):
    template_name = "accounts/new_codes.html"


@own
class PasskeyView(Labels, AddWebAuthnView):
    template_name = "accounts/passkey.html"


@own
class PasskeyOffView(Removal, RemoveWebAuthnView):
    template_name = "accounts/passkey_off.html"
    success_url = reverse_lazy("mfa_index")


@own
class PasskeyLoginView(LoginWebAuthnView):
    """By GET from a script, what a passkey signs; by POST, what it signed. No page of its own."""


to_security = login_not_required(RedirectView.as_view(pattern_name="mfa_index"))

# By the names that allauth leads by.
urlpatterns = [
    path("login/second/", SecondFactorView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", PasskeyLoginView.as_view(), name="mfa_login_webauthn"),
    path("account/", SecurityView.as_view(), name="mfa_index"),
    path("account/confirm/", ConfirmView.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", ConfirmByCodeView.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        ConfirmByPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app/", AppView.as_view(), name="mfa_activate_totp"),
    path("account/app/off/", AppOffView.as_view(), name="mfa_deactivate_totp"),
    path("account/codes/", CodesView.as_view(), name="mfa_view_recovery_codes"),
    path("account/codes/new/", NewCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("account/passkeys/", to_security, name="mfa_list_webauthn"),
    path("account/passkeys/new/", PasskeyView.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/off/", PasskeyOffView.as_view(), name="mfa_remove_webauthn"),
]
