"""A claim that extraction missed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from claims.access.roles import require, require_somewhere
from claims.models import Claim
from claims.pages.bench.adding import AddForm, Passages, in_context, passages
from claims.pages.bench.correction import NAMES, PART_LABELS
from claims.pages.bench.names import known_shown
from claims.review.editing import AlreadyThere, add_claim
from sources.models import Document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, id: UUID) -> HttpResponse:
    """The form of a claim that the document carries at the passages of the address; posting it
    adds the claim."""
    user = require_somewhere(request.user, "add")
    document = get_object_or_404(Document.objects.select_related("publisher"), pk=id)
    if request.method != "POST":
        found = passages(document, request.GET)
        asked = request.GET.keys() & {"span", "passage"}
        return _show(request, document, found, AddForm(document=document), told=bool(asked))
    found = passages(document, request.POST)
    form = AddForm(request.POST, document=document)
    if not form.is_valid() or found.wrong or "look" in request.POST:
        return _show(request, document, found, form, status=422)
    require(request.user, "add", form.cleaned_data["place"].conflict_id)
    reason = form.cleaned_data.get("reason", "")
    try:
        claim = add_claim(
            document=document, spans=found.spans, values=form.values, by=user, reason=reason
        )
    except AlreadyThere as error:
        return _show(request, document, found, form, there=error.claim, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _show(request, document, found, form, status=422)
    messages.success(request, gettext("Added: %(claim)s") % {"claim": claim.label})
    return redirect(f"{document.get_absolute_url()}#claim-{claim.pk}")


def _show(
    request: HttpRequest,
    document: Document,
    found: Passages,
    form: AddForm,
    *,
    told: bool = True,
    there: Claim | None = None,
    status: int = 200,
) -> HttpResponse:
    """`told`: what is wrong with the passages is said, which nobody has named yet otherwise."""
    context = {
        "document": document,
        "conflict": form.claim.place.conflict,
        "passages": found,
        "excerpts": in_context(document, found.spans),
        "told": told,
        "form": form,
        "choices": {
            name: [known_shown(NAMES[name], one) for one in some]
            for name, some in form.candidates.items()
        },
        "part_labels": PART_LABELS,
        "there": there,
    }
    return render(request, "bench/add.html", context, status=status)
