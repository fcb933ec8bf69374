"""One claim made several, and several made one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from claims.access.roles import require, require_somewhere
from claims.models import Claim
from claims.pages.bench.correction import PART_LABELS
from claims.pages.bench.parts import KEPT, MOST_PARTS, KeptForm, PartShown, mergeable, split_parts
from claims.pages.claim_history import FIELDS, told
from claims.pages.wording import STATES
from claims.review.decisions import Outdated
from claims.review.editing import AlreadyThere, Part
from claims.review.editing import merge as merge_claims
from claims.review.editing import split as split_claim
from claims.views.bench.conflict import outdated
from sources.models import Document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, id: UUID) -> HttpResponse:
    """The claim and the parts that are cut from it; posting them does it."""
    rows = Claim.objects.select_related(
        "document__publisher", "place__conflict", "claimant", "subject"
    )
    claim = get_object_or_404(rows, pk=id)
    user = require(request.user, "add", claim.place.conflict_id)
    posted = request.POST if request.method == "POST" else None
    parts = split_parts(claim, posted, _number(posted))
    kept = PartShown(0, KeptForm(posted, claim=claim, prefix=KEPT))
    if posted is None or "more" in posted:
        return _show_split(request, claim, kept, parts)
    valid = [part.form.is_valid() for part in (kept, *parts)]
    if not all(valid) or any(part.found is None or part.found.wrong for part in parts):
        return _show_split(request, claim, kept, parts, status=422)
    for part in parts:
        require(request.user, "add", part.form.cleaned_data["place"].conflict_id)
    try:
        batch = split_claim(
            claim=claim,
            version=_version(posted, "version"),
            values=kept.form.values,
            parts=[Part(part.form.values, part.spans) for part in parts],
            by=user,
            reason=posted.get("reason", ""),
        )
    except Outdated as error:
        wanted = {name: told(error.claim, name) for name in FIELDS}
        wanted |= {name: str(value or "") for name, value in kept.form.values.items()}
        state = Claim.State.CORRECTED if kept.form.values else Claim.State.ACCEPTED
        wanted["state"] = str(STATES[state])
        return outdated(request, error.claim, posted, wanted=wanted)
    except AlreadyThere as error:
        return _show_split(request, claim, kept, parts, there=error.claim, status=409)
    except ValidationError as error:
        kept.form.add_error(None, error)
        return _show_split(request, claim, kept, parts, status=422)
    messages.success(request, gettext("The claim is split; this page can undo it."))
    return redirect("batch", batch.pk)


def _number(posted: QueryDict | None) -> int:
    """How many parts the form has, with one that is asked for."""
    if posted is None:
        return 1
    said = posted.get("parts", "")
    number = int(said) if said.isascii() and said.isdecimal() and len(said) == 1 else 1
    return max(1, min(MOST_PARTS, number + ("more" in posted)))


def _version(posted: QueryDict, name: str) -> int:
    said = posted.get(name, "")
    return int(said) if said.isdecimal() else 0


def _show_split(
    request: HttpRequest,
    claim: Claim,
    kept: PartShown,
    parts: list[PartShown],
    *,
    there: Claim | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "claim": claim,
        "conflict": claim.place.conflict,
        "kept": kept,
        "parts": parts,
        "more": len(parts) < MOST_PARTS,
        "version": request.POST.get("version", claim.version),
        "reason": request.POST.get("reason", ""),
        "part_labels": PART_LABELS,
        "there": there,
        "stands": claim.state in Claim.counting(include_pending=True),
    }
    return render(request, "bench/split.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, id: UUID) -> HttpResponse:
    """The claims of a document and its copies, to choose the one that is kept and those that
    repeat it; posting them does it."""
    user = require_somewhere(request.user, "add")
    document = get_object_or_404(Document.objects.select_related("publisher"), pk=id)
    posted = request.POST if request.method == "POST" else None
    if posted is None:
        return _show_merge(request, document, request.GET)
    found = {str(one.row.claim.pk): one.row.claim for one in mergeable(document, posted)}
    kept = found.get(posted.get("keep", ""))
    others = [found[id_] for id_ in posted.getlist("same") if id_ in found and found[id_] != kept]
    if kept is None or not others:
        wrong = gettext("Choose the claim to keep, and others that repeat it.")
        return _show_merge(request, document, posted, wrong=wrong)
    for claim in (kept, *others):
        require(request.user, "add", claim.place.conflict_id)
    try:
        batch = merge_claims(
            kept=kept,
            others=others,
            versions={
                claim.pk: _version(posted, f"version-{claim.pk}") for claim in (kept, *others)
            },
            by=user,
            reason=posted.get("reason", ""),
        )
    except Outdated as error:
        return _outdated_merge(request, error.claim, kept, posted)
    except ValidationError as error:
        return _show_merge(request, document, posted, wrong=" ".join(error.messages))
    told_ = ngettext("%(n)s duplicate is merged", "%(n)s duplicates are merged", len(others))
    undo = gettext("this page can undo it.")
    messages.success(request, f"{told_ % {'n': len(others)}}; {undo}")
    return redirect("batch", batch.pk)


def _outdated_merge(
    request: HttpRequest, claim: Claim, kept: Claim, posted: QueryDict
) -> HttpResponse:
    wanted = {name: told(claim, name) for name in FIELDS}
    if claim != kept:
        wanted |= {"state": str(STATES[Claim.State.REJECTED]), "duplicate_of": kept.label}
    return outdated(request, claim, posted, version=f"version-{claim.pk}", wanted=wanted)


def _show_merge(
    request: HttpRequest, document: Document, given: QueryDict, *, wrong: str = ""
) -> HttpResponse:
    context = {
        "document": document,
        "claims": mergeable(document, given),
        "reason": given.get("reason", ""),
        "wrong": wrong,
    }
    return render(request, "bench/merge.html", context, status=422 if wrong else 200)
