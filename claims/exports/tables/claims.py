"""One row a claim: every field of the codebook, its passages, and where it comes from.

The fields `source_…` are called and filled as UCDP's Georeferenced Event Dataset calls and fills
them, so that its users find there what they look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import Any, get_args

from django.db.models import QuerySet

from claims.asking import ClaimsForm, choose
from claims.exports.columns import Asked, Column, Table, streamed
from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.models import Claim
from claims.records import Record, claim_records, claim_rows
from entities.lexicon import ActorKind
from sources.models import Document


def chosen(asked: Asked) -> QuerySet[Claim]:
    """What is asked for, in the order that is asked for, else by day."""
    rows = choose(Claim.objects.all(), asked)
    return rows if rows.query.order_by else rows.order_by("asserted_on", "id")


def records(asked: Asked, site: str) -> Iterator[Record]:
    """The claims as the API shows them."""
    with closing(streamed(claim_rows(chosen(asked)))) as rows:
        yield from claim_records(rows, site=site)


def _field(*path: str) -> Callable[[Record], Any]:
    """What the record holds there; None where something on the way is null."""

    def value(record: Record) -> Any:
        found: Any = record
        for name in path:
            if found is None:
                return None
            found = found[name]
        return found

    return value


def _day(name: str) -> Callable[[Record], date | None]:
    return lambda record: record[name] and date.fromisoformat(record[name])


def _time(*path: str) -> Callable[[Record], datetime | None]:
    take = _field(*path)

    def value(record: Record) -> datetime | None:
        told = take(record)
        return told and datetime.fromisoformat(told)

    return value


def _passages(name: str) -> Callable[[Record], list[str]]:
    return lambda record: [passage[name] for passage in record["evidence"]]


def _spans(record: Record) -> list[str]:
    return [f"{passage['start']}-{passage['end']}" for passage in record["evidence"]]


def _published_on(record: Record) -> date:
    return date.fromisoformat(record["document"]["published"][:10])


def _article(record: Record) -> str:
    document = record["document"]
    told = (document["publisher"], document["published"][:10], document["title"])
    return ", ".join(part for part in told if part)


def _original(record: Record) -> str:
    """Who is the first to say it, as far as the text names anybody."""
    claimant = record["claimant"]
    return str(
        record["speaker"] or (claimant["name"] if claimant else record["document"]["publisher"])
    )


def _words(vocabulary: Any) -> str:
    return ", ".join(get_args(vocabulary))


_PRECISE = "A week is given by its Monday, a month or year by its first day."
COLUMNS = (
    Column("id", "id", "The claim's id, which never changes.", _field("id"), "UUID"),
    Column("url", "text", "Its page.", _field("url")),
    Column("label", "text", "The claim in one line, in English.", _field("label")),
    Column(
        *("state", "word", "What editors decided on the reading: that the text says so."),
        _field("state"),
        ", ".join(Claim.State.values),
    ),
    Column("version", "integer", "Counted up whenever the claim changes.", _field("version")),
    Column("town", "word", "The town's usual English name.", _field("town", "name")),
    Column("town_id", "id", "The town's id here.", _field("town", "id"), "UUID"),
    Column(
        *("geonameid", "integer", "The town's number in GeoNames; none where no gazetteer has it."),
        _field("town", "geonameid"),
    ),
    Column(
        *("country", "word", "The country it lies in."),
        _field("town", "country"),
        "ISO 3166-1 alpha-2",
    ),
    Column("admin1", "word", "The first-level region it lies in.", _field("town", "admin1")),
    Column(
        *("latitude", "number", "The town's, not the fighting's."),
        _field("town", "latitude"),
        "degrees, WGS 84",
    ),
    Column(
        *("longitude", "number", "The town's, not the fighting's."),
        _field("town", "longitude"),
        "degrees, WGS 84",
    ),
    Column(
        *("place_ambiguous", "flag"),
        "More than one known place fits, and the text does not say which.",
        _field("place_ambiguous"),
    ),
    Column("conflict", "word", "The conflict the town lies in, if any.", _field("conflict")),
    Column(
        *("claimant", "word", "Whose statement it is; none: the publisher's own."),
        _field("claimant", "name"),
    ),
    Column("claimant_slug", "word", "Its short name here.", _field("claimant", "slug")),
    Column(
        *("claimant_kind", "word", "What the claimant is."),
        _field("claimant", "kind"),
        _words(ActorKind),
    ),
    Column(
        *("side", "word", "The claimant's side in the town's conflict on the day; none: of none."),
        _field("side"),
    ),
    Column(
        *("speaker", "text", "The person who said it, or how the text describes one."),
        _field("speaker"),
    ),
    Column(
        *("stance", "word", "How the claimant stands to what is said."),
        _field("stance"),
        _words(Stance),
    ),
    Column(
        *("predicate", "word", "What is said to have come about, or to be so."),
        _field("predicate"),
        _words(Predicate),
    ),
    Column(
        *("subject", "word", "Who captured, holds, advances, encircled or withdrew."),
        _field("subject", "name"),
    ),
    Column("subject_slug", "word", "Its short name here.", _field("subject", "slug")),
    Column("extent", "word", "The town, or a part of it.", _field("extent"), _words(Extent)),
    Column("part_words", "text", "The part, as the text has it.", _field("part_words")),
    Column(
        *("part_label", "word", "The part, normalised; empty where it has no label."),
        _field("part_label"),
        "north … southwest, centre, outskirts, most, a district's name",
    ),
    Column("asserted_on", "day", f"When it was said. {_PRECISE}", _day("asserted_on")),
    Column(
        *("asserted_precision", "word", "How precisely that is known."),
        _field("asserted_precision"),
        _words(Precision),
    ),
    Column(
        *("event_date", "day", f"The day that it is about, where it gives one. {_PRECISE}"),
        _day("event_date"),
    ),
    Column(
        *("event_precision", "word", "How precisely that is known."),
        _field("event_precision"),
        _words(Precision),
    ),
    Column("evidence", "texts", "The passages that carry it, word for word.", _passages("quote")),
    Column(
        *("evidence_at", "texts", "Where each passage stands in the article's text."),
        _spans,
        "start-end: characters, from 0, without the one at the end",
    ),
    Column("cues", "texts", "Of each passage the words that told it.", _passages("cue")),
    Column(
        *("source_article", "text", "The article: publisher, day, headline."),
        _article,
        lossy="UCDP lists all articles of an event; here a claim has one.",
    ),
    Column("source_office", "word", "Who published it.", _field("document", "publisher")),
    Column(
        *("source_date", "day", "The day of publication, in the publisher's own offset."),
        _published_on,
    ),
    Column("source_headline", "text", "The article's headline.", _field("document", "title")),
    Column(
        *("source_original", "text"),
        "Whom the information comes from: the speaker; where none is named, the claimant, and of "
        "a publisher's own statement the publisher.",
        _original,
    ),
    Column(
        *("source_url", "text", "Where the publisher has it."), _field("document", "source_url")
    ),
    Column("document_id", "id", "The article's id here.", _field("document", "id"), "UUID"),
    Column("published", "time", "When it was published.", _time("document", "published_utc")),
    Column(
        *("provenance", "word"),
        "Whether the text is a publisher's article, or retold for this project.",
        _field("document", "provenance"),
        ", ".join(Document.Provenance.values),
    ),
    Column(
        *("text_family", "id"),
        "The same for copies of one text by several publishers, word for word or nearly.",
        _field("document", "family"),
        "UUID",
    ),
    Column(
        *("withdrawn_at", "time"),
        "When its text was taken down: headline and passages are empty then.",
        _time("document", "withdrawn_at"),
    ),
    Column(
        *("confidence", "number", "How sure the extractor is of the reading."),
        _field("confidence"),
        "0 to 1",
    ),
    Column(
        *("origin", "word", "Whether it was extracted, or added by an editor."),
        _field("origin"),
        ", ".join(Claim.Origin.values),
    ),
    Column(
        *("extractor_version", "word", "The extractor that found it."),
        _field("extractor_version"),
    ),
    Column(
        *("no_longer_found", "flag"),
        "The latest extractor no longer finds it, though an editor has decided on it.",
        _field("no_longer_found"),
    ),
    Column(
        *("duplicate_of", "id", "The claim that says the same; this one is rejected for it."),
        _field("duplicate_of"),
    ),
    Column(
        *("replaces", "id", "The decided claim in whose stead a later extraction found it."),
        _field("replaces"),
    ),
    Column("created_at", "time", "When it was recorded here.", _time("created_at")),
    Column(
        *("updated_at", "time"),
        "When it last changed, as the feed of changes has it; none where that has no time yet.",
        _time("updated_at"),
    ),
)

TABLE = Table(
    name="claims",
    meaning="One row a claim: who says what about who holds a town, with the passages that carry "
    "it. The fields source_… are named and filled as in UCDP GED.",
    columns=COLUMNS,
    form=ClaimsForm,
    items=records,
    count=lambda asked: chosen(asked).count(),
    key="id",
    records=records,
)
