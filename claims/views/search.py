"""One search for all that there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.pages.search import COUNTED, FEW, FINDERS, SearchForm, as_shown, direct_hit
from claims.pages.wording import count
from claims.searching import Ranked, understand
from claims.views.kept import kept
from claims.views.paging import count_up_to, page_up_to
from entities.models import Place


@dataclass(frozen=True, slots=True)
class Section:
    """`count`: of all that was found, or of as many as are counted (`more`); `page`: where the
    whole section is shown."""

    name: str
    count: int
    more: bool
    rows: list[Any]
    page: Page | None = None

    @property
    def words(self) -> str:
        """E.g. "1,000 documents"."""
        return count(self.count, self.name.removesuffix("s"))


@require_safe
@kept
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    asked = understand(form.ask["q"] or "")
    alone = form.ask["in"]
    sections = []
    for name in [alone] if alone else FINDERS:
        if not asked:
            break
        found = FINDERS[name](asked)
        counted = count_up_to(COUNTED, found.rows if isinstance(found, Ranked) else found)
        page = page_up_to(request, found, counted) if alone else None
        few = found[: FEW[name]] if counted.number else []
        rows = as_shown(name, asked, few if page is None else page)
        sections.append(Section(name, counted.number, counted.more, rows, page))
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
