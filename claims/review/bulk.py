"""Decisions on many claims together: previewed, taken as a batch, undone as a whole.

A preview fixes the claims with their versions; the batch decides on exactly these, a bounded
number in a transaction, and leaves those that somebody has changed since. Its rows
(`BatchedClaim`) are the job: whoever comes first takes the next ones, a request or a worker, so
a batch that was cut off goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.access.roles import Conflicts, allowed_conflicts
from claims.models import Batch, BatchedClaim, Claim, Decision, QueuedClaim
from claims.review.decisions import TRANSITIONS, Outdated, check_reason, decide, undo

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Because, Kind, Outcome, State = Decision.Because, Decision.Kind, BatchedClaim.Outcome, Claim.State
KINDS = (Kind.ACCEPT, Kind.REJECT, Kind.UNVERIFIABLE)
MOST = 5000  # claims of one batch
IN_TRANSACTION = 25  # claims that are locked at once, for some tenths of a second
AT_ONCE = 250  # claims that are decided on while a person waits, at most
SECONDS = 4  # that a person waits, give or take a transaction
CHANGED: StrOrPromise = _("it is decided so already, or cannot be decided on as it stands")
HELD: StrOrPromise = _("another editor has it open now")
READ_AGAIN: StrOrPromise = _("it waits for another reader")
ELSEWHERE: StrOrPromise = _("it belongs to a conflict in which you have no such role")
NAMED = 5  # claims of each reason that are named


class Chosen(NamedTuple):
    """What of a claim says whether it can be decided on. `stage`: for which reading it waits, if
    for any; `holder`: who has it open."""

    id: UUID
    version: int
    state: str
    place: UUID
    conflict: UUID | None
    stage: str | None
    holder: int | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Left:
    """Claims that a batch would leave alone, and why; `some` of their ids."""

    why: StrOrPromise
    count: int
    some: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """`found`: how many are asked for; of the first `MOST` of them, `versions` by id of those
    that would be decided on, how many of which town (the most first), by the state that they
    are in, and those left."""

    found: int
    versions: Mapping[UUID, int]
    towns: Mapping[UUID, int]
    states: Mapping[str, int]
    left: tuple[Left, ...]

    @property
    def beyond(self) -> int:
        """How many are asked for beyond the first `MOST`."""
        return max(0, self.found - MOST)


def preview(claims: QuerySet[Claim], *, kind: str, by: User) -> Preview:
    """What a decision of `kind` on all of `claims`, in their order, would decide on. Two
    queries."""
    chosen = [Chosen(*row) for row in claims.values_list(*_COLUMNS)[:MOST]]
    found = claims.count() if len(chosen) == MOST else len(chosen)
    allowed, now = allowed_conflicts(by, "bulk"), timezone.now()
    left: dict[StrOrPromise, list[UUID]] = defaultdict(list)
    taken = []
    for row in chosen:
        why = _why_not(row, kind, by, allowed, now)
        if why is None:
            taken.append(row)
        else:
            left[why].append(row.id)
    return Preview(
        found=found,
        versions={row.id: row.version for row in taken},
        towns=dict(Counter(row.place for row in taken).most_common()),
        states=dict(Counter(row.state for row in taken)),
        left=tuple(Left(why, len(ids), tuple(ids[:NAMED])) for why, ids in left.items()),
    )


_COLUMNS = (
    *("id", "version", "state", "place", "place__conflict"),
    *("queued__stage", "queued__holder", "queued__leased_until"),
)


def _why_not(
    row: Chosen, kind: str, by: User, allowed: Conflicts, now: datetime
) -> StrOrPromise | None:
    if not (allowed.everywhere or row.conflict in allowed.ids):
        return ELSEWHERE
    if row.state not in TRANSITIONS[Kind(kind)][0]:
        return CHANGED
    if row.stage not in (None, QueuedClaim.Stage.FIRST):
        return READ_AGAIN
    if row.holder not in (None, by.pk) and row.held_until and row.held_until > now:
        return HELD
    return None


@transaction.atomic
def start(
    *,
    id: UUID,
    kind: str,
    versions: Mapping[UUID, int],
    by: User,
    because: str = "",
    reason: str = "",
    query: str = "",
) -> Batch:
    """A batch that is to decide on the claims with these versions: nothing is decided yet, see
    `go_on`. A batch that has the `id` already is returned as it is, so that a form sent twice
    does the work once.

    Raises ValidationError for a kind that is not taken on many, a rejection without a reason or
    as a duplicate (of what, cannot be said of many), no claims, or more than `MOST`.
    """
    if kind not in KINDS:
        raise ValidationError(gettext("This is not decided on many claims at once."))
    if because == Because.DUPLICATE:
        raise ValidationError(gettext("Merge duplicates instead: each is one of a claim."))
    check_reason(kind, reason.strip(), because)
    if not 0 < len(versions) <= MOST:
        raise ValidationError(gettext("There is nothing to decide on, or too much at once."))
    batch, made = Batch.objects.get_or_create(
        id=id,
        defaults={
            "kind": kind,
            "because": because if kind == Kind.REJECT else "",
            "reason": reason.strip(),
            "query": query,
            "by": by,
        },
    )
    if made:
        BatchedClaim.objects.bulk_create(
            BatchedClaim(batch=batch, claim_id=claim, version=version)
            for claim, version in versions.items()
        )
    return batch


@transaction.atomic
def start_undoing(*, batch: Batch, by: User) -> Batch:
    """A batch that is to take all of `batch` back; what of that waits is not done any more.
    Nothing is taken back yet, see `go_on`.

    Raises ValidationError where somebody has undone it before, or it decided on nothing.
    """
    Batch.objects.select_for_update().get(pk=batch.pk)
    if Batch.objects.filter(undoes=batch).exists():
        raise ValidationError(gettext("This batch is undone already."))
    # Whoever goes on with it holds a few of its rows: they are done, or left, before it ends.
    waiting = batch.claims.select_for_update().filter(outcome=Outcome.WAITING)
    list(waiting.order_by("id").values_list("id"))
    waiting.update(outcome=Outcome.STOPPED)
    decisions = batch.decisions.exclude(version=None).order_by("id")
    rows = list(decisions.values_list("claim", "version"))
    if not rows:
        raise ValidationError(gettext("This batch has changed no claim: nothing is to undo."))
    undoing = Batch.objects.create(kind=Kind.RESTORE, undoes=batch, by=by)
    BatchedClaim.objects.bulk_create(
        BatchedClaim(batch=undoing, claim_id=claim, version=version)
        for claim, version in rows
        if version is not None
    )
    return undoing


def go_on(batch: Batch, limit: int | None = AT_ONCE) -> int:
    """Decide on the next `limit` claims of the batch that wait, as many as `SECONDS` allow (None:
    on all), each transaction wholly or not at all. Returns how many still wait."""
    done, until = 0, monotonic() + SECONDS
    while limit is None or (done < limit and monotonic() < until):
        number = IN_TRANSACTION if limit is None else min(IN_TRANSACTION, limit - done)
        with transaction.atomic():
            rows = list(_next(batch, number))
            for row in rows:
                row.outcome, row.told = _one(batch, row)
            BatchedClaim.objects.bulk_update(rows, ["outcome", "told"])
        if not rows:
            break
        done += len(rows)
    return batch.claims.filter(outcome=Outcome.WAITING).count()


def go_on_with_all() -> int:
    """Decide on all that waits in any batch. Returns how many batches that were."""
    waiting = Batch.objects.filter(claims__outcome=Outcome.WAITING).distinct()
    batches = list(waiting.order_by("at", "id"))
    for batch in batches:
        go_on(batch, None)
    return len(batches)


def some_wait() -> bool:
    return BatchedClaim.objects.filter(outcome=Outcome.WAITING).exists()


def _next(batch: Batch, number: int) -> Iterator[BatchedClaim]:
    """Rows that nobody else has taken, the claims in one order for all."""
    rows = BatchedClaim.objects.select_for_update(skip_locked=True, of=("self",))
    found = rows.filter(batch=batch, outcome=Outcome.WAITING).select_related("claim")
    return found.order_by("id")[:number].iterator()


def _one(batch: Batch, row: BatchedClaim) -> tuple[str, str]:
    """The outcome for one claim, and what was told where it is refused."""
    try:
        if batch.undoes_id:
            _take_back(batch, row)
        else:
            decide(
                claim=row.claim,
                kind=batch.kind,
                by=batch.by,
                version=row.version,
                because=batch.because,
                reason=batch.reason,
                batch=batch,
            )
    except Outdated:
        return Outcome.CHANGED, ""
    except ValidationError as error:
        return Outcome.REFUSED, " ".join(error.messages)
    return Outcome.DONE, ""


def _take_back(batch: Batch, row: BatchedClaim) -> None:
    """The claim as it stood before the batch; one that the batch made is rejected, since nothing
    is ever deleted."""
    decision = Decision.objects.select_related("claim").get(
        batch=batch.undoes_id, claim=row.claim_id, version=row.version
    )
    made_by_it = row.claim.origin == Claim.Origin.EDITOR and row.version == 1
    if not made_by_it:
        undo(decision=decision, by=batch.by, batch=batch)
        return
    decide(
        claim=row.claim,
        kind=Kind.REJECT,
        by=batch.by,
        version=row.version,
        because=Because.OTHER,
        reason=gettext("What made it was undone."),
        batch=batch,
    )
