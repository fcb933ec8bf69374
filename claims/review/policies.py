"""Which decided claims are read a second time, and where they then wait.

A policy is a conflict's; claims about places of no conflict have one of their own. Where none
is laid down, nothing is read a second time unless somebody asks for it. A policy is asked when a
decision is taken: claims decided before it was laid down stay as they are.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.db.models.functions import Now

from claims.models import Claim, Decision, QueuedClaim, ReviewPolicy
from claims.review.readings import readings
from sources.models import Document

Reading, State = Decision.Reading, Claim.State
Stage = QueuedClaim.Stage
CHANGED = (State.REJECTED, State.CORRECTED)


def drawn(claim_id: UUID, share: int) -> bool:
    """Whether the claim is among the `share` per cent that chance draws.

    The draw is made of the id alone, so that anybody can repeat it, and a claim that a share
    holds is in every larger one too.
    """
    number = int.from_bytes(sha256(claim_id.bytes).digest()[:8])
    return number * 100 < share << 64


def wants(policy: ReviewPolicy | None, claim: Claim) -> bool:
    """Whether a claim that was decided to be as it is awaits a second reading."""
    if policy is None or policy.second_reading == ReviewPolicy.SecondReading.NONE:
        return False
    if policy.second_reading == ReviewPolicy.SecondReading.ALL:
        return True
    if policy.second_reading == ReviewPolicy.SecondReading.CHANGED:
        return claim.state in CHANGED
    return drawn(claim.pk, policy.share)


def follow(claim: Claim, decision: Decision) -> None:
    """Put a claim where it waits after `decision`, which has just been taken on it, or nowhere.

    A pending claim waits for a first reading already: the database sees to that. A second
    reading that stands is held against whatever is decided after it. A question that was put
    stays until another reader answers it.
    """
    if claim.state == State.PENDING:
        return
    # One row each: put in no order, which would join other tables to them.
    waits = (
        QueuedClaim.objects.filter(claim=claim).exclude(stage=Stage.FIRST).order_by("pk").first()
    )
    policies = ReviewPolicy.objects.filter(conflict=claim.place.conflict_id).order_by("pk")
    wanted = wants(policies.first(), claim)
    if waits is None and not wanted and decision.reading == Reading.FIRST:
        return
    questioned = waits is not None and waits.stage == Stage.SECOND and waits.passed_by_id
    found = readings(claim)
    stage: Stage | None
    if questioned and decision.reading == Reading.FIRST:
        stage = Stage.SECOND
    elif found.second is not None:
        stage = Stage.ADJUDICATION if found.disputed else None
    else:
        stage = Stage.SECOND if wanted else None
    if stage:
        move(claim, stage)
    elif waits:
        waits.delete()


def awaits(claim: Claim) -> str:
    """The stage at which a decided claim, read with `queued`, waits for another reader; else
    "". What waits for its first one is told by its state."""
    row: QueuedClaim | None = getattr(claim, "queued", None)
    return "" if row is None or row.stage == Stage.FIRST else row.stage


def move(claim: Claim, stage: str) -> QueuedClaim:
    """Let a decided claim wait at `stage`, handed to nobody."""
    published = Document.objects.filter(pk=claim.document_id).values_list("published", flat=True)
    fresh = {"stage": stage, "holder": None, "leased_until": None}
    row, made = QueuedClaim.objects.get_or_create(
        claim_id=claim.pk, defaults={**fresh, "published": published.get()}
    )
    if not made:
        QueuedClaim.objects.filter(pk=row.pk).update(**fresh, since=Now())
        row.refresh_from_db()
    return row
