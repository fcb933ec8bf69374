"""One search for all that there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.pages.search import FEW, FINDERS, SearchForm, as_shown, direct_hit
from claims.searching import understand
from claims.views.kept import kept
from claims.views.paging import page_of
from entities.models import Place


@dataclass(frozen=True, slots=True)
class Section:
    """`count`: of all that was found; `page`: where the whole section is shown."""

    name: str
    count: int
    rows: list[Any]
    page: Page | None = None


@require_safe
@kept
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    asked = understand(form.ask["q"] or "")
    alone = form.ask["in"]
    sections = []
    if asked and alone:
        page = page_of(request, FINDERS[alone](asked))
        rows = as_shown(alone, asked, page)
        sections.append(Section(alone, page.paginator.count, rows, page))
    elif asked:
        for name, find in FINDERS.items():
            found = find(asked)
            sections.append(Section(name, found.count(), as_shown(name, asked, found[: FEW[name]])))
    hit = direct_hit(asked) if asked else None
    context = {
        "form": form,
        "search": asked,
        "alone": alone,
        "sections": sections,
        "page": sections[0].page if alone and sections else None,
        "nothing": bool(asked) and not any(section.count for section in sections),
        "hit": Place.objects.get(pk=hit) if hit else None,
    }
    return render(request, "claims/search.html", context)
