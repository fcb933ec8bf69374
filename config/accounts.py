"""Logging in and out, one's own password, and the link that an invited user sets it by."""

from __future__ import annotations

from typing import Any, TypeVar

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from claims.access import guessing, second_factor
from config import oidc
from config.signing_in import wait

THROTTLED = "throttled"


class LoginForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self) -> dict[str, Any]:
        """Looks at the password, unless there were too many attempts."""
        name = self.cleaned_data.get("username", "")
        if not name or self.request is None:
            return super().clean()
        try:
            guessing.attempt(self.request, name)
        except guessing.TooMany:
            raise ValidationError(wait(), THROTTLED) from None
        data = super().clean()
        guessing.succeeded(name)
        return data


class LoginView(views.LoginView):
    form_class = LoginForm
    template_name = "accounts/login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who is here for want of a second factor need not log in again."""
        if request.user.is_authenticated and second_factor.missing(request.user):
            return redirect("mfa_index")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "provider": oidc.provider()}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right: a second factor is asked for where the account has one."""
        user = form.get_user()
        known = {"username": user.get_username()}
        step = Login(user=user, redirect_url=self.get_success_url())
        return perform_password_login(self.request, known, step)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, THROTTLED):
            response.status_code = 429
        return response


@method_decorator(login_not_required, name="dispatch")
class LogoutView(views.LogoutView):
    """A page with a button, and what that does."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, "accounts/logout.html")

    @method_decorator(never_cache)
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, gettext("You are logged out."))
        return response


Form = TypeVar("Form", bound=BaseForm)


def _plain(form: Form) -> Form:
    """A form of a new password, whose rules stand below it on the page."""
    form.label_suffix = form.fields["new_password2"].help_text = ""
    return form


@method_decorator(login_not_required, name="dispatch")  # asks for a login, and for no role
class PasswordView(views.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("password_change")

    def get_form(self, form_class: type[PasswordChangeForm] | None = None) -> PasswordChangeForm:
        return _plain(super().get_form(form_class))

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, gettext("Your password is changed."))
        return response


@method_decorator(login_not_required, name="dispatch")
class WelcomeView(views.PasswordResetConfirmView):
    """Where the link of an invitation leads: to a password of one's own, once."""

    template_name = "accounts/welcome.html"
    success_url = reverse_lazy("home")

    def get_form(self, form_class: type[SetPasswordForm] | None = None) -> SetPasswordForm:
        return _plain(super().get_form(form_class))

    def form_valid(self, form: Any) -> HttpResponse:
        """A link for a forgotten password is no way round the account's second factor."""
        super().form_valid(form)
        messages.success(self.request, gettext("Welcome. Your password is set."))
        known = {"username": form.user.get_username()}
        step = Login(user=form.user, redirect_url=str(self.success_url))
        return perform_password_login(self.request, known, step)
