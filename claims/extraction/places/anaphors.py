"""Towns that are not named where they are meant: "the town", "it", "there", "the capital",
"both", "the latter"."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction import cues
from claims.extraction.places.located import Located
from claims.extraction.places.roles import lies_elsewhere
from claims.extraction.places.spoken import TownsSpokenOf
from claims.extraction.records import PlaceRef
from claims.extraction.text.grammar import following, low, phrase
from claims.extraction.text.tokens import Token
from claims.extraction.text.view import View

_DEFINITE = frozenset({"the", "this", "that", "entire", "whole", "our", "my", "your", "their",
                       "his", "her"})  # fmt: skip
_DEFINITE_PLURAL = frozenset({"the", "these", "those", "both", "all", "our", "their"})
_NUMBERS = {"both": 2, "two": 2, "twin": 2, "three": 3, "four": 4, "five": 5}
_ORDERED = {"former": 0, "one": 0, "latter": 1, "other": 1}


class AnaphorReader:
    """Tells which towns the words of one paragraph mean without naming them."""

    def __init__(self, view: View, towns: TownsSpokenOf) -> None:
        self.view = view
        self.towns = towns
        self._nouns = cues.words("places", "nouns", "town")
        self._plural = cues.words("places", "nouns", "plural")

    def read(self, token: Token) -> list[Located]:
        """The towns that a word means, if it is one that stands for towns."""
        word = low(token)
        if (site := self._site(token)) is not None:
            return [site]
        if word != "it" and lies_elsewhere(token):
            return []
        if word in self._plural or (word == "both" and not _of_them(token)):
            return self._several(token)
        if word in ("each", "all", "none", "neither") or (word == "both" and _of_them(token)):
            return self._all(token)
        if word in _ORDERED:
            return self._of_two(token)
        if word == "capital":
            return self._capital(token)
        if word == "its":
            return self._its_part(token)
        if word in ("it", "there", "itself"):
            place = self._last(token)
            near = place is not None and self.towns.is_near(place, self.view.start(token))
            return [Located(place, token, (token,))] if place is not None and near else []
        if word in self._nouns:
            return self._noun(token)
        return []

    def _last(self, token: Token) -> PlaceRef | None:
        return self.towns.last(self.view.start(token))

    def _its_part(self, its: Token) -> list[Located]:
        """ "Its northern edge", of the town that is spoken of."""
        if low(its.head) not in cues.words("parts", "nouns", "own"):
            return []
        place = self._last(its)
        return [Located(place, its, tuple(phrase(its.head)))] if place is not None else []

    def _noun(self, token: Token) -> list[Located]:
        """ "The town", "this village", "our city"; in headlines, "army leaves town"."""
        around = tuple(phrase(token))
        definite = any(low(t) in _DEFINITE for t in around) or token.dep_ == "ROOT"
        latest = any(low(t) in ("that", "this") for t in around)
        place = self.towns.last(self.view.start(token), low(token), latest=latest)
        if place is None or not (definite or self._is_bare(token, around)):
            return []
        return [Located(place, token, around)]

    def _is_bare(self, noun: Token, around: Sequence[Token]) -> bool:
        """Whether a headline drops the article before a noun."""
        if noun.i == noun.sent.start:
            return True
        after = next(following(noun, 1), None)
        ended = noun.sent[-1].text in (".", "!", "?", "…")
        modifies = after is not None and after.tag_.startswith("NN")
        determined = any(t.tag_ in ("DT", "PRP$", "CD", "POS") for t in around)
        return noun.tag_ == "NN" and not (ended or modifies or determined)

    def _several(self, token: Token) -> list[Located]:
        """ "Both towns", "the three villages", "both"."""
        around = tuple(phrase(token))
        words = {low(t) for t in around}
        after = next(following(token, 1), None)
        if low(token) == "both":
            alone = after is None or not after.tag_.startswith(("NN", "JJ", "DT", "CD", "PRP"))
            if not alone or token.dep_ in ("cc", "cc:preconj", "advmod"):
                return []
        elif not words & _DEFINITE_PLURAL or (after is not None and low(after) == "of"):
            return []
        number = next((_NUMBERS[word] for word in words if word in _NUMBERS), None)
        places = self.towns.together(self.view.start(token), number)
        return [Located(place, token, around) for place in places]

    def _all(self, token: Token) -> list[Located]:
        """ "Each of them", "both of which", "all of these"."""
        if not _of_them(token):
            return []
        number = _NUMBERS.get(low(token))
        places = self.towns.together(self.view.start(token), number)
        return [Located(place, token, (token,)) for place in places]

    def _of_two(self, token: Token) -> list[Located]:
        """ "The former", "the latter"; "the one" and "the other", where a sentence has both."""
        before = token.doc[token.i - 1] if token.i > token.sent.start else None
        after = next(following(token, 1), None)
        alone = after is None or not after.tag_.startswith(("NN", "JJ"))
        if before is None or low(before) != "the" or not alone:
            return []
        if low(token) in ("one", "other"):
            words = token.sent.text.lower()
            if "the one" not in words or "the other" not in words:
                return []
        two = self.towns.together(self.view.start(token), 2)
        return [Located(two[_ORDERED[low(token)]], token, (token,))] if len(two) == 2 else []

    def _capital(self, token: Token) -> list[Located]:
        """ "The regional capital" is a town spoken of, "the capital" the country's."""
        around = tuple(phrase(token))
        if not any(low(t) in (*_DEFINITE, "'s", "’s") for t in around):
            return []
        regional = self._is_regional(token, around)
        place = self._last(token) if regional else self._national(token)
        return [Located(place, token, around)] if place is not None else []

    def _national(self, token: Token) -> PlaceRef | None:
        """The country's capital, but not for "the Arlandic capital", another country's."""
        capital = self.towns.capital
        before = token.doc[token.i - 1] if token.i else None
        mention = self.view.mention(before) if before is not None else None
        actor = mention.agent.actor if mention is not None and mention.agent is not None else None
        if capital is None or (actor and actor.metonyms and capital.name not in actor.metonyms):
            return None
        return capital

    def _is_regional(self, token: Token, around: Sequence[Token]) -> bool:
        if {low(t) for t in around} & cues.words("places", "nouns", "capital"):
            return True
        after = next(following(token, 1), None)
        if after is not None and low(after) == "of":
            return True
        before = token.doc[token.i - 1] if token.i else None
        mention = self.view.mention(before) if before is not None else None
        return mention is not None and mention.kind != "demonym"

    def _site(self, token: Token) -> Located | None:
        """ "the Grain Quay", "the Old Town": a part, by its name, of the town spoken of."""
        mention = self.view.mention(token)
        if mention is None or mention.kind != "person" or mention.agent is not None:
            return None
        last = mention.text.rpartition(" ")[2].lower()
        if " " not in mention.text or last not in cues.words("places", "unknown", "sites"):
            return None
        place = self._last(token)
        return Located(place, token, (token,), mention.text) if place is not None else None


def _of_them(token: Token) -> bool:
    """Whether "of them", "of which" or "of these" follows."""
    rest = [low(t) for t in following(token, 2)]
    return rest[:1] == ["of"] and rest[1:] in (["them"], ["these"], ["those"], ["which"])
