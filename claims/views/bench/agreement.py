"""How far readers agree."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.access.roles import allowed_conflicts, require_somewhere
from claims.pages.bench.agreement import (
    PERIOD_WORDS,
    AgreementForm,
    agreement_page,
    disagreements,
    read_twice,
)
from claims.review.agreement import SMALL
from claims.review.progress import Scope
from claims.views.paging import page_of


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "see_progress")
    allowed = allowed_conflicts(user, "see_progress")
    form = AgreementForm(request.GET, allowed=allowed)
    ask = form.ask
    days = form.range(None, datetime.now(UTC).date())
    pairs = read_twice(Scope(allowed, ask["conflict"] or ""), days.first, days.last)
    page = page_of(request, [pair for pair in pairs if not pair.agreed])
    context = {
        "form": form,
        "range": days,
        "periods": PERIOD_WORDS.items(),
        "period": "" if ask["from"] else ask["period"],
        "small": SMALL,
        "agreement": agreement_page(pairs),
        "page": page,
        "disagreements": disagreements(list(page)),
    }
    return render(request, "bench/agreement.html", context)
