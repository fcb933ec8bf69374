"""The list of claims."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.pages.claim_list import ClaimListForm, chips, claim_list, claim_rows, headings
from claims.pages.downloads import downloads, made
from claims.views.kept import kept
from claims.views.paging import COUNTED, count_up_to, page_up_to


@require_safe
@kept
def claims(request: HttpRequest) -> HttpResponse:
    form = ClaimListForm(request.GET)
    found = claim_list(form)
    counted = count_up_to(COUNTED, found)
    page = page_up_to(request, found, counted)
    context = {
        "form": form,
        "page": page,
        "rows": claim_rows(page),
        "chips": chips(form, request.GET),
        "headings": headings(form, request.GET),
        "downloads": () if counted.more else downloads(form, request.GET, counted.number),
        "made": made(form, request.GET),
    }
    return render(request, "claims/claims.html", context)
