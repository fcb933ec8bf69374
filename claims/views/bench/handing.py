"""How claims come into an editor's hands and leave them undecided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from claims.access.roles import require, require_somewhere
from claims.models import Decision, QueuedClaim
from claims.review.deciding import done as decided_by
from claims.review.queue import awaiting, chosen, counts, keep, pass_on, release
from claims.views.bench import sitting
from claims.views.bench.decide import claims_to_decide, nothing_there, refused

TRAIL = 200  # decisions back to which "previous" leads


@require_safe
def next_claim(request: HttpRequest) -> HttpResponse:
    """Hand out the next claim of the filters, without those to `skip` this time: the ones that
    the page has already. For JSON: `next` and `claim`, as after a decision."""
    user = require_somewhere(request.user, "decide")
    there = sitting.ids(request.GET.getlist("skip"))
    return sitting.onward(request, sitting.take_next(request, user, without=there))


@require_safe
def previous_claim(request: HttpRequest) -> HttpResponse:
    """To the claim that the editor decided on or skipped before the one named `at`; without it,
    to the last one."""
    user = require_somewhere(request.user, "decide")
    trail = list(_trail(request, user))
    (at,) = sitting.ids([request.GET.get("at", "")]) or (None,)
    before = trail[trail.index(at) + 1 :] if at in trail else trail
    if not before:
        return nothing_there(request, gettext("There is no earlier claim."))
    return sitting.onward(request, QueuedClaim(pk=before[0]))


def _trail(request: HttpRequest, user: User) -> Iterator[UUID]:
    """What the editor has decided on or skipped, each claim once, the latest first."""
    rows = Decision.objects.filter(by=user, batch=None).order_by("-at", "-id")
    seen: dict[UUID, datetime] = dict(sitting.skipped(request))
    for claim, at in islice(rows.values_list("claim", "at"), TRAIL):
        seen[claim] = max(at, seen.get(claim, at))
    yield from sorted(seen, key=lambda claim: seen[claim], reverse=True)


@require_POST
def skip(request: HttpRequest, id: UUID) -> HttpResponse:
    """Leave the claim for later, and go on. It comes back to this editor after some hours, and
    to others at once."""
    user = require_somewhere(request.user, "decide")
    release(claims=[id], by=user)
    sitting.skip(request, id)
    return sitting.onward(request, sitting.take_next(request, user, without=[id]))


@require_POST
def skipped_again(request: HttpRequest) -> HttpResponse:
    """Offer the editor again what he has skipped."""
    user = require_somewhere(request.user, "decide")
    sitting.offer_skipped_again(request)
    return sitting.onward(request, sitting.take_next(request, user))


@require_POST
def pass_on_claim(request: HttpRequest, id: UUID) -> HttpResponse:
    """Leave the claim to another reader, with a `note`, and go on."""
    claim = get_object_or_404(claims_to_decide(), pk=id)
    user = require(request.user, "decide", claim.place.conflict_id)
    try:
        pass_on(claim=claim, by=user, note=request.POST.get("note", ""))
    except ValidationError as error:
        return refused(request, id, error)
    return sitting.onward(request, sitting.take_next(request, user, without=[id]))


@require_POST
def keep_claims(request: HttpRequest) -> JsonResponse:
    """A sign of life from a page: `claim`, once for each that it shows or has fetched ahead. The
    answer's `kept` are those that the editor still has."""
    user = require_somewhere(request.user, "decide")
    kept = keep(claims=sitting.ids(request.POST.getlist("claim")), by=user)
    return JsonResponse({"kept": kept})


@require_POST
def release_claims(request: HttpRequest) -> HttpResponse:
    """Give each `claim` back undecided: what a page sends that is left."""
    user = require_somewhere(request.user, "decide")
    release(claims=sitting.ids(request.POST.getlist("claim")), by=user)
    return HttpResponse(status=204)


@require_safe
def nothing_left(request: HttpRequest) -> HttpResponse:
    """What an editor sees after the last claim, with what he has done."""
    user = require_somewhere(request.user, "decide")
    asked = sitting.asked(request)
    here, passed_over = counts(by=user, asked=asked), sitting.skipped(request)
    everywhere = counts(by=user, asked={}) if asked else here
    waiting = awaiting(user).filter(pk__in=passed_over)
    context = {
        "filters": sitting.filters(request),
        "counts": here,
        # What came in or back since, or where nobody has looked for it yet.
        "free": max(0, here.total - here.held - chosen(waiting, asked).count()),
        "elsewhere": everywhere.total - here.total,
        "done": decided_by(by=user, now=timezone.now()),
        "skipped": waiting.count(),
    }
    return render(request, "bench/done.html", context)
