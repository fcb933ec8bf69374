"""One decision on all claims that a filter finds, with a preview; batches and undoing them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.access.roles import allowed_conflicts, refusal, require_somewhere
from claims.models import Batch, Claim
from claims.pages.bench.batches import batch_list, batch_page, batch_rows, decided_claims
from claims.pages.bench.bulk import BulkForm, bulk_page, filters, previewed
from claims.pages.claim_list import ClaimListForm, asked_claims, chips
from claims.review import bulk as service
from claims.views.paging import page_of
from sources.ingest import wake

TASK = "claims.tasks.decide_batches"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """What would be decided on all claims that the address asks for; posting what a page has
    previewed decides on exactly that."""
    user = require_somewhere(request.user, "bulk")
    if request.method == "POST":
        return _decide(request)
    chosen = ClaimListForm(filters(request.GET))
    form = BulkForm(request.GET if "decide" in request.GET else None, label_suffix="")
    shown = None
    # What is not understood would be left out, and more be decided on than was asked for.
    if not chosen.errors and form.is_bound and form.is_valid():
        query = filters(request.GET).urlencode()
        shown = bulk_page(chosen, form.cleaned_data, query, user)
    context = {
        "chosen": chosen,
        "chips": chips(chosen, request.GET),
        "filters": filters(request.GET),
        "form": form,
        "found": None if shown else asked_claims(chosen).count(),
        "page": shown,
        "most": service.MOST,
    }
    return render(request, "bench/bulk.html", context)


def _decide(request: HttpRequest) -> HttpResponse:
    user = require_somewhere(request.user, "bulk")
    told = previewed(request.POST.get("token", ""), user)
    if told is None:
        message = gettext("This preview is too old, or not yours: look at it again.")
        messages.error(request, message)
        return redirect("bulk")
    _require_all(user, Claim.objects.filter(pk__in=told.versions))
    try:
        batch = service.start(
            id=told.batch,
            kind=told.kind,
            versions=told.versions,
            by=user,
            because=told.because,
            reason=told.reason,
            query=told.query,
        )
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("bulk")
    return _go_on(batch)


def beyond(user: User, claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Those of the claims that belong to conflicts in which `user` may not decide on many."""
    allowed = allowed_conflicts(user, "bulk")
    if allowed.everywhere:
        return claims.none()
    return claims.exclude(place__conflict__in=allowed.ids)


def _require_all(user: User, claims: QuerySet[Claim]) -> None:
    """Raises PermissionDenied where `user` may not decide on all of the claims together."""
    if beyond(user, claims).exists():
        raise PermissionDenied(refusal("bulk"))


def _go_on(batch: Batch) -> HttpResponse:
    """Decide on as many as a person waits for; a worker, or the batch's page, does the rest."""
    if service.go_on(batch):
        wake(TASK)
    return redirect("batch", batch.pk)


@login_required
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, the latest first."""
    require_somewhere(request.user, "bulk")
    page = page_of(request, batch_list())
    return render(request, "bench/batches.html", {"page": page, "rows": batch_rows(page)})


@login_required
@require_safe
def batch(request: HttpRequest, id: UUID) -> HttpResponse:
    """How far a batch is, what it decided on, and what it left."""
    user = require_somewhere(request.user, "bulk")
    found = get_object_or_404(batch_list(), pk=id)
    page = page_of(request, decided_claims(found))
    context = {
        "batch": found,
        "page": page,
        "shown": batch_page(found, page),
        "may_undo": not beyond(user, _claims(found)).exists(),
    }
    return render(request, "bench/batch.html", context)


@login_required
@require_POST
def batch_go_on(request: HttpRequest, id: UUID) -> HttpResponse:
    """Decide on the next claims of a batch that waits, as a worker would."""
    user = require_somewhere(request.user, "bulk")
    found = get_object_or_404(Batch, pk=id)
    _require_all(user, _claims(found))
    return _go_on(found)


@login_required
@require_POST
def batch_undo(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a whole batch back."""
    user = require_somewhere(request.user, "bulk")
    found = get_object_or_404(Batch, pk=id)
    _require_all(user, _claims(found))
    try:
        undoing = service.start_undoing(batch=found, by=user)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("batch", found.pk)
    return _go_on(undoing)


def _claims(batch: Batch) -> QuerySet[Claim]:
    return Claim.objects.filter(Q(batched__batch=batch) | Q(decisions__batch=batch))
