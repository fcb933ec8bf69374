"""Which town a noun phrase means: names, homonyms, "the town", "the outskirts of X"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.extraction import cues
from claims.extraction.actors.discourse import Discourse
from claims.extraction.places import lists
from claims.extraction.places.anaphors import AnaphorReader
from claims.extraction.places.homonyms import Homonyms
from claims.extraction.places.located import Located
from claims.extraction.records import PlaceRef
from claims.extraction.text.grammar import (
    NOMINAL,
    case_of,
    conjuncts,
    following,
    is_verb,
    low,
    phrase,
)
from claims.extraction.text.tokens import Token
from claims.extraction.text.view import View

__all__ = ["Located", "PlaceFinder"]


class PlaceFinder:
    """Finds the towns that the phrases of one paragraph mean."""

    def __init__(self, view: View, homonyms: Homonyms, discourse: Discourse) -> None:
        self.view = view
        self.homonyms = homonyms
        self.discourse = discourse
        self.towns = discourse.towns
        self._nouns = cues.words("places", "nouns", "town")
        self.anaphor = AnaphorReader(view, self.towns).read
        self._containers = cues.words("places", "containers", "words")
        self._beside = cues.words("places", "beside", "phrases")
        self._away = cues.words("places", "beside", "participles")
        self._relations = cues.words("places", "beside", "relations")

    def named(self, token: Token) -> Located | None:
        """The town that one token names, or that it names a suburb of."""
        mention = self.view.mention(token)
        if mention is None or (mention.agent is not None and not mention.places):
            return None
        if mention.kind in ("place", "person") and not mention.part:
            town = self._town_of_suburb(token)
            if town is not None:
                return Located(town, token, (token,), mention.text, True)
        if mention.kind != "place" or self._is_region(token) or self._is_river(token):
            return None
        return Located(self.homonyms.resolve(mention), token, (token,), mention.part, True)

    def _town_of_suburb(self, token: Token) -> PlaceRef | None:
        """ "X, a northern suburb of Y", "the suburb of X in Y": the town that X is a part of."""
        suburbs = cues.words("parts", "nouns", "suburbs")
        rest = list(following(token, 10))
        if len(rest) > 2 and rest[0].text == "," and low(rest[1]) in ("a", "an", "the"):
            noun = next((n for n, t in enumerate(rest[2:7], 2) if low(t) in suburbs), 0)
            if not noun or any(t.is_punct for t in rest[1:noun]):
                return None
            after = rest[noun + 1 :]
            if len(after) > 1 and low(after[0]) in ("of", "in"):
                return self._plain(after[1])
            ends = not after or after[0].is_punct
            return self.towns.last(self.view.start(token)) if ends else None
        before = token.doc[max(token.sent.start, token.i - 3) : token.i]
        if len(before) < 2 or low(before[-1]) != "of" or low(before[-2]) not in suburbs:
            return None
        if len(before) > 2 and (town := self._plain(before[0])) is not None:
            return town  # "the Y suburb of X"
        return self._plain(rest[1]) if len(rest) > 1 and low(rest[0]) in ("in", "of") else None

    def _plain(self, token: Token) -> PlaceRef | None:
        """The town that a token names, whatever stands around it."""
        mention = self.view.mention(token)
        known = mention is not None and mention.kind == "place" and mention.places
        return self.homonyms.resolve(mention) if mention is not None and known else None

    def _is_river(self, token: Token) -> bool:
        """ "the Dnipro": towns take no article."""
        before = token.doc[token.i - 1] if token.i > token.sent.start else None
        if before is None or low(before) != "the":
            return False
        return token.dep_ not in ("compound", "nmod:poss", "amod")

    def last_place(self, token: Token, noun: str = "") -> PlaceRef | None:
        """The town that is spoken of where a token stands, or that is meant by a noun there."""
        return self.towns.last(self.view.start(token), noun)

    def spoken_of(self, token: Token) -> list[PlaceRef]:
        """The same, or all the towns at the head of the paragraph where it has several."""
        heads = self.towns.at_head
        place = self.last_place(token)
        if len(heads) > 1 and (place is None or place in heads):
            return list(heads)
        return [place] if place is not None else []

    def bare_part(self, preposition: Token) -> list[Located]:
        """ "In the centre", of the town that was just spoken of."""
        words = list(following(preposition, 3))
        noun = words[1] if len(words) > 1 else preposition
        goes_on = len(words) > 2 and low(words[2]) in ("of", "in")
        parts = cues.words("parts", "nouns", "sites")
        if goes_on or not words or low(words[0]) != "the" or low(noun) not in parts:
            return []
        place = self.last_place(noun)
        if place is None or not self.towns.is_near(place, self.view.start(noun), within=2):
            return []
        return [Located(place, noun, (words[0], noun))]

    def sector(self, token: Token) -> Located | None:
        """The town after which a sector of the front is named ("the X direction")."""
        mention = self.view.mention(token)
        after = next(following(token, 1), None)
        if mention is None or not mention.places or after is None:
            return None
        if low(after) not in ("direction", "front", "sector", "axis"):
            return None
        return Located(self.homonyms.resolve(mention), token, (token,))

    def _is_region(self, token: Token) -> bool:
        before = token.doc[max(token.sent.start, token.i - 2) : token.i]
        of = len(before) > 1 and low(before[1]) == "of"
        if of and low(before[0]) in cues.words("places", "not_towns", "preceding"):
            return True
        after = next(following(token, 1), None)
        if after is None:
            return False
        if after.text in ("-", "–", "/") and len(rest := list(following(after, 2))) > 1:
            return low(rest[1]) in cues.words("places", "beside", "relations")
        word = low(after)
        if word in ("people", "'s", "’s"):
            nxt = next(following(after, 1), None)
            return nxt is not None and low(nxt) in ("region", "province", "republic")
        if word in cues.words("places", "not_towns", "before_sites"):
            after = next(following(after, 1), after)
            return low(after) in cues.words("places", "not_towns", "sites")
        return word in cues.words("places", "not_towns", "following") or word == "regions"

    def _apposed(self, noun: Token) -> list[Located]:
        """ "X, a village that …": the town that a town noun describes."""
        if low(noun.head) == "one" and low(noun) in cues.words("places", "nouns", "plural"):
            noun = noun.head  # "X, one of the last towns that …"
        elif low(noun) not in self._nouns:
            return []
        one = self.named(noun.head) if noun.dep_ == "appos" else None
        return [one] if one is not None else []

    def in_phrase(self, head: Token, *, unknown: bool = False) -> list[Located]:
        """The towns that a noun phrase is about: its head, or what its containers contain.

        `unknown`: a proper name that no gazetteer knows counts as a town here.
        """
        found: list[Located] = []
        heads = conjuncts(head)
        for each in heads:
            found += self._in_one(each, unknown=unknown)
        if any(one.token_names for one in found):  # "the port and most of X"
            found = [one for one in found if low(one.token) not in ("port", "citadel", "hub")]
        return _distinct(self._as_parts(heads, [*found, *self._further(found)]))

    def _as_parts(self, heads: Sequence[Token], found: list[Located]) -> list[Located]:
        """Unknown names beside a known district, or beside "four other districts", are parts
        of the town that is spoken of."""
        districts = cues.words("parts", "nouns", "plural")
        town = next((one.place for one in found if one.part), None)
        if town is None and len(heads) > 1 and any(low(t) in districts for t in heads):
            town = self.last_place(heads[0])
        if town is None:
            return found
        return [
            replace(one, place=town, part=one.place.name)
            if one.place.key is None and not one.part and one.token_names is False
            else one
            for one in found
        ]

    def _in_one(self, head: Token, *, unknown: bool) -> list[Located]:
        words = phrase(head)
        if (own := self.named(head)) is not None:
            return [_around(own, words)]
        if counted := lists.members(self.named, head):
            return counted
        if low(head) in cues.words("parts", "nouns", "suburbs"):
            inside = [one for t in words if (one := self.named(t)) is not None and one.part]
            if inside:  # "the Y suburb of X"
                return [_around(one, words) for one in inside]
        located: list[Located] = []
        for token in words:
            if token == head or (one := self.named(token)) is None:
                continue
            if self._related(token, head):
                located += [_around(one, words)]
                located += [
                    _around(more, words)
                    for c in conjuncts(token)[1:]
                    if (more := self.named(c)) is not None
                ]
        if located:
            return located
        for token in head.children:
            if token.dep_ == "appos" and (one := self.named(token)) is not None:
                return [_around(one, words)] + [
                    more for c in conjuncts(token)[1:] if (more := self.named(c)) is not None
                ]
        if found := self._apposed(head):
            return found
        for token in words:
            within = token == head or self._related(token, head)
            if within and (found := self.anaphor(token)):
                return [_around(one, words) for one in found]
        if unknown and self._unknown_name(head):
            mention = self.view.mention(head)
            name = mention.text if mention is not None else head.text
            return [Located(PlaceRef(name, None, self.homonyms.conflict), head, tuple(words))]
        return []

    def _unknown_name(self, token: Token) -> bool:
        """At the beginning of a sentence any noun has a capital ("Snow fell")."""
        mention = self.view.mention(token)
        if mention is None or (token.is_sent_start and token.tag_ in ("NN", "NNS")):
            return False
        last = mention.text.rpartition(" ")[2].lower()
        landscape = last in cues.words("places", "unknown", "endings")
        return mention.kind == "person" and mention.agent is None and not landscape

    def _related(self, token: Token, head: Token) -> bool:
        """Whether a name inside a phrase is what the phrase is about."""
        case = case_of(token)
        if case in self._beside:
            return False
        path = list(_path(token, head))
        if case == "of" and any(low(t) in _COMPASS and _bare(t) for t in [*path, head]):
            return False  # "a village west of X"
        if any(low(t) in self._relations and t != token for t in path) and case != "of":
            return False
        if case in ("of", "in", "over", "inside", "within", "for", "on", "at", "into"):
            return True
        return case == "" and any(low(t) in self._containers for t in [*path, head])

    def after(self, token: Token, prepositions: frozenset[str], reach: int = 8) -> list[Located]:
        """The towns after the first of these prepositions to the right of a word."""
        skipping = list(following(token, reach))
        for n, word in enumerate(skipping):
            if low(word) in prepositions:
                return self.right_of(word)
            if (
                word.tag_ in ("MD", ":")
                or low(word) in (";", "said")
                or (is_verb(word) and n > 1 and word.tag_ in ("VBD", "VBZ", "VBP"))
            ):
                return []
        return []

    def right_of(
        self, token: Token, *, unknown: bool = False, reach: int = 14, strict: bool = False
    ) -> list[Located]:
        """The towns of the noun phrase that begins right after a word, by word order."""
        seen: list[Token] = []
        last_case = ""
        for word in following(token, reach):
            text = low(word)
            one = self.named(word)
            if one is not None and last_case not in self._beside and not self._beside_of(seen):
                return self._series(word, tuple(seen))
            if found := lists.members(self.named, word):
                return found
            if low(word) in self._away:
                return []
            if not self._beside_of(seen) and (found := self.anaphor(word)):
                named = self._named_after(word)
                around = (*seen, word, *self._possessed(word))
                return named or [Located(f.place, f.token, around) for f in found]
            if unknown and self._unknown_name(word):
                mention = self.view.mention(word)
                name = mention.text if mention is not None else word.text
                return [Located(PlaceRef(name, None), word, (*seen, word))]
            if (
                text in ("of", "about", "roughly")
                or (text in ("in", "over", "to", "on") and seen and not strict)
                or (text in ("in", "at", "on") and self._parts(seen))
            ):
                last_case = text
            elif (
                word.tag_ not in NOMINAL
                and word.tag_ != "PRP"
                and text not in ("both", "and", "but")
            ):
                return []
            seen.append(word)
        return []

    def _possessed(self, pronoun: Token) -> list[Token]:
        """The words of "northern edge" in "its northern edge"."""
        return phrase(pronoun.head) if low(pronoun) == "its" else []

    def _parts(self, seen: Sequence[Token]) -> bool:
        """Whether words speak of parts of a town ("buildings in the south of X")."""
        return any(low(t) in cues.words("parts", "nouns", "words") for t in seen)

    def _named_after(self, noun: Token) -> list[Located]:
        """ "the town of X", "the town X": the name that a town noun introduces."""
        rest = list(following(noun, 2))
        if rest and (one := self.named(rest[0])) is not None:
            return self._series(one.token, ())
        if len(rest) > 1 and low(rest[0]) == "of" and self.named(rest[1]) is not None:
            return self._series(rest[1], ())
        return []

    def _beside_of(self, seen: Sequence[Token]) -> bool:
        """ "the road to X", "villages north of X": a statement beside X."""
        words = [low(t) for t in seen]
        return (
            len(words) >= 2
            and words[-1] in ("of", "to", "from")
            and (words[-2] in self._relations and not (words[-1] == "of" and "the" in words[-4:-2]))
        )

    def _series(self, first: Token, around: tuple[Token, ...]) -> list[Located]:
        """A named town and those coordinated with it; the words around are the first's."""
        found = lists.series(self.named, first)
        return [_around(found[0], around), *found[1:], *self._further(found)] if found else []

    def _further(self, found: Sequence[Located]) -> list[Located]:
        """The towns that "as well as" and the like add."""
        named = [one.token for one in found if one.token_names]
        return lists.further(self.named, named[-1]) if named else []


_COMPASS = frozenset(
    {"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest",
     "north-east", "north-west", "south-east", "south-west"}
)  # fmt: skip


def _bare(direction: Token) -> bool:
    """Whether a direction stands without an article, and so outside the town."""
    before = direction.doc[direction.i - 1] if direction.i > direction.sent.start else None
    return before is None or low(before) not in (
        "the",
        "far",
        "its",
        "whole",
        "entire",
        "in",
        "and",
        "or",
    )


def _around(one: Located, words: Sequence[Token]) -> Located:
    return replace(one, around=tuple(words))


def _path(token: Token, head: Token) -> list[Token]:
    found: list[Token] = []
    while token.i != head.i and token.head.i != token.i:
        found.append(token)
        token = token.head
    return found


def _distinct(found: Sequence[Located]) -> list[Located]:
    unique: dict[tuple[str, int], Located] = {}
    for one in found:
        unique.setdefault((one.place.name, one.token.i), one)
    return list(unique.values())
