"""What versions of the extractor have changed, and taking over decisions whose claims it lost."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from claims import runs
from claims.access.roles import may, require, require_somewhere
from claims.models import Claim, ExtractionRun
from claims.pages.bench.extractions import (
    ChangedForm,
    LostForm,
    changed_document,
    changed_documents,
    differences,
    lost_claims,
    lost_rows,
    versions,
)
from claims.replacing import take_over
from claims.views.paging import page_of
from sources.ingest import wake


@login_required
@require_safe
def extractions(request: HttpRequest) -> HttpResponse:
    """The versions, with how far each is and what it changed."""
    user = require_somewhere(request.user, "see_progress")
    lost = Claim.objects.filter(no_longer_found=True).exclude(state="superseded").count()
    found = versions()
    context = {
        "versions": found,
        "present": next((one for one in found if one.present), None),
        "lost": lost,
        "may_start": may(user, "manage"),
    }
    return render(request, "bench/extractions.html", context)


@login_required
@require_safe
def extraction(request: HttpRequest, version: str) -> HttpResponse:
    """The documents whose claims a version changed."""
    require_somewhere(request.user, "see_progress")
    of_version = [one for one in versions() if one.name == version]
    if not of_version:
        raise Http404
    form = ChangedForm(request.GET)
    page = page_of(request, changed_documents(version, form.ask))
    context = {
        "version": of_version[0],
        "form": form,
        "page": page,
        "documents": [changed_document(run) for run in page],
    }
    return render(request, "bench/extraction.html", context)


@login_required
@require_safe
def difference(request: HttpRequest, version: str, document: UUID) -> HttpResponse:
    """What a version changed in a document, claim by claim."""
    require_somewhere(request.user, "see_progress")
    found = ExtractionRun.objects.select_related("document__publisher").defer("document__text")
    run = get_object_or_404(found, extractor_version=version, document=document)
    context = {
        "run": run,
        "differences": differences(run),
        "others": run.document.runs.exclude(pk=run.pk).order_by("id"),
    }
    return render(request, "bench/difference.html", context)


@login_required
@require_safe
def lost(request: HttpRequest) -> HttpResponse:
    """Decided claims that are no longer found, with the decisions on them."""
    require_somewhere(request.user, "see_progress")
    form = LostForm(request.GET)
    page = page_of(request, lost_claims(form.ask))
    context = {"form": form, "page": page, "rows": lost_rows(list(page))}
    return render(request, "bench/lost.html", context)


@login_required
@require_POST
def extract_again(request: HttpRequest) -> HttpResponse:
    """Read every document once more with the present version."""
    require(request.user, "manage")
    new = runs.open_runs()
    count = new + runs.run_again()
    transaction.on_commit(wake)
    told = ngettext(
        "%(n)s document is read once more.", "%(n)s documents are read once more.", count
    )
    messages.success(request, told % {"n": count})
    return redirect("bench-extractions")


@login_required
@require_POST
def take_over_decision(request: HttpRequest, id: UUID) -> HttpResponse:
    """Decide on a claim as on the one in whose place it was found."""
    claim = get_object_or_404(Claim.objects.select_related("place"), pk=id)
    user = require(request.user, "decide", claim.place.conflict_id)
    version = request.POST.get("version", "")
    try:
        take_over(claim=claim, by=user, version=int(version) if version.isdecimal() else None)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("Decided as before: %(claim)s") % {"claim": claim.label})
    return HttpResponseRedirect(_back(request, claim))


def _back(request: HttpRequest, claim: Claim) -> str:
    """The page that the form stood on."""
    then = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        then, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return then
    return claim.get_absolute_url()
