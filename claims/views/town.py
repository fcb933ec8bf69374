"""A town: its page, the part of it that another range of days changes, and its drawing.

What the page says is kept as long as nothing that it is told from changes, which one query finds
out (`claims.stamps`): whatever else is committed, a town that is asked for again and again is not
drawn again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial, wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from claims.pages.around import locator
from claims.pages.forms import TownDaysForm
from claims.pages.town import asked, timetable, town_page
from claims.stamps import Stamped
from claims.statements import Given, Statement
from claims.views.drawing import drawing_response
from claims.views.kept import kept
from entities.models import Place, PlaceName

KEPT = 64  # pages, and as many of their parts, in each process: some 20 MB at most
Made = TypeVar("Made")
OfTown = Callable[[HttpRequest, Place], HttpResponse]


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that decides what a town's page says, besides what it is told from: the address, the
    day and the reader's language."""

    path: str
    query: str
    today: date
    language: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Content:
    """The page's own part. `status`: in words, for the title; "" for none."""

    status: str
    headlines: SafeString
    body: SafeString


def of_town(view: OfTown) -> Callable[..., HttpResponse]:
    """Find the town by its short id; an address with another name leads to the right one."""

    @require_safe
    @kept
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


_NAMES = Statement(
    lambda: (
        PlaceName.objects.filter(place=Given("place"))
        .exclude(name=Given("name"))
        .order_by("order")
        .values_list("name")
    )
)


@of_town
def town(request: HttpRequest, place: Place) -> HttpResponse:
    context = {
        "place": place,
        "other_names": [name for (name,) in _NAMES.rows(place=place.pk, name=place.name)],
        "locator": locator(place),
        "form": TownDaysForm(request.GET),
        "content": _kept(_content, _make_content, request, place),
    }
    return render(request, "claims/town.html", context)


@of_town
def town_timetable(request: HttpRequest, place: Place) -> HttpResponse:
    """Drawing and table alone, for the page's script to put in the place of the old ones."""
    return HttpResponse(_kept(_timetable, _make_timetable, request, place))


@of_town
def town_drawing(request: HttpRequest, place: Place) -> HttpResponse:
    """The drawing as a file of its own."""
    return drawing_response(request, asked(place, request.GET, today=timezone.localdate()))


_content: Stamped[Content] = Stamped(KEPT)
_timetable: Stamped[SafeString] = Stamped(KEPT)


def _kept(
    kept: Stamped[Made], make: Callable[[Wanted], Made], request: HttpRequest, place: Place
) -> Made:
    wanted = Wanted(
        path=request.path,
        query=request.META["QUERY_STRING"],
        today=timezone.localdate(),
        language=get_language() or "",
        place=place,
    )
    return kept.get(wanted, place, partial(make, wanted))


def _make_content(wanted: Wanted) -> Content:
    query = QueryDict(wanted.query)
    found = asked(wanted.place, query, today=wanted.today)
    page = town_page(found, history=query.get("history") == "all")
    context = {"form": found.form, "page": page, "place": wanted.place, "part": page.timetable}
    return Content(
        status=page.verified.badge.words if page.verified else "",
        headlines=_rendered("claims/_town_headlines.html", context, query),
        body=_rendered("claims/_town_body.html", context, query),
    )


def _make_timetable(wanted: Wanted) -> SafeString:
    query = QueryDict(wanted.query)
    found = asked(wanted.place, query, today=wanted.today)
    context = {"form": found.form, "part": timetable(found), "place": wanted.place}
    return _rendered("claims/_timetable.html", context, query)


def _rendered(template: str, context: dict[str, Any], query: QueryDict) -> SafeString:
    """Rendered for anybody: of the request only what was asked for can show."""
    request = HttpRequest()
    request.GET = cast("Any", query)
    return render_to_string(template, context, request)
