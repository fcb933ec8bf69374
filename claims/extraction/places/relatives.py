"""Towns that a relative word stands for: "the town which they overran", "X, where troops hold
out", "X, from which they withdrew", "X, whose north they hold"."""

from __future__ import annotations

from claims.extraction import cues
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.places.located import Located
from claims.extraction.text.grammar import case_of, child, low, phrase, subject
from claims.extraction.text.tokens import Token

_REACH = 7  # words between a relative word and its verb
_INSIDE = frozenset({"in", "at", "inside", "there"})


class RelativeReader:
    """Finds the towns behind the relative words of one paragraph."""

    def __init__(self, finder: PlaceFinder) -> None:
        self.finder = finder

    def object(self, verb: Token) -> list[Located]:
        """ "the town, which they overran", "every town they took"."""
        if found := self._whose(verb):
            return found
        which = _before(verb, "which", "that")
        if verb.dep_ != "acl:relcl" and which is None:
            return []
        own = next((c for c in reversed(verb.lefts) if c.dep_ == "nsubj"), None) or subject(verb)
        obj = child(verb, "obj")
        if obj is not None and low(obj) not in ("which", "that", "both", "all", "each"):
            return []
        if own is None or low(own) in ("which", "that", "who"):
            return []
        if which is not None and not which.i < own.i < verb.i:
            return []
        if verb.dep_ == "acl:relcl":
            if found := self.finder.in_phrase(verb.head):
                return found
            if low(verb.head) in cues.words("parts", "nouns", "words"):
                return self._inside(verb)
        return self._antecedent(which) if which is not None else []

    def where(self, verb: Token, prepositions: frozenset[str]) -> list[Located]:
        """ "X, where the troops hold out", "X, from which they withdrew"."""
        word = _before(verb, "where", "which")
        if word is None:
            return []
        if low(word) == "where":
            return self._antecedent(word) if prepositions & _INSIDE else []
        return self._antecedent(word.doc[word.i - 1]) if case_of(word) in prepositions else []

    def _whose(self, verb: Token) -> list[Located]:
        """ "X, whose northern half they hold"."""
        whose = _before(verb, "whose")
        parts = cues.words("parts", "nouns", "own")
        if whose is None or low(whose.head) not in parts or subject(verb) in (None, whose.head):
            return []
        words = tuple(phrase(whose.head))
        return [Located(one.place, whose.head, words) for one in self._antecedent(whose)]

    def _inside(self, verb: Token) -> list[Located]:
        """ "the districts that they hold in X"."""
        return [
            Located(one.place, one.token, tuple(phrase(verb.head)), one.part, one.token_names)
            for c in verb.children
            if c.dep_ in ("nmod", "obl", "obl:arg") and c.i > verb.i and case_of(c) in ("in", "of")
            for one in self.finder.in_phrase(c)
        ]

    def of(self, noun: Token) -> list[Located]:
        """ "X, the capture of which they announced"."""
        return self._antecedent(noun.left_edge)

    def _antecedent(self, word: Token) -> list[Located]:
        counted = word.i > word.sent.start + 1 and low(word.doc[word.i - 1]) == "of"
        if counted and (found := self.finder.anaphor(word.doc[word.i - 2])):
            return found  # "both of which"
        for i in range(word.i - 1, max(word.sent.start, word.i - 4) - 1, -1):
            token = word.doc[i]
            if (one := self.finder.named(token)) is not None:
                return [one]
            if found := self.finder.anaphor(token):
                return found
        return []


def _before(verb: Token, *words: str) -> Token | None:
    """The nearest of some words to the left of a verb, in its sentence."""
    first = max(verb.sent.start, verb.i - _REACH)
    return next((verb.doc[i] for i in range(verb.i - 1, first - 1, -1)
                 if low(verb.doc[i]) in words), None)  # fmt: skip
