"""The page of one's keys of the API, and for administrators that of everybody's."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.access import keys
from claims.access.roles import refusal, require
from claims.models import ApiKey
from claims.pages import api_keys as shown
from claims.views.paging import page_of

# These pages are for readers too, who post forms nowhere else: they look after themselves.


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_keys(request: HttpRequest) -> HttpResponse:
    """One's keys; posting the form makes one, which is shown in the answer and never again."""
    user = _holder(request)
    form = shown.KeyForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            made, key = keys.make(by=user, **form.asked())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _page(request, user, shown.KeyForm(by=user), made=made, key=key)
    return _page(request, user, form, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_POST
def rotate(request: HttpRequest, id: UUID) -> HttpResponse:
    """Exchange one of one's keys for a new one, which is shown in the answer and never again."""
    user = _holder(request)
    old = get_object_or_404(ApiKey, pk=id, user=user)
    if (overlap := keys.OVERLAPS.get(request.POST.get("overlap", ""))) is None:
        raise Http404
    try:
        made, key = keys.rotate(key=old, by=user, overlap=overlap)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("api-keys")
    return _page(request, user, shown.KeyForm(by=user), made=made, key=key)


@login_not_required
@require_POST
def revoke(request: HttpRequest, id: UUID) -> HttpResponse:
    user = _logged_in(request)
    key = get_object_or_404(ApiKey, pk=id)
    keys.revoke(key=key, by=user)
    messages.success(request, gettext("Revoked: %(key)s") % {"key": key})
    return redirect("api-keys" if key.user_id == user.pk else "all-api-keys")


@login_not_required
@require_POST
def set_rate(request: HttpRequest, id: UUID) -> HttpResponse:
    user = _logged_in(request)
    key = get_object_or_404(ApiKey, pk=id)
    given = request.POST.get("rate", "")
    try:
        keys.set_rate(key=key, rate=int(given) if given.isdecimal() else 0, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("Changed: %(name)s") % {"name": key})
    return redirect("all-api-keys")


@never_cache
@require_safe
def all_keys(request: HttpRequest) -> HttpResponse:
    """Everybody's keys, for who manages all conflicts."""
    require(request.user, "manage")
    now = timezone.now()
    page = page_of(request, shown.listed(ApiKey.objects.all(), now))
    context = {
        "page": page,
        "rows": shown.rows(list(page), now),
        "changes": shown.changes(),
        "all": True,
    }
    return render(request, "accounts/all_keys.html", context)


def _page(
    request: HttpRequest,
    user: User,
    form: shown.KeyForm,
    *,
    made: ApiKey | None = None,
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": form,
        "made": made,
        "key": key,
        "rows": shown.rows(shown.listed(user.api_keys.all(), now), now),
        "overlaps": shown.OVERLAP_WORDS,
    }
    return render(request, "accounts/keys.html", context, status=status)


def _holder(request: HttpRequest) -> User:
    """Who asks, if he can have keys at all. Raises PermissionDenied."""
    user = _logged_in(request)
    if not keys.scopes_for(user):
        raise PermissionDenied(gettext("You have no role yet: ask an administrator."))
    return user


def _logged_in(request: HttpRequest) -> User:
    """Raises PermissionDenied, which leads to the login (`config.access`)."""
    if not isinstance(request.user, User):
        raise PermissionDenied(refusal("read"))
    return request.user
