"""What the API answers and which parameters it takes, written by records_from_schema.py.

Days are `YYYY-MM-DD` and times RFC 3339, both as text; ids are UUIDs as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID


class Allegiance(TypedDict):
    conflict: str
    side: str
    since: NotRequired[str | None]
    until: NotRequired[str | None]

class Speaker(TypedDict):
    names: list[str]
    role: NotRequired[str]
    since: NotRequired[str | None]
    until: NotRequired[str | None]

class Actor(TypedDict):
    id: str
    slug: str
    name: str
    kind: Literal["state", "government", "ministry", "army", "unit", "movement", "region", "city", "publisher", "monitor", "organisation", "people"]
    official: NotRequired[bool]
    provisional: NotRequired[bool]
    parent: str | None
    names: list[str]
    allegiances: list[Allegiance]
    speakers: list[Speaker]

class ActorRef(TypedDict):
    id: str
    slug: str
    name: str
    kind: Literal["state", "government", "ministry", "army", "unit", "movement", "region", "city", "publisher", "monitor", "organisation", "people"]

class Denials(TypedDict):
    """An actor's denials of its own side's losses, by what became of them."""

    total: int
    conceded: int
    unanswered: int
    already_conceded: int

class Gains(TypedDict):
    """Captures and holds that an actor claimed, as statements, by what became of them."""

    total: int
    conceded: int
    contradicted: int
    unanswered: int
    already_conceded: int
    median_lag: float | None

class TownRef(TypedDict):
    id: str
    name: str
    url: str

class TrackedStatement(TypedDict):
    """What an actor said of a whole town, once however often it was repeated, and what became of
    it. `kind` of a denial: that the actor's own side lost the town.
    """

    kind: Literal["capture", "hold", "denial"]
    town: TownRef
    side: str
    first: str
    last: str
    claims: list[str]
    outcome: Literal["conceded", "already-conceded", "contradicted", "unanswered"]
    answers: list[str]
    answered_on: NotRequired[str | None]
    lag: int | None

class Record(TypedDict):
    """What became of an actor's statements, and a page of these, the latest first."""

    actor: ActorRef
    include_pending: bool
    gains: Gains
    denials: Denials
    next: str | None
    previous: str | None
    results: list[TrackedStatement]

Interval = TypedDict(
    "Interval",
    {
        "from": str,
        "to": str | None,
        "status": str,
        "kind": Literal["controlled", "claimed", "contested", "fought-over", "unknown"],
        "sides": list[str],
        "holder": str | None,
        "divided": list[str],
        "by_own_word": bool,
        "rule": int,
        "version": str,
        "deciding": list[str],
        "last_word_on": str | None,
        "town": str,
        "include_pending": bool,
        "part": str,
    },
)

class Reason(TypedDict):
    """Why a claim changed. Nobody's name is told, nor what editors wrote."""

    kind: Literal["extracted", "added", "accepted", "corrected", "rejected", "duplicate", "unverifiable", "reopened", "undone", "superseded", "found-again", "no-longer-found", "renamed", "article-changed", "passages", "changed", "withdrawn", "gone"]
    because: Literal["not-said", "who", "place", "action", "not-real", "not-control", "date", "duplicate", "other"] | None
    text: str
    reading: Literal["first", "second", "adjudication"] | None
    extractor_version: str | None
    duplicate_of: str | None

class ClaimTown(TypedDict):
    id: str
    name: str
    url: str
    country: NotRequired[str]
    admin1: NotRequired[str]
    geonameid: NotRequired[int | None]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]

class Evidence(TypedDict):
    """Characters `[start, end)` of the document's text, and the words in them that told the
    predicate.
    """

    start: int
    end: int
    quote: str
    cue: NotRequired[str]

class Source(TypedDict):
    id: str
    title: NotRequired[str]
    publisher: str
    published: str
    url: str
    published_utc: str
    source_url: str
    provenance: NotRequired[Literal["article", "retold"]]
    family: str
    text_hash: str
    version: int
    replaced_at: str | None
    withdrawn_at: str | None

class ToldClaim(TypedDict):
    """A claim as it was after a change. Names, sides, passages and the document are as now."""

    id: str
    url: str
    label: str
    state: NotRequired[Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"]]
    conflict: str | None
    town: ClaimTown
    place_ambiguous: NotRequired[bool]
    claimant: ActorRef | None
    side: str | None
    speaker: NotRequired[str]
    stance: Literal["asserts", "denies", "unconfirmed"]
    predicate: Literal["captured", "holds", "advancing", "encircled", "fighting", "withdrew"]
    subject: ActorRef | None
    extent: NotRequired[Literal["whole", "part"]]
    part_words: NotRequired[str]
    part_label: NotRequired[str]
    asserted_on: str
    asserted_precision: NotRequired[Literal["day", "week", "month", "year"]]
    event_date: NotRequired[str | None]
    event_precision: NotRequired[Literal["day", "week", "month", "year", ""]]
    document: Source
    evidence: list[Evidence]
    confidence: NotRequired[float]
    origin: NotRequired[Literal["extracted", "editor"]]
    extractor_version: NotRequired[str]
    no_longer_found: NotRequired[bool]
    duplicate_of: str | None
    replaces: str | None
    version: int
    created_at: str
    updated_at: str | None
    counts: bool

class Change(TypedDict):
    """A change of a claim (with `claim_id`, `reason` and `claim`) or of a status (with `status` and
    `before`).
    """

    number: int
    at: str
    timestamp: int
    what: Literal["claim", "status"]
    action: Literal["added", "changed", "removed"]
    claim_id: NotRequired[str]
    reason: NotRequired[Reason]
    claim: NotRequired[ToldClaim | None]
    status: NotRequired[Interval]
    before: NotRequired[Interval | None]

class Feed(TypedDict):
    next: str
    more: bool
    results: list[Change]

class Claim(TypedDict):
    """One claim. `claimant` null: the publisher's own statement."""

    id: str
    url: str
    label: str
    state: NotRequired[Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"]]
    conflict: str | None
    town: ClaimTown
    place_ambiguous: NotRequired[bool]
    claimant: ActorRef | None
    side: str | None
    speaker: NotRequired[str]
    stance: Literal["asserts", "denies", "unconfirmed"]
    predicate: Literal["captured", "holds", "advancing", "encircled", "fighting", "withdrew"]
    subject: ActorRef | None
    extent: NotRequired[Literal["whole", "part"]]
    part_words: NotRequired[str]
    part_label: NotRequired[str]
    asserted_on: str
    asserted_precision: NotRequired[Literal["day", "week", "month", "year"]]
    event_date: NotRequired[str | None]
    event_precision: NotRequired[Literal["day", "week", "month", "year", ""]]
    document: Source
    evidence: list[Evidence]
    confidence: NotRequired[float]
    origin: NotRequired[Literal["extracted", "editor"]]
    extractor_version: NotRequired[str]
    no_longer_found: NotRequired[bool]
    duplicate_of: str | None
    replaces: str | None
    version: int
    created_at: str
    updated_at: str | None

class Deleted(TypedDict):
    """A claim that belongs in no copy of those that stand, or of what is asked for."""

    id: str
    deleted_at: str
    deleted_timestamp: int
    state: Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"] | None
    reason: Reason

class ClaimRef(TypedDict):
    id: str
    url: str
    label: str
    state: NotRequired[Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"]]
    asserted_on: str

class Relation(TypedDict):
    """What a later claim does to an earlier one."""

    kind: Literal["denies", "concedes", "repeats", "retracts"]
    direction: Literal["to", "from"]
    claim: ClaimRef
    days: int
    reason: str

class ClaimDetail(TypedDict):
    """One claim, with its relations to others. `claimant` null: the publisher's own statement."""

    id: str
    url: str
    label: str
    state: NotRequired[Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"]]
    conflict: str | None
    town: ClaimTown
    place_ambiguous: NotRequired[bool]
    claimant: ActorRef | None
    side: str | None
    speaker: NotRequired[str]
    stance: Literal["asserts", "denies", "unconfirmed"]
    predicate: Literal["captured", "holds", "advancing", "encircled", "fighting", "withdrew"]
    subject: ActorRef | None
    extent: NotRequired[Literal["whole", "part"]]
    part_words: NotRequired[str]
    part_label: NotRequired[str]
    asserted_on: str
    asserted_precision: NotRequired[Literal["day", "week", "month", "year"]]
    event_date: NotRequired[str | None]
    event_precision: NotRequired[Literal["day", "week", "month", "year", ""]]
    document: Source
    evidence: list[Evidence]
    confidence: NotRequired[float]
    origin: NotRequired[Literal["extracted", "editor"]]
    extractor_version: NotRequired[str]
    no_longer_found: NotRequired[bool]
    duplicate_of: str | None
    replaces: str | None
    version: int
    created_at: str
    updated_at: str | None
    second_reading: Literal["awaited", "disputed"] | None
    relations: list[Relation]

class Decision(TypedDict):
    """A decision that was taken. Who and why are told to those who may question it: `by`, `because`
    and `reason` are null for others.
    """

    id: int
    kind: Literal["accept", "correct", "reject", "unverifiable", "reopen", "restore"]
    reading: NotRequired[Literal["first", "second", "adjudication"]]
    because: str | None
    reason: str | None
    changes: Any
    version: int | None
    by: str | None
    at: str

class Side(TypedDict):
    key: str
    name: str
    colour: str

class WholeConflict(TypedDict):
    """A conflict with its sides. `regions` are ISO 3166-1 codes of countries, or of their first
    divisions (`RU.41`): whose towns are in it by default.
    """

    id: str
    slug: str
    name: str
    regions: NotRequired[list[str]]
    sides: list[Side]

class Publisher(TypedDict):
    id: str
    name: str
    homepage: NotRequired[Any]
    licence: NotRequired[str]
    texts_may_be_given_on: NotRequired[bool]

class Document(TypedDict):
    id: str
    title: NotRequired[str]
    publisher: Publisher
    published: str
    url: str
    published_utc: str
    published_from: NotRequired[Literal["given", "feed", "page", "text", "address", "fetched"]]
    published_confidence: NotRequired[Literal["high", "medium", "low"]]
    author: NotRequired[str]
    source_url: str
    text_hash: str
    text_sha256: str
    article: str | None
    version: int
    replaced_at: str | None
    withdrawn_at: str | None
    conflict_slug: NotRequired[str]
    provenance: NotRequired[Literal["article", "retold"]]
    family: str
    ingested_at: str
    extraction: Literal["waiting", "running", "done", "failed"]
    live_claims: int

class Quotation(TypedDict):
    """A passage of the text that carries a live claim."""

    claim: str
    start: int
    end: int
    quote: str
    cue: NotRequired[str]

class DocumentDetail(TypedDict):
    id: str
    title: NotRequired[str]
    publisher: Publisher
    published: str
    url: str
    published_utc: str
    published_from: NotRequired[Literal["given", "feed", "page", "text", "address", "fetched"]]
    published_confidence: NotRequired[Literal["high", "medium", "low"]]
    author: NotRequired[str]
    source_url: str
    text_hash: str
    text_sha256: str
    article: str | None
    version: int
    replaced_at: str | None
    withdrawn_at: str | None
    conflict_slug: NotRequired[str]
    provenance: NotRequired[Literal["article", "retold"]]
    family: str
    ingested_at: str
    extraction: Literal["waiting", "running", "done", "failed"]
    live_claims: int
    text: str | None
    quotations: list[Quotation]

class Export(TypedDict):
    """An export, and how far it is."""

    id: str
    url: str
    table: Literal["claims", "town-days", "control-changes", "statuses"]
    format: Literal["csv", "ndjson", "geojson", "xlsx", "parquet"]
    query: NotRequired[str]
    by: str
    at: str
    state: NotRequired[Literal["waiting", "running", "done", "failed", "expired"]]
    rows_done: NotRequired[int]
    rows_in_all: NotRequired[int | None]
    file: str | None
    size: NotRequired[int | None]
    sha256: str
    finished_at: NotRequired[str | None]
    expires_at: str | None
    error: str

class Place(TypedDict):
    """A populated place, whether somebody claims it or not."""

    id: str
    short_id: str
    name: str
    names: list[str]
    url: str
    geonameid: NotRequired[int | None]
    country: NotRequired[str]
    admin1: NotRequired[str]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    population: NotRequired[int]
    conflict: str | None
    provisional: NotRequired[bool]

class WholePublisher(TypedDict):
    """A publisher. Its texts are given on only where its licence lets them be."""

    id: str
    name: str
    homepage: NotRequired[Any]
    licence: NotRequired[str]
    texts_may_be_given_on: NotRequired[bool]
    documents: int

class ReleaseFile(TypedDict):
    """A file of a release."""

    name: str
    url: str
    size: int
    sha256: str
    rows: int | None

class Release(TypedDict):
    """A numbered snapshot of all tables that never changes."""

    number: int
    url: str
    title: str
    notes: NotRequired[str]
    published_at: str
    change: int
    citation: NotRequired[str]
    licence: str
    files: list[ReleaseFile]

class WholeSide(TypedDict):
    """A side of a conflict; `order` is its place among the others."""

    id: str
    conflict: str
    key: str
    name: str
    colour: str
    order: NotRequired[int]

class Deciding(TypedDict):
    """A claim that brought a change about."""

    id: str
    url: str
    label: str
    state: NotRequired[Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"]]
    asserted_on: str
    asserted_precision: NotRequired[Literal["day", "week", "month", "year"]]

StatusChange = TypedDict(
    "StatusChange",
    {
        "from": str | None,
        "to": str,
        "town": TownRef,
        "on": str,
        "kind": Literal["controlled", "claimed", "contested", "fought-over", "unknown"],
        "sides": list[str],
        "rule": int,
        "version": str,
        "deciding": list[Deciding],
    },
)

class Town(TypedDict):
    """A town and its present status. `status` counts verified claims alone unless `include_pending`
    is given; `status_with_pending` always counts pending ones as well.
    """

    id: str
    name: str
    url: str
    status: str
    status_with_pending: str
    since: str | None
    conflict: str | None
    country: NotRequired[str]
    admin1: NotRequired[str]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    population: NotRequired[int]
    provisional: NotRequired[bool]
    live_claims: int
    pending_claims: int
    latest_on: str | None

class Conflict(TypedDict):
    slug: str
    name: str
    sides: list[Side]

class TownDetail(TypedDict):
    """A town and its present status. `status` counts verified claims alone unless `include_pending`
    is given; `status_with_pending` always counts pending ones as well.
    """

    id: str
    name: str
    url: str
    status: str
    status_with_pending: str
    since: str | None
    conflict: Conflict | None
    country: NotRequired[str]
    admin1: NotRequired[str]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    population: NotRequired[int]
    provisional: NotRequired[bool]
    live_claims: int
    pending_claims: int
    latest_on: str | None
    names: list[str]
    geonameid: NotRequired[int | None]
    status_url: str
    timeline_url: str

Band = TypedDict(
    "Band",
    {
        "from": str,
        "to": str | None,
        "status": str,
        "kind": Literal["controlled", "claimed", "contested", "fought-over", "unknown"],
        "sides": list[str],
        "holder": str | None,
        "divided": list[str],
        "by_own_word": bool,
        "rule": int,
        "version": str,
        "deciding": list[str],
        "last_word_on": str | None,
        "freshness": Literal["fresh", "ageing", "stale"] | None,
    },
)

class Part(TypedDict):
    """A part of a town that has a status of its own."""

    label: str
    bands: list[Band]

class Status(TypedDict):
    """A town's status over time, as known on a day (null: with all that is known now), by what this
    system had recorded as of a time (null: by now); on one day alone where `at` says so.
    """

    town: TownRef
    known_on: str | None
    as_of: str | None
    include_pending: bool
    bands: list[Band]
    parts: list[Part]
    at: str | None

class Timeline(TypedDict):
    """A town's status over time, and a page of its claims."""

    town: TownRef
    known_on: str | None
    as_of: str | None
    include_pending: bool
    bands: list[Band]
    parts: list[Part]
    next: str | None
    previous: str | None
    results: list[Claim]

class Webhook(TypedDict):
    id: str
    name: str
    url: str
    what: list[Literal["claim", "status"]]
    query: str
    created_at: str
    change: int
    failing_since: str | None
    disabled_at: str | None
    disabled_because: str

class Delivery(TypedDict):
    """A change that a webhook is told of, and how far that is."""

    id: str
    change: int | None
    state: Literal["waiting", "running", "delivered", "failed"]
    attempts: NotRequired[int]
    status: int | None
    error: str
    body: str
    created_at: str
    delivered_at: str | None

class HeldRole(TypedDict):
    """A role that the user has."""

    conflict: str | None
    role: Literal["reader", "analyst", "editor", "adjudicator", "administrator"]

class Key(TypedDict):
    """The key that the request came with."""

    prefix: str
    name: str
    scopes: list[Literal["read", "export", "write"]]
    created_at: str
    expires_at: str | None

class Limits(TypedDict):
    """How many requests are answered, as the RateLimit header fields say it."""

    policy: Literal["key", "user", "address"]
    limit: int
    window: int
    remaining: int
    reset: int

class WhoAmI(TypedDict):
    user: str | None
    roles: list[HeldRole]
    key: Key | None
    limits: Limits | None

class ActorsListParameters(TypedDict, total=False):
    conflict: str
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    kind: Literal["state", "government", "ministry", "army", "unit", "movement", "region", "city", "publisher", "monitor", "organisation", "people"]
    page_size: int
    search: str
    side: str
    sort: Literal["-id", "-name", "id", "name"]

class ActorsRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class ActorsRecordRetrieveParameters(TypedDict, total=False):
    conflict: str
    include_pending: bool
    page_size: int

class ChangesListParameters(TypedDict, total=False):
    conflict: str
    page_size: int
    town: str
    what: Literal["claim", "status"]

class ClaimsListParameters(TypedDict, total=False):
    actor: str
    asserted_from: date | str
    asserted_precision: Literal["day", "month", "week", "year"] | Sequence[Literal["day", "month", "week", "year"]]
    asserted_to: date | str
    bbox: str
    claimant: str
    claimant_kind: Literal["army", "city", "government", "ministry", "monitor", "movement", "organisation", "people", "publisher", "region", "state", "unit"] | Sequence[Literal["army", "city", "government", "ministry", "monitor", "movement", "organisation", "people", "publisher", "region", "state", "unit"]]
    confidence_from: float
    confidence_to: float
    conflict: str
    cue: str
    datetime: str
    document: UUID | str
    event_from: date | str
    event_precision: Literal["day", "month", "week", "year"] | Sequence[Literal["day", "month", "week", "year"]]
    event_to: date | str
    extent: Literal["part", "whole"] | Sequence[Literal["part", "whole"]]
    extractor_version: str
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    include_pending: bool
    no_longer_found: bool
    origin: Literal["editor", "extracted"]
    page_size: int
    part_label: str
    place_ambiguous: bool
    predicate: Literal["advancing", "captured", "encircled", "fighting", "holds", "withdrew"] | Sequence[Literal["advancing", "captured", "encircled", "fighting", "holds", "withdrew"]]
    provenance: Literal["article", "retold"]
    published_from: date | str
    published_to: date | str
    publisher: str
    q: str
    side: str
    sort: Literal["-asserted_on", "-confidence", "-id", "-published", "-state", "-town", "asserted_on", "confidence", "id", "published", "state", "town"]
    speaker: str
    stance: Literal["asserts", "denies", "unconfirmed"] | Sequence[Literal["asserts", "denies", "unconfirmed"]]
    state: Literal["accepted", "corrected", "pending", "rejected", "superseded", "unverifiable", "verified"] | Sequence[Literal["accepted", "corrected", "pending", "rejected", "superseded", "unverifiable", "verified"]]
    subject: str
    subject_side: str
    timestamp: int
    town: str
    updated_from: datetime | date | str
    updated_to: datetime | date | str

class ClaimsDeletedListParameters(TypedDict, total=False):
    conflict: str
    page_size: int
    timestamp: int
    town: str
    updated_from: datetime | date | str
    updated_to: datetime | date | str

class ClaimsRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class ClaimsDecisionsListParameters(TypedDict, total=False):
    page_size: int

class ConflictsListParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    page_size: int
    sort: Literal["-id", "-name", "id", "name"]

class ConflictsRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class DocumentsListParameters(TypedDict, total=False):
    conflict: str
    datetime: str
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    page_size: int
    provenance: Literal["article", "retold"]
    published_from: date | str
    published_to: date | str
    publisher: str
    sort: Literal["-id", "-published", "id", "published"]

class DocumentsRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class ExportsListParameters(TypedDict, total=False):
    page_size: int

class PlacesListParameters(TypedDict, total=False):
    bbox: str
    claimed: bool
    conflict: str
    country: str
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    geonameid: int
    page_size: int
    provisional: bool
    search: str
    sort: Literal["-id", "-name", "-population", "id", "name", "population"]

class PlacesRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class PublishersListParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    page_size: int
    search: str
    sort: Literal["-id", "-name", "id", "name"]
    texts_may_be_given_on: bool

class PublishersRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class ReleasesListParameters(TypedDict, total=False):
    page_size: int

class SidesListParameters(TypedDict, total=False):
    conflict: str
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    page_size: int
    sort: Literal["-conflict", "-id", "-key", "conflict", "id", "key"]

class SidesRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class StatusChangesListParameters(TypedDict, total=False):
    changed_from: date | str
    changed_to: date | str
    conflict: str
    include_pending: bool
    page_size: int
    status: Literal["controlled", "claimed", "contested", "fought-over", "unknown"]

class TownsListParameters(TypedDict, total=False):
    as_of: datetime | date | str
    at: date | str
    bbox: str
    conflict: str
    country: str
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]
    include_pending: bool
    known_on: date | str
    page_size: int
    search: str
    sort: Literal["-id", "-name", "-population", "id", "name", "population"]
    status: Literal["controlled", "claimed", "contested", "fought-over", "unknown"]

class TownsRetrieveParameters(TypedDict, total=False):
    fields: Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"] | Sequence[Literal["id", "name", "url", "status", "status_with_pending", "since", "conflict", "country", "admin1", "latitude", "longitude", "population", "provisional", "live_claims", "pending_claims", "latest_on", "names", "geonameid", "status_url", "timeline_url"]]

class TownsStatusRetrieveParameters(TypedDict, total=False):
    as_of: datetime | date | str
    at: date | str
    include_pending: bool
    known_on: date | str

class TownsTimelineRetrieveParameters(TypedDict, total=False):
    as_of: datetime | date | str
    include_pending: bool
    known_on: date | str
    page_size: int

class WebhooksListParameters(TypedDict, total=False):
    page_size: int

class WebhooksDeliveriesListParameters(TypedDict, total=False):
    page_size: int
