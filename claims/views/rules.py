"""The rule sets, and what another than v1 would show."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.flips import claimed_towns
from claims.pages.rules import SETS_IN_WORDS, RulesForm, comparison
from claims.views.paging import page_of


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.GET)
    ask = form.ask
    context = {"form": form, "sets": SETS_IN_WORDS.values()}
    if ask["rules"]:
        include_pending = bool(ask["include_pending"])
        towns = claimed_towns(include_pending=include_pending)
        if ask["conflict"]:
            towns = towns.filter(conflict__slug=ask["conflict"])
        page = page_of(request, towns)
        on = ask["on"] or timezone.localdate()
        context["page"] = page
        context["comparison"] = comparison(page, ask["rules"], on, include_pending=include_pending)
    return render(request, "claims/rules.html", context)
