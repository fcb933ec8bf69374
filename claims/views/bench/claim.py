"""The verification screen of a claim, and what a correction would do while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from claims.access.roles import require
from claims.models import Claim, Decision, QueuedClaim
from claims.pages.bench.claim import as_shown, bench_claim
from claims.pages.bench.correction import NAMES, PART_LABELS, CorrectionForm
from claims.pages.bench.effect import effect_shown
from claims.pages.bench.names import known_shown
from claims.review.deciding import last_decision
from claims.review.decisions import CORRECTABLE
from claims.review.effects import effect
from claims.review.queue import Held, reading_of, take_this
from claims.views.bench import sitting

Stage, State = QueuedClaim.Stage, Claim.State
# The endpoints that the screen's buttons and its script send to, with their names in `urls`.
OF_CLAIM = {
    "decide": "bench-decide",
    "skip": "bench-skip",
    "pass_on": "bench-pass-on",
    "effect": "bench-effect",
}
OF_QUEUE = {
    "next": "bench-next",
    "previous": "bench-previous",
    "undo": "bench-undo",
    "keep": "bench-keep",
    "release": "bench-release",
}
SOME_ID = UUID(int=0)  # in an address, for the script to put a claim's own


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether it is this editor's turn to decide, as which reading, and if not, why not."""

    stage: str
    refused: str = ""


def claims_for_bench() -> QuerySet[Claim]:
    """Claims with all that the screen needs at hand."""
    return Claim.objects.select_related(
        *("document__publisher", "place__conflict", "claimant", "subject", "queued"),
        *("claimant__parent__parent", "subject__parent__parent", "duplicate_of"),
    ).prefetch_related("claimant__allegiances__side", "subject__allegiances__side", "evidence")


@login_required
@require_safe
def claim(request: HttpRequest, id: UUID) -> HttpResponse:
    """The screen; whoever opens it is handed the claim, if it awaits anybody."""
    found = get_object_or_404(claims_for_bench(), pk=id)
    return show(request, found)


def show(
    request: HttpRequest, claim: Claim, *, form: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    """The screen of `claim` (of `claims_for_bench`), with the errors of a correction that was
    refused."""
    user = require(request.user, "decide", claim.place.conflict_id)
    turn = turn_of(claim, user)
    read = as_shown(claim, turn.stage)
    form = form or CorrectionForm(claim=read)
    context = {
        "page": bench_claim(claim, stage=turn.stage),
        "claim": claim,
        "turn": turn,
        "form": form,
        "choices": {
            name: [known_shown(NAMES[name], one) for one in found]
            for name, found in form.candidates.items()
        },
        "part_labels": PART_LABELS,
        "because": Decision.Because.choices,
        "filters": sitting.filters(request),
        "addresses": _addresses(request, claim),
        "last": last_decision(user),
        "queued": getattr(claim, "queued", None),
    }
    return render(request, "bench/claim.html", context, status=status)


def turn_of(claim: Claim, user: User) -> Turn:
    """Hand the claim to `user`, where it awaits him."""
    try:
        stage = reading_of(claim, by=user)
        take_this(claim=claim, by=user)
    except Held as held:
        return Turn(_blind(claim), held.messages[0])
    except ValidationError as refused:
        return Turn(Stage.SECOND, refused.messages[0])
    if claim.state == State.SUPERSEDED:
        told = gettext("Superseded: the text as now read does not hold this claim.")
        return Turn(Stage.FIRST, told)
    return Turn(stage)


def _blind(claim: Claim) -> str:
    """Somebody who is not handed a claim that awaits a second reader sees no more than one."""
    queued: QueuedClaim | None = getattr(claim, "queued", None)
    return Stage.FIRST if queued is None or queued.stage == Stage.FIRST else Stage.SECOND


def _addresses(request: HttpRequest, claim: Claim) -> dict[str, str]:
    """Where the screen's buttons lead, with the filters of its own address."""
    of_claim = {key: sitting.address(request, name, claim.pk) for key, name in OF_CLAIM.items()}
    of_queue = {key: sitting.address(request, name) for key, name in OF_QUEUE.items()}
    some_claim = sitting.address(request, "bench-claim", SOME_ID)
    return {**of_claim, **of_queue, "some_claim": some_claim}


@login_required
@require_safe
def claim_effect(request: HttpRequest, id: UUID) -> HttpResponse:
    """What the correction that is being typed would do: the fragment of its effect, the days as
    they are understood, the claim's new line, and what is wrong, by field. Writes nothing."""
    found = get_object_or_404(claims_for_bench(), pk=id)
    user = require(request.user, "decide", found.place.conflict_id)
    stage = reading_of(found, by=user)
    read = as_shown(found, stage)
    form = CorrectionForm(request.GET, claim=read)
    answer: dict[str, object] = {
        "errors": {} if form.is_valid() else _errors(form),
        "days": form.day_words,
    }
    if form.is_valid() or set(form.errors) == {"__all__"}:
        values = form.values
        if stage != Stage.FIRST:
            values = {name: getattr(read, name) for name in CORRECTABLE} | values
        then = effect(
            read,
            state=State.CORRECTED,
            values=values,
            now=State.PENDING if stage != Stage.FIRST else None,
        )
        day = values.get("asserted_on", read.asserted_on)
        corrected = _with(read, form.values)
        answer["label"] = corrected.label
        answer["effect"] = render_to_string(
            "bench/_effect.html", {"effect": effect_shown(then, day)}, request
        )
    return JsonResponse(answer)


def _errors(form: CorrectionForm) -> dict[str, str]:
    return {
        name: " ".join(str(message) for message in messages)
        for name, messages in form.errors.items()
        if name != "__all__"
    }


def _with(claim: Claim, values: dict[str, object]) -> Claim:
    """The claim as it would read, not saved."""
    for name, value in values.items():
        setattr(claim, name, value)
    return claim
