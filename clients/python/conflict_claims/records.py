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
    parent: str
    names: list[str]
    allegiances: list[Allegiance]
    speakers: list[Speaker]

class PaginatedActorList(TypedDict):
    next: str | None
    previous: str | None
    results: list[Actor]

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
        "town": str,
        "include_pending": bool,
        "part": str,
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
    },
)

class Reason(TypedDict):
    """Why a claim changed. Nobody's name is told, nor what editors wrote."""

    kind: Literal["extracted", "added", "accepted", "corrected", "rejected", "duplicate", "unverifiable", "reopened", "undone", "superseded", "found-again", "no-longer-found", "renamed", "passages", "changed", "gone"]
    because: Literal["not-said", "who", "place", "action", "not-real", "not-control", "date", "duplicate", "other"] | None
    text: str
    reading: Literal["first", "second", "adjudication"] | None
    extractor_version: str | None
    duplicate_of: str | None

class DocumentRef(TypedDict):
    id: str
    title: NotRequired[str]
    publisher: str
    published: str
    url: str

class Evidence(TypedDict):
    """Characters `[start, end)` of the document's text, and the words in them that told the
    predicate.
    """

    start: int
    end: int
    quote: str
    cue: NotRequired[str]

class ToldClaim(TypedDict):
    """A claim as it was after a change. Names, sides, passages and the document are as now."""

    id: str
    url: str
    label: str
    state: NotRequired[Literal["pending", "accepted", "corrected", "rejected", "unverifiable", "superseded"]]
    town: TownRef
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
    document: DocumentRef
    evidence: list[Evidence]
    confidence: NotRequired[float]
    origin: NotRequired[Literal["extracted", "editor"]]
    extractor_version: NotRequired[str]
    no_longer_found: NotRequired[bool]
    created_at: str
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
    town: TownRef
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
    document: DocumentRef
    evidence: list[Evidence]
    confidence: NotRequired[float]
    origin: NotRequired[Literal["extracted", "editor"]]
    extractor_version: NotRequired[str]
    no_longer_found: NotRequired[bool]
    created_at: str

class PaginatedClaimList(TypedDict):
    next: str | None
    previous: str | None
    results: list[Claim]

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
    town: TownRef
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
    document: DocumentRef
    evidence: list[Evidence]
    confidence: NotRequired[float]
    origin: NotRequired[Literal["extracted", "editor"]]
    extractor_version: NotRequired[str]
    no_longer_found: NotRequired[bool]
    created_at: str
    version: int
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

class PaginatedDecisionList(TypedDict):
    next: str | None
    previous: str | None
    results: list[Decision]

class Publisher(TypedDict):
    id: str
    name: str
    homepage: NotRequired[str]

class Document(TypedDict):
    id: str
    title: NotRequired[str]
    publisher: Publisher
    published: str
    url: str
    source_url: str
    conflict_slug: NotRequired[str]
    provenance: NotRequired[Literal["article", "retold"]]
    family: str
    ingested_at: str
    extraction: Literal["waiting", "running", "done", "failed"]
    live_claims: int

class PaginatedDocumentList(TypedDict):
    next: str | None
    previous: str | None
    results: list[Document]

class DocumentDetail(TypedDict):
    id: str
    title: NotRequired[str]
    publisher: Publisher
    published: str
    url: str
    source_url: str
    conflict_slug: NotRequired[str]
    provenance: NotRequired[Literal["article", "retold"]]
    family: str
    ingested_at: str
    extraction: Literal["waiting", "running", "done", "failed"]
    live_claims: int
    text: str

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

class PaginatedStatusChangeList(TypedDict):
    next: str | None
    previous: str | None
    results: list[StatusChange]

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
    conflict: str
    country: NotRequired[str]
    admin1: NotRequired[str]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    population: NotRequired[int]
    provisional: NotRequired[bool]
    live_claims: int
    pending_claims: int
    latest_on: str | None

class PaginatedTownList(TypedDict):
    next: str | None
    previous: str | None
    results: list[Town]

class Side(TypedDict):
    key: str
    name: str
    colour: str

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
        "freshness": Literal["fresh", "ageing", "stale"] | None,
        "last_word_on": str | None,
    },
)

class Part(TypedDict):
    """A part of a town that has a status of its own."""

    label: str
    bands: list[Band]

class Status(TypedDict):
    """A town's status over time, as known on a day (null: with all that is known now), by what this
    system had recorded as of a time (null: by now).
    """

    town: TownRef
    known_on: str | None
    as_of: str | None
    include_pending: bool
    bands: list[Band]
    parts: list[Part]

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
    kind: Literal["state", "government", "ministry", "army", "unit", "movement", "region", "city", "publisher", "monitor", "organisation", "people"]
    page_size: int
    search: str
    side: str

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
    confidence_from: str
    confidence_to: str
    conflict: str
    cue: str
    datetime: str
    document: UUID | str
    event_from: date | str
    event_precision: Literal["day", "month", "week", "year"] | Sequence[Literal["day", "month", "week", "year"]]
    event_to: date | str
    extent: Literal["part", "whole"] | Sequence[Literal["part", "whole"]]
    extractor_version: str
    include_pending: bool
    no_longer_found: str
    origin: str
    page_size: int
    part_label: str
    place_ambiguous: str
    predicate: Literal["advancing", "captured", "encircled", "fighting", "holds", "withdrew"] | Sequence[Literal["advancing", "captured", "encircled", "fighting", "holds", "withdrew"]]
    provenance: str
    published_from: date | str
    published_to: date | str
    publisher: str
    q: str
    side: str
    speaker: str
    stance: Literal["asserts", "denies", "unconfirmed"] | Sequence[Literal["asserts", "denies", "unconfirmed"]]
    state: Literal["accepted", "corrected", "pending", "rejected", "superseded", "unverifiable", "verified"] | Sequence[Literal["accepted", "corrected", "pending", "rejected", "superseded", "unverifiable", "verified"]]
    subject: str
    subject_side: str
    town: str

class ClaimsDecisionsListParameters(TypedDict, total=False):
    page_size: int

class DocumentsListParameters(TypedDict, total=False):
    conflict: str
    page_size: int
    published_from: date | str
    published_to: date | str
    publisher: str

class StatusChangesListParameters(TypedDict, total=False):
    changed_from: date | str
    changed_to: date | str
    conflict: str
    include_pending: bool
    page_size: int
    status: Literal["controlled", "claimed", "contested", "fought-over", "unknown"]

class TownsListParameters(TypedDict, total=False):
    conflict: str
    include_pending: bool
    page_size: int
    search: str
    status: Literal["controlled", "claimed", "contested", "fought-over", "unknown"]

class TownsStatusRetrieveParameters(TypedDict, total=False):
    as_of: datetime | date | str
    include_pending: bool
    known_on: date | str

class TownsTimelineRetrieveParameters(TypedDict, total=False):
    as_of: datetime | date | str
    include_pending: bool
    known_on: date | str
    page_size: int
