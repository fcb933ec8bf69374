"""Towns that share the statement of another, in words that a parse does not join: "X, then Y",
"X as well as Y", "the fall of X and that of Y"; and, with another army, "A took X and B Y"."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.places.located import Located
from claims.extraction.statements import modality
from claims.extraction.statements.frames import Found
from claims.extraction.statements.subjects import SubjectFinder
from claims.extraction.text.grammar import FINITE, following, is_noun, is_verb, low
from claims.extraction.text.tokens import Span, Token

_REACH = 10  # words between a statement and a town that shares it
_SHORT = 9  # words of a clause without a verb: "the rebels the west of the town"
_COMPASS = frozenset({"north", "south", "east", "west", "rest", "northeast", "northwest",
                      "southeast", "southwest", "everything", "remainder"})  # fmt: skip
_STOPS = frozenset({",", ";", "and", "while", "but", "whereas"})


class ListFinder:
    """Finds the further towns of a sentence's statements."""

    def __init__(self, finder: PlaceFinder, subjects: SubjectFinder) -> None:
        self.finder = finder
        self.subjects = subjects

    def find(self, sent: Span, found: Sequence[Found]) -> Iterator[Found]:
        """What a sentence with these statements says of further towns."""
        told = {one.located.token.i for one in found}
        joins = cues.words("states", "joining", "words")
        for token in sent:
            if low(token) in joins or low(token) == "that":
                yield from (one for one in self._joined(token, found)
                            if one.located.token.i not in told)  # fmt: skip
        for one in found:
            if not one.noun and one.subject is not None and _is_fact(one):
                yield from self._gapped(one, told)

    def _joined(self, token: Token, found: Sequence[Found]) -> Iterator[Found]:
        """ "…, then Y", "… as well as Y", "… and that of Y"."""
        last = _last_of_joint(token)
        model = _left_of(token, found) if last is not None else None
        if last is None or model is None or not _is_fact(model):
            return
        if low(token) == "that" and not model.noun:
            return
        words = list(following(last, 5))
        named = next((n for n, t in enumerate(words) if self.finder.named(t) is not None), None)
        towns = cues.words("places", "nouns", "town") | {"the", "of", "nearby", "neighbouring"}
        if named is not None and all(low(t) in towns for t in words[:named]):
            for one in self.finder.right_of(last):
                yield replace(model, located=one)

    def _gapped(self, model: Found, told: set[int]) -> Iterator[Found]:
        """ "The army took X and the rebels Y", "the army has the east, the rebels the west"."""
        last = max(model.trigger.i, model.located.token.i)
        for stop in following(model.trigger.doc[last], 14):
            if low(stop) not in _STOPS:
                continue
            clause = list(
                itertools.takewhile(lambda t: low(t) not in _STOPS and not t.is_punct,
                                    following(stop, _SHORT + 1))
            )  # fmt: skip
            if not 2 < len(clause) <= _SHORT or any(is_verb(t) for t in clause):
                continue
            noun = next((t for t in clause if self._acts(t, model)), None)
            if noun is None or clause[0].tag_ == "IN":
                continue
            rest = [t for t in clause if t.i > noun.i and t.i not in told]
            one = self._town(rest, model)
            agent = self.subjects.of(noun)
            if one is not None and agent is not None:
                yield replace(model, trigger=one.token, located=one, subject=agent)
                return

    def _acts(self, noun: Token, model: Found) -> bool:
        """Whether a noun is another army than the statement's."""
        if not is_noun(noun) or self.finder.named(noun) is not None:
            return False
        sides = self.subjects.nouns.resolver.sides
        side = sides.of(self._agent(noun))
        return side is not None and side != sides.of(model.subject)

    def _agent(self, noun: Token) -> Agent | None:
        mention = self.finder.view.mention(noun)
        after = next(following(noun, 1), None)
        inside = mention is not None and after is not None
        if inside and self.finder.view.mention(after) is mention:  # type: ignore[arg-type]
            return None  # the name goes on
        return self.subjects.of(noun)

    def _town(self, words: Sequence[Token], model: Found) -> Located | None:
        for token in words:
            if (one := self.finder.named(token)) is not None:
                return one
        parts = cues.words("parts", "nouns", "words") | _COMPASS
        part = next((t for t in words if low(t) in parts), None)
        if part is None:
            return None
        return Located(model.located.place, part, tuple(words))


def _last_of_joint(token: Token) -> Token | None:
    """The last of the words that join a town to another; None where a word does not join."""
    before = low(token.doc[token.i - 1]) if token.i > token.sent.start else ""
    after = next(following(token, 1), None)
    next_word = low(after) if after is not None else ""
    match low(token):
        case "that":
            return after if next_word in ("of", "from", "in") else None
        case "well":
            return after if before == "as" and next_word == "as" else None
        case "also":
            return token if before in ("but", "and") else None
        case "it":
            return token if before in ("with", "after") else None
        case "with":
            return token if before in ("along", "together") else None
        case _:
            return token


def _left_of(token: Token, found: Sequence[Found]) -> Found | None:
    """The nearest statement to the left, with no other clause between."""
    for one in reversed(found):
        last = max(one.trigger.i, one.located.token.i)
        between = token.doc[last + 1 : token.i]
        if last < token.i:
            free = not any(t.tag_ in FINITE or t.text == ";" for t in between)
            return one if free and len(between) <= _REACH else None
    return None


def _is_fact(found: Found) -> bool:
    judged = modality.judge(found.trigger, noun=found.noun)
    return not judged.open and not judged.negated
