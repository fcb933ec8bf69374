"""Releases: for all readers, and for administrators the making of one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.access.roles import may, require
from claims.models import Release
from claims.pages.exports import ReleaseForm, row_of
from claims.releases import making

MOST = 2**31 - 1  # larger numbers are of no release, and of no column either


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest) -> HttpResponse:
    """The list; posting the form makes a new one."""
    form = ReleaseForm(request.POST or None)
    if request.method == "POST":
        user = require(request.user, "manage")
        if form.is_valid():
            try:
                making.start(by=user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                return redirect("releases")
    found = Release.objects.all()
    may_make = may(request.user, "manage")
    if not may_make:
        found = found.filter(state=Release.State.PUBLISHED)
    rows = [row_of(release) for release in found]
    context = {
        "rows": rows,
        "form": form,
        "may_make": may_make,
        "unfinished": next((row for row in rows if row.job.state != "published"), None),
        "settled": not any(row.open for row in rows),
    }
    return render(request, "exports/releases.html", context, status=400 if form.errors else 200)


@require_safe
def release(request: HttpRequest, number: int) -> HttpResponse:
    if number > MOST:
        raise Http404
    published = Release.objects.filter(state=Release.State.PUBLISHED)
    found = get_object_or_404(published.prefetch_related("files"), pk=number)
    context = {"release": found, "files": found.files.all()}
    return render(request, "exports/release.html", context)


@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    user = require(request.user, "manage")
    making.try_again(release=get_object_or_404(Release, pk=min(number, MOST)), by=user)
    return redirect("releases")


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    user = require(request.user, "manage")
    found = get_object_or_404(
        Release.objects.exclude(state=Release.State.PUBLISHED), pk=min(number, MOST)
    )
    making.remove(release=found, by=user)
    return redirect("releases")
