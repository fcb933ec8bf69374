"""Taking back what an editor said that a name is: names, rows and claims as they were, as far as
nobody has changed them since."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from claims.models import Claim, NameDecision
from claims.names.inbox import claims_on
from claims.names.ruled import name_key, provisional_key
from claims.names.ruling import Known, Ruled, names_changed
from claims.own_sides import PROVISIONAL
from claims.review.decisions import wake_derivation
from claims.review.readings import readings_of
from claims.runs import read_again
from entities.models import Actor, Allegiance, Place, Speaker
from sources.models import Document

Outcome = NameDecision.Outcome


@transaction.atomic
def undo(*, decision: NameDecision, by: User) -> Ruled:
    """Take the ruling back; the name is asked about again, and the documents concerned are read
    again. What became known by it is provisional again.

    Raises ValidationError where it does not stand any more, or another builds on it.
    """
    rows = NameDecision.objects.select_for_update(of=("self",)).select_related("actor", "place")
    ruling = rows.get(pk=decision.pk)
    if not NameDecision.objects.standing().filter(pk=ruling.pk).exists():
        raise ValidationError(gettext("This has been undone already."))
    row: Known | None = ruling.actor or ruling.place
    if row is not None:
        _nothing_builds_on(ruling, row)
    documents = read_again(_documents(ruling, row)) if row is not None else 0
    back = 0
    with pghistory.context(user=by.pk, reason=f"“{ruling.name}”: undo"):
        if row is not None:
            back = _claims_back(ruling, row)
            row.names.filter(name__in=ruling.did.get("names", [])).delete()
            Speaker.objects.filter(pk=ruling.did.get("speaker")).delete()
            if ruling.outcome == Outcome.NEW:
                _provisional_again(ruling, row)
            names_changed()
            wake_derivation()
        undone = NameDecision.objects.create(
            kind=ruling.kind,
            name=ruling.name,
            folded=ruling.folded,
            outcome=Outcome.UNDO,
            undoes=ruling,
            by=by,
        )
    return Ruled(undone, documents, back)


def _nothing_builds_on(ruling: NameDecision, row: Known) -> None:
    if ruling.outcome != Outcome.NEW:
        return
    field = "actor" if isinstance(row, Actor) else "place"
    later = NameDecision.objects.standing().filter(**{field: row}).exclude(pk=ruling.pk).first()
    if later is not None:
        told = gettext("“%(other)s” has been ruled to be “%(name)s”: undo that first.")
        raise ValidationError(told % {"other": later.name, "name": row.name})
    if isinstance(row, Actor):
        child = row.children.filter(provisional=False).first()
        if child is not None:
            told = gettext("“%(other)s” belongs to “%(name)s”: change that first.")
            raise ValidationError(told % {"other": child.name, "name": row.name})


def _documents(ruling: NameDecision, row: Known) -> set[UUID]:
    """Those that the ruling concerned, and those read since whose claims hold the row and whose
    text has the name."""
    found = {UUID(id_) for id_ in ruling.did.get("documents", [])}
    since = Document.objects.filter(pk__in=claims_on(ruling.kind, [row]).values("document"))
    for name in ruling.spellings:
        found.update(since.filter(text__icontains=name).values_list("pk", flat=True))
    return set(Document.objects.filter(pk__in=found).values_list("pk", flat=True))


def _claims_back(ruling: NameDecision, row: Known) -> int:
    """Claims that the ruling changed hold what they held, save where somebody has changed that
    field since. Returns how many."""
    before: dict[UUID, dict[str, str]] = {}
    for id_, name, held in ruling.did.get("claims", []):
        before.setdefault(UUID(id_), {})[name] = held
    claims = Claim.objects.select_for_update(of=("self",)).filter(pk__in=before).order_by("id")
    back = 0
    for claim in claims.prefetch_related("decisions__by"):
        corrected = readings_of(claim.decisions.all()).changes
        fields = []
        for name, held in before[claim.pk].items():
            column = name if name == "speaker" else f"{name}_id"
            now = ruling.name if name == "speaker" else row.pk
            if getattr(claim, column) == now and name not in corrected:
                setattr(claim, column, held)
                fields.append(name)
        if fields:
            claim.save(update_fields=fields)
            back += 1
    return back


def _provisional_again(ruling: NameDecision, row: Known) -> None:
    """The row as it was, or, where the ruling made it, as extraction would have."""
    before: dict[str, Any] = {} if ruling.did["created"] else ruling.did["before"]
    for name, value in before.items():
        setattr(row, row._meta.get_field(name).attname, value)  # type: ignore[union-attr]
    row.provisional, row.edited = True, False
    if isinstance(row, Actor):
        if ruling.did["created"]:
            row.slug = f"{PROVISIONAL}{name_key(ruling.name)}"
        row.save()
        row.allegiances.all().delete()
        Allegiance.objects.bulk_create(
            Allegiance(actor=row, side_id=UUID(side), since=_day(since), until=_day(until))
            for side, since, until in ruling.did["allegiances"]
        )
    elif isinstance(row, Place):
        if ruling.did["created"]:
            slug = row.conflict.slug if row.conflict else None
            row.key = provisional_key(ruling.name, slug)
        row.save()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
