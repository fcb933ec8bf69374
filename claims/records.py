"""Claims and statuses as plain data: what the API answers and what exports, feeds, webhooks and
releases hold.

A record holds only what JSON knows: days as `YYYY-MM-DD`, times by RFC 3339, ids as text. It is in
English, whatever language its reader chose. `claims.api.serializers` describes its fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F, Func, Max, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation
from pghistory.models import Event

from claims.models import Change, Claim, Evidence, StatusInterval
from claims.models.claims import label_of, town_in_words
from claims.own_sides import KNOWN, Known, known_actor, own_side
from claims.statements import Among, Given, Statement, Utc
from claims.status.records import Interval, freshness
from entities.models import Actor, Allegiance

BATCH = 500  # claims that are read at once
Record = dict[str, Any]
Row = Mapping[str, Any]

_AS_THEY_ARE = (
    *("state", "place_ambiguous", "speaker", "stance", "predicate", "extent", "part_words"),
    *("part_label", "asserted_precision", "event_precision", "confidence", "origin"),
    *("extractor_version", "no_longer_found", "version"),
)
COLUMNS = (
    *("id", *_AS_THEY_ARE, "asserted_on", "event_date", "created_at"),
    *("claimant_id", "subject_id", "duplicate_of_id", "replaces_id"),
    *("place_id", "place__name", "place__slug", "place__short_id", "place__country"),
    *("place__admin1", "place__geonameid", "place__latitude", "place__longitude"),
    *("place__conflict_id", "place__conflict__slug"),
    *("document_id", "document__title", "document__url", "document__published"),
    *("document__published_offset", "document__provenance", "document__publisher__name"),
    *("document__family_id", "document__family__text_hash", "document__version"),
    *("document__replaced_at", "document__withdrawn_at"),
    "document__exact_family__text_hash",
)


def claim_rows(claims: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """Of claims, or of rows of their history, what `claim_records` takes."""
    own = ("pgh_id",) if issubclass(claims.model, Event) else ()
    return claims.prefetch_related(None).values(*COLUMNS, *own)


def claim_rows_of(ids: Sequence[UUID]) -> list[Row]:
    """`claim_rows` of these claims, in their order; of those that are there. One query."""
    found = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in _ROWS.rows(ids=ids)}
    for row in found.values():
        for name in _TIMES:
            if (time := row[name]) is not None:
                row[name] = time.replace(tzinfo=UTC)
    return [found[id_] for id_ in ids if id_ in found]


_TIMES = (
    *("created_at", "document__published"),
    *("document__replaced_at", "document__withdrawn_at"),
)
# Ids that are only shown, as they are shown.
_TEXTS = ("place_id", "document_id", "document__family_id")


def _column(name: str) -> str | Func:
    if name in _TIMES:
        return Utc(name)
    return Cast(name, TextField()) if name in _TEXTS else name


_ROWS = Statement(
    lambda: (
        Claim.objects.filter(Among(F("pk"), Given("ids")))
        .order_by()
        .values_list(*map(_column, COLUMNS))
    )
)


def claim_records(rows: QuerySet[Any] | Iterable[Row], *, site: str) -> Iterator[Record]:
    """Claims, rows of their history, or `claim_rows` of either, as the API shows them.

    `site` begins the addresses of pages, e.g. "https://claims.example.org". At most five queries
    a batch of 500, whatever the number of claims. Of a row of history all is as it was in it but
    names, sides, passages and the document, which are as today.
    """
    if isinstance(rows, QuerySet):
        rows = claim_rows(rows).iterator(chunk_size=BATCH)
    people: dict[UUID, Person] = {}
    addresses = _Addresses(site)
    for batch in _batches(rows):
        with translation.override(settings.LANGUAGE_CODE):
            records = _batch(batch, people, addresses)
        yield from records


def interval_record(interval: StatusInterval | Row) -> Record:
    """A row of `StatusInterval`, or its columns as JSON has them (`Change.status`). How fresh it is
    depends on the day of reading, and so on no record: `last_word_on` says from when it ages."""
    get = _getter(interval)
    told = as_interval(interval)
    return {
        "town": str(get("place_id")),
        "include_pending": get("include_pending"),
        "part": get("part_label"),
        **_status(told),
        "last_word_on": told.last_word_on and told.last_word_on.isoformat(),
    }


def band_record(band: Interval | StatusInterval, *, today: date) -> Record:
    """A status on a timeline, as fresh as on its last day, or on `today` where that is earlier or
    it has not ended."""
    interval = as_interval(band) if isinstance(band, StatusInterval) else band
    day = today if interval.end is None else min(today, interval.end - timedelta(days=1))
    said = interval.last_word_by(day)
    return {
        **_status(interval),
        "freshness": freshness(interval, day),
        "last_word_on": said and said.isoformat(),
    }


def as_interval(row: StatusInterval | Row) -> Interval:
    """What the rules gave when the row was derived."""
    get = _getter(row)
    return Interval(
        start=_day(get("start")),
        end=get("end") and _day(get("end")),
        status=get("status"),
        sides=tuple(get("sides")),
        rule=get("rule"),
        deciding=tuple(str(id_) for id_ in get("deciding")),
        divided=tuple(get("divided")),
        by_own_word=get("by_own_word"),
        word_days=tuple((_day(since), _day(last)) for since, last in get("word_days")),
        version=get("version"),
    )


def utc(moment: datetime) -> str:
    """By RFC 3339, in UTC: 2023-01-11T18:00:00Z."""
    there = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{there.isoformat().removesuffix('+00:00')}Z"


class _Addresses:
    """Of pages, without looking each of them up."""

    def __init__(self, site: str) -> None:
        none = UUID(int=0)
        self._claims, self._documents = (
            f"{site}{reverse(name, args=[none]).removesuffix(f'{none}/')}"
            for name in ("claim", "document")
        )
        self._towns = f"{site}{reverse('town', args=['slug', '0']).removesuffix('slug-0/')}"

    def claim(self, id_: str) -> str:
        return f"{self._claims}{id_}/"

    def document(self, id_: str) -> str:
        return f"{self._documents}{id_}/"

    def town(self, slug: str, short_id: str) -> str:
        return f"{self._towns}{slug}-{short_id}/"


def _batches(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _batch(rows: Sequence[Row], people: dict[UUID, Person], addresses: _Addresses) -> list[Record]:
    named = {row[who] for row in rows for who in ("claimant_id", "subject_id")} - {None}
    people |= people_by_id(named - people.keys())
    evidence, updated = _evidence(rows), _updated(rows)
    return [
        _record(
            row,
            people.get(row["claimant_id"]),
            people.get(row["subject_id"]),
            addresses,
            evidence.get(row["id"], []),
            updated.get(row.get("pgh_id", row["id"])),
        )
        for row in rows
    ]


def _record(
    row: Row,
    claimant: Person | None,
    subject: Person | None,
    addresses: _Addresses,
    evidence: list[Record],
    updated: str | None,
) -> Record:
    id_, event = str(row["id"]), row["event_date"]
    return {
        "id": id_,
        "url": addresses.claim(id_),
        "label": _label(row, claimant, subject),
        "conflict": row["place__conflict__slug"],
        "town": _town(row, addresses),
        "claimant": claimant and claimant.record,
        "side": claimant and claimant.side(row["place__conflict_id"], row["asserted_on"]),
        "subject": subject and subject.record,
        **{name: row[name] for name in _AS_THEY_ARE},
        "asserted_on": row["asserted_on"].isoformat(),
        "event_date": event and event.isoformat(),
        "document": _document(row, addresses),
        "evidence": evidence,
        "duplicate_of": _text(row["duplicate_of_id"]),
        "replaces": _text(row["replaces_id"]),
        "created_at": utc(row["created_at"]),
        "updated_at": updated,
    }


class Person:
    """An actor as records name it."""

    def __init__(self, id_: UUID, actor: Known, allied: Sequence[Allied]) -> None:
        self.name = actor.name
        self.record = {
            "id": str(id_),
            "slug": actor.slug,
            "name": actor.name,
            "kind": actor.kind,
        }
        self._allied = allied
        self._own_side = own_side(actor)

    def side(self, conflict: UUID | None, day: date) -> str | None:
        """As `claims.derive.side_of`."""
        if conflict is None:
            return self._own_side
        for one in self._allied:
            if one.conflict == conflict and one.covers(day):
                return one.side
        return None


class Allied(NamedTuple):
    """That somebody is on a side of a conflict, from one day to another (open where None)."""

    side: str
    conflict: UUID
    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def people_by_id(ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Two queries."""
    wanted = list(ids)
    allied: dict[UUID, list[Allied]] = defaultdict(list)
    for id_, *values in _ALLIED.rows(actors=wanted):
        allied[id_].append(Allied._make(values))
    return {
        id_: Person(id_, known_actor(values), allied.get(id_, ()))
        for id_, *values in _ACTORS.rows(actors=wanted)
    }


_ALLIED = Statement(
    lambda: (
        Allegiance.objects.filter(Among(F("actor"), Given("actors")))
        .order_by("since")
        .values_list("actor_id", "side__key", "side__conflict_id", "since", "until")
    )
)
_ACTORS = Statement(
    lambda: (
        Actor.objects.filter(Among(F("pk"), Given("actors"))).order_by().values_list("id", *KNOWN)
    )
)


def _label(row: Row, claimant: Person | None, subject: Person | None) -> str:
    same = row["subject_id"] in (None, row["claimant_id"])
    return label_of(
        row["stance"],
        row["predicate"],
        who=claimant.name if claimant else row["document__publisher__name"],
        town=town_in_words(row["place__name"], row["extent"], row["part_words"]),
        subject="" if same or subject is None else subject.name,
        language=settings.LANGUAGE_CODE,
    )


def _town(row: Row, addresses: _Addresses) -> Record:
    return {
        "id": str(row["place_id"]),
        "name": row["place__name"],
        "url": addresses.town(row["place__slug"], row["place__short_id"]),
        "country": row["place__country"],
        "admin1": row["place__admin1"],
        "geonameid": row["place__geonameid"],
        "latitude": row["place__latitude"],
        "longitude": row["place__longitude"],
    }


def _document(row: Row, addresses: _Addresses) -> Record:
    id_, published = str(row["document_id"]), row["document__published"]
    there = _offset(row["document__published_offset"])
    exact = row["document__exact_family__text_hash"]
    return {
        "id": id_,
        "title": row["document__title"],
        "publisher": row["document__publisher__name"],
        "published": in_offset(published.astimezone(there)),
        "published_utc": utc(published),
        "url": addresses.document(id_),
        "source_url": row["document__url"],
        "provenance": row["document__provenance"],
        "family": str(row["document__family_id"]),
        "text_hash": exact or row["document__family__text_hash"],
        "version": row["document__version"],
        "replaced_at": _moment(row["document__replaced_at"]),
        "withdrawn_at": _moment(row["document__withdrawn_at"]),
    }


@lru_cache
def _offset(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def _moment(at: datetime | None) -> str | None:
    return None if at is None else utc(at)


def in_offset(moment: datetime) -> str:
    """By RFC 3339, in the offset that it carries."""
    return moment.isoformat() if moment.utcoffset() else utc(moment)


def _evidence(rows: Sequence[Row]) -> Mapping[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = defaultdict(list)
    for claim, start, end, quote, cue in _PASSAGES.rows(claims=[row["id"] for row in rows]):
        found[claim].append({"start": start, "end": end, "quote": quote, "cue": cue})
    return found


_PASSAGES = Statement(
    lambda: (
        Evidence.objects.filter(Among(F("claim"), Given("claims")))
        .order_by("claim_id", "start", "end")
        .values_list("claim_id", "start", "end", "quote", "cue")
    )
)


def _updated(rows: Sequence[Row]) -> Mapping[Any, str]:
    """When each claim, or each state of one, was last changed as the feed has it."""
    ids = [row["id"] for row in rows]
    if "pgh_id" in rows[0]:
        latest = _STATES_CHANGED.rows(claims=ids, events=[row["pgh_id"] for row in rows])
    else:
        latest = _CHANGED.rows(claims=ids)
    return {id_: utc(at.replace(tzinfo=UTC)) for id_, at in latest}


def _changes() -> QuerySet[Change]:
    return Change.objects.filter(
        Among(F("claim"), Given("claims")), number__isnull=False
    ).order_by()


_CHANGED = Statement(lambda: _changes().values_list("claim").annotate(last=Utc(Max("at"))))
_STATES_CHANGED = Statement(
    lambda: (
        _changes()
        .filter(Among(F("event"), Given("events")))
        .values_list("event")
        .annotate(last=Utc(Max("at")))
    )
)


def _text(id_: UUID | None) -> str | None:
    return None if id_ is None else str(id_)


def _status(told: Interval) -> Record:
    return {
        "from": told.start.isoformat(),
        "to": told.end and (told.end - timedelta(days=1)).isoformat(),
        "status": told.text(),
        "kind": told.status,
        "sides": list(told.sides),
        "holder": told.holder,
        "divided": list(told.divided),
        "by_own_word": told.by_own_word,
        "rule": told.rule,
        "version": told.version,
        "deciding": list(told.deciding),
    }


def _getter(row: StatusInterval | Row) -> Callable[[str], Any]:
    return row.__getitem__ if isinstance(row, Mapping) else partial(getattr, row)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
