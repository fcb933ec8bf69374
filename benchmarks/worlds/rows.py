"""The rows of a world, in the order of its days: documents, claims with evidence and history."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from benchmarks.worlds.cast import Cast, Paper, make_id
from benchmarks.worlds.course import moves, statement
from benchmarks.worlds.lives import context_of, final_state, life
from benchmarks.worlds.plan import DAYS, Plan, Share, Story, draw_for
from benchmarks.worlds.telling import Article, Statement, tell
from claims.models import Claim
from claims.models.queueing import DOUBTFUL
from sources.ingest import text_hash

Row = dict[str, Any]
VERSION = "world"
OF_ANOTHER_TOWN = 0.1  # of the statements of an article with more than one
NUMBERS = 16_000  # that a share may give to the rows of a table
EDITED = 0.3  # of the copies are edited: near copies, by a text of their own


@dataclass(slots=True)
class Batch:
    """Rows by what they are, none of which refers to a later batch."""

    contexts: list[Row] = field(default_factory=list)
    families: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    runs: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    queued: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def number(self, share: int) -> None:
        """Give the rows that the database would number numbers of their share's own, so that
        they are the same whichever share is written first."""
        for rows, key in self.numbered():
            if len(rows) >= NUMBERS:
                raise OverflowError(f"a share has more than {NUMBERS} rows of a table")
            for number, row in enumerate(rows, share * NUMBERS + 1):
                row[key] = number

    def numbered(self) -> Iterable[tuple[list[Row], str]]:
        return (
            *((self.runs, "id"), (self.evidence, "id"), (self.decisions, "id")),
            (self.events, "pgh_id"),
        )


@dataclass
class Chronicle:
    """Writes the plan's stories out. `until`: the world's last day; `editors`: their ids."""

    cast: Cast
    plan: Plan
    until: date
    editors: Sequence[int]

    def __post_init__(self) -> None:
        self.first = self.until - timedelta(days=DAYS - 1)
        self.end = datetime.combine(self.until + timedelta(days=1), time(), UTC)
        self.draw = draw_for(self.plan.seed)
        self.batch = Batch()
        self.live: dict[int, Iterator[bool]] = {}  # of the measured towns' next claims
        self.of_war: dict[str, list[int]] = defaultdict(list)
        for number, town in enumerate(self.plan.towns):
            if number >= len(self.plan.measured):
                self.of_war[town.war.slug].append(number)

    def told(self, share: Share) -> Batch:
        """The rows of a share of the stories: the same ones, whatever was told before."""
        self.batch = Batch()
        self.live = {
            town: islice(flags, share.told[town], None) for town, flags in self.plan.live.items()
        }
        today, papers = -1, list[Paper]()
        for number in range(share.start, share.stop):
            story = self.plan.story(number)
            self.draw = draw_for(self.plan.seed, story.town, story.number, story.claims)
            if story.day != today:
                today, papers = story.day, self._writing(story.day)
            self._write(story, papers)
        self.batch.number(share.number)
        return self.batch

    def _writing(self, day: int) -> list[Paper]:
        """The papers that come out on a day."""
        weekday = (self.first + timedelta(days=day)).weekday()
        return [
            paper
            for paper in self.cast.papers
            if paper.since <= day
            and (paper.until is None or day <= paper.until)
            and paper.weekday in (None, weekday)
        ]

    def _write(self, story: Story, writing: list[Paper]) -> None:
        papers = self._papers(writing, 1 + story.copies)
        at = self._hour(story.day)
        published = at.astimezone(UTC) + timedelta(minutes=papers[0].offset)
        statements = self._statements(story, published.date())
        town = self.plan.towns[story.town]
        dispatch = f"{story.town}-{story.number}-{story.claims}"
        article = tell(self.draw, statements, town, self.cast.towns, dispatch)
        families: list[Row] = []
        for number, paper in enumerate(papers):
            shown = article
            if number:
                at = min(at + timedelta(minutes=self.draw.randrange(20, 400)), self._last_hour())
                shown = article.edited(self.draw) if self.draw.random() < EDITED else article
            self._document(story, shown, statements, paper, at, families)

    def _papers(self, writing: list[Paper], count: int) -> list[Paper]:
        found: dict[Any, Paper] = {}
        weights = [paper.weight for paper in writing]
        while len(found) < min(count, len(writing)):
            paper = self.draw.choices(writing, weights)[0]
            found[paper.id] = paper
        return list(found.values())

    def _hour(self, day: int) -> datetime:
        begin = datetime.combine(self.first + timedelta(days=day), time(6), UTC)
        return begin + timedelta(minutes=self.draw.randrange(0, 14 * 60))

    def _last_hour(self) -> datetime:
        return self.end - timedelta(hours=2)

    def _statements(self, story: Story, published: date) -> list[Statement]:
        found: dict[tuple[object, ...], Statement] = {}
        while len(found) < story.claims:
            number = story.town
            measured = number < len(self.plan.measured)
            if found and not measured and self.draw.random() < OF_ANOTHER_TOWN:
                number = self.draw.choice(self.of_war[self.plan.towns[number].war.slug])
            said = moves(self.plan.battles[number], self.plan.holders[number], story.day)
            town, third = self.plan.towns[number], self.cast.third_parties
            one = statement(self.draw, town, said, third, published)
            found.setdefault(one.key, one)
        return list(found.values())

    def _document(
        self,
        story: Story,
        article: Article,
        statements: Sequence[Statement],
        paper: Paper,
        at: datetime,
        families: list[Row],
    ) -> None:
        """`families`: of the texts of this story so far; an edited copy is in the first's."""
        text, batch = article.text, self.batch
        key = text_hash(text)
        exact = next((one for one in families if one["text_hash"] == key), None)
        if exact is None:
            exact = {"id": make_id(self.draw, at), "text_hash": key}
            families.append(exact)
            batch.families.append(exact)
        family = families[0]["id"]
        ingested = min(at + timedelta(minutes=self.draw.randrange(4, 110)), self._last_hour())
        document = make_id(self.draw, ingested)
        batch.documents.append(
            {
                "id": document,
                "publisher_id": paper.id,
                "family_id": family,
                "exact_family_id": None if exact["id"] == family else exact["id"],
                "title": article.title,
                "text": text,
                "published": at,
                "published_offset": paper.offset,
                "url": f"https://{paper.name.replace(' ', '-').lower()}.example/{document.hex}",
                "external_id": document.hex,
                "conflict_slug": self.plan.towns[story.town].war.slug,
                "provenance": "article",
                "ingested_at": ingested,
            }
        )
        found_at = ingested + timedelta(seconds=self.draw.randrange(5, 90))
        batch.runs.append(
            {
                "document_id": document,
                "extractor_version": VERSION,
                "state": "done",
                "attempts": 1,
                "created_at": ingested,
                "waiting_since": ingested,
                "finished_at": found_at,
            }
        )
        if statements:
            context = context_of(self.draw, found_at, f"extraction {VERSION}")
            batch.contexts.append(context)
            for number, one in enumerate(statements):
                claim = self._claim(one, document, family, found_at)
                live = self.live.get(story.town)
                self._live(claim, None if live is None else next(live), context)
                if claim["state"] == Claim.State.PENDING:
                    batch.queued.append(_queued(claim, at))
                batch.evidence.extend(
                    {
                        "claim_id": claim["id"],
                        "start": passage.start,
                        "end": passage.end,
                        "quote": text[passage.start : passage.end],
                        "cue": passage.cue,
                    }
                    for passage in article.passages(number)
                )

    def _claim(self, one: Statement, document: Any, family: Any, at: datetime) -> Row:
        print_ = hashlib.sha256(repr((str(family), *map(str, one.key), one.on)).encode())
        event, precision = one.event or (None, "")
        return {
            "id": make_id(self.draw, at),
            "document_id": document,
            "place_id": one.town.id,
            "place_ambiguous": self.draw.random() < 0.01,
            "claimant_id": one.who and one.who.id,
            "speaker": "a spokesman" if one.who and self.draw.random() < 0.3 else "",
            "stance": one.stance,
            "predicate": one.predicate,
            "subject_id": one.about and one.about.id,
            "extent": one.extent,
            "part_label": one.part[0],
            "part_words": one.part[1],
            "asserted_on": one.on,
            "asserted_precision": one.precision,
            "event_date": event,
            "event_precision": precision,
            "confidence": round(self.draw.betavariate(6, 2), 1),
            "state": Claim.State.PENDING.value,
            "origin": "extracted",
            "fingerprint": print_.hexdigest(),
            "extractor_version": VERSION,
            "version": 1,
            "created_at": at,
        }

    def _live(self, claim: Row, live: bool | None, context: Row) -> None:
        """Let it be decided on, with all that this leaves behind. `live` None: as it comes."""
        batch = self.batch
        state = final_state(self.draw, self.end - claim["created_at"], live)
        steps = list(life(self.draw, claim, state, self.end))
        batch.events.append(_event(claim, "insert", claim["created_at"], context))
        for step in steps:
            claim.update(step.values, version=claim["version"] + 1)
            editor = self.draw.choice(self.editors) if step.decision else None
            reason = step.reason or step.decision or ""
            made = context_of(self.draw, step.at, reason, editor)
            batch.contexts.append(made)
            batch.events.append(_event(claim, "update", step.at, made))
            if step.decision:
                batch.decisions.append(
                    {
                        "claim_id": claim["id"],
                        "kind": step.decision,
                        "reason": step.reason,
                        "changes": step.changes,
                        "version": claim["version"],
                        "by_id": editor,
                        "at": step.at,
                    }
                )
        batch.claims.append(claim)


def _queued(claim: Row, published: datetime) -> Row:
    """As the trigger of new claims writes it."""
    return {
        "claim_id": claim["id"],
        "doubtful": claim["confidence"] < DOUBTFUL or claim["place_ambiguous"],
        "published": published,
        "since": claim["created_at"],
    }


def _event(claim: Row, label: str, at: datetime, context: Row) -> Row:
    return {
        **claim,
        "pgh_created_at": at,
        "pgh_label": label,
        "pgh_obj_id": claim["id"],
        "pgh_context_id": context["id"],
    }
