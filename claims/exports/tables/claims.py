"""One row a claim: every field of the codebook, its passages, and where it comes from.

The fields `source_…` are called and filled as UCDP's Georeferenced Event Dataset calls and fills
them, so that its users find there what they look for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from operator import itemgetter as of
from typing import Any, get_args

from django.db.models import QuerySet

from claims.asking import ClaimsForm, choose
from claims.exports.columns import Asked, Column, Table, streamed
from claims.exports.tables.claim_rows import Row, claim_rows
from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.models import Claim
from claims.records import Record, claim_records
from claims.records import claim_rows as as_plain
from entities.lexicon import ActorKind
from sources.models import Document


def chosen(asked: Asked) -> QuerySet[Claim]:
    """What is asked for, in the order that is asked for, else by day."""
    rows = choose(Claim.objects.all(), asked)
    return rows if rows.query.order_by else rows.order_by("asserted_on", "id")


def rows(asked: Asked, site: str) -> Iterator[Row]:
    """What the columns take their values from."""
    return claim_rows(chosen(asked), site)


def records(asked: Asked, site: str) -> Iterator[Record]:
    """The claims as the API shows them."""
    with closing(streamed(as_plain(chosen(asked)))) as found:
        yield from claim_records(found, site=site)


def _passages(name: str) -> Callable[[Row], list[str]]:
    return lambda row: [passage[name] for passage in row["passages"]]


def _spans(row: Row) -> list[str]:
    return [f"{passage['start']}-{passage['end']}" for passage in row["passages"]]


def _article(row: Row) -> str:
    publisher, title = row["document__publisher__name"], row["document__title"]
    told = (publisher, row["published_on"].isoformat(), title)
    return ", ".join(part for part in told if part)


def _original(row: Row) -> str:
    """Who is the first to say it, as far as the text names anybody."""
    return str(row["speaker"] or row["claimant__name"] or row["document__publisher__name"])


def _words(vocabulary: Any) -> str:
    return ", ".join(get_args(vocabulary))


_PRECISE = "A week is given by its Monday, a month or year by its first day."
COLUMNS = (
    Column("id", "id", "The claim's id, which never changes.", of("claim"), "UUID"),
    Column("url", "text", "Its page.", of("url")),
    Column("label", "text", "The claim in one line, in English.", of("label")),
    Column(
        *("state", "word", "What editors decided on the reading: that the text says so."),
        of("state"),
        ", ".join(Claim.State.values),
    ),
    Column("version", "integer", "Counted up whenever the claim changes.", of("version")),
    Column("town", "word", "The town's usual English name.", of("place__name")),
    Column("town_id", "id", "The town's id here.", of("town"), "UUID"),
    Column(
        *("geonameid", "integer", "The town's number in GeoNames; none where no gazetteer has it."),
        of("place__geonameid"),
    ),
    Column(
        *("country", "word", "The country it lies in."),
        of("place__country"),
        "ISO 3166-1 alpha-2",
    ),
    Column("admin1", "word", "The first-level region it lies in.", of("place__admin1")),
    Column(
        *("latitude", "number", "The town's, not the fighting's."),
        of("place__latitude"),
        "degrees, WGS 84",
    ),
    Column(
        *("longitude", "number", "The town's, not the fighting's."),
        of("place__longitude"),
        "degrees, WGS 84",
    ),
    Column(
        *("place_ambiguous", "flag"),
        "More than one known place fits, and the text does not say which.",
        of("place_ambiguous"),
    ),
    Column(
        "conflict", "word", "The conflict the town lies in, if any.", of("place__conflict__slug")
    ),
    Column(
        *("claimant", "word", "Whose statement it is; none: the publisher's own."),
        of("claimant__name"),
    ),
    Column("claimant_slug", "word", "Its short name here.", of("claimant__slug")),
    Column(
        *("claimant_kind", "word", "What the claimant is."),
        of("claimant__kind"),
        _words(ActorKind),
    ),
    Column(
        *("side", "word", "The claimant's side in the town's conflict on the day; none: of none."),
        of("side"),
    ),
    Column(
        *("speaker", "text", "The person who said it, or how the text describes one."),
        of("speaker"),
    ),
    Column(
        *("stance", "word", "How the claimant stands to what is said."),
        of("stance"),
        _words(Stance),
    ),
    Column(
        *("predicate", "word", "What is said to have come about, or to be so."),
        of("predicate"),
        _words(Predicate),
    ),
    Column(
        *("subject", "word", "Who captured, holds, advances, encircled or withdrew."),
        of("subject__name"),
    ),
    Column("subject_slug", "word", "Its short name here.", of("subject__slug")),
    Column("extent", "word", "The town, or a part of it.", of("extent"), _words(Extent)),
    Column("part_words", "text", "The part, as the text has it.", of("part_words")),
    Column(
        *("part_label", "word", "The part, normalised; empty where it has no label."),
        of("part_label"),
        "north … southwest, centre, outskirts, most, a district's name",
    ),
    Column("asserted_on", "day", f"When it was said. {_PRECISE}", of("asserted_on")),
    Column(
        *("asserted_precision", "word", "How precisely that is known."),
        of("asserted_precision"),
        _words(Precision),
    ),
    Column(
        *("event_date", "day", f"The day that it is about, where it gives one. {_PRECISE}"),
        of("event_date"),
    ),
    Column(
        *("event_precision", "word", "How precisely that is known."),
        of("event_precision"),
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
    Column("source_office", "word", "Who published it.", of("document__publisher__name")),
    Column(
        *("source_date", "day", "The day of publication, in the publisher's own offset."),
        of("published_on"),
    ),
    Column("source_headline", "text", "The article's headline.", of("document__title")),
    Column(
        *("source_original", "text"),
        "Whom the information comes from: the speaker; where none is named, the claimant, and of "
        "a publisher's own statement the publisher.",
        _original,
    ),
    Column(*("source_url", "text", "Where the publisher has it."), of("document__url")),
    Column("document_id", "id", "The article's id here.", of("article"), "UUID"),
    Column("published", "time", "When it was published.", of("published")),
    Column(
        *("provenance", "word"),
        "Whether the text is a publisher's article, or retold for this project.",
        of("document__provenance"),
        ", ".join(Document.Provenance.values),
    ),
    Column(
        *("text_family", "id"),
        "The same for copies of one text by several publishers, word for word or nearly.",
        of("family"),
        "UUID",
    ),
    Column(
        *("withdrawn_at", "time"),
        "When its text was taken down: headline and passages are empty then.",
        of("withdrawn"),
    ),
    Column(
        *("confidence", "number", "How sure the extractor is of the reading."),
        of("confidence"),
        "0 to 1",
    ),
    Column(
        *("origin", "word", "Whether it was extracted, or added by an editor."),
        of("origin"),
        ", ".join(Claim.Origin.values),
    ),
    Column(
        *("extractor_version", "word", "The extractor that found it."),
        of("extractor_version"),
    ),
    Column(
        *("no_longer_found", "flag"),
        "The latest extractor no longer finds it, though an editor has decided on it.",
        of("no_longer_found"),
    ),
    Column(
        *("duplicate_of", "id", "The claim that says the same; this one is rejected for it."),
        of("copy_of"),
    ),
    Column(
        *("replaces", "id", "The decided claim in whose stead a later extraction found it."),
        of("in_stead_of"),
    ),
    Column("created_at", "time", "When it was recorded here.", of("created")),
    Column(
        *("updated_at", "time"),
        "When it last changed, as the feed of changes has it; none where that has no time yet.",
        of("updated"),
    ),
)

TABLE = Table(
    name="claims",
    meaning="One row a claim: who says what about who holds a town, with the passages that carry "
    "it. The fields source_… are named and filled as in UCDP GED.",
    columns=COLUMNS,
    form=ClaimsForm,
    items=rows,
    count=lambda asked: chosen(asked).count(),
    key="id",
    records=records,
)
