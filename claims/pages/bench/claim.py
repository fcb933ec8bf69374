"""The screen on which an editor verifies a claim: what was read, in which words, why the extractor
thinks so, what stands beside it, and what accepting it would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Evidence, QueuedClaim, Suggestion
from claims.pages.bench.article import Piece, pieces
from claims.pages.bench.effect import EffectShown, effect_shown
from claims.pages.bench.readings import ReadingShown, readings_shown
from claims.pages.claim_facts import PRECISIONS, Fact, facts
from claims.pages.claim_history import Decided, decisions
from claims.pages.document import has_web_address
from claims.pages.relations import DOES, MET, reason
from claims.pages.wording import said_on
from claims.relations import Related, in_order, live_claims, related_to
from claims.review.decisions import CORRECTABLE
from claims.review.effects import effect
from claims.review.readings import readings
from claims.review.second_reading import as_extracted
from claims.timeline import sides_of
from entities.folding import fold
from entities.models import ActorName, PlaceName, Side

Stage, State = QueuedClaim.Stage, Claim.State
NEAR = timedelta(days=3)
MOST_BESIDE = 14
SURE = (
    (0.9, _("sure")),
    (0.75, _("fairly sure")),
    (0.5, _("not sure")),
    (0.0, _("as likely wrong as right")),
)
STAGES = {
    Stage.SECOND: _("Second reading: of the claim as it was extracted, whatever others made of it"),
    Stage.ADJUDICATION: _("Its two readers differ: decide between them, or otherwise"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """Another claim on the town, how it stands to the screen's one, and why."""

    kind: str
    how: str
    claim: Claim
    said_on: str
    why: str


@dataclass(frozen=True, slots=True)
class BenchClaim:
    """`claim` is the row, `read` what is shown of it: at a second reading, as it was extracted.
    `stage`: as which reading a decision would count. `takes_out`: the effect is that of not
    counting it, for it counts already."""

    claim: Claim
    read: Claim
    stage: str
    said_on: str
    facts: tuple[Fact, ...]
    pieces: tuple[Piece, ...]
    passages: tuple[int, ...]
    cues: tuple[str, ...]
    sure: str
    doubts: tuple[str, ...]
    effect: EffectShown
    takes_out: bool
    beside: tuple[Beside, ...]
    more_beside: int
    readings: tuple[ReadingShown, ...]
    decisions: tuple[Decided, ...]

    @property
    def web_address(self) -> bool:
        return has_web_address(self.claim.document)

    @property
    def stage_words(self) -> str:
        return str(STAGES.get(Stage(self.stage), ""))

    @property
    def confidence(self) -> int:
        """Per cent."""
        return round(self.claim.confidence * 100)


def as_shown(claim: Claim, stage: str) -> Claim:
    """What a reader of this stage is shown of the claim, and corrects."""
    return claim if stage == Stage.FIRST else as_extracted(claim, readings(claim))


def bench_claim(claim: Claim, *, stage: str) -> BenchClaim:
    """The screen of `claim`, with its document, actors and evidence at hand, in a constant number
    of queries."""
    found = readings(claim)
    blind = stage != Stage.FIRST
    read = as_extracted(claim, found) if blind else claim
    town = _with(read, live_claims(read.place)) if blind else live_claims(read.place)
    sides = sides_of(read.place, (*town, read))
    evidence = sorted(claim.evidence.all(), key=lambda item: item.start)
    takes_out = not blind and claim.state in Claim.VERIFIED
    then = effect(
        read,
        state=State.REJECTED if takes_out else State.ACCEPTED,
        values={name: getattr(read, name) for name in CORRECTABLE} if blind else None,
        now=State.PENDING if blind else None,
    )
    beside = list(_beside(read, town, sides))
    return BenchClaim(
        claim=claim,
        read=read,
        stage=stage,
        said_on=said_on(read),
        facts=tuple(_facts(read, sides)),
        pieces=pieces(claim.document.text, evidence),
        passages=tuple(range(1, len(evidence) + 1)),
        cues=tuple(dict.fromkeys(item.cue for item in evidence if item.cue)),
        sure=str(next(words for least, words in SURE if claim.confidence >= least)),
        doubts=tuple(_doubts(read, evidence)),
        effect=effect_shown(then, read.event_date or read.asserted_on),
        takes_out=takes_out,
        beside=tuple(beside[:MOST_BESIDE]),
        more_beside=len(beside[MOST_BESIDE:]),
        readings=readings_shown(read, found) if stage == Stage.ADJUDICATION else (),
        decisions=() if blind else decisions(claim),
    )


def _with(read: Claim, town: Iterable[Claim]) -> tuple[Claim, ...]:
    """A town's claims with the one that is read in its place, whatever became of it."""
    return tuple(sorted((*(one for one in town if one.pk != read.pk), read), key=in_order))


def _facts(claim: Claim, sides: Mapping[str, Side]) -> Iterator[Fact]:
    """What was read, field by field; how it was found stands elsewhere on the screen. That a day
    is a day goes without saying."""
    exact = gettext("precise to %(precision)s") % {"precision": PRECISIONS["day"]}
    for fact in facts(claim, sides):
        if fact.name != gettext("Found"):
            yield replace(fact, note="") if fact.note == exact else fact


# --- what stands beside it --------------------------------------------------------------------


def _beside(claim: Claim, town: Sequence[Claim], sides: Mapping[str, Side]) -> Iterator[Beside]:
    """Relations, contradictions first; then what the same document says of the town; then what
    others said in the same days."""
    told = {claim.pk}
    related = sorted(related_to(claim, town), key=lambda one: one.relation.kind == "repeats")
    for item in related:
        other = item.other(claim)
        if other.pk not in told:
            told.add(other.pk)
            yield _related(item, claim, sides)
    rest = [one for one in town if one.pk not in told]
    for one in rest:
        if one.document_id == claim.document_id:
            how = gettext("says the same") if _same(one, claim) else gettext("same article")
            yield Beside("article", how, one, said_on(one), "")
    for one in rest:
        near = abs(one.asserted_on - claim.asserted_on) <= NEAR
        if near and one.document_id != claim.document_id:
            how = gettext("says the same") if _same(one, claim) else gettext("same days")
            yield Beside("near", how, one, said_on(one), "")


def _related(item: Related, claim: Claim, sides: Mapping[str, Side]) -> Beside:
    kind, other = item.relation.kind, item.other(claim)
    how = DOES[kind] if item.said == claim else MET[kind]
    return Beside(kind, str(how), other, said_on(other), reason(item, sides))


def _same(one: Claim, other: Claim) -> bool:
    """Whether both say the same, whoever says it."""
    said = ("stance", "predicate", "subject_id", "extent", "part_label")
    return all(getattr(one, name) == getattr(other, name) for name in said)


# --- why the extractor may be wrong -----------------------------------------------------------


def _doubts(claim: Claim, evidence: Sequence[Evidence]) -> Iterator[str]:
    """What a reader should look at closely."""
    if claim.origin == Claim.Origin.EDITOR:
        return
    words = " ".join(f" {fold(item.quote)} " for item in evidence)
    if claim.place_ambiguous:
        yield gettext("Several places are called %(name)s: the text does not say which.") % {
            "name": claim.place
        }
    if claim.place.provisional:
        yield gettext("No gazetteer knows a town called %(name)s.") % {"name": claim.place}
    elif not _named(words, PlaceName.objects.filter(place=claim.place_id).values_list("folded")):
        told = gettext("%(name)s is not named in the passage: it is taken from what stands before.")
        yield told % {"name": claim.place}
    yield from _about_the_claimant(claim, words)
    if claim.subject_id is None and claim.predicate != "fighting":
        yield gettext("Nothing says who did it.")
    yield from _unknown_names(claim, evidence)


def _about_the_claimant(claim: Claim, words: str) -> Iterator[str]:
    claimant = claim.claimant
    if claimant is None:
        yield gettext("Nobody is said to have said it: it is taken for the publisher’s own word.")
        return
    if claimant.provisional:
        yield gettext("No pack knows %(name)s.") % {"name": claimant}
    named = ActorName.objects.filter(actor=claimant).values_list("folded")
    if not _named(words, [*named, (fold(claim.speaker),)]):
        told = gettext("%(name)s is not named in the passage: the text around it says who speaks.")
        yield told % {"name": claimant}


def _named(words: str, folded: Iterable[tuple[str, ...]]) -> bool:
    return any(name and f" {name}" in words for (name,) in folded)


def _unknown_names(claim: Claim, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Those that nothing knew in the sentences of the passages."""
    if not evidence:
        return
    first, last = evidence[0].start, evidence[-1].end
    found = Suggestion.objects.filter(
        run__document=claim.document_id, start__lt=last, end__gt=first
    ).order_by("start", "id")
    said = dict.fromkeys(
        (one.name, one.label)
        for one in found
        if any(one.start < item.end and item.start < one.end for item in evidence)
    )
    for name, label in said:
        yield gettext("“%(name)s” is unknown, and taken for %(label)s.") % {
            "name": name,
            "label": label,
        }
