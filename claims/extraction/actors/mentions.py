"""Names in a text: an index of the lexicon's names, and the places where a text uses them."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from claims.extraction.text.words import fold, name_key, word_spans
from entities.lexicon import Actor, ActorKind, Conflict, Lexicon, Place

Kind = Literal["place", "actor", "demonym", "person"]


@dataclass(frozen=True, slots=True)
class Agent:
    """An actor as a text means it. `actor` is None where no pack knows it; `kind_hint` tells
    its kind then, where the words do; `speaker` is the person, if one is named."""

    name: str
    actor: Actor | None = None
    speaker: str = ""
    kind_hint: ActorKind | None = None
    side_hint: str | None = None

    def same(self, other: Agent | None) -> bool:
        """Whether both are one organisation, whoever speaks for it."""
        return other is not None and self.name == other.name


@dataclass(frozen=True, slots=True)
class Office:
    """A person who speaks for an actor, between two days (open where None)."""

    agent: Agent
    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether the person has the office on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters `[start, end)` that name something. A metonym (Kyiv) is of kind "place"
    with both `places` (perhaps empty) and `agent`."""

    start: int
    end: int
    kind: Kind
    text: str
    agent: Agent | None = None
    places: tuple[Place, ...] = ()
    part: str = ""  # the district, where the text names one for its town
    offices: tuple[Office, ...] = ()  # all that a person's name may stand for, with their days

    def on(self, day: date) -> Mention:
        """The mention as it is meant on a day: of several offices, the one then held."""
        held = next((office for office in self.offices if office.on(day)), None)
        return self if held is None else replace(self, agent=held.agent)

    @property
    def metonym(self) -> bool:
        return self.kind == "place" and self.agent is not None

    @property
    def actor_key(self) -> str:
        """The key of the actor that it names; empty for none."""
        return self.agent.actor.key if self.agent and self.agent.actor else ""


@dataclass(slots=True)
class _Entry:
    """All that one spelling may stand for."""

    places: list[tuple[Place, str]] = field(default_factory=list)
    agent: Agent | None = None
    kind: Kind = "actor"
    metonym: Agent | None = None
    offices: list[Office] = field(default_factory=list)
    capitals: tuple[bool, ...] = ()


class NameIndex:
    """Looks names of one conflict (and the common actors) up in texts, longest first.

    `base` is an index that is built upon and not changed; of one name, this one's own actor
    comes before it.
    """

    def __init__(
        self, conflict: Conflict | None, common: Iterable[Actor], base: NameIndex | None = None
    ) -> None:
        self._base = base
        self._entries: dict[tuple[str, ...], _Entry] = {}
        self._sizes: dict[str, list[int]] = {}  # of the names that begin with a word, in words
        self._inherited: set[int] = set()  # ids of entries whose agent is the base's
        actors = [*(conflict.actors if conflict else ()), *common]
        for actor in actors:
            self._add_actor(actor)
        self._add_surnames(actors)
        for place in conflict.places if conflict else ():
            self.add_place(place)

    def add_place(self, place: Place) -> None:
        """Know a place and its districts by all their names."""
        for name in filter(_usable, (place.name, *place.names)):
            self._entry(name).places.append((place, ""))
        for district in filter(_usable, place.districts):
            self._entry(district).places.append((place, district))

    def _entry(self, name: str) -> _Entry:
        key = name_key(name)
        first = key[0] if key else ""
        self._sizes[first] = sorted({*self._sizes_of(first), len(key)}, reverse=True)
        capitals = tuple(name[s].isupper() for s, _ in word_spans(name) if fold(name[s : s + 1]))
        entry = self._entries.get(key)
        if entry is None:
            below = self._known(key)
            entry = (
                replace(below, places=list(below.places), offices=list(below.offices))
                if below
                else _Entry(capitals=capitals)
            )
            self._entries[key] = entry
            if entry.agent is not None:
                self._inherited.add(id(entry))
        if len(capitals) == len(entry.capitals):
            entry.capitals = tuple(a and b for a, b in zip(capitals, entry.capitals, strict=True))
        return entry

    def _name(self, name: str, agent: Agent, kind: Kind) -> None:
        entry = self._entry(name)
        if entry.agent is None or id(entry) in self._inherited:
            self._inherited.discard(id(entry))
            entry.agent, entry.kind = agent, kind

    def _add_actor(self, actor: Actor) -> None:
        agent = Agent(actor.name, actor)
        for name in (actor.name, *actor.names):
            self._name(name, agent, "actor")
        for name in actor.demonyms:
            self._name(name, agent, "demonym")
        for name in actor.metonyms:
            entry = self._entry(name)
            entry.metonym = entry.metonym or agent
        for speaker in actor.speakers:
            person = replace(agent, speaker=speaker.names[0])
            for name in speaker.names:
                self._name(name, person, "person")
                self._entry(name).offices.append(Office(person, speaker.since, speaker.until))

    def _add_surnames(self, actors: Iterable[Actor]) -> None:
        """The last words of speakers' names, where no other speaker's name has the word: one
        that several have is a given name, or tells nobody from the others."""
        speakers = [(actor, speaker) for actor in actors for speaker in actor.speakers]
        had_by: dict[str, set[str]] = defaultdict(set)
        for _, speaker in speakers:
            for word in itertools.chain.from_iterable(name.split() for name in speaker.names):
                had_by[fold(word)].add(speaker.names[0])
        for actor, speaker in speakers:
            person = replace(Agent(actor.name, actor), speaker=speaker.names[0])
            for last in (name.split()[-1] for name in speaker.names):
                if len(last) >= 4 and last[0].isupper() and len(had_by[fold(last)]) == 1:
                    self._name(last, person, "person")
                    self._entry(last).offices.append(Office(person, speaker.since, speaker.until))

    def _known(self, key: tuple[str, ...]) -> _Entry | None:
        found = self._entries.get(key)
        return self._base._known(key) if found is None and self._base is not None else found

    def _sizes_of(self, first: str) -> Sequence[int]:
        found = self._sizes.get(first)
        return self._base._sizes_of(first) if found is None and self._base else found or ()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str) -> Iterator[Mention]:
        """The mentions in `text`, from left to right, none overlapping."""
        spans, keys, used = _words(text)
        firsts = self._firsts(used)
        end = 0
        for at in [at for at, key in enumerate(keys) if key in firsts]:
            if at < end:
                continue
            for size in self._sizes_of(keys[at]):
                words, name = spans[at : at + size], keys[at : at + size]
                entry = self._known(tuple(name)) if len(words) == size else None
                if entry is not None and _fits(text, entry, words, name):
                    last = _abbreviation_end(text, *words[-1])
                    yield self._mention(text, words[0][0], last, entry)
                    end = at + size
                    break

    def knows(self, text: str) -> bool:
        """Whether a name begins anywhere in `text`."""
        return any(True for _ in self.find(text))

    def _firsts(self, words: frozenset[str]) -> frozenset[str]:
        """Those of some words with which a name begins."""
        below = self._base._firsts(words) if self._base is not None else frozenset()
        return below | (words & self._sizes.keys())

    def _mention(self, text: str, start: int, end: int, entry: _Entry) -> Mention:
        parts = {part for _, part in entry.places}
        part = parts.pop() if len(parts) == 1 else ""
        if entry.places or entry.metonym:
            agent = entry.metonym or (entry.agent if entry.kind == "actor" else None)
            places = tuple(dict.fromkeys(place for place, _ in entry.places))
            return Mention(start, end, "place", text[start:end], agent, places, part)
        offices = tuple(entry.offices) if entry.kind == "person" else ()
        return Mention(start, end, entry.kind, text[start:end], entry.agent, offices=offices)


def _fits(text: str, entry: _Entry, spans: list[tuple[int, int]], keys: list[str]) -> bool:
    """Whether the words at `spans` are written as the name is: together, with its capitals."""
    for (first, end), (start, _) in itertools.pairwise(spans):
        gap = text[end:start].replace("'s", "").replace("’s", "")
        letter = end - first == 1 and gap == ". "  # "U.S. officials"
        if gap.strip(" -‑–.") or (gap.startswith(".") and gap != "." and not letter):
            return False
    if len(entry.capitals) != len(spans):
        return text[spans[0][0]].isupper()
    return all(
        text[s].isupper() or text[s].isdigit() or not capital or key in _PARTICLES
        for (s, _), capital, key in zip(spans, entry.capitals, keys, strict=True)
    )


def _abbreviation_end(text: str, start: int, end: int) -> int:
    """Where a name ends: behind the full stop of "U.S.", unless a sentence ends there."""
    if end - start > 1 or text[start - 1 : start] != "." or text[end : end + 1] != ".":
        return end
    after = _NEXT_WORD.match(text, end + 1)
    ends = after is None or after[1] in _OPENERS
    return end if ends else end + 1


_NEXT_WORD = re.compile(r"[ -]?([\w’'-]+)")
# Words that begin a sentence, of those that may stand behind an abbreviation's full stop.
_OPENERS = frozenset({"The", "A", "An", "It", "He", "She", "They", "But", "And", "In", "On", "At",
                      "Its", "Their", "This", "That", "There", "We", "I"})  # fmt: skip


@lru_cache(maxsize=8)  # several indexes look at one text
def _words(text: str) -> tuple[list[tuple[int, int]], list[str], frozenset[str]]:
    """The spans of a text's words, each folded, and the set of those."""
    spans = list(word_spans(text))
    keys = [fold(text[s:e]) for s, e in spans]
    return spans, keys, frozenset(keys)


# Articles and the like inside names, which some write small.
_PARTICLES = frozenset(
    {"al", "el", "ar", "as", "ash", "an", "ad", "az", "at", "ez", "es", "de",
     "of", "the", "na", "nad", "von", "bin", "ibn"}
)  # fmt: skip


def _usable(name: str) -> bool:
    """Whether a place's name can be told from other words: three Latin letters or more."""
    folded = fold(name)
    return sum(c.isalpha() for c in folded) >= 3 and len(folded) * 2 > len(name)


def best_conflict(text: str, lexicon: Lexicon, indexes: dict[str, NameIndex]) -> Conflict | None:
    """The conflict whose names the text uses most, the longer names where several are level; None
    where it uses none."""

    def weight(conflict: Conflict) -> tuple[int, int, int]:
        keys = {actor.key for actor in conflict.actors}
        found = [m for m in indexes[conflict.key].find(text) if m.agent or m.places]
        own = [
            m
            for m in found
            if m.places or (m.agent and m.agent.actor and m.agent.actor.key in keys)
        ]
        return len({fold(m.text) for m in own}), len(own), sum(m.end - m.start for m in own)

    scored = [(weight(conflict), conflict) for conflict in lexicon.conflicts]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0][0] else None
