"""The list of towns, and a town."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.forms import HomeForm, TownForm
from claims.pages.home import as_of, give_own_sides, patterns_of, town_list, town_row
from claims.pages.town import town_page
from claims.timeline import known, sides_of
from claims.views.paging import page_of
from entities.models import Place


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    form = HomeForm(request.GET)
    ask = form.ask
    of = as_of(ask, timezone.localdate())
    page = page_of(request, town_list(ask, of.day))
    give_own_sides(page)
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


@require_safe
def town(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.select_related("conflict"), short_id=short_id)
    if slug != place.slug:
        query = request.META["QUERY_STRING"]
        address = f"{place.get_absolute_url()}?{query}" if query else place.get_absolute_url()
        return HttpResponsePermanentRedirect(address)
    sides = sides_of(place, known(place))
    form = TownForm(request.GET, sides={key: side.name for key, side in sides.items()})
    page = town_page(place, form, today=timezone.localdate())
    return render(
        request,
        "claims/town.html",
        {"form": form, "page": page, "place": place},
    )
