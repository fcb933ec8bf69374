"""Logging in by an organisation's own identity provider (OpenID Connect), where one is set.

An identity opens the one account that it is connected with, by the account's owner, who is logged
in: nobody gets an account, nor somebody else's, by what a provider says of names and addresses.
Nothing but the identity's number there is asked for and kept. The account's second factor is
asked for all the same.

The provider is asked directly, as the operator names it, and not through `sources.fetch`: it often
stands inside the operator's own network, where articles are never fetched from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal.flows.connect import disconnect
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

TIMEOUT = 10  # seconds for an answer of the provider
# What a provider that is down, or answers in no form of this protocol, makes of a request.
FAILURES = (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Provider:
    """The one that is set: its part of addresses here, and what people call it."""

    slug: str
    name: str


def provider() -> Provider | None:
    """The one that is set, if any."""
    for app in settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", ()):
        return Provider(app["provider_id"], app["name"])
    return None


def connected(user: User | AnonymousUser) -> SocialAccount | None:
    """The user's identity at the provider that is set, if it is connected."""
    known = provider()
    slug = known.slug if known else ""
    return SocialAccount.objects.filter(user_id=user.pk, provider=slug).first()


class Identities(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        messages.error(
            request,
            gettext(
                "No account is connected with this identity. Log in by your password, and connect"
                " it there; or ask an administrator for an account."
            ),
        )
        raise ImmediateHttpResponse(redirect("login"))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(_failed(request))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")

    def get_requests_session(self) -> requests.Session:
        """Follows no redirect: what is asked, a secret among it, goes to the provider alone."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session


@login_not_required
@never_cache
@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider: to log in, or to connect one's identity (`process`: connect)."""
    known = provider()
    if known is None or known.slug != provider_id:
        raise Http404
    connecting = request.POST.get("process") == "connect"
    if connecting and not request.user.is_authenticated:
        return redirect("login")
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    process = AuthProcess.CONNECT if connecting else AuthProcess.LOGIN
    try:
        adapter = get_adapter(request)
        answer: HttpResponse = adapter.get_provider(request, provider_id).redirect(
            request, process=process, next_url=asked if ours else None
        )
    except FAILURES:
        return _failed(request)
    return answer


@login_not_required
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider leads back to."""
    try:
        answer: HttpResponse = callback(request, provider_id)
    except FAILURES:
        return _failed(request)
    return answer


@login_not_required
@never_cache
@require_POST
@login_required
@reauthentication_required(app="allauth.socialaccount")
def off(request: HttpRequest) -> HttpResponse:
    """Let one's identity open the account no more."""
    identity = connected(request.user)
    if identity is not None:
        if not identity.user.has_usable_password():
            raise PermissionDenied(gettext("Set a password first: nothing else opens the account."))
        disconnect(request, identity)
    return redirect("mfa_index")


def _failed(request: HttpRequest) -> HttpResponse:
    told = gettext("The log-in at the other site failed or was stopped: nothing has been changed.")
    messages.error(request, told)
    return redirect("mfa_index" if request.user.is_authenticated else "login")


# By the names that allauth leads by.
urlpatterns = [
    path("login/with/<slug:provider_id>/", start, name="openid_connect_login"),
    path("login/with/<slug:provider_id>/back/", back, name="openid_connect_callback"),
    path("account/identity/off/", off, name="identity-off"),
]
