"""The list of towns."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.forms import HomeForm
from claims.pages.home import as_of, give_sides, patterns_of, town_list, town_row
from claims.views.kept import kept
from claims.views.paging import page_of


@require_safe
@kept
def home(request: HttpRequest) -> HttpResponse:
    form = HomeForm(request.GET)
    ask = form.ask
    of = as_of(ask, timezone.localdate())
    page = page_of(request, town_list(ask, of.day))
    give_sides(list(page))
    context = {
        "form": form,
        "as_of": of,
        "page": page,
        "towns": [
            town_row(place, of.day, include_pending=ask["include_pending"]) for place in page
        ],
        "patterns": patterns_of(page),
        "nothing_yet": not page.paginator.count and not Claim.objects.live().exists(),
    }
    return render(request, "claims/home.html", context)
