"""The names that the database knows, as extraction's `Lexicon`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from entities import lexicon, models
from entities.catalogue import CataloguedActor, War, build_lexicon
from entities.lexicon import Lexicon


def lexicon_from_database(conflicts: Collection[str] | None = None) -> Lexicon:
    """The names of some conflicts, or of all, as loads and editors have left them.

    Provisional actors and places, which extraction itself has met, are left out: an
    unconfirmed reading must not feed the next. Always the same number of queries.
    """
    return build_lexicon(stored_wars(), stored_actors(), _places(conflicts), conflicts)


def stored_wars() -> list[War]:
    """The database's conflicts with their sides in order."""
    rows = models.Conflict.objects.prefetch_related("sides")
    return [
        War(
            row.slug,
            row.name,
            tuple(row.regions),
            tuple(lexicon.Side(side.key, side.name, side.colour) for side in row.sides.all()),
        )
        for row in rows
    ]


def stored_actors() -> list[CataloguedActor]:
    """The database's actors, without provisional ones."""
    rows = (
        models.Actor.objects.filter(provisional=False)
        .select_related("parent")
        .prefetch_related("names", "speakers", "allegiances__side__conflict")
    )
    return [_actor(row) for row in rows]


def _actor(row: models.Actor) -> CataloguedActor:
    names = defaultdict(list)
    for name in row.names.all():
        names[name.kind].append(name.name)
    actor = lexicon.Actor(
        key=row.slug,
        name=row.name,
        kind=row.kind,  # type: ignore[arg-type]
        names=tuple(names[models.ActorName.Kind.NAME]),
        demonyms=tuple(names[models.ActorName.Kind.DEMONYM]),
        metonyms=tuple(names[models.ActorName.Kind.METONYM]),
        parent=row.parent.slug if row.parent else None,
        official=row.official,
        speakers=tuple(
            lexicon.Speaker(tuple(one.names), one.role, one.since, one.until)
            for one in row.speakers.all()
        ),
    )
    return CataloguedActor(
        actor,
        tuple(
            (one.side.conflict.slug, lexicon.Allegiance(one.side.key, one.since, one.until))
            for one in row.allegiances.all()
        ),
    )


def _places(conflicts: Collection[str] | None) -> dict[str | None, list[lexicon.Place]]:
    """Places by conflict; under None those in no conflict's regions."""
    rows = models.Place.objects.filter(provisional=False)
    if conflicts is not None:
        rows = rows.filter(conflict__slug__in=conflicts)
    names: dict[object, list[str]] = defaultdict(list)
    of_rows = models.PlaceName.objects.filter(place__in=rows.values("pk")).order_by("order")
    for place, name in of_rows.values_list("place", "name"):
        names[place].append(name)
    by_conflict: dict[str | None, list[lexicon.Place]] = defaultdict(list)
    slugs: dict[object, str] = dict(models.Conflict.objects.values_list("pk", "slug"))
    for row in rows.iterator():
        record = place_record(row, tuple(names[row.pk]))
        by_conflict[slugs.get(row.conflict_id)].append(record)
    return by_conflict


def place_record(row: models.Place, names: tuple[str, ...]) -> lexicon.Place:
    """A place's row as extraction's record."""
    return lexicon.Place(
        key=row.key,
        name=row.name,
        names=names,
        country=row.country,
        admin1=row.admin1,
        admin1_names=tuple(row.admin1_names),
        latitude=row.latitude,
        longitude=row.longitude,
        population=row.population,
        geonameid=row.geonameid,
        districts=tuple(row.districts),
    )
