"""Who a noun phrase means: the actor behind "a spokesman for the army's eastern command"."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.belligerents import with_article
from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent, Mention
from claims.extraction.actors.sides import Sides
from claims.extraction.text.words import fold
from entities.countries import countries
from entities.lexicon import Actor, ActorKind

Word = tuple[str, Mention | None]  # lower-case text, and the name it stands for


def words_in(name: str, *path: str) -> frozenset[str]:
    return cues.words(name, *path)


class AgentResolver:
    """Resolves noun phrases to agents, in one article."""

    def __init__(self, sides: Sides, discourse: Discourse) -> None:
        self.sides = sides
        self.discourse = discourse
        self._institutions = cues.table("actors")["institution"]
        self.last_town = ""  # named before, while names are read and no town is spoken of yet

    def phrase(self, words: Sequence[Word], *, claimant: bool = False) -> Agent | None:
        """The agent that a noun phrase means; None where it means nobody who acts.

        `claimant`: as one who speaks, "a Russian officer" means his army; as one who acts,
        the country is enough.
        """
        words = _before_to(words)
        named = [m for _, m in words if m is not None and m.agent is not None]
        for mention in named:
            if mention.kind == "person":
                return mention.agent
        texts = [text for text, _ in words]
        agents = [mention.agent for mention in named if mention.agent is not None]
        states = [a for a in agents if a.actor is not None and a.actor.kind == "state"]
        others = [a for a in agents if a not in states]
        unnamed = [text for text, m in words if m is None or _is_bare(m)]
        institution = self._institution_in(" ".join(unnamed))
        if others:
            return others[0]
        if not states and institution and (own := self._of_rebels(texts)) is not None:
            return own
        if claimant and institution is None and self._civilians(texts):
            return Agent(cues.table("actors")["people"]["name"], kind_hint="people")
        if claimant and not states and (country := _third_party(texts)):
            return Agent(country, kind_hint="state")
        if claimant and not named and self._takes_no_side(texts, office=institution is not None):
            return None
        if states and (rebels := self._rebels(texts)) is not None:
            return rebels
        if office := self._office(words, states):
            return office
        if institution:
            return self._institution(institution, states[0] if states else self._owner(texts))
        if states:
            military = any(text in words_in("actors", "roles", "military") for text in texts)
            if claimant and military:
                return self._institution(self._army(), states[0])
            return states[0]
        return self._unnamed(texts, claimant=claimant)

    def _civilians(self, texts: Sequence[str]) -> bool:
        """Whether a noun phrase means residents: no office and no arms beside the word."""
        people = words_in("actors", "people", "words")
        armed = (
            words_in("actors", "roles", "words") | words_in("actors", "forces", "words") - people
        )
        types = words_in("actors", "types", "movement") | words_in("actors", "types", "state")
        first = itertools.takewhile(lambda text: text not in ("in", "at", "near", "who"), texts)
        told = set(first)
        return bool(told & people) and not told & (armed | types)

    def _takes_no_side(self, texts: Sequence[str], *, office: bool) -> bool:
        """ "A Western diplomat", "medical sources", "a spokesman for the coalition": nobody of
        this war, where no name tells more. `office`: an institution's words are among them."""
        if office:
            abroad = any(text in words_in("actors", "outsiders", "abroad") for text in texts)
            return abroad and texts[-1] in words_in("actors", "roles", "words")
        if any(text in words_in("actors", "outsiders", "words") for text in texts):
            return True
        rest = list(itertools.dropwhile(lambda text: text not in ("for", "of"), texts))
        outside = any(text in words_in("actors", "outsiders", "spoken_for") for text in rest)
        return outside and self._spoken_of(rest) is None

    def _of_rebels(self, texts: Sequence[str]) -> Agent | None:
        """ "The rebels' military command": theirs, not the state's."""
        first = next(
            (text for text in texts if text in words_in("actors", "types", "movement")), ""
        )
        institution = texts.index(first) < len(texts) - 1 if first else False
        return self.of_type("movement") if institution else None

    def _rebels(self, texts: Sequence[str]) -> Agent | None:
        """ "Chadian rebels", "insurgents in Chad", in a war that no pack knows: not the state."""
        if self.sides.introduced is None:
            return None
        rebels = words_in("belligerents", "generic", "words")
        told = rebels | words_in("actors", "forces", "words") | words_in("actors", "roles", "words")
        first = next((text for text in texts if text in told), "")
        return self.of_type("movement") if first in rebels else None

    def _army(self) -> dict[str, object]:
        return next(row for row in self._institutions if row["kind"] == "army")

    def _institution_in(self, text: str) -> dict[str, object] | None:
        padded = f" {text.replace(chr(8217), chr(39))} "
        best: tuple[int, dict[str, object] | None] = (0, None)
        for row in self._institutions:
            for words in row["words"]:
                if f" {words} " in padded and len(words) > best[0]:
                    best = (len(words), row)
        return best[1]

    def _institution(self, row: dict[str, object], owner: Agent | None) -> Agent | None:
        match = list(row["match"])  # type: ignore[call-overload]
        if owner is None and self.sides.introduced is not None:
            home = self._recent_state_side()
            owner = self.sides.representative(home, "state") if home else None
        side = self.sides.of(owner)
        if owner is not None and side is None and owner.actor is not None:
            return owner  # "the US defence secretary": a third party's institutions are it
        whose = owner.actor if owner is not None else None
        found = self.sides.institution(str(row["kind"]), match, side, whose)
        if owner is None:
            states = self.sides.of_type["state"]
            found = [a for a in found if self.sides.of(Agent(a.name, a)) in states] or found
        government = row["kind"] == "government"
        if owner is None and government and (named := self.sides.namesakes(found)):
            found = named
        if len(found) > 1:
            found = self._recent_among(found, named_only=side is not None) or found
        if found:
            if len({self.sides.of(Agent(a.name, a)) for a in found}) > 1:
                home = self.sides.home()
                found = [a for a in found if self.sides.of(Agent(a.name, a)) == home] or found
            return Agent(found[0].name, found[0])
        if owner is None and (known := side or self._recent_state_side()):
            owner, side = self.sides.representative(known), known
        if owner is None:
            return None
        if owner.actor is not None and owner.actor.kind not in ("state", "government"):
            return owner
        if str(row["name"]) == "{state}":
            return owner
        name = str(row["name"]).format(state=with_article(owner.name))
        return Agent(name, kind_hint=row["kind"], side_hint=side)  # type: ignore[arg-type]

    def _recent_state_side(self) -> str | None:
        states = self.sides.of_type["state"]
        if len(states) == 1:
            return states[0]
        for agent in self.discourse.recent():
            if (side := self.sides.of(agent)) in states:
                return side
        return self.sides.home()

    def _recent_among(self, actors: Sequence[Actor], *, named_only: bool) -> list[Actor]:
        """Those of several institutions that the text means: the one last named, or those of
        the side spoken of in the same sentence, else of the side last spoken of."""
        of_side: list[Actor] = []
        for at, agent in self.discourse.recent_at():
            if agent.actor is not None and agent.actor in actors:
                return [agent.actor]
            side = self.sides.of(agent)
            same = [a for a in actors if side and self.sides.of(Agent(a.name, a)) == side]
            if same and not named_only and self.discourse.in_sentence(at):
                return same
            of_side = of_side or same
        return [] if named_only else of_side

    def _office(self, words: Sequence[Word], states: Sequence[Agent]) -> Agent | None:
        """A governor's or mayor's administration, on its state's side."""
        text = " " + " ".join(text for text, _ in words) + " "
        offices: tuple[tuple[str, str, ActorKind], ...] = (
            ("mayor", "Mayor", "city"),
            ("governor", "Governor", "region"),
        )
        for office, title, kind in offices:
            if any(f" {word} " in text for word in words_in("actors", "regions", office)):
                place = next((m for _, m in words if m is not None and m.kind == "place"), None)
                place = place or _after_of(words)
                side = self.sides.of(states[0]) if states else self.sides.home()
                where = place.text if place is not None else _region_of(words)
                if not where and kind == "city":
                    town = self.discourse.last_place()
                    where = town.name if town is not None else self.last_town
                name = f"{title} of {where}" if where else title
                return Agent(name, kind_hint=kind, side_hint=side)
        return None

    def _owner(self, texts: Sequence[str]) -> Agent | None:
        """Whose "its", "their" or "our" is."""
        for text in texts:
            if text in ("our", "my", "your"):
                return self.discourse.speaker
            if text in ("his", "her") and (person := self.discourse.named_person()) is not None:
                return replace(person, speaker="")
            if text in ("its", "their", "his", "her"):
                return self.discourse.antecedent()
        return None

    def _unnamed(self, texts: Sequence[str], *, claimant: bool) -> Agent | None:
        if any(text in words_in("actors", "analysts", "words") for text in texts):
            return None
        if (owner := self._owner(texts)) is not None:
            return owner
        if claimant and (holder := self._role_holder(texts)) is not None:
            return holder
        if (known := self._spoken_of(texts)) is not None:
            return known
        for kind in ("enemy", "movement", "state"):
            told = any(text in words_in("actors", "types", kind) for text in texts)
            if told and (found := self.of_type(kind)) is not None:
                return found
        forces = words_in("actors", "forces", "words") | words_in("actors", "roles", "words")
        if claimant and any(text in ("'s", "’s") for text in texts):
            return None  # of an owner whom nothing tells: "the coalition's spokesman"
        if any(text in forces for text in texts):
            if any(text in words_in("actors", "roles", "state") for text in texts):
                home = self._recent_state_side()
                return self.sides.representative(home, "government", "state") if home else None
            return self.of_type("force") if not claimant else self._recent()
        return None

    def _role_holder(self, texts: Sequence[str]) -> Agent | None:
        """ "The officer", "the same source": whoever was called so before."""
        roles = words_in("actors", "roles", "words")
        if texts[:1] not in (["the"], ["that"], ["this"]) or texts[-1] not in roles:
            return None
        if not set(texts) <= roles | {"the", "that", "this", "same"}:
            return None
        return self.discourse.role_holder(texts[-1].removesuffix("s"))

    def _spoken_of(self, texts: Sequence[str]) -> Agent | None:
        """ "The ministry", "the group": the last named actor of that kind."""
        for word, kinds in cues.table("actors")["anaphora"].items():
            if word not in texts:
                continue
            for agent in self.discourse.recent():
                kind = agent.actor.kind if agent.actor is not None else agent.kind_hint
                if kind in kinds:
                    return agent
        called = texts[-1] if texts and texts[-1] in words_in("actors", "called", "words") else ""
        for agent in self.discourse.recent() if called else ():
            names = (agent.name, *(agent.actor.names if agent.actor is not None else ()))
            if any(called in fold(name).split() for name in names):
                return replace(agent, speaker="")
        return None

    def _recent(self, *, armed: bool = False) -> Agent | None:
        """The last actor on a side that was named; `armed`: one that can fight."""
        for agent in self.discourse.recent():
            kind = agent.actor.kind if agent.actor is not None else agent.kind_hint
            if self.sides.of(agent) and not (armed and kind in _UNARMED):
                return agent
        return None

    def of_type(self, kind: str) -> Agent | None:
        """The side that a bare noun of this type means here."""
        if kind == "enemy":
            side = self.sides.of(self.discourse.speaker)
            rivals = self.sides.opponents(side) if side else []
            return self.sides.representative(rivals[0]) if rivals else None
        if kind == "force":
            return self._recent(armed=True)
        candidates = self.sides.of_type[kind]
        if len(candidates) == 1:
            if kind == "movement" and (named := self._named_movement(candidates[0])) is not None:
                return named
            order = ("army", "government", "state") if kind == "state" else ("movement", "unit")
            return self.sides.representative(candidates[0], *order)
        for agent in self.discourse.recent():
            civil = agent.kind_hint in ("region", "city")
            if self.sides.of(agent) in candidates and not civil:
                return replace(agent, speaker="")
        return self.sides.representative(candidates[0]) if candidates else None

    def _named_movement(self, side: str) -> Agent | None:
        """The movement of a side that the text has named last."""
        for agent in self.discourse.recent():
            known = agent.actor is not None and agent.actor.kind == "movement"
            if known and self.sides.of(agent) == side:
                return replace(agent, speaker="")
        return None


_UNARMED = ("government", "ministry", "region", "city", "publisher", "monitor", "organisation")


def _before_to(words: Sequence[Word]) -> Sequence[Word]:
    """ "Norland's ambassador to the United Nations": those who send, not those who receive."""
    at = next((n for n, (text, _) in enumerate(words) if text == "to"), 0)
    sends = any(m is not None and m.agent is not None for _, m in words[:at])
    return words[:at] if sends else words


def _is_bare(mention: Mention) -> bool:
    """Whether it is a run of capitals that names nobody known: "Third Brigade"."""
    return mention.kind == "person" and mention.agent is None


def _after_of(words: Sequence[Word]) -> Mention | None:
    """The name after "of": of a region that no gazetteer knows."""
    rest = itertools.dropwhile(lambda word: word[0] != "of", words)
    return next((mention for text, mention in list(rest)[1:3] if text != "the"), None)


def _third_party(texts: Sequence[str]) -> str:
    """The country that has nothing to do with the war, whose officials speak: "a Dutch
    minister"; empty for none. Where the office ends, what follows tells no country."""
    told = itertools.takewhile(lambda text: text not in ("to", "in", "on", "for"), texts)
    padded = f" {' '.join(told)} "
    first = frozenset(padded.split())
    known = _countries_by_word()
    return next(
        (
            country
            for word in first & known.keys()
            for called, country in known[word]
            if f" {called} " in padded
        ),
        "",
    )


@lru_cache(maxsize=1)
def _countries_by_word() -> dict[str, list[tuple[str, str]]]:
    """What countries and their people are called, in lower case, by the first word."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for country in countries():
        for called in (country.name, *country.names, *country.demonyms):
            name = called.lower()
            found[name.split()[0]].append((name, country.name))
    return dict(found)


def _region_of(words: Sequence[Word]) -> str:
    """ "the governor of the far north region": a region called by common words."""
    texts = [text for text, _ in words]
    if "of" not in texts:
        return ""
    regions = words_in("places", "not_towns", "following")
    after = [text for text in texts[texts.index("of") + 1 :] if text != "the"]
    end = next((n for n, text in enumerate(after) if text in regions), 0)
    return " ".join(after[:end]).title()
