"""The page of a claim: what it says, what carries it, what became of it, what it meets with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from claims.models import Claim, Evidence, StatusInterval
from claims.pages.badges import Badge, badge
from claims.pages.claim_facts import Fact, facts
from claims.pages.claim_history import Change, Decided, changes, decisions
from claims.pages.colours import Patterns, patterns_for
from claims.pages.document import has_web_address
from claims.pages.excerpts import Excerpt, excerpts
from claims.pages.relations import DOES, MET, reason
from claims.pages.wording import said_on
from claims.relations import Related, in_order, live_claims, related_to
from claims.review.policies import awaits
from claims.timeline import sides_of
from entities.models import Side

State = Claim.State


@dataclass(frozen=True, slots=True)
class RelatedClaim:
    """Another claim, what the page's claim does to it or has met with from it, and why."""

    kind: str
    does: str
    claim: Claim
    said_on: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decides:
    """A status that the claim brought about. `last` None: it lasts."""

    badge: Badge
    first: date
    last: date | None
    rule: int
    part: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """`relations`: to earlier claims, and from later ones. `now`: of a superseded claim, those
    that stand on the same words. `superseded`: the change that made it one. `awaits`: "second"
    or "adjudication" where another reader has still to read a decided claim."""

    claim: Claim
    said_on: str
    facts: tuple[Fact, ...]
    excerpts: tuple[Excerpt, ...]
    cues: tuple[str, ...]
    to_earlier: tuple[RelatedClaim, ...]
    from_later: tuple[RelatedClaim, ...]
    decides: tuple[Decides, ...]
    patterns: Patterns
    decisions: tuple[Decided, ...]
    changes: tuple[Change, ...]
    superseded: Change | None
    now: tuple[Claim, ...]
    previous: Claim | None
    next: Claim | None
    awaits: str

    @property
    def stands(self) -> bool:
        return self.claim.state in (*Claim.VERIFIED, State.PENDING)

    @property
    def web_address(self) -> bool:
        return has_web_address(self.claim.document)

    @property
    def decision(self) -> Decided | None:
        """The latest decision that the claim's state follows."""
        return next((decision for decision in self.decisions if not decision.beside), None)


def claim_page(claim: Claim) -> ClaimPage:
    """The page of `claim`, with its document's text, its evidence and where it waits at hand, in
    a constant number of queries."""
    town = live_claims(claim.place)
    sides = sides_of(claim.place, (*town, claim))
    evidence = sorted(claim.evidence.all(), key=lambda item: item.start)
    related = related_to(claim, town)
    intervals = deciding(claim)
    became = changes(claim)
    previous, following = _neighbours(claim, town)
    return ClaimPage(
        claim=claim,
        said_on=said_on(claim),
        facts=facts(claim, sides),
        excerpts=excerpts(claim.document.text, [(item.start, item.end) for item in evidence]),
        cues=tuple(dict.fromkeys(item.cue for item in evidence if item.cue)),
        to_earlier=tuple(
            _related(item, claim, sides) for item in reversed(related) if item.said == claim
        ),
        from_later=tuple(_related(item, claim, sides) for item in related if item.before == claim),
        decides=tuple(_decides(interval, sides) for interval in intervals),
        patterns=_patterns(intervals, sides),
        decisions=decisions(claim),
        changes=became,
        superseded=_superseded(claim, became),
        now=standing_on_the_same_words(claim, evidence),
        previous=previous,
        next=following,
        awaits=awaits(claim),
    )


def _related(item: Related, claim: Claim, sides: Mapping[str, Side]) -> RelatedClaim:
    kind, other = item.relation.kind, item.other(claim)
    does = DOES[kind] if item.said == claim else MET[kind]
    return RelatedClaim(kind, str(does), other, said_on(other), reason(item, sides))


def deciding(claim: Claim) -> list[StatusInterval]:
    """The intervals that the claim decides, the earliest first; those with pending claims only
    where verified ones say something else in that time. One query."""
    found = StatusInterval.objects.filter(place=claim.place_id, deciding__contains=[claim.pk])
    rows = list(found.order_by("start", "part_label"))
    verified = [row for row in rows if not row.include_pending]
    told = {_told(row) for row in verified}
    others = [row for row in rows if row.include_pending and _told(row) not in told]
    return [*verified, *others]


def _told(row: StatusInterval) -> tuple[object, ...]:
    return row.part_label, row.start, row.status, tuple(row.sides)


def _decides(interval: StatusInterval, sides: Mapping[str, Side]) -> Decides:
    return Decides(
        badge=badge(interval, sides, pending=interval.include_pending),
        first=interval.start,
        last=interval.end and interval.end - timedelta(days=1),
        rule=interval.rule,
        part=interval.part_label,
    )


def _patterns(intervals: Sequence[StatusInterval], sides: Mapping[str, Side]) -> Patterns:
    colours = {key: side.colour for key, side in sides.items()}
    return patterns_for([(interval, colours) for interval in intervals])


def _superseded(claim: Claim, became: Sequence[Change]) -> Change | None:
    if claim.state != State.SUPERSEDED:
        return None
    return next((change for change in became if not change.made), None)


def standing_on_the_same_words(claim: Claim, evidence: Sequence[Evidence]) -> tuple[Claim, ...]:
    """Of a superseded claim: the document's claims that stand, some of whose evidence overlaps
    its own. At most one query."""
    if claim.state != State.SUPERSEDED or not evidence:
        return ()
    overlap = Q()
    for item in evidence:
        overlap |= Q(evidence__start__lt=item.end, evidence__end__gt=item.start)
    found = Claim.objects.live().filter(overlap, document=claim.document_id)
    rows = found.select_related("place", "claimant", "subject", "document__publisher")
    return tuple(rows.defer("document__text").order_by("asserted_on", "id").distinct())


def _neighbours(claim: Claim, town: Sequence[Claim]) -> tuple[Claim | None, Claim | None]:
    """The claims of the town that stand before and after it."""
    here = in_order(claim)
    before = [row for row in town if in_order(row) < here]
    after = [row for row in town if in_order(row) > here]
    return before[-1] if before else None, after[0] if after else None
