"""How far reviewing is."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.access.roles import allowed_conflicts, require_somewhere
from claims.pages.bench.progress import PERIOD_WORDS, STAGE_WORDS, ProgressForm, progress_page
from claims.review.progress import ENOUGH, Scope


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "see_progress")
    allowed = allowed_conflicts(user, "see_progress")
    form = ProgressForm(request.GET, allowed=allowed)
    ask = form.ask
    days = form.range(None, datetime.now(UTC).date())
    scope = Scope(allowed, ask["conflict"] or "")
    editor = ask["editor"] or ""
    context = {
        "form": form,
        "range": days,
        "periods": PERIOD_WORDS.items(),
        "period": "" if ask["from"] else ask["period"],
        "editor": editor,
        "stages": STAGE_WORDS.values(),
        "enough": ENOUGH,
        "progress": progress_page(scope, days, timezone.now(), editor=editor),
    }
    return render(request, "bench/progress.html", context)
