"""Who gets to a page at all, before it asks for the role that it needs.

Reading is open to everybody or to those with a role (PUBLIC_READING); writing is for those with
a role that writes. A page that asks for nothing is so closed rather than open. Views marked by
Django's `login_not_required`, and the API's, look after themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from claims.access import second_factor
from claims.access.roles import may, may_somewhere, refusal

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the request through; who is not logged in is sent to do so. Raises
        PermissionDenied for a user whose roles do not reach."""
        reading = request.method in SAFE
        if not getattr(view, "login_required", True) or _allowed(request, reading):
            return None
        if request.user.is_authenticated:
            if second_factor.missing(request.user):
                return _to_set_it_up(request)
            raise PermissionDenied(_nobody_yet() if reading else refusal("question"))
        # What a form held is lost anyway: lead back to the page that it stands on.
        return redirect_to_login(request.get_full_path() if reading else request.path)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Who is refused by a page and is not logged in is sent to do so; who lacks a second
        factor, to set it up."""
        if not isinstance(error, PermissionDenied):
            return None
        if request.user.is_authenticated:
            return _to_set_it_up(request) if second_factor.missing(request.user) else None
        reading = request.method in SAFE
        return redirect_to_login(request.get_full_path() if reading else request.path)


def _allowed(request: HttpRequest, reading: bool) -> bool:
    if reading:
        return may(request.user, "read")
    return may_somewhere(request.user, "question")


def _to_set_it_up(request: HttpRequest) -> HttpResponse:
    messages.error(request, second_factor.refusal())
    return redirect("mfa_index")


def _nobody_yet() -> str:
    return gettext("You have no role yet: ask an administrator.")
