"""Coverage."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.coverage import ENOUGH, FACTOR, HABIT, LEAST, newest_document, sources
from claims.pages.coverage import PERIOD_WORDS, coverage_page
from claims.pages.range_forms import CoverageForm
from claims.views.kept import kept
from claims.views.paging import PAGE_SIZE


@require_safe
@kept
def coverage(request: HttpRequest) -> HttpResponse:
    form = CoverageForm(request.GET)
    ask = form.ask
    newest = newest_document(ask["conflict"])
    days = form.range(newest, timezone.localdate())
    chosen = {"conflict": ask["conflict"] or "", "publisher": ask["publisher"] or ""}
    found = sources(days.first, days.last, **chosen)
    shown = coverage_page(found, days, one=bool(ask["publisher"]))
    context = {
        "form": form,
        "range": days,
        "periods": PERIOD_WORDS.items(),
        "period": "" if ask["from"] else ask["period"],
        "coverage": shown,
        "page": Paginator(shown.rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "nothing_yet": newest is None,
        "rule": {"factor": FACTOR, "least": LEAST, "habit": HABIT, "enough": ENOUGH},
    }
    return render(request, "claims/coverage.html", context)
