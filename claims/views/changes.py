"""What changed."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.on_day import newest_day
from claims.pages.changes import PERIOD_WORDS, change_list, changes_page
from claims.pages.range_forms import ChangesForm
from claims.views.kept import kept
from claims.views.paging import page_with_count


@require_safe
@kept
def changes(request: HttpRequest) -> HttpResponse:
    form = ChangesForm(request.GET)
    ask = form.ask
    days = form.range(newest_day(ask["conflict"]), timezone.localdate())
    page = page_with_count(request, partial(change_list, ask, days))
    context = {
        "form": form,
        "range": days,
        "periods": PERIOD_WORDS.items(),
        "period": "" if ask["from"] else ask["period"],
        "page": page,
        "changes": changes_page(list(page)),
        "nothing_yet": not page.paginator.count and not Claim.objects.live().exists(),
    }
    return render(request, "claims/changes.html", context)
