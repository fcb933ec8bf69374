"""Who fights in a war that no pack knows: countries, and the movements that a text introduces.

Each state and each movement is a side of its own there, by its own key: nobody is made
anybody's ally. What packs know of an actor is taken from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from claims.extraction import cues
from claims.extraction.actors.mentions import Mention, NameIndex
from claims.extraction.actors.movements import Movement, MovementReader, alternatives
from entities.countries import Country, countries
from entities.folding import fold
from entities.lexicon import Actor, Allegiance, Conflict, Lexicon, Place, Side

_CAP = r"[A-ZÀ-ÖØ-Þ][\w’'-]{0,60}"
_INTRODUCED = "text:"  # what the keys of actors that no pack knows begin with
_PARTIES = 2  # a war has that many; fewer found, more are looked for
_NEAR = 80  # characters before a name that tell of it
_LARGE = 10_000  # people: a smaller town's name is somebody else's in another country

Codes = Callable[[Actor], str]  # the country's code of a state, or ""


@dataclass(frozen=True, slots=True)
class War:
    """A war as one text tells it. `introduced`: keys of the actors that no pack knows;
    `countries`: codes of the states that take part; `weights`: how often the text names each
    side, by its key."""

    conflict: Conflict
    introduced: frozenset[str]
    countries: frozenset[str]
    weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class _State:
    """A country, or a state that no table knows (`code` empty), as an actor."""

    actor: Actor
    code: str
    introduced: bool


class BelligerentReader:
    """Finds a text's belligerents by general patterns."""

    def __init__(self, lexicon: Lexicon) -> None:
        packs = {a.key: a for conflict in lexicon.conflicts for a in conflict.actors}
        packs |= {actor.key: actor for actor in lexicon.common}
        self._packs = packs
        by_name = {
            fold(name): actor
            for actor in packs.values()
            if actor.kind == "state"
            for name in (actor.name, *actor.names)
        }
        states = [_state(country, by_name) for country in countries()]
        self._states = {state.actor.key: state for state in states}
        others = [actor for actor in packs.values() if actor.key not in self._states]
        self._index = NameIndex(None, [*others, *(state.actor for state in states)])
        self._capital_names = {country.code: country.capitals[:1] for country in countries()}
        self._movements = MovementReader()
        self._forces = alternatives("states", "forces")
        self._speaks = alternatives("states", "speaks")

    def code_of(self, actor: Actor) -> str:
        """The country's code of a state, or ""."""
        state = self._states.get(actor.key)
        return state.code if state is not None else ""

    def read(self, text: str) -> War:
        """The war that a text tells of, its sides in the order of how often it names them."""
        found = self._names(text)
        movements = self._movements.read(text, found)
        states = self._named_states(text, found, movements)
        known = self._known(found)
        counts = _counts(found, self._root)
        movement = bool(movements) or self._unnamed(text)
        fighting = self._fighting(text, found, states, movement)
        movements = [*movements, *self._generic(text, fighting, movements, known, states)]
        introduced = [_movement_actor(movement) for movement in movements]
        actors = [*(_as_own(s.actor, s.actor) for s in states), *known, *introduced]
        weights = {state.actor: counts[state.actor.key] for state in fighting}
        weights |= {a: m.count(text) for a, m in zip(introduced, movements, strict=True)}
        weights |= {a: counts[a.key] for a in known if self._root(a) == self._packs[a.key]}
        parties = sorted(weights, key=lambda actor: -weights[actor])
        home = next((actor for actor in parties if actor.kind == "state"), None)
        return War(
            Conflict(
                own_key(home) if home else "",
                "",
                tuple(Side(own_key(actor), actor.name, "") for actor in parties),
                tuple({actor.key: actor for actor in actors}.values()),
                tuple(self._capitals(fighting)),
            ),
            frozenset(s.actor.key for s in states if s.introduced) | {a.key for a in introduced},
            frozenset(s.code for s in fighting if s.code),
            {own_key(actor): number for actor, number in weights.items()},
        )

    def _capitals(self, fighting: Iterable[_State]) -> Iterator[Place]:
        """The parties' capitals, so that one that is fought for is a town too; without a key,
        where no gazetteer has it."""
        for state in fighting:
            for capital in self._capital_names.get(state.code, ()):
                yield Place("", capital, (capital,), state.code)

    def _names(self, text: str) -> list[Mention]:
        """The names of actors that the text uses; a capital city only where it speaks, or where
        the text names the state itself."""
        found = [m for m in self._index.find(text) if m.agent is not None and _is_name(m, text)]
        speaks = re.compile(rf"(?:['’]s)? (?:{self._speaks}|{self._forces})\b")
        named = {m.agent.actor for m in found if m.agent is not None and not m.metonym}
        return [
            m
            for m in found
            if not m.metonym or m.agent.actor in named or speaks.match(text, m.end)  # type: ignore[union-attr]
        ]

    # --- states -----------------------------------------------------------------------------

    def _named_states(
        self, text: str, found: Sequence[Mention], movements: Sequence[Movement]
    ) -> list[_State]:
        """The countries that the text names, and states that only it knows ("X's army")."""
        keys = dict.fromkeys(m.agent.actor.key for m in found if m.agent and m.agent.actor)
        states = [self._states[key] for key in keys if key in self._states]
        taken = [(m.start, m.end) for m in found]
        taken += [span for movement in movements for span in movement.spans]
        words = alternatives("states", "unknown")
        for match in re.finditer(
            rf"\b(?P<a>{_CAP})['’]s (?:\w+ )?(?:{words})\b|\b(?:{words}) of (?P<b>{_CAP})", text
        ):
            group = "a" if match["a"] else "b"
            if any(s < match.end(group) and match.start(group) < e for s, e in taken):
                continue
            name = match[group].removesuffix("'s").removesuffix("’s")
            if name.lower() in cues.words("belligerents", "movements", "openers"):
                continue
            states.append(_State(_unknown_state(name, text), "", introduced=True))
        return list({state.actor.key: state for state in states}.values())

    def _fighting(
        self, text: str, found: Sequence[Mention], states: Sequence[_State], movements: bool
    ) -> list[_State]:
        """Of these, the ones whose forces the text names; where that makes no war, also those
        that speak in it, and at last the only one that it names."""
        chosen = [s for s in states if not s.code or self._told(text, found, s, self._forces)]
        if len(chosen) + movements < _PARTIES:
            more = [s for s in states if self._told(text, found, s, self._speaks)]
            chosen += [s for s in more if s not in chosen]
        at_war = re.search(rf"\b(?:{self._forces}|{alternatives('generic', 'words')})\b", text)
        if not chosen and len(states) == 1 and at_war:
            return list(states)
        return chosen

    def _told(self, text: str, found: Sequence[Mention], state: _State, words: str) -> bool:
        """Whether one of the words stands behind the state's name, or before "of" and it."""
        after = re.compile(rf"(?:['’]s?)?(?:[ ](?!and\b|or\b)[\w’'-]+){{0,2}}?[ ](?:{words})\b")
        before = re.compile(rf"\b(?:{words}) of (?:the )?$")
        return any(
            after.match(text, m.end) or before.search(text[max(0, m.start - 40) : m.start])
            for m in found
            if m.agent is not None and m.agent.actor == state.actor
        )

    # --- movements and the packs' actors ----------------------------------------------------

    def _known(self, found: Iterable[Mention]) -> list[Actor]:
        """The packs' actors that the text names, but for the states; each on its own side."""
        keys = {m.agent.actor.key for m in found if m.agent and m.agent.actor}
        actors = [self._packs[key] for key in sorted(keys) if key not in self._states]
        return [
            _as_own(actor, root) if root is not None else replace(actor, allegiances=())
            for actor in actors
            for root in [self._root(actor)]
        ]

    def _root(self, actor: Actor) -> Actor | None:
        """The state or movement that an actor of a pack is or belongs to; an army or a
        government that belongs to none is one for itself."""
        top, one = actor, self._packs.get(actor.key)
        while one is not None and one.kind not in ("state", "movement"):
            top, one = one, self._packs.get(one.parent) if one.parent else None
        return top if one is None and top.kind in ("army", "government") else one

    def _unnamed(self, text: str) -> bool:
        """Whether a text speaks of "the rebels"."""
        return bool(re.search(rf"\b(?:{alternatives('generic', 'words')})\b", text, re.I))

    def _generic(
        self,
        text: str,
        fighting: Sequence[_State],
        movements: Sequence[Movement],
        known: Sequence[Actor],
        states: Sequence[_State],
    ) -> list[Movement]:
        """ "The rebels" of a text that names no movement: those against its state."""
        named = movements or any(actor.kind == "movement" for actor in known)
        if named or not self._unnamed(text):
            return []
        name = cues.table("belligerents")["generic"]["name"]
        where = fighting or states
        if len(where) == 1:
            name = f"{name} in {with_article(where[0].actor.name)}"
        return [Movement(name, names=(), unnamed=True)]


def own_key(actor: Actor) -> str:
    """The key of the side that a state or movement is for itself: its own, or its name in
    small letters where no pack knows it."""
    return actor.key.removeprefix(_INTRODUCED)


def with_article(state: str) -> str:
    """A state's name as it stands behind "of": "the Philippines"."""
    words = set(state.lower().split())
    takes = words & cues.words("belligerents", "states", "with_article")
    return f"the {state}" if takes else state


def _introduced_key(name: str) -> str:
    return _INTRODUCED + "-".join(fold(name).split())


def _state(country: Country, packs: Mapping[str, Actor]) -> _State:
    """A country as an actor: the packs' own, if one has it, with the words that it lacks."""
    known = packs.get(fold(country.name)) or next(
        (packs[key] for name in country.names if (key := fold(name)) in packs), None
    )
    if known is not None:
        actor = replace(
            known,
            names=_together((n for n in known.names if not _is_institution(n)), country.names),
            demonyms=_together(known.demonyms, country.demonyms),
            metonyms=_together(known.metonyms, country.capitals),
        )
        return _State(actor, country.code, introduced=False)
    actor = Actor(
        _introduced_key(country.name),
        country.name,
        "state",
        (country.name, *country.names),
        country.demonyms,
        country.capitals,
        official=True,
    )
    return _State(actor, country.code, introduced=True)


def _is_institution(name: str) -> bool:
    """Packs count a third party's army and officials as the state itself: "Arlandic army"."""
    words = cues.words("actors", "forces", "words") | cues.words("actors", "roles", "words")
    words |= {
        w
        for row in cues.table("actors")["institution"]
        for told in row["words"]
        for w in told.split()
    }
    return bool(set(name.lower().split()) & words - {"of", "the"})


def _unknown_state(name: str, text: str) -> Actor:
    """A state that only the text knows; its demonyms begin as its name does."""
    stem = re.escape(name[: max(4, len(name) - 2)])
    adjectives = re.findall(rf"\b({stem}[a-z]+)\b(?!['’]s)", text)
    demonyms = tuple(dict.fromkeys(word for word in adjectives if word != name))
    key = _introduced_key(name)
    return Actor(key, name, "state", (name,), demonyms, official=True)


def _as_own(actor: Actor, party: Actor) -> Actor:
    return replace(actor, allegiances=(Allegiance(own_key(party)),))


def _movement_actor(movement: Movement) -> Actor:
    actor = Actor(
        _introduced_key(movement.name),
        movement.name,
        "movement",
        movement.names,
        official=not movement.unnamed,
    )
    return _as_own(actor, actor)


def _together(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _counts(found: Iterable[Mention], root: Callable[[Actor], Actor | None]) -> Counter[str]:
    """How often each actor is named, itself or by those that belong to it."""
    counts: Counter[str] = Counter()
    for mention in found:
        if mention.agent is None or mention.agent.actor is None:
            continue
        actor = mention.agent.actor
        counts[actor.key] += 1
        above = root(actor)
        if above is not None and above.key != actor.key:
            counts[above.key] += 1
    return counts


def _is_name(mention: Mention, text: str) -> bool:
    """Not a surname that a speaker of some pack shares, nor one behind a first name, nor the
    common nouns by which some pack's actor goes ("the rebels")."""
    if mention.kind == "person":
        return " " in mention.text
    common = {
        word for kind in ("movement", "state") for word in cues.words("actors", "types", kind)
    }
    common |= cues.words("actors", "forces", "words")
    if mention.text.islower() or set(mention.text.lower().split()) <= common:
        return False
    before = re.search(rf"({_CAP}) $", text[max(0, mention.start - _NEAR) : mention.start])
    if before is None or mention.kind != "actor" or " " in mention.text:
        return True
    first = before.group(1).lower()
    begins = re.search(r"(?:^|[.!?\n“\"]\s*)$", before.string[: before.start()])
    return bool(begins) or first in cues.words("names", "words")


def outweighs(war: War, pack: Conflict, index: NameIndex, text: str, codes: Codes) -> bool:
    """Whether a text is about `war` rather than about a pack's conflict some of whose names it
    uses: somebody who is in no way part of that conflict is named more often than its parties
    and larger towns. Its allies from elsewhere do not count: they fight in other wars too."""
    home = {place.country for place in pack.places}
    own = {actor.key: actor for actor in pack.actors}

    def foreign(actor: Actor) -> bool:
        root = actor
        while root.kind not in ("state", "movement") and root.parent in own:
            root = own[root.parent]
        code = codes(root)
        return bool(home and code and code not in home)

    named = [m.agent.actor for m in index.find(text) if m.agent and m.agent.actor and not m.places]
    towns = [m for m in index.find(text) if any(p.population >= _LARGE for p in m.places)]
    weight = len(towns) + sum(1 for a in named if a.key in own and not foreign(a))
    sides = {own_key(actor) for actor in pack.actors}
    outside = [number for key, number in war.weights.items() if key not in sides]
    return max(outside, default=0) > weight


def towns_of(lexicon: Lexicon, codes: frozenset[str]) -> list[Place]:
    """The known places of these countries; of none given, those of no conflict's."""
    if not codes:
        return list(lexicon.places)
    every = (*lexicon.places, *(p for conflict in lexicon.conflicts for p in conflict.places))
    return [place for place in every if place.country in codes]
