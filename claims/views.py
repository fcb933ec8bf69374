"""The pages. What they show is gathered in `claims.pages`."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.document import document_list, document_page
from claims.pages.forms import DocumentsForm, HomeForm, TownForm
from claims.pages.home import give_own_sides, patterns_of, town_list, town_row
from claims.pages.town import town_page
from claims.pages.wording import RULES, STATUS_HELP
from claims.timeline import known, sides_of
from entities.models import Place
from sources.models import Document

PAGE_SIZE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    form = HomeForm(request.GET)
    page = _page(request, town_list(form.ask))
    give_own_sides(page)
    context = {
        "form": form,
        "page": page,
        "towns": [town_row(place, timezone.localdate()) for place in page],
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


@require_safe
def claim(request: HttpRequest, id: UUID) -> HttpResponse:
    """A claim's place is its town's timeline; one that stands there no more is in its text."""
    found = get_object_or_404(Claim.objects.select_related("place"), pk=id)
    if Claim.objects.live().filter(pk=id).exists():
        return redirect(f"{found.place.get_absolute_url()}#claim-{found.pk}")
    return redirect(reverse("document", args=[found.document_id]))


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    form = DocumentsForm(request.GET)
    page = _page(request, document_list(form.ask))
    return render(request, "claims/documents.html", {"form": form, "page": page})


@require_safe
def document(request: HttpRequest, id: UUID) -> HttpResponse:
    found = get_object_or_404(Document.objects.select_related("publisher"), pk=id)
    return render(request, "claims/document.html", {"page": document_page(found)})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {"statuses": STATUS_HELP.items(), "rules": RULES.values()}
    return render(request, "claims/about.html", context)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "claims/keys.html")


def _page(request: HttpRequest, found: QuerySet) -> Page:
    """The page of a list that the address asks for; the nearest one where there is none."""
    return Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
