"""Spellings that mean two things in one war on the same day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from entities.catalogue import War, conflict_of
from entities.checking.findings import Finding
from entities.checking.presence import Present, present_in_wars
from entities.checking.spellings import Spelling
from entities.folding import fold
from entities.pack_reading import Draft
from entities.places import GazetteerPlace


def check_clashes(drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Spellings that two actors share in a war while both are in it. Of two speakers only
    the first spelling is told."""
    order = {draft.file.path: number for number, draft in enumerate(drafts)}
    told: set[tuple[object, ...]] = set()
    for present in present_in_wars(drafts).values():
        meant: dict[str, list[tuple[Spelling, Present]]] = defaultdict(list)
        for one in present:
            for spelling in one.spellings:
                meant[spelling.key].append((spelling, one))
        for pair in (pair for uses in meant.values() for pair in combinations(uses, 2)):
            (first, at_first), (second, at_second) = sorted(
                pair, key=lambda use: (order[use[0].table.path], use[0].table.first)
            )
            if _identity(first, second) in told or not _at_once(first, at_first, second, at_second):
                continue
            told.add(_identity(first, second))
            yield _clash(first, at_first, second, at_second)


def check_place_names(
    drafts: Sequence[Draft], places: Collection[GazetteerPlace]
) -> Iterator[Finding]:
    """Names of actors and speakers that are towns of the war too. Metonyms are meant so."""
    wars = [draft.pack.war for draft in drafts if draft.pack.war]
    towns = _town_names(wars, places)
    told: set[tuple[str, str]] = set()
    for war, present in present_in_wars(drafts).items():
        for one in present:
            for spelling in one.spellings:
                if spelling.kind == "metonym" or (one.actor.key, spelling.key) in told:
                    continue
                if town := towns[war].get(spelling.key):
                    told.add((one.actor.key, spelling.key))
                    reason = f"{spelling.text!r} is a place of {war} too ({town})"
                    yield spelling.finding("name-is-place", reason)


def _town_names(
    wars: Sequence[War], places: Collection[GazetteerPlace]
) -> dict[str, dict[str, str]]:
    """By war and folded name, the most populous town of that name, with its division."""
    found: dict[str, dict[str, str]] = {war.key: {} for war in wars}
    for entry in sorted(places, key=lambda entry: -entry.place.population):
        war = conflict_of(entry.place.country, entry.region, wars)
        if war is None:
            continue
        for name in (*entry.place.names, *entry.place.districts):
            found[war].setdefault(fold(name), f"{entry.place.name}, {entry.place.admin1}")
    return found


def _identity(first: Spelling, second: Spelling) -> tuple[object, ...]:
    """What is told once: a spelling of two actors, or two speakers."""
    actors = (first.actor.key, second.actor.key)
    if first.speaker is not None and second.speaker is not None:
        return (*actors, first.speaker, second.speaker)
    return (*actors, first.key)


def _at_once(first: Spelling, at_first: Present, second: Spelling, at_second: Present) -> bool:
    """Whether both mean their actor on a common day."""
    return (
        first.actor.key != second.actor.key
        and first.period.overlaps(second.period)
        and any(
            one.overlaps(other) and one.overlaps(second.period) and other.overlaps(first.period)
            for one in at_first.periods
            for other in at_second.periods
        )
    )


def _clash(first: Spelling, at_first: Present, second: Spelling, at_second: Present) -> Finding:
    reason = (
        f"{second.text!r} ({second.kind}) is a {first.kind} of {first.actor.key} too, "
        f"at {first.place}"
    )
    if first.kind != "speaker" or second.kind != "speaker":
        return second.finding("name-clash", reason)
    sides = {one.side for one in at_first.allegiances}
    against = (
        sides and at_second.allegiances and not sides & {one.side for one in at_second.allegiances}
    )
    return second.finding("speaker-clash" if against else "speaker-twice", reason)
