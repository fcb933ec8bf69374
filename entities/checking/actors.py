"""Sides and dates: who is on one, who may concede for it, who held which office when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from entities.checking.findings import Finding
from entities.checking.presence import allegiances_by_war, period_of
from entities.checking.spellings import Period
from entities.folding import fold
from entities.lexicon import Actor, Speaker
from entities.pack_file import Table
from entities.pack_reading import Draft

FIRST_DAY = date(1945, 1, 1)
KINDS_WITH_SIDES = frozenset("state government ministry army unit movement region city".split())  # noqa: SIM905
_NEVER_OFFICIAL = frozenset("unit city publisher monitor organisation people".split())  # noqa: SIM905
_USUALLY_OFFICIAL = frozenset({"state", "government", "ministry", "army", "region"})
# Offices that one person holds at a time, and that pass on.
_OFFICE = re.compile(
    r"\b(president|prime minister|minister|chancellor|governor|mayor|king|emir"
    r"|commander-in-chief|chief of (the )?(general )?staff|secretary-general|secretary of \w+)\b"
)
_SHARED = re.compile(r"\b(deputy|vice|adviser|advisor|aide|assistant|spokes\w+|former|acting)\b")


def check_actors(draft: Draft, drafts: Sequence[Draft]) -> Iterator[Finding]:
    """What is wrong with the sides of a pack's actors and allies."""
    anywhere = {key for other in drafts for key, _ in other.pack.allegiances}
    here = {key for key, _ in draft.pack.allegiances}
    for actor, table in zip(draft.pack.actors, draft.actors, strict=True):
        expected = draft.pack.war is not None and actor.kind in KINDS_WITH_SIDES
        if expected and actor.key not in anywhere and not table.flag("third_party"):
            yield Finding.at(table, None, "no-side", f"a {actor.kind} on no side")
        if actor.official and actor.kind in _NEVER_OFFICIAL:
            yield Finding.at(table, "official", "official-kind", f"a {actor.kind} cannot concede")
        elif not actor.official and actor.key in here and actor.kind in _USUALLY_OFFICIAL:
            yield Finding.at(table, "kind", "not-official", f"{actor.kind}, but not official")
    if draft.pack.war:
        yield from _sides(draft, drafts)
        yield from _allegiances(draft, drafts)


def check_dates(draft: Draft, today: date) -> Iterator[Finding]:
    """What is wrong with the dates of a pack's allegiances and speakers."""
    tables = {
        actor.key: table for actor, table in zip(draft.pack.actors, draft.actors, strict=True)
    }
    allies = {table.text("actor"): table for table in draft.allies}
    for key, allegiance in draft.pack.allegiances:
        table = tables.get(key) or allies[key]
        yield from _plausible(table, period_of(allegiance), "its side", today)
    own = allegiances_by_war([draft])[draft.pack.key]
    for actor, table in zip(draft.pack.actors, draft.actors, strict=True):
        on_sides = [period_of(one) for one in own.get(actor.key, ())]
        for speaker in actor.speakers:
            yield from _speaker(speaker, table, on_sides, today)
        yield from _offices(actor, table)


def _sides(draft: Draft, drafts: Sequence[Draft]) -> Iterator[Finding]:
    actors = {actor.key: actor for other in drafts for actor in other.pack.actors}
    for side, table in zip(
        draft.pack.war.sides if draft.pack.war else (), draft.sides, strict=True
    ):
        keys = {key for key, one in draft.pack.allegiances if one.side == side.key}
        if not keys:
            yield Finding.at(table, None, "unused-side", "no actor is on it")
        elif not any(actors[key].official for key in keys if key in actors):
            yield Finding.at(table, None, "no-official", "none of its actors is official")


def _allegiances(draft: Draft, drafts: Sequence[Draft]) -> Iterator[Finding]:
    """Two sides at once, of an actor and of it and its parent."""
    actors = {actor.key: actor for other in drafts for actor in other.pack.actors}
    tables = {table.text("actor"): table for table in draft.allies}
    tables |= {
        actor.key: table for actor, table in zip(draft.pack.actors, draft.actors, strict=True)
    }
    of_war = allegiances_by_war([draft])[draft.pack.key]
    for key, allegiances in of_war.items():
        for one, other in combinations(allegiances, 2):
            if period_of(one).overlaps(period_of(other)):
                reason = f"on the side {other.side} while on {one.side}"
                yield Finding.at(tables[key], None, "allegiance-overlap", reason)
        parent = actors[key].parent if key in actors else None
        for one in allegiances:
            for above in of_war.get(parent or "", ()):
                if one.side != above.side and period_of(one).overlaps(period_of(above)):
                    reason = f"on the side {one.side} while its parent {parent} is on {above.side}"
                    yield Finding.at(tables[key], "parent", "parent-side", reason)


def _speaker(
    speaker: Speaker, table: Table, on_sides: Sequence[Period], today: date
) -> Iterator[Finding]:
    name, period = speaker.names[0], Period(speaker.since, speaker.until)
    yield from _plausible(table, period, name, today)
    if period == Period() and _is_office(speaker.role):
        reason = f"{name!r} is {speaker.role}, without since or until"
        yield Finding.at(table, "speakers", "speaker-undated", reason, name)
    if on_sides and not any(period.overlaps(one) for one in on_sides):
        reason = f"{name!r} speaks on no day on which it is on a side"
        yield Finding.at(table, "speakers", "speaker-outside", reason, name)


def _plausible(table: Table, period: Period, what: str, today: date) -> Iterator[Finding]:
    for field, day in (("since", period.since), ("until", period.until)):
        if day and not FIRST_DAY <= day <= today:
            reason = f"{field} {day} of {what} lies before {FIRST_DAY.year} or in the future"
            line = table.line_of(f"{field} = {day}")
            yield Finding(table.path, line, "implausible-date", f"{table.label}: {reason}")


def _offices(actor: Actor, table: Table) -> Iterator[Finding]:
    """Two dated holders of one office at the same time."""
    held = [one for one in actor.speakers if _is_office(one.role) and (one.since or one.until)]
    for one, other in combinations(held, 2):
        if fold(one.role) == fold(other.role) and one.names[0] != other.names[0]:
            earlier, later = sorted((one, other), key=lambda held: held.since or date.min)
            days, next_days = Period(earlier.since, earlier.until), Period(later.since, later.until)
            handed_over = earlier.until is not None and earlier.until == later.since
            if days.overlaps(next_days) and not handed_over:
                reason = f"{other.names[0]!r} is {other.role} while {one.names[0]!r} is"
                yield Finding.at(table, "speakers", "office-overlap", reason, other.names[0])


def _is_office(role: str) -> bool:
    return bool(_OFFICE.search(role.lower())) and not _SHARED.search(role.lower())
