"""Decisions that were taken together: the list, and one batch with what became of its claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Batch, BatchedClaim, Claim, Decision
from claims.pages.claim_list import Chip, ClaimListForm, chips
from claims.pages.claim_rows import ClaimRow, claim_row

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counted(TypedDict):
        """How many claims a batch is about, decided on, and has not reached yet."""

        all_claims: int
        done: int
        waiting: int

    CountedBatch = WithAnnotations[Batch, Counted]
else:
    CountedBatch = Batch

Kind, Outcome = Decision.Kind, BatchedClaim.Outcome
WHAT: dict[str, str | Promise] = {
    Kind.ACCEPT: _("Accepted"),
    Kind.REJECT: _("Rejected"),
    Kind.UNVERIFIABLE: _("Found unverifiable"),
    Kind.CORRECT: _("Split"),
    Kind.RESTORE: _("Undone"),
}
MOST_LEFT = 200  # claims that were left, listed


@dataclass(frozen=True, slots=True)
class BatchRow:
    batch: CountedBatch
    what: str


@dataclass(frozen=True, slots=True)
class LeftClaim:
    """A claim that the batch did not decide on, and why."""

    claim: Claim
    why: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """`chips`: what its claims were asked for by. `more_left` are not listed."""

    what: str
    rows: tuple[ClaimRow, ...]
    left: tuple[LeftClaim, ...]
    all_left: int
    chips: tuple[Chip, ...]

    @property
    def more_left(self) -> int:
        return self.all_left - len(self.left)


def batch_list() -> QuerySet[CountedBatch]:
    """The latest first, each with the numbers of its claims: `all_claims`, `done`, `waiting`."""
    rows = BatchedClaim.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    decided = Decision.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    return (
        Batch.objects.select_related("by", "undoes", "undone_by__by")
        .annotate(
            done=_number(decided),
            waiting=_number(rows.filter(outcome=Outcome.WAITING)),
            all_claims=Coalesce(_count(rows), _count(decided), 0),
        )
        .order_by("-at", "-id")
    )


def _count(rows: QuerySet) -> Subquery:
    return Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField())


def _number(rows: QuerySet) -> Coalesce:
    return Coalesce(_count(rows), 0)


def batch_rows(batches: Iterable[CountedBatch]) -> list[BatchRow]:
    return [BatchRow(batch, what(batch)) for batch in batches]


def what(batch: Batch) -> str:
    """What was done, in a word or two."""
    if batch.kind == Kind.REJECT and batch.because == Decision.Because.DUPLICATE:
        return gettext("Merged duplicates")
    told = str(WHAT[batch.kind])
    if batch.undoes is not None:
        return f"{told}: {what(batch.undoes)}"
    return f"{told}: {batch.get_because_display()}" if batch.because else told


def decided_claims(batch: Batch) -> QuerySet[Decision, UUID]:
    """The ids of the claims that the batch has decided on, in the order in which it did."""
    return batch.decisions.order_by("id").values_list("claim", flat=True)


def batch_page(batch: Batch, ids: Iterable[UUID]) -> BatchPage:
    """`ids`: those of the decided claims that the page shows. A constant number of queries."""
    rows = Claim.objects.select_related("document__publisher", "place", "claimant", "subject")
    wanted = list(ids)
    claims = rows.prefetch_related("evidence").defer("document__text").in_bulk(wanted)
    left = batch.claims.exclude(outcome__in=[Outcome.WAITING, Outcome.DONE])
    shown = left.select_related(
        *("claim__document__publisher", "claim__place", "claim__claimant", "claim__subject")
    ).defer("claim__document__text")
    query = QueryDict(batch.query)
    return BatchPage(
        what=what(batch),
        rows=tuple(claim_row(claims[id_], None) for id_ in dict.fromkeys(wanted)),
        left=tuple(
            LeftClaim(row.claim, row.told or row.get_outcome_display())
            for row in shown.order_by("id")[:MOST_LEFT]
        ),
        all_left=left.count(),
        chips=tuple(chips(ClaimListForm(query), query)) if batch.query else (),
    )
