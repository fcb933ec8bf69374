"""Words: what a claim says about who has the town, and who says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from claims.extraction.records import Predicate, Stance
from claims.status.days import effective_days, published_at
from claims.status.records import StatusActor, StatusClaim
from claims.status.rule_sets import V1, RuleSet

Name = Literal["controls", "left", "not", "attacks", "fighting"]
Kind = Literal["control", "combat"]

NAMES: Mapping[tuple[Stance, Predicate], Name] = {
    ("asserts", "captured"): "controls",
    ("asserts", "holds"): "controls",
    ("denies", "withdrew"): "controls",
    ("asserts", "withdrew"): "left",
    ("denies", "captured"): "not",
    ("denies", "holds"): "not",
    ("asserts", "advancing"): "attacks",
    ("asserts", "encircled"): "attacks",
    ("asserts", "fighting"): "fighting",
}
KINDS: Mapping[Name, Kind] = {
    "controls": "control",
    "left": "control",
    "not": "control",
    "attacks": "combat",
    "fighting": "combat",
}

# A personal name has none of these; "a source", "officials in Kyiv" do.
DESCRIBING = frozenset(
    {"a", "an", "the", "one", "two", "three", "some", "several", "another", "many"}
    | {"of", "in", "at", "from", "with", "near", "inside"}
)


class Word(NamedTuple):
    """A word and the side that it is about (empty for `fighting`)."""

    name: Name
    side: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]


class Party(NamedTuple):
    """Who counts as one voice: a side of the conflict, a third party for itself, or all
    publishers together."""

    kind: Literal["side", "third", "publishers"]
    key: str


PUBLISHERS = Party("publishers", "")


class Saying(NamedTuple):
    """A word said by an actor on a day. `part` None: of the whole town; empty: of a part
    without a label. `asserted`: the predicate, where it was asserted. `official`: said for
    its side, by an actor and a speaker who can."""

    day: date
    actor: str
    party: Party
    part: str | None
    word: Word
    claim: str
    asserted: Predicate | None
    official: bool

    @property
    def capture(self) -> bool:
        return self.asserted == "captured" and self.word.name == "controls"


def word_of(claim: StatusClaim) -> Word | None:
    """The claim's word; None where it decides nothing: unconfirmed, a denial that leaves all
    open, or a subject on no known side."""
    name = NAMES.get((claim.stance, claim.predicate))
    if name == "fighting":
        return Word(name, "")
    if name is None or claim.subject_side is None:
        return None
    return Word(name, claim.subject_side)


def is_unnamed(speaker: str) -> bool:
    """Whether this describes a speaker without naming one. Descriptions end in a common noun
    ("Ukrainian officer"), or say whose or where; names in scripts without capitals count as
    names."""
    words = speaker.split()
    if not words:
        return False
    return any(word.casefold() in DESCRIBING for word in words) or words[-1].islower()


def voice(
    claim: StatusClaim, actors: Mapping[str, StatusActor], rules: RuleSet = V1
) -> tuple[str, Party, bool]:
    """The claim's actor, its party, and whether it can concede for its side."""
    if claim.claimant is None:
        return "", PUBLISHERS, False
    actor = actors.get(claim.claimant, StatusActor(claim.claimant))
    if actor.is_publisher:
        return "", PUBLISHERS, False
    side = claim.claimant_side or actor.side
    if side is None:
        return actor.key, Party("third", actor.key), False
    can = actor.official or rules.conceding == "anybody"
    return actor.key, Party("side", side), can and not is_unnamed(claim.speaker)


def _counts(rules: RuleSet, party: Party, official: bool) -> bool:
    if rules.voices == "officials":
        return official
    return rules.voices == "all" or party != PUBLISHERS


def earliest_copies(claims: Iterable[StatusClaim]) -> list[StatusClaim]:
    """The claims without repeated rows, and of each text family its earliest copy's only."""
    kept: list[StatusClaim] = []
    families: dict[str, list[StatusClaim]] = defaultdict(list)
    for claim in set(claims):
        (kept if claim.family is None else families[claim.family]).append(claim)
    for copies in families.values():
        kept += copies if len(copies) == 1 else _earliest(copies)
    return kept


def _earliest(copies: Sequence[StatusClaim]) -> list[StatusClaim]:
    """The claims of a text's earliest copy."""
    found = [(published_at(claim), claim.document) for claim in copies]
    earliest = min(found)
    return [
        claim
        for claim, copy in zip(copies, found, strict=True)
        # Versions of one article are one copy, whatever time each gives for itself.
        if copy == earliest or (claim.document != "" and claim.document == earliest[1])
    ]


def sayings(
    claims: Iterable[StatusClaim], actors: Mapping[str, StatusActor], rules: RuleSet = V1
) -> list[Saying]:
    """Every word of the claims that count by `rules`, on each of its days, in a fixed order."""
    said = []
    for claim in earliest_copies(claims):
        word = word_of(claim)
        if word is None:
            continue
        actor, party, official = voice(claim, actors, rules)
        if not _counts(rules, party, official):
            continue
        said += [
            Saying(
                day=day,
                actor=actor,
                party=party,
                part=claim.part_label if claim.extent == "part" else None,
                word=word,
                claim=claim.id,
                asserted=claim.predicate if claim.stance == "asserts" else None,
                official=official,
            )
            for day in effective_days(claim)
        ]
    return sorted(said, key=lambda s: (s.day, s.claim, s.actor, s.word, s.part or ""))


def of_town(said: Iterable[Saying]) -> list[Saying]:
    """The town's words: those of the whole and of its parts. To capture a part is to attack
    the town."""
    words: list[Saying] = []
    for saying in said:
        words.append(saying)
        if saying.capture and saying.part is not None:
            attack = Word("attacks", saying.word.side)
            words.append(saying._replace(word=attack, asserted=None))
    return words


def of_part(said: Iterable[Saying], label: str) -> list[Saying]:
    """A part's own words, as those of a whole of its own."""
    return [saying._replace(part=None) for saying in said if saying.part == label]
