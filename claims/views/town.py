"""A town: its page, the part of it that another range of days changes, and its drawing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from claims.pages.town import asked, timetable, town_page
from claims.views.drawing import drawing_response
from entities.models import Place

OfTown = Callable[[HttpRequest, Place], HttpResponse]


def of_town(view: OfTown) -> Callable[..., HttpResponse]:
    """Find the town by its short id; an address with another name leads to the right one."""

    @require_safe
    @gzip_page  # the same words over and over: a tenth of the size
    @wraps(view)
    def find(request: HttpRequest, slug: str, short_id: str) -> HttpResponse:
        place = get_object_or_404(Place.objects.select_related("conflict"), short_id=short_id)
        if slug == place.slug:
            return view(request, place)
        right = request.path.replace(f"/{slug}-{short_id}/", f"/{place.slug}-{short_id}/")
        query = request.META["QUERY_STRING"]
        return HttpResponsePermanentRedirect(f"{right}?{query}" if query else right)

    return find


@of_town
def town(request: HttpRequest, place: Place) -> HttpResponse:
    found = asked(place, request.GET, today=timezone.localdate())
    page = town_page(found, history=request.GET.get("history") == "all")
    context = {"form": found.form, "page": page, "place": place, "part": page.timetable}
    return render(request, "claims/town.html", context)


@of_town
def town_timetable(request: HttpRequest, place: Place) -> HttpResponse:
    """Drawing and table alone, for the page's script to put in the place of the old ones."""
    found = asked(place, request.GET, today=timezone.localdate())
    context = {"form": found.form, "part": timetable(found), "place": place}
    return render(request, "claims/_timetable.html", context)


@of_town
def town_drawing(request: HttpRequest, place: Place) -> HttpResponse:
    """The drawing as a file of its own."""
    found = asked(place, request.GET, today=timezone.localdate())
    return drawing_response(request, found)
