"""Those who make claims, and what became of what one of them said."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.pages import speakers as pages
from claims.views.kept import kept
from claims.views.paging import page_of
from entities.models import Actor


@require_safe
@kept
def speakers(request: HttpRequest) -> HttpResponse:
    form = pages.SpeakersForm(request.GET)
    ask = form.ask
    page = page_of(request, pages.speaker_list(ask))
    rows = pages.with_outcomes(page, include_pending=ask["include_pending"])
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "claims/speakers.html", context)


@require_safe
@kept
def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    actor = get_object_or_404(Actor.objects.select_related("parent"), slug=slug)
    form = pages.SpeakerForm(request.GET)
    ask = form.ask
    found = pages.tracked(
        actor, include_pending=ask["include_pending"], conflict=ask["conflict"] or ""
    )
    page = page_of(request, pages.shown(found, ask["show"] or ""))
    context = {
        "actor": actor,
        "sides": pages.sides_of(actor),
        "form": form,
        "show": ask["show"],
        "show_words": pages.SHOWN_WORDS.get(ask["show"] or ""),
        "record": pages.record(found),
        "page": page,
        "rows": pages.statement_rows(list(page)),
    }
    return render(request, "claims/speaker.html", context)
