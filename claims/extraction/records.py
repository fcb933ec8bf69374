"""What extraction takes and returns: plain records, in the codebook's terms.

The codebook's vocabularies live here, without Django, and the database's choices are built
from them (`claims.models`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from entities.lexicon import ActorKind

EXTRACTOR_VERSION = "4"  # raised whenever the same article may give other claims

Stance = Literal["asserts", "denies", "unconfirmed"]
Predicate = Literal["captured", "holds", "advancing", "encircled", "fighting", "withdrew"]
Extent = Literal["whole", "part"]
Precision = Literal["day", "week", "month", "year"]
NameKind = Literal["actor", "place"]
TakenFor = Literal["town", "claimant", "subject", "speaker"]


@dataclass(frozen=True, slots=True)
class Article:
    """A source document as extraction sees it. `published` is timezone-aware, in the offset
    that the publisher gave. `conflict` is a conflict's key, or None for any."""

    id: str
    publisher: str
    published: datetime
    text: str
    title: str = ""
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A town that the text names. `key` is its lexicon key, None where no gazetteer knows
    it. `ambiguous`: more than one known place fits, and the text does not settle which."""

    name: str
    key: str | None = None
    conflict: str | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class ActorRef:
    """An actor that the text names. `key` is None where no pack knows it; `side` is its side
    in the place's conflict on the day in question: its own, in a war that no pack knows.

    Of an actor that no pack knows: `kind`, whether it is `official`, its other `names`, and, in
    a war that none knows, the state that it belongs to (`parent`).
    """

    name: str
    key: str | None = None
    side: str | None = None
    kind: ActorKind = "organisation"
    official: bool = False
    names: tuple[str, ...] = ()
    parent: ActorRef | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters `[start, end)` of the article's text that carry a claim, and the words in
    them that told its predicate (`cue`)."""

    start: int
    end: int
    cue: str


@dataclass(frozen=True, slots=True)
class ExtractedClaim:
    """One claim. `claimant` None: the publisher's own statement. `subject` None: the
    predicate has none (fighting) or the text does not say who. A week is given by its
    Monday, a month or year by its first day. `confidence` is the share of claims that are right
    of those read on the same `signs`."""

    place: PlaceRef
    claimant: ActorRef | None
    speaker: str
    stance: Stance
    predicate: Predicate
    subject: ActorRef | None
    extent: Extent
    part_words: str
    part_label: str
    asserted_on: date
    asserted_precision: Precision
    event_date: date | None
    event_precision: Precision | None
    passages: tuple[Passage, ...]
    confidence: float
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that no pack and no gazetteer knows, for an editor to say what it is. `[start,
    end)`: the sentence that first uses it so. `taken_for`: what the reading took it for; `of`:
    for whom a speaker was taken to speak."""

    kind: NameKind
    name: str
    start: int
    end: int
    taken_for: TakenFor
    of: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The claims of one article, in the order of their first passages, and its unknown names;
    `skipped` says why an article was set aside unread (None where it was read)."""

    article: Article
    claims: tuple[ExtractedClaim, ...]
    skipped: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
