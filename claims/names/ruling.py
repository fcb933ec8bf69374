"""What an editor says that a name is, which extraction did not know: a new actor or place,
another name of a known one, a speaker of an actor, or nothing to be asked again.

Each ruling is one function: atomic, recorded as a `NameDecision` with all that it changed, and
undone by another. The claims that hold the provisional actor or place hold the ruled one from
then on, save where an editor has corrected that field; the documents concerned are read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from claims.extraction.records import NameKind
from claims.models import NameDecision
from claims.names.inbox import FIELDS, NameUse, claims_on, use_of
from claims.names.ruled import key_of, name_key
from claims.review.decisions import wake_derivation
from claims.review.readings import readings_of
from claims.runs import read_again
from entities.countries import countries
from entities.folding import fold
from entities.lexicon import ActorKind
from entities.loading import remember_load
from entities.models import (
    Actor,
    ActorName,
    Allegiance,
    Conflict,
    Place,
    PlaceName,
    Side,
    Speaker,
)

Outcome = NameDecision.Outcome
Known = Actor | Place


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling, how many documents are read again by it, and how many claims it changed."""

    decision: NameDecision
    documents: int
    claims: int


@dataclass(slots=True)
class _Ruling:
    """One that is being made. `did`: what it has changed so far, for an undo."""

    use: NameUse
    name: str
    by: User
    did: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def accept_actor(
    *,
    name: str,
    kind: str,
    by: User,
    called: str = "",
    official: bool = False,
    side: Side | None = None,
    parent: Actor | None = None,
) -> Ruled:
    """`name` is an actor that no pack knows: of this kind, on this side of its conflict. `called`:
    what it is shown as, where that is another name. Raises ValidationError."""
    ruling = _begin("actor", name, by)
    if kind not in get_args(ActorKind):
        raise ValidationError({"actor_kind": gettext("Choose what kind of actor it is.")})
    _only_known(parent, "parent")
    row = next((one for one in ruling.use.rows if isinstance(one, Actor)), None) or Actor()
    if parent is not None and _below(parent, row):
        raise ValidationError({"parent": gettext("It would belong to itself.")})
    _put(
        ruling,
        row,
        slug=_free_slug(name_key(called or name), row),
        name=called.strip() or name,
        kind=kind,
        official=official,
        parent=parent,
    )
    ruling.did["allegiances"] = [
        [str(one.side_id), _iso(one.since), _iso(one.until)] for one in row.allegiances.all()
    ]
    row.allegiances.all().delete()
    if side is not None:
        Allegiance.objects.create(actor=row, side=side)
    _add_names(ruling, row, called)
    return _end(ruling, Outcome.NEW, row)


@transaction.atomic
def accept_place(
    *,
    name: str,
    by: User,
    called: str = "",
    conflict: Conflict | None = None,
    country: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> Ruled:
    """`name` is a place that no gazetteer knows, in this conflict's region. `country`: ISO 3166-1
    alpha-2. Raises ValidationError."""
    ruling = _begin("place", name, by)
    if country and country not in {one.code for one in countries()}:
        raise ValidationError({"country": gettext("Not a country’s code of two letters.")})
    row = _provisional_place(ruling, conflict) or Place(name=ruling.name)
    row.set_address()
    shown = called.strip() or name
    _put(
        ruling,
        row,
        key=f"{name_key(shown)}-{row.short_id}",
        name=shown,
        conflict=conflict,
        country=country,
        latitude=latitude,
        longitude=longitude,
    )
    _add_names(ruling, row, called)
    return _end(ruling, Outcome.NEW, row)


@transaction.atomic
def accept_alias(*, name: str, of: Known, by: User) -> Ruled:
    """`name` is another name of a known actor or place. Raises ValidationError."""
    ruling = _begin("actor" if isinstance(of, Actor) else "place", name, by)
    _only_known(of, "of")
    _keep_edited(ruling, of)
    _add_names(ruling, of)
    return _end(ruling, Outcome.ALIAS, of)


@transaction.atomic
def accept_speaker(*, name: str, of: Actor, by: User, role: str = "") -> Ruled:
    """`name` is a person who speaks for a known actor. Raises ValidationError."""
    ruling = _begin("actor", name, by)
    _only_known(of, "of")
    _keep_edited(ruling, of)
    speaker = Speaker.objects.create(
        actor=of, names=[name], role=role.strip(), order=of.speakers.count()
    )
    ruling.did["speaker"] = speaker.pk
    return _end(ruling, Outcome.SPEAKER, of)


@transaction.atomic
def ignore(*, kind: NameKind, name: str, by: User) -> Ruled:
    """`name` is nothing to be asked about again. Raises ValidationError."""
    ruling = _begin(kind, name, by)
    return Ruled(_decision(ruling, Outcome.IGNORE), 0, 0)


def _begin(kind: NameKind, name: str, by: User) -> _Ruling:
    """Nobody else rules on the name meanwhile. Raises ValidationError where one ruling stands."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise ValidationError(gettext("A name has 1 to 200 characters."))
    folded = key_of(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind} {folded}"]
        )
    standing = NameDecision.objects.standing().filter(kind=kind, folded=folded)
    if (there := standing.select_related("by").first()) is not None:
        told = gettext("%(user)s has ruled on “%(name)s” already: undo that first.")
        raise ValidationError(told % {"user": there.by.get_username(), "name": there.name})
    return _Ruling(use_of(kind, name), name, by)


def _only_known(row: Known | None, name: str) -> None:
    if row is not None and row.provisional:
        told = gettext("“%(name)s” is not accepted itself yet: rule on that name first.")
        raise ValidationError({name: told % {"name": row.name}})


def _provisional_place(ruling: _Ruling, conflict: Conflict | None) -> Place | None:
    """The one that stands for the name in this conflict, else the one in none."""
    rows = [row for row in ruling.use.rows if isinstance(row, Place) and _same_war(row, conflict)]
    return next((row for row in rows if row.conflict == conflict), rows[0] if rows else None)


def _same_war(row: Place, conflict: Conflict | None) -> bool:
    """Whether a provisional town can be one of this conflict: the same name in another war means
    another town."""
    return row.conflict is None or conflict is None or row.conflict == conflict


def _put(ruling: _Ruling, row: Known, **values: Any) -> None:
    """Fill the row, which loads leave alone from then on, and save it."""
    ruling.did["created"] = row._state.adding
    values |= {"provisional": False, "edited": True}
    columns = {name: row._meta.get_field(name).attname for name in values}  # type: ignore[union-attr]
    ruling.did["before"] = {name: _plain(getattr(row, columns[name])) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["names"], validate_unique=False)
    with pghistory.context(user=ruling.by.pk, reason=_told(Outcome.NEW, ruling.name)):
        row.save()


def _keep_edited(ruling: _Ruling, row: Known) -> None:
    """Loads leave the row alone from now on."""
    if not row.edited:
        row.edited = True
        with pghistory.context(user=ruling.by.pk, reason=_told(Outcome.ALIAS, ruling.name)):
            row.save(update_fields=["edited"])


def _add_names(ruling: _Ruling, row: Known, called: str = "") -> None:
    """The name in all spellings that texts have used, after those that are there."""
    wanted = [called.strip(), ruling.name, *ruling.use.spellings]
    known = {one.name.casefold() for one in row.names.all()}
    added: list[str] = []
    order = row.names.count()
    for name in filter(None, wanted):
        if name.casefold() in known:
            continue
        known.add(name.casefold())
        values = {"name": name, "folded": fold(name), "order": order + len(added)}
        if isinstance(row, Actor):
            ActorName.objects.create(actor=row, **values)
        else:
            PlaceName.objects.create(place=row, **values)
        added.append(name)
    ruling.did["names"] = added


def _end(ruling: _Ruling, outcome: str, row: Known) -> Ruled:
    """Let the claims hold the ruled row, and the documents be read again by the names as they now
    are. The documents come first: then nobody writes their claims meanwhile."""
    documents = read_again(ruling.use.documents)
    ruling.did |= {
        "key": row.slug if isinstance(row, Actor) else row.key,
        "documents": sorted(str(id_) for id_ in ruling.use.documents),
    }
    others = [
        one
        for one in ruling.use.rows
        if one.pk != row.pk and (isinstance(row, Actor) or _same_war(one, row.conflict))  # type: ignore[arg-type]  # a place's row is one too
    ]
    moved = _move(ruling, outcome, others, row)
    decision = _decision(ruling, outcome, row)
    names_changed()
    wake_derivation()
    return Ruled(decision, documents, moved)


def _move(ruling: _Ruling, outcome: str, rows: Iterable[Known], to: Known) -> int:
    """Let claims that hold one of these rows hold `to`, save in fields that an editor has
    corrected. Returns how many."""
    before = {row.pk for row in rows}
    claims = claims_on(ruling.use.kind, rows).select_for_update(of=("self",))
    moved = []
    with pghistory.context(user=ruling.by.pk, reason=_told(outcome, ruling.name)):
        for claim in claims.prefetch_related("decisions__by").order_by("id"):
            corrected = readings_of(claim.decisions.all()).changes
            for name in FIELDS[ruling.use.kind]:
                held = getattr(claim, f"{name}_id")
                if held in before and name not in corrected:
                    setattr(claim, name, to)
                    moved.append([str(claim.pk), name, str(held)])
            if outcome == Outcome.SPEAKER and claim.claimant_id == to.pk and not claim.speaker:
                claim.speaker = ruling.name
                moved.append([str(claim.pk), "speaker", ""])
            claim.save()
    ruling.did["claims"] = moved
    return len({id_ for id_, *_ in moved})


def _decision(ruling: _Ruling, outcome: str, row: Known | None = None) -> NameDecision:
    return NameDecision.objects.create(
        kind=ruling.use.kind,
        name=ruling.name,
        folded=ruling.use.folded,
        spellings=sorted({ruling.name, *ruling.use.spellings}),
        outcome=outcome,
        actor=row if isinstance(row, Actor) else None,
        place=row if isinstance(row, Place) else None,
        did=ruling.did,
        by=ruling.by,
    )


def names_changed() -> None:
    """Workers read the names again when a load is newer than the one they know."""
    remember_load("editors", timezone.now().isoformat())


def _told(outcome: str, name: str) -> str:
    """As the history of rows has it."""
    return f"“{name}”: {outcome}"


def _below(one: Actor, other: Actor) -> bool:
    """Whether `one` is `other` or belongs to it."""
    above: Actor | None = one
    while above is not None:
        if above.pk == other.pk:
            return True
        above = above.parent
    return False


def _free_slug(wanted: str, row: Actor) -> str:
    """`wanted`, or with a number after it where another actor has it."""
    others = Actor.objects.exclude(pk=row.pk).filter(slug__startswith=wanted)
    taken = set(others.values_list("slug", flat=True))
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | float) else str(value)


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
