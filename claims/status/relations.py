"""How a town's claims relate: who denies, concedes, repeats or takes back what.

A relation goes from a later claim to an earlier one. What one claimant said of one proposition
on one day is one statement: it relates through the first claim that carries it, and the others
repeat that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from claims.status.days import effective_days, published_at, published_day, span
from claims.status.records import StatusActor, StatusClaim
from claims.status.words import PUBLISHERS, Party, Word, voice, word_of

RelationKind = Literal["denies", "concedes", "repeats", "retracts"]
Why = Literal["that very claim", "the opposite", "not confirmed", "own loss", "later", "carried"]

EVENTS = frozenset({"captured", "withdrew"})
# Parties that a statement can answer, the last to have spoken first. The sides of a war are
# fewer; only third parties could be many.
MOST_ANSWERED = 4


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind`: what the claim `from_claim` does to the claim `to_claim`. `why`: in which way.
    `days`: between the days on which the two were said. `word`, `to_word`: what each says of
    who has the town; None where it says nothing of it."""

    kind: RelationKind
    from_claim: str
    to_claim: str
    why: Why
    days: int
    word: Word | None
    to_word: Word | None


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """What a claim says, by whom (`speaker`, of `party`), when (`day`) and about which day at
    the latest (`about`). `part` None: of the whole town. `asserted`: the predicate, where it is
    asserted. `order`: by day; within one, what may be an answer comes after what may be
    answered."""

    claim: StatusClaim
    speaker: str
    party: Party
    official: bool
    word: Word | None
    day: date
    about: date
    part: str | None
    proposition: tuple[str, str | None, str | None]
    asserted: str | None
    order: tuple[date, bool, datetime, str, str]

    def repeats(self, other: Statement) -> bool:
        return (
            self.claim.stance == other.claim.stance
            and self.proposition == other.proposition
            and self.part != ""  # parts without a label may be different ones
        )


def relate(
    claims: Iterable[StatusClaim], actors: Mapping[str, StatusActor]
) -> tuple[Relation, ...]:
    """The relations between one town's claims, in the order of the later ones.

    The order of `claims` and repeated rows make no difference. From a claim start at most one
    `repeats`, one `retracts`, and `MOST_ANSWERED` each of `denies` and `concedes`.
    """
    found: list[Relation] = []
    standing = _Standing()
    for first, *others in _statements(claims, actors):
        found += standing.hear(first)
        found += [_relation("repeats", other, first, "carried") for other in others]
    return tuple(found)


def _statements(
    claims: Iterable[StatusClaim], actors: Mapping[str, StatusActor]
) -> list[list[Statement]]:
    """The claims that carry each statement, the first first; the statements in order."""
    carriers: dict[object, list[Statement]] = defaultdict(list)
    for claim in set(claims):
        said = _statement(claim, actors)
        # Parts without a label may be different ones: each is a statement of its own.
        own = claim.id if said.part == "" else ""
        dates = claim.asserted_on, claim.asserted_precision, claim.event_date, claim.event_precision
        carriers[said.speaker, claim.stance, said.proposition, dates, own].append(said)
    groups = [sorted(group, key=lambda said: said.order) for group in carriers.values()]
    return sorted(groups, key=lambda group: group[0].order)


def _statement(claim: StatusClaim, actors: Mapping[str, StatusActor]) -> Statement:
    actor, party, official = voice(claim, actors)
    first, last = span(claim.asserted_on, claim.asserted_precision)
    day = min(last if claim.stance == "denies" else first, published_day(claim))
    part = claim.part_label if claim.extent == "part" else None
    answers = claim.stance != "asserts"
    return Statement(
        claim=claim,
        # Publishers are one party to the rules, but each speaks for itself.
        speaker=actor or claim.claimant or f"publisher of {claim.document}",
        party=party,
        official=official,
        word=word_of(claim),
        day=day,
        about=effective_days(claim)[-1],
        part=part,
        proposition=(claim.predicate, claim.subject_side, part),
        asserted=None if answers else claim.predicate,
        order=(day, answers, published_at(claim), claim.document, claim.id),
    )


class _Standing:
    """What each speaker last said, by extent and kind of word. Statements must be heard in
    their order."""

    def __init__(self) -> None:
        self._slots: dict[str, dict[tuple[str | None, str], list[Statement]]] = defaultdict(dict)
        self._answered: set[tuple[object, ...]] = set()

    def hear(self, said: Statement) -> list[Relation]:
        """Take in a statement. Returns how it relates to what stood."""
        mine = [item for items in self._slots[said.speaker].values() for item in items]
        found = [*_repeats(said, mine), *_retracts(said, mine)]
        # As in the rules, publishers' own voices answer nobody, and nobody has to answer them.
        if said.party != PUBLISHERS:
            others = [
                item
                for slots in self._slots.values()
                for items in slots.values()
                for item in items
                if item.party != said.party and item.party != PUBLISHERS
            ]
            conceded = _concedes(said, others)
            answers = [*conceded, *_denies(said, others)]
            found += [answer for answer in answers if self._is_new(answer, said)]
            if conceded and said.official and said.part is None:
                self._end_words_of(said.party, said.day)
        self._replace(said)
        return found

    def _is_new(self, answer: Relation, said: Statement) -> bool:
        """Whether its speaker has not answered that claim in the same words before."""
        key = said.speaker, said.claim.stance, said.proposition, answer.kind, answer.to_claim
        if key in self._answered:
            return False
        self._answered.add(key)
        return True

    def _replace(self, said: Statement) -> None:
        """A speaker's word ends what it said to the contrary on earlier days; to be without
        confirmation ends the word itself."""
        if said.part == "":
            return
        slots = self._slots[said.speaker]
        if said.claim.stance == "unconfirmed":
            for key, items in slots.items():
                slots[key] = [i for i in items if i.proposition != said.proposition]
            return
        slot = said.part, said.word.kind if said.word else said.claim.predicate
        beside = [
            item
            for item in slots.get(slot, ())
            if (item.day == said.day or not _opposite(said, item)) and not said.repeats(item)
        ]
        slots[slot] = [*beside, said]

    def _end_words_of(self, party: Party, day: date) -> None:
        for slots in self._slots.values():
            for slot, items in slots.items():
                slots[slot] = [i for i in items if i.party != party or i.day >= day]


def _repeats(said: Statement, mine: Iterable[Statement]) -> list[Relation]:
    same = [item for item in mine if said.repeats(item)]
    return [_relation("repeats", said, _latest(same), "later")] if same else []


def _retracts(said: Statement, mine: Iterable[Statement]) -> list[Relation]:
    back = [(item, why) for item in mine if (why := _takes_back(said, item))]
    if not back:
        return []
    item, why = max(back, key=lambda pair: pair[0].order)
    return [_relation("retracts", said, item, why)]


def _concedes(said: Statement, others: Iterable[Statement]) -> list[Relation]:
    told = (item for item in others if item.party.kind == "side" and _grants(said, item))
    return [_relation("concedes", said, item, "own loss") for item in _latest_of_parties(told)]


def _denies(said: Statement, others: Iterable[Statement]) -> list[Relation]:
    contrary = {item: why for item in others if (why := _contradicts(said, item))}
    return [
        _relation("denies", said, item, contrary[item]) for item in _latest_of_parties(contrary)
    ]


def _takes_back(said: Statement, before: Statement) -> Why | None:
    """How a speaker's statement reverses its own earlier one. That things have changed since
    is no reversal."""
    same_day = said.about <= before.about
    if said.proposition == before.proposition and said.part != "":
        lasting = before.claim.predicate not in EVENTS
        if before.claim.stance != "asserts":
            return "that very claim" if said.asserted and same_day else None
        if said.claim.stance == "asserts" or (lasting and not same_day):
            return None
        return "that very claim" if said.claim.stance == "denies" else "not confirmed"
    # Whoever holds the town still has not lost it before.
    still = said.asserted == "holds" and before.asserted in EVENTS
    return "the opposite" if (same_day or still) and _opposite(said, before) else None


def _contradicts(said: Statement, other: Statement) -> Why | None:
    """How a statement answers another party's. An event of a later day answers nothing."""
    denied = said.claim.stance == "denies" and other.claim.stance == "asserts"
    if denied and said.proposition == other.proposition and said.part != "":
        return "that very claim"
    if said.asserted in EVENTS and said.about > other.about:
        return None
    return "the opposite" if _opposite(said, other) else None


def _opposite(said: Statement, before: Statement) -> bool:
    """Whether the two words cannot both be true of one day."""
    if said.word is None or before.word is None or "" in (said.part, before.part):
        return False
    (name, side), (other_name, other_side) = said.word, before.word
    if said.part != before.part:
        # Who holds a part contradicts a capture of the whole by another.
        captured = "captured" in (
            said.asserted if said.part is None else None,
            before.asserted if before.part is None else None,
        )
        return captured and name == other_name == "controls" and side != other_side
    if name == "controls":
        opposite = {"controls"} if side != other_side else {"not", "left"}
        return other_name in opposite
    if name == "attacks":  # whoever still attacks a town does not have it
        return other_name == "controls" and side == other_side and said.party != ("side", side)
    return name in ("not", "left") and other_name == "controls" and side == other_side


def _grants(said: Statement, other: Statement) -> bool:
    """Whether a side's statement says of the town, against the side, what another side's said:
    that it does not have it."""
    if said.word is None or other.word is None or said.part != other.part or said.part == "":
        return False
    if said.party.kind != "side" or other.party == said.party:
        return False
    taker = _loser_to(said.word, said.party.key)
    if taker is None:
        return False
    # To say that the enemy holds what nobody said to have taken concedes nothing.
    if taker and said.asserted != "captured" and other.asserted != "captured":
        return False
    told = _loser_to(other.word, said.party.key)
    return told is not None and (not taker or not told or taker == told)


def _loser_to(word: Word, side: str) -> str | None:
    """Where the word says that `side` does not have the town: who has it, or empty if it does
    not say; else None."""
    if word.name == "controls" and word.side != side:
        return word.side
    return "" if word.name in ("not", "left") and word.side == side else None


def _latest(statements: Iterable[Statement]) -> Statement:
    return max(statements, key=lambda item: item.order)


def _latest_of_parties(statements: Iterable[Statement]) -> list[Statement]:
    """Of each party the latest statement; of the `MOST_ANSWERED` that spoke last."""
    latest: dict[Party, Statement] = {}
    for item in statements:
        latest[item.party] = _latest([item, latest.get(item.party, item)])
    ordered = sorted(latest.values(), key=lambda item: item.order, reverse=True)
    return ordered[:MOST_ANSWERED]


def _relation(kind: RelationKind, said: Statement, before: Statement, why: Why) -> Relation:
    return Relation(
        kind=kind,
        from_claim=said.claim.id,
        to_claim=before.claim.id,
        why=why,
        days=(said.day - before.day).days,
        word=said.word,
        to_word=before.word,
    )
