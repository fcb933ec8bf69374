"""What the pages mean, and their keys."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.pages.wording import RULES, STATUS_HELP


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {"statuses": STATUS_HELP.items(), "rules": RULES.values()}
    return render(request, "claims/about.html", context)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/keys.html")
