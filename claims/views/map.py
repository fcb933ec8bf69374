"""The map of towns, and what its script reads."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.forms import MapForm
from claims.pages.home import as_of, give_sides, patterns_of, town_list
from claims.pages.map import examples, legend, legend_sides, map_rows, script_data
from claims.pages.replay import replay
from claims.views.kept import kept
from claims.views.paging import page_of
from entities.models import Side


@require_safe
@kept
def map_page(request: HttpRequest) -> HttpResponse:
    form = MapForm(request.GET)
    ask = form.ask
    of = as_of(ask, timezone.localdate())
    page = page_of(request, town_list(ask, of.day))
    give_sides(list(page))
    sides = list(Side.objects.filter(conflict__slug=ask["conflict"])) if ask["conflict"] else []
    context = {
        "form": form,
        "as_of": of,
        "page": page,
        "rows": map_rows(page, of.day, include_pending=ask["include_pending"]),
        "legend": legend(sides),
        "sides": legend_sides(sides),
        "patterns": patterns_of(page, examples(sides)),
        "data": script_data(ask, of),
        "nothing_yet": not page.paginator.count and not Claim.objects.live().exists(),
    }
    return render(request, "claims/map.html", context)


@require_safe
@kept
@gzip_page
def intervals(request: HttpRequest) -> HttpResponse:
    """Every status that the towns asked for ever had, as `claims.pages.replay` packs it."""
    found = replay(MapForm(request.GET).ask)
    patterns = render_to_string("_components/patterns.html", {"patterns": found.patterns})
    told = orjson.dumps({**found.content, "patterns": patterns})
    return HttpResponse(told, content_type="application/json")
