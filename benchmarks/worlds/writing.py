"""Rows into the database: by COPY, with the triggers that would write today's history off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pgtrigger
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.text import slugify
from pghistory.models import Context
from psycopg.types.json import Jsonb

from benchmarks.worlds.bare import bring_back
from benchmarks.worlds.cast import Cast, Town, Voice, War
from benchmarks.worlds.manifest import SOURCE
from benchmarks.worlds.rows import Batch, Row
from claims.models import (
    Claim,
    Decision,
    Evidence,
    ExtractionRun,
    QueuedClaim,
    StatusInterval,
    TrackedStatement,
)
from entities.folding import fold
from entities.models import (
    Actor,
    ActorName,
    Allegiance,
    Conflict,
    Load,
    Place,
    PlaceName,
    Side,
)
from sources.models import Document, Publisher, TextFamily

APPS = ("claims", "entities", "sources")


class Refused(Exception):
    """The database holds something else."""


def holds_only_a_world() -> bool:
    """Whether there is nothing in the database, or nothing but a world."""
    loads = set(Load.objects.values_list("source", flat=True))
    if loads:
        return loads == {SOURCE}
    return not any(model.objects.exists() for model in (Conflict, Place, Actor, Document))


def empty(*, force: bool = False) -> None:
    """Take everything out but the users. Raises Refused where that is not a world, unless
    forced."""
    if not force and not holds_only_a_world():
        raise Refused("the database holds something else than a world: nothing was changed")
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    tables.append(connection.ops.quote_name(Context._meta.db_table))
    # Without triggers, which would tell of everything that goes.
    with no_triggers(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
    bring_back()


@contextmanager
def no_triggers() -> Iterator[None]:
    """A transaction in which no trigger of ours writes history, for COPY too: pgtrigger sets
    this for the rest of the transaction with the first statement that goes through Django."""
    with pgtrigger.ignore(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield


def copy(model: type[models.Model], rows: Sequence[Row]) -> int:
    """Write rows (column → value) by COPY; what a row leaves out has the column's default.
    Returns how many. Call it in `no_triggers`."""
    if not rows:
        return 0
    given, others = _columns(model, rows[0])
    columns = ", ".join(connection.ops.quote_name(str(one.column)) for one in [*given, *others])
    json = [number for number, one in enumerate(given) if isinstance(one, models.JSONField)]
    defaults = [_default(one) for one in others]
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
        for row in rows:
            values = [row[field.attname] for field in given]
            for number in json:
                values[number] = Jsonb(values[number])
            into.write_row(values + defaults)
    return len(rows)


Columns = list["models.Field[Any, Any]"]


def _columns(model: type[models.Model], row: Row) -> tuple[Columns, Columns]:
    """Those that rows like this one give, and those that have their default."""
    own = [field for field in model._meta.concrete_fields if not field.generated]
    return (
        [field for field in own if field.attname in row],
        [field for field in own if field.attname not in row and not _filled_by_the_database(field)],
    )


def _default(field: models.Field[Any, Any]) -> Any:
    value = field.get_default()
    return Jsonb(value) if isinstance(field, models.JSONField) and value is not None else value


def _filled_by_the_database(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.AutoField) or field.db_default is not models.NOT_PROVIDED


def tables(batch: Batch) -> Iterable[tuple[type[models.Model], list[Row]]]:
    """A batch's rows by table, in an order in which each finds what it refers to."""
    event = Claim._meta.get_field("events").related_model
    return (
        (Context, batch.contexts),
        (TextFamily, batch.families),
        (Document, batch.documents),
        (ExtractionRun, batch.runs),
        (Claim, batch.claims),
        (QueuedClaim, batch.queued),
        (Evidence, batch.evidence),
        (Decision, batch.decisions),
        (event, batch.events),
    )


def written_to() -> list[type[models.Model]]:
    """The tables that batches go to."""
    return [model for model, _ in tables(Batch())]


def number_on() -> None:
    """Let the database's own numbers go on after those that the rows were given."""
    given: list[type[models.Model]] = [*written_to(), StatusInterval, TrackedStatement]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), given):
            cursor.execute(statement)


def write(batch: Batch) -> dict[str, int]:
    """All of a batch or nothing. Returns the number of rows by table."""
    with no_triggers():
        return {
            str(model._meta.verbose_name_plural): copy(model, rows) for model, rows in tables(batch)
        }


@transaction.atomic
def write_people(people: Cast) -> None:
    """Wars, those who speak, towns and papers."""
    for war in people.wars:
        _write_war(war)
    _write_voices(people.third_parties)
    Publisher.objects.bulk_create(
        Publisher(id=paper.id, name=paper.name, homepage="") for paper in people.papers
    )
    places = [_place(town) for town in people.towns]
    for place in places:
        place.set_address()
    Place.objects.bulk_create(places, batch_size=2000)
    PlaceName.objects.bulk_create(
        (
            PlaceName(place_id=town.id, name=name, folded=fold(name), order=order)
            for town in people.towns
            for order, name in enumerate((town.name, *town.other_names))
        ),
        batch_size=5000,
    )


def _write_war(war: War) -> None:
    conflict = Conflict.objects.create(id=war.id, slug=war.slug, name=war.name, regions=[])
    for order, (key, voices) in enumerate(war.sides.items()):
        name, colour = war.colours[key]
        side = Side.objects.create(
            conflict=conflict, key=key, name=name, colour=colour, order=order
        )
        _write_voices(voices)
        Allegiance.objects.bulk_create(Allegiance(actor_id=one.id, side=side) for one in voices)


def _write_voices(voices: Sequence[Voice]) -> None:
    Actor.objects.bulk_create(
        Actor(
            id=voice.id,
            slug=slugify(voice.name),
            name=voice.name,
            kind=voice.kind,
            official=voice.official,
            parent_id=voice.parent,
        )
        for voice in voices
    )
    ActorName.objects.bulk_create(
        ActorName(actor_id=voice.id, name=voice.name, folded=fold(voice.name)) for voice in voices
    )


def _place(town: Town) -> Place:
    return Place(
        id=town.id,
        key=f"world-{town.id.hex}",
        name=town.name,
        admin1=town.province,
        latitude=town.latitude,
        longitude=town.longitude,
        population=town.population,
        conflict_id=town.war.id if town.in_war else None,
    )
