"""One decision: taken, and taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from claims.access.roles import require, require_somewhere
from claims.models import Claim, Decision, QueuedClaim
from claims.pages.bench.claim import as_shown
from claims.pages.bench.correction import CorrectionForm
from claims.review.deciding import decide_on, last_decision, undo
from claims.review.decisions import Outdated
from claims.review.queue import Held, reading_of
from claims.views.bench import sitting
from claims.views.bench.claim import claims_for_bench, show
from claims.views.bench.conflict import outdated

Kind = Decision.Kind
LONGEST_REASON = 500  # characters


@require_POST
def decide(request: HttpRequest, id: UUID) -> HttpResponse:
    """Decide and go on to the next claim of the filters in the address.

    The form has `kind`; `version` and `stage`, the claim's as it was shown; `because` and
    `reason`; of a correction the fields of `CorrectionForm`. Only a decision that was taken is
    answered by a redirect: what is refused is told on the claim's screen, or on the page of both
    versions where somebody has changed the claim, with status 409 or 422.

    For JSON: `next` (address), `claim` (its id, or null), `state` of the decided claim, `undo`
    (the decision's id); where it is refused, `error` and, by field, `errors`.
    """
    posted, correction = request.POST, request.POST.get("kind") == Kind.CORRECT
    rows = claims_for_bench() if correction else claims_to_decide()
    claim = get_object_or_404(rows, pk=id)
    user = require(request.user, "decide", claim.place.conflict_id)
    form: CorrectionForm | None = None
    try:
        version = _version(posted.get("version", ""))
        if correction:
            form = _correction(claim, version, posted, user)
        decision = decide_on(
            claim=claim,
            kind=posted.get("kind", ""),
            by=user,
            version=version,
            stage=posted.get("stage", ""),
            because=_because(posted.get("because", "")),
            reason=posted.get("reason", "")[:LONGEST_REASON],
            values=form.values if form else None,
        )
    except Outdated as error:
        return _outdated(request, error)
    except NotUnderstood as error:
        return _not_understood(request, claim, error)
    except ValidationError as error:
        return refused(request, id, error, form)
    row = sitting.take_next(request, user, without=[id])
    return sitting.onward(request, row, state=claim.state, undo=decision.pk)


def claims_to_decide() -> QuerySet[Claim]:
    """Claims with no more than says who may decide on them."""
    return Claim.objects.select_related("place", "queued").only(
        "version", "place__conflict", "queued__stage", "queued__holder", "queued__leased_until"
    )


def _version(said: str) -> int:
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise ValidationError(gettext("The form does not say which version of the claim it shows."))
    return int(said)


def _because(said: str) -> str:
    if said and said not in Decision.Because.values:
        raise ValidationError(gettext("There is no such reason."))
    return said


class NotUnderstood(Exception):
    """A correction whose form says what is wrong with it."""

    def __init__(self, form: CorrectionForm) -> None:
        super().__init__()
        self.form = form


def _correction(claim: Claim, version: int, posted: QueryDict, user: User) -> CorrectionForm:
    """The form of a correction that can be made. Raises Outdated where its fields were filled in
    beside another version, and NotUnderstood."""
    if claim.version != version:
        raise Outdated(claim)
    form = CorrectionForm(posted, claim=as_shown(claim, reading_of(claim, by=user)))
    if not form.is_valid():
        raise NotUnderstood(form)
    return form


def _not_understood(request: HttpRequest, claim: Claim, error: NotUnderstood) -> HttpResponse:
    form = error.form
    if sitting.wants_json(request):
        told = form.errors.get_json_data()
        errors = {name: [one["message"] for one in found] for name, found in told.items()}
        whole = gettext("Not saved: see the fields that are marked.")
        return JsonResponse({"error": whole, "errors": errors}, status=422)
    return show(request, claim, form=form, status=422)


def _outdated(request: HttpRequest, error: Outdated) -> HttpResponse:
    if sitting.wants_json(request):
        return sitting.refusal(error, 409)
    posted = request.POST.copy()
    posted["next"] = sitting.address(request, "bench-claim", error.claim.pk)
    return outdated(request, claims_for_bench().get(pk=error.claim.pk), posted)


def refused(
    request: HttpRequest, id: UUID, error: ValidationError, form: CorrectionForm | None = None
) -> HttpResponse:
    """The claim's screen with what was wrong, and with what was typed."""
    status = 409 if isinstance(error, (Held, Outdated)) else 422
    if sitting.wants_json(request):
        return sitting.refusal(error, status)
    if form is None and not isinstance(error, Held):  # the screen itself says who has the claim
        for message in error.messages:
            messages.error(request, message)
    elif form is not None:
        form.add_error(None, error.messages)
    return show(request, claims_for_bench().get(pk=id), form=form, status=status)


@require_POST
def undo_decision(request: HttpRequest) -> HttpResponse:
    """Take back the editor's last decision, or the last on `claim`, and lead to its claim.
    Answers as `decide` does."""
    user = require_somewhere(request.user, "decide")
    (claim,) = sitting.ids([request.POST.get("claim", "")]) or (None,)
    decision = last_decision(user, claim=claim)
    if decision is None:
        return nothing_there(request, gettext("There is nothing to undo."))
    row = decision.claim
    require(user, "decide", row.place.conflict_id)
    try:
        undo(decision=decision, by=user)
    except ValidationError as error:
        return refused(request, row.pk, error)
    row.refresh_from_db(fields=["state"])
    return sitting.onward(request, QueuedClaim(pk=row.pk), state=row.state)


def nothing_there(request: HttpRequest, words: str) -> HttpResponse:
    """Said on the page of the queue; for JSON, status 404."""
    if sitting.wants_json(request):
        return sitting.refusal(ValidationError(words), 404)
    messages.info(request, words)
    return sitting.see_other(sitting.address(request, "bench"))
