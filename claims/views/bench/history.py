"""A claim as it once stood, and bringing it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from claims.access.roles import may, require
from claims.models import Claim
from claims.pages.bench.versions import earlier_state
from claims.pages.claim_history import FIELDS, states, told
from claims.review.decisions import Outdated, restore
from claims.views.bench.conflict import outdated


@require_http_methods(["GET", "HEAD", "POST"])
def claim_state(request: HttpRequest, id: UUID, event: int) -> HttpResponse:
    """The state that the claim's history has under `event`, beside the present one. Posting
    brings it back."""
    claim = get_object_or_404(
        Claim.objects.select_related(
            *("document__publisher", "place__conflict", "claimant", "subject"),
            *("duplicate_of__place", "duplicate_of__document__publisher"),
        ),
        pk=id,
    )
    if request.method == "POST":
        return _restore(request, claim, event)
    page = earlier_state(claim, event)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "claim": claim,
        "may_restore": may(request.user, "restore", claim.place.conflict_id),
    }
    return render(request, "bench/claim_state.html", context)


def _restore(request: HttpRequest, claim: Claim, event: int) -> HttpResponse:
    by = require(request.user, "restore", claim.place.conflict_id)
    posted = request.POST
    said = posted.get("version", "")
    version = int(said) if said.isdecimal() else 0
    try:
        restore(
            claim=claim, event_id=event, by=by, version=version, reason=posted.get("reason", "")
        )
    except Outdated as error:
        return outdated(request, error.claim, posted, wanted=_wanted(error.claim, event))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("claim-state", claim.pk, event)
    messages.success(request, gettext("The claim stands again as it then did."))
    return redirect(claim)


def _wanted(claim: Claim, event: int) -> dict[str, str]:
    then: Any = get_object_or_404(states(claim), pgh_id=event)
    return {name: told(then, name) for name in FIELDS}
