"""Places into the database, by upsert; as with actors, editors' rows are left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import cos, hypot, radians

from django.db import connection, transaction

from entities.catalogue import War, conflict_of
from entities.folding import fold
from entities.lexicon import Place as PlaceRecord
from entities.loading import Changes
from entities.models import Conflict, Place, PlaceName
from entities.names import place_record
from entities.places import GazetteerPlace

BATCH = 1000
SAME_PLACE_KM = 5.0
_KM_OF_A_DEGREE = 111.2
_FIELDS = (
    *("name", "country", "admin1", "admin1_names", "latitude", "longitude", "population"),
    *("geonameid", "districts"),
)


@transaction.atomic
def load_places(entries: Iterable[GazetteerPlace], *, keep: bool = False) -> Changes:
    """Places into the database, each in the conflict whose regions hold it.

    `keep`: leave places alone that are there already (a second source adds only).
    """
    changes = Changes()
    conflicts = {row.slug: row for row in Conflict.objects.all()}
    wars = [War(row.slug, row.name, tuple(row.regions), ()) for row in conflicts.values()]
    for batch in _batches(entries):
        stored = {
            row.key: row
            for row in Place.objects.filter(key__in=[entry.place.key for entry in batch])
        }
        names = _stored_names(list(stored.values()))
        added, changed = [], []
        for entry in batch:
            slug = conflict_of(entry.place.country, entry.region, wars)
            conflict = conflicts[slug] if slug else None
            row = stored.get(entry.place.key)
            if row is None:
                added.append((_filled(Place(key=entry.place.key), entry.place, conflict), entry))
            elif row.edited:
                changes.kept += 1
            elif keep or (
                not row.provisional
                and row.conflict_id == (conflict.pk if conflict else None)
                and place_record(row, names[row.pk]) == entry.place
            ):
                changes.unchanged += 1
            else:
                changed.append((_filled(row, entry.place, conflict), entry))
        _save(added, changed)
        changes.added += len(added)
        changes.changed += len(changed)
    if changes.added or changes.changed:
        _tell_planner()
    return changes


def _tell_planner() -> None:
    """Let PostgreSQL count the rows now: by what it knew of the tables when they were empty, a
    join over all names takes minutes, until autovacuum comes by."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Place._meta.db_table}, {PlaceName._meta.db_table}")


def without_known(entries: Iterable[GazetteerPlace]) -> Iterator[GazetteerPlace]:
    """Leave out GeoNames' places that the database has by hand, without geonameid: of a
    common name, in the same country, less than 5 km away."""
    by_hand: dict[tuple[str, str], list[Place]] = defaultdict(list)
    known = PlaceName.objects.filter(place__geonameid=None, place__latitude__isnull=False)
    for name in known.select_related("place"):
        by_hand[name.place.country, name.folded].append(name.place)
    for entry in entries:
        place = entry.place
        keys = {(place.country, fold(name)) for name in place.names}
        if not any(_near(place, row) for key in keys for row in by_hand.get(key, ())):
            yield entry


def _near(place: PlaceRecord, row: Place) -> bool:
    if None in (place.latitude, place.longitude, row.latitude, row.longitude):
        return False
    north = place.latitude - row.latitude  # type: ignore[operator]
    east = (place.longitude - row.longitude) * cos(radians(row.latitude))  # type: ignore[operator, arg-type]
    return hypot(north, east) * _KM_OF_A_DEGREE < SAME_PLACE_KM


def _filled(row: Place, record: PlaceRecord, conflict: Conflict | None) -> Place:
    for field in _FIELDS:
        value = getattr(record, field)
        setattr(row, field, list(value) if isinstance(value, tuple) else value)
    row.conflict = conflict
    row.provisional = False
    row.set_address()  # bulk creation does not call save
    return row


def _save(
    added: Sequence[tuple[Place, GazetteerPlace]], changed: Sequence[tuple[Place, GazetteerPlace]]
) -> None:
    Place.objects.bulk_create(row for row, _ in added)
    if changed:
        rows = [row for row, _ in changed]
        # An upsert, not bulk_update, whose CASE for each row and field takes minutes.
        Place.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*_FIELDS, "conflict", "provisional"],
        )
        PlaceName.objects.filter(place__in=rows).delete()
    _copy_names((*added, *changed))


def _copy_names(rows: Iterable[tuple[Place, GazetteerPlace]]) -> None:
    """By COPY: rows of the ORM for tens of thousands of names take most of a first start."""
    columns = 'place_id, name, folded, "order"'
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {PlaceName._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row, entry in rows:
            for order, name in enumerate(entry.place.names):
                copy.write_row((row.pk, name, fold(name), order))


def _stored_names(rows: Sequence[Place]) -> dict[object, tuple[str, ...]]:
    names: dict[object, list[str]] = {row.pk: [] for row in rows}
    stored = PlaceName.objects.filter(place__in=rows).order_by("order")
    for place, name in stored.values_list("place", "name"):
        names[place].append(name)
    return {place: tuple(found) for place, found in names.items()}


def _batches(entries: Iterable[GazetteerPlace]) -> Iterator[list[GazetteerPlace]]:
    iterator = iter(entries)
    while batch := list(islice(iterator, BATCH)):
        yield batch
