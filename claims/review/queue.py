"""The editors' queue: what awaits whom, in the order of what matters, handed out claim by claim.

A row of `QueuedClaim` is the lease, as an extraction run's row is the job: whoever is handed a
claim has it to himself until he decides on it, leaves, or lets the time run out. Rows that another
is being handed at this moment are passed over, so nobody waits here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.access.roles import ACTIONS as ACTION_ROLES
from claims.access.roles import ORDER as ORDER_OF_ROLES
from claims.access.roles import Conflicts, Role, allowed_conflicts, may
from claims.asking import ClaimsForm, choose
from claims.models import Claim, QueuedClaim
from claims.review.second_reading import already_read_by

Stage = QueuedClaim.Stage
# What matters first; of the same, what was published last, then what was read in first.
ORDER = ("-decides", "-disputed", "-doubtful", "-published", "claim_id")
# Why a claim stands where it stands, or awaits this very editor.
REASONS: Mapping[str, Q] = {
    "decides": Q(decides=True),
    "disputed": Q(disputed=True),
    "doubtful": Q(doubtful=True),
    "passed": Q(passed_by__isnull=False),
}
ACTIONS = {Stage.FIRST: "decide", Stage.SECOND: "decide", Stage.ADJUDICATION: "adjudicate"}
MOST_HELD = 3  # by one editor: the claim that he reads, the one fetched ahead, and one to spare
LONGEST_NOTE = 500  # characters
_CONFLICT = "claim__place__conflict"
_NOT_A_CHOICE = _('"%(value)s" is not a valid choice.')


class Held(ValidationError):
    """Somebody else has been handed the claim: `row` says who, and until when."""

    def __init__(self, row: QueuedClaim) -> None:
        told = {"who": row.holder, "until": f"{row.leased_until:%H:%M} UTC"}
        super().__init__(gettext("%(who)s is reading this claim, until %(until)s.") % told)
        self.row = row


class QueueForm(ClaimsForm):
    """What of the queue is asked for: as of claims, and by stage and reason. What waits has the
    state that its stage gives it, and the queue its own order."""

    stage = forms.MultipleChoiceField(
        required=False,
        choices=Stage.choices,
        error_messages={"invalid_choice": _NOT_A_CHOICE},
    )
    reason = forms.MultipleChoiceField(
        required=False,
        choices=[(reason, reason) for reason in REASONS],
        error_messages={"invalid_choice": _NOT_A_CHOICE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("state", "include_pending", "order"):
            del self.fields[name]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many claims await an editor. `total`: as asked for; `stages` and `reasons`: for each
    of these, with all else that is asked for; `held`: of the total, by other editors now."""

    total: int
    held: int
    stages: Mapping[str, int]
    reasons: Mapping[str, int]


def awaiting(by: User, *, passed_on: bool = False) -> QuerySet[QueuedClaim]:
    """What `by` may decide on, whoever holds it, in order. A second reading is for somebody who
    has not read the claim yet, and an adjudicator is none of its two readers. What he passed
    on is left out, unless `passed_on` is given."""
    rows = _awaiting(by, allowed_conflicts(by, "decide"), allowed_conflicts(by, "adjudicate"))
    return rows if passed_on else rows.exclude(passed_by=by)


def _awaiting(by: User, decide: Conflicts, adjudicate: Conflicts) -> QuerySet[QueuedClaim]:
    first = Q(decide.within(_CONFLICT), stage=Stage.FIRST)
    again = Q(decide.within(_CONFLICT), stage=Stage.SECOND)
    if adjudicate:
        again |= Q(adjudicate.within(_CONFLICT), stage=Stage.ADJUDICATION)
    return QueuedClaim.objects.filter(first | Q(again, ~already_read_by(by))).order_by(*ORDER)


def chosen(rows: QuerySet[QueuedClaim], asked: Mapping[str, Any]) -> QuerySet[QueuedClaim]:
    """What of the queue is asked for (`QueueForm.asked`)."""
    return _of_claims(rows, asked).filter(_of_stages(asked), _of_reasons(asked))


def counts(*, by: User, asked: Mapping[str, Any]) -> Counts:
    """One query. A stage's number is what choosing it would show, and so is a reason's."""
    stages, reasons = _of_stages(asked), _of_reasons(asked)
    others = _held(timezone.now()) & ~Q(holder=by)
    found = (
        _of_claims(awaiting(by), asked)
        .order_by()
        .aggregate(
            total=Count("pk", filter=stages & reasons),
            held=Count("pk", filter=stages & reasons & others),
            **{f"stage_{one}": Count("pk", filter=Q(stage=one) & reasons) for one in Stage.values},
            **{f"reason_{one}": Count("pk", filter=REASONS[one] & stages) for one in REASONS},
        )
    )
    return Counts(
        total=found["total"],
        held=found["held"],
        stages={one: found[f"stage_{one}"] for one in Stage.values},
        reasons={one: found[f"reason_{one}"] for one in REASONS},
    )


def _of_claims(rows: QuerySet[QueuedClaim], asked: Mapping[str, Any]) -> QuerySet[QueuedClaim]:
    of_claims = {name: value for name, value in asked.items() if name not in ("stage", "reason")}
    if not of_claims:
        return rows
    return rows.filter(claim__in=choose(Claim.objects.all(), of_claims, in_any_state=True))


def _of_stages(asked: Mapping[str, Any]) -> Q:
    return Q(stage__in=asked["stage"]) if asked.get("stage") else Q()


def _of_reasons(asked: Mapping[str, Any]) -> Q:
    found = Q()
    for reason in asked.get("reason", ()):
        found |= REASONS[reason]
    return found


def _held(now: datetime) -> Q:
    return Q(holder__isnull=False, leased_until__gt=now)


def _free(by: User, now: datetime) -> Q:
    """What `by` can be handed: also what he has been handed already."""
    return Q(holder__isnull=True) | Q(holder=by) | Q(leased_until__lte=now)


def take(*, by: User, asked: Mapping[str, Any], skip: Collection[UUID] = ()) -> QueuedClaim | None:
    """Hand out the next of the claims that are asked for and that nobody else holds, without
    those to `skip`; None where nothing is left. One statement: rows that somebody else is being
    handed at this moment are passed over, and what is found is leased with it."""
    now = timezone.now()
    if asked:
        sql, params = _statement(chosen(awaiting(by), asked), by)
    else:
        roles = (allowed_conflicts(by, action) for action in ("decide", "adjudicate"))
        sql, params = _statement_for_all(*roles)
    until = _for(by, now)["leased_until"]
    given = [list(skip) if one is _SKIP else by.pk if one == _BY else one for one in params]
    given = [now if one == _NOW else one for one in given]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, by.pk, until])
        found = cursor.fetchone()
    if found is None:
        return None
    names = [field.attname for field in QueuedClaim._meta.concrete_fields]
    return QueuedClaim.from_db(connection.alias, names, found)


_BY, _NOW, _SKIP = -1, datetime.max.replace(tzinfo=UTC), object()  # stand for what is given


@lru_cache(maxsize=64)
def _statement_for_all(decide: Conflicts, adjudicate: Conflicts) -> tuple[str, tuple[Any, ...]]:
    """The statement for everybody with these roles who asks for nothing in particular. To build
    it takes Django longer than the database takes to answer it."""
    anybody = User(pk=_BY)
    rows = _awaiting(anybody, decide, adjudicate).exclude(passed_by=anybody)
    return _statement(rows, anybody)


def _statement(rows: QuerySet[QueuedClaim], by: User) -> tuple[str, tuple[Any, ...]]:
    """What leases the first free one of `rows`, with its parameters but for the new lease's."""
    skipped = RawSQL("SELECT unnest(%s::uuid[])", [_SKIP])
    free = rows.filter(_free(by, _NOW)).exclude(pk__in=skipped)
    sql, params = free.values("claim_id")[:1].query.sql_with_params()
    columns = ", ".join(f'row."{field.column}"' for field in QueuedClaim._meta.concrete_fields)
    statement = f"""
        WITH next AS MATERIALIZED ({sql} FOR UPDATE OF claims_queuedclaim SKIP LOCKED)
        UPDATE claims_queuedclaim row SET holder_id = %s, leased_until = %s
        FROM next WHERE row.claim_id = next.claim_id RETURNING {columns}
    """  # noqa: S608 - of Django's own SQL and names
    return statement, params


@transaction.atomic
def take_this(*, claim: Claim, by: User) -> QueuedClaim | None:
    """Hand out this very claim, as its page does that is opened; None where it does not await
    this editor. Raises Held where another has it. Of what he was handed, an editor keeps the last
    `MOST_HELD`."""
    row = QueuedClaim.objects.select_for_update().filter(claim=claim).order_by().first()
    if row is None:
        return None
    now = timezone.now()
    if is_held(row, by=by, now=now):
        raise Held(row)
    if not awaiting(by, passed_on=True).filter(pk=row.pk).exists():
        return None
    _hand_out(row, by, now)
    held = QueuedClaim.objects.filter(holder=by).order_by("-leased_until", "claim_id")
    QueuedClaim.objects.filter(pk__in=held.values("pk")[MOST_HELD:]).update(**_NOBODY)
    return row


def keep(*, claims: Collection[UUID], by: User) -> list[UUID]:
    """Hold on to claims that one is still reading, also where the time had run out and nobody
    has taken them since. Returns those that he holds now."""
    now = timezone.now()
    held = QueuedClaim.objects.filter(_free(by, now), claim__in=claims)
    there = awaiting(by, passed_on=True).filter(claim__in=claims).values_list("pk", flat=True)
    mine = [pk for pk in there if held.filter(pk=pk).update(**_for(by, now))]
    return sorted(mine)


def release(*, claims: Iterable[UUID], by: User) -> int:
    """Give claims back undecided. Returns how many of them `by` held."""
    return QueuedClaim.objects.filter(claim__in=list(claims), holder=by).update(**_NOBODY)


@transaction.atomic
def pass_on(*, claim: Claim, by: User, note: str = "") -> None:
    """Leave the claim, undecided, to another reader, with a note of what is the matter.

    Raises Held where another has it; ValidationError where it does not await `by`, or nobody
    else may decide on it, so that it would lie for ever.
    """
    row = take_this(claim=claim, by=by)
    if row is None:
        raise ValidationError(gettext("This claim no longer waits for you."))
    if not _others_who_may(ACTIONS[Stage(row.stage)], claim.place.conflict_id, by).exists():
        raise ValidationError(gettext("There is nobody else yet who may decide on this claim."))
    row.passed_by, row.note = by, note.strip()[:LONGEST_NOTE]
    row.holder = row.leased_until = None
    row.save(update_fields=["passed_by", "note", "holder", "leased_until"])


def _others_who_may(action: str, conflict: UUID | None, by: User) -> QuerySet[User]:
    able = ORDER_OF_ROLES[ORDER_OF_ROLES.index(Role(ACTION_ROLES[action])) :]
    there = Q(memberships__conflict=None) | Q(memberships__conflict=conflict)
    member = Q(memberships__role__in=able) & there
    return User.objects.filter(member | Q(is_superuser=True), is_active=True).exclude(pk=by.pk)


def is_held(row: QueuedClaim, *, by: User, now: datetime | None = None) -> bool:
    """Whether somebody else than `by` holds it now."""
    if row.holder_id in (None, by.pk) or row.leased_until is None:
        return False
    return row.leased_until > (now or timezone.now())


def reading_of(claim: Claim, *, by: User) -> str:
    """As which reading a decision of `by` on the claim would count now. Whoever decided on a
    claim that awaits its second reader may decide anew: that is no second reading.

    Takes no query for a claim that awaits its first reading or none, if it was read with
    `queued`. Raises ValidationError where it awaits an adjudicator and `by` is none, or was one
    of the readers.
    """
    row: QueuedClaim | None = getattr(claim, "queued", None)
    if row is None or row.stage == Stage.FIRST:
        return Stage.FIRST
    read = QueuedClaim.objects.filter(already_read_by(by), pk=row.pk).exists()
    if row.stage == Stage.SECOND:
        return Stage.FIRST if read else Stage.SECOND
    if read or not may(by, "adjudicate", claim.place.conflict_id):
        raise ValidationError(gettext("Its two readers differ: an adjudicator decides on it."))
    return Stage.ADJUDICATION


_NOBODY: Mapping[str, Any] = {"holder": None, "leased_until": None}


def _for(by: User, now: datetime) -> dict[str, Any]:
    return {"holder": by, "leased_until": now + timedelta(seconds=settings.REVIEW_LEASE)}


def _hand_out(row: QueuedClaim, by: User, now: datetime) -> None:
    lease = _for(by, now)
    QueuedClaim.objects.filter(pk=row.pk).update(**lease)
    row.holder, row.leased_until = by, lease["leased_until"]
