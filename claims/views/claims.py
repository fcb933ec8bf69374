"""A claim."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.access.roles import may
from claims.models import Claim
from claims.pages.claim import claim_page
from claims.pages.json_ld import claim_json_ld, json_ld_script
from claims.review.second_reading import can_be_questioned


@require_safe
def claim(request: HttpRequest, id: UUID) -> HttpResponse:
    """The permanent address of a claim, whatever its state."""
    rows = Claim.objects.select_related(
        *("document__publisher", "place__conflict", "claimant", "subject", "queued"),
        *("claimant__parent__parent", "subject__parent__parent"),
    ).prefetch_related("claimant__allegiances__side", "subject__allegiances__side", "evidence")
    found = get_object_or_404(rows, pk=id)
    here = request.build_absolute_uri(found.get_absolute_url())
    document = request.build_absolute_uri(found.document.get_absolute_url())
    context = {
        "page": claim_page(found),
        "claim": found,
        "place": found.place,
        "document": found.document,
        "permanent_address": here,
        "may_question": can_be_questioned(found)
        and may(request.user, "question", found.place.conflict),
        "json_ld": json_ld_script(claim_json_ld(found, here, document)),
    }
    return render(request, "claims/claim.html", context)
