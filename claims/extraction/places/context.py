"""The town of a word that has none in its own construction: the one that its sentence names
elsewhere, or the one that is spoken of.

"In X, the garrison repelled two assaults", "the army denies having left X", "government forces
seem to have pulled out": what such words tell, they tell of some town, and readers know which.
"""

from __future__ import annotations

from claims.extraction import cues
from claims.extraction.cues import Frame
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.places.located import Located
from claims.extraction.records import PlaceRef
from claims.extraction.statements.frames import companion
from claims.extraction.text.grammar import (
    SUBJECTS,
    ancestors,
    case_of,
    child,
    is_passive,
    is_verb,
    low,
    phrase,
    subject,
)
from claims.extraction.text.tokens import Token

_MEMORY = 2  # sentences over which the talk stays with a town
_RECALL = 60  # words before one, among which "the town" keeps the talk with it
_TOWNS = frozenset({"town", "city", "village", "place", "settlement", "capital", "hamlet", "port"})
_APART = frozenset(
    {"near", "from", "towards", "toward", "to", "outside", "beyond", "between"}
)  # fmt: skip
_WHERE = frozenset({"from", "in", "into", "on", "at", "of", "near", "across", "through"})
_WITHIN = frozenset({"in", "at", "of", "inside", "for", "over", "around", "within", "on"})


class ContextReader:
    """Finds the towns of words that tell of towns, where their construction names none."""

    def __init__(self, finder: PlaceFinder) -> None:
        self.finder = finder

    def towns(self, token: Token, frame: Frame) -> list[Located]:
        """The town that a frame's word tells of, from its sentence, else from what is spoken of."""
        affected = self._affected(token, frame)
        part: tuple[Token, ...] = ()
        if not self._tells(token, frame):
            if affected is None or not (self._is_part(affected) or self._is_town(affected)):
                return []
        elif affected is not None and not self._of_a_town(affected, token, frame):
            return []
        if affected is not None and self._is_part(affected):
            part = tuple(phrase(affected))
        if self._elsewhere(token):
            return []
        named = self._named(token)
        if len(named) > 1 and frame.word == "noun":
            return []
        if len(named) > 1:
            named = [one for one in named if one.token.i < token.i][-1:]
        if named:
            return [
                Located(named[0].place, named[0].token, part or named[0].around, token_names=True)
            ]
        return self._spoken_of(token, part) or self._from_where(token)

    def _tells(self, token: Token, frame: Frame) -> bool:
        if not frame.companions:
            told = cues.inflected("places", "context", "words")
            if frame.particles:
                told |= cues.inflected("places", "context", "with_particles")
            return low(token) in told and not self._is_said_of_one(token)
        mate = companion(token, frame)  # nearby is not enough: "have orders to hold their ground"
        return mate is not None and (mate.head is token or token.head is mate)

    def _is_said_of_one(self, token: Token) -> bool:
        """ "He fled": told of one man."""
        head = subject(token) if is_verb(token) else None
        return head is not None and low(head) in ("i", "he", "she", "nobody", "everybody")

    def _affected(self, token: Token, frame: Frame) -> Token | None:
        """What is taken, held or left: the object, a passive's subject, what `of` follows."""
        if frame.word == "noun":
            of = (c for c in token.children if c.dep_ == "nmod" and case_of(c) == "of")
            return next(of, None)
        if frame.companions:
            return None
        if "subject" in frame.place:
            return child(token, *SUBJECTS)
        if is_passive(token):
            return subject(token)
        return child(token, "obj") or self._relative(token)

    def _relative(self, verb: Token) -> Token | None:
        """The noun that a relative clause is about: "territory that it failed to capture"."""
        for one in (verb, *ancestors(verb)):
            if one.dep_ == "acl:relcl":
                return one.head
        return None

    def _of_a_town(self, noun: Token, token: Token, frame: Frame) -> bool:
        """Whether what is taken or left is a town by another word, a part of one, or the men
        and attacks that stand for it; not weapons, prisoners or a region."""
        word = low(noun)
        if noun.tag_ in ("PRP", "DT") or word == "that" or self._is_part(noun):
            return word not in ("them", "him", "her", "us", "me", "himself", "themselves")
        if frame.predicate == "holds":
            return word in cues.inflected("places", "context", "attacks")
        if frame.predicate in ("withdrew", "encircled") or frame.subject == "object":
            mention = self.finder.view.mention(noun)
            men = mention is not None and mention.agent is not None and not mention.places
            return men or word in _men()
        return False

    def _is_town(self, noun: Token) -> bool:
        """ "Their town", "that city": a town that is spoken of."""
        owned = any(
            low(t) in ("the", "their", "that", "this", "his", "her", "our") for t in noun.lefts
        )
        return owned and low(noun) in _TOWNS

    def _is_part(self, noun: Token) -> bool:
        parts = cues.words("parts", "nouns", "words") | cues.words("parts", "nouns", "sites")
        definite = any(
            low(t) in ("the", "its", "that", "this", "whole", "entire") for t in noun.lefts
        )
        return low(noun) in parts and definite

    def _elsewhere(self, token: Token) -> bool:
        """Whether a phrase beside the word says where else it happened: "from the region"."""
        told = [token]
        if token.dep_ in SUBJECTS and not is_verb(token):
            told.append(token.head)  # "fighting went on in the hills"
        return any(self._is_elsewhere(c) for word in told for c in word.children)

    def _is_elsewhere(self, noun: Token) -> bool:
        if not noun.dep_.startswith(("obl", "nmod")) or self.finder.named(noun) is not None:
            return False
        if case_of(noun) not in _WHERE:
            return False
        if low(noun) in cues.words("places", "context", "elsewhere"):
            return True
        mention = self.finder.view.mention(noun)
        # a name that nobody knows
        return mention is not None and mention.kind == "person" and mention.agent is None

    def _named(self, token: Token) -> list[Located]:
        """The towns that the sentence names as where something is, each once."""
        found: dict[str, Located] = {}
        for t in token.sent:
            one = self.finder.named(t)
            if one is None or self.finder.sector(t) is not None or _beside(t):
                continue
            if self._where_said(t, token):
                continue
            mention = self.finder.view.mention(t)
            if mention is not None and mention.metonym and case_of(t) not in _WITHIN:
                continue
            if case_of(t) in _APART:
                continue
            found.setdefault(one.place.name, one)
        return list(found.values())

    def _where_said(self, town: Token, token: Token) -> bool:
        """Whether a town tells only where somebody speaks: "the staff in X said that …"."""
        says = cues.inflected("speech", "says", "verbs")
        if low(token) in says:
            return False
        above = [town.head, *ancestors(town.head)]
        verb = next((t for t in above if is_verb(t)), None)
        return verb is not None and verb.i != token.i and low(verb) in says

    def _from_where(self, token: Token) -> list[Located]:
        """ "“We are holding out,” he said from X": of those who speak of themselves."""
        head = subject(token)
        if head is None or low(head) != "we":
            return []
        towns = [one for t in token.sent if (one := self.finder.named(t)) is not None]
        said = [one for one in towns if case_of(one.token) in ("from", "in", "near")]
        return said if len(towns) == 1 else []

    def _spoken_of(self, token: Token, part: tuple[Token, ...]) -> list[Located]:
        places = self.finder.spoken_of(token)
        if len(places) != 1 or not self._is_at_hand(places[0], token):
            return []
        return [Located(places[0], token, part or (token,))]

    def _is_at_hand(self, place: PlaceRef, token: Token) -> bool:
        """Whether a town was named, or called "the town", shortly before."""
        start = self.finder.view.start(token)
        if self.finder.towns.is_near(place, start, within=_MEMORY):
            return True
        for t in token.doc[max(0, token.i - _RECALL) : token.i]:
            named = self.finder.named(t)
            called = self.finder.anaphor(t) if low(t) in _TOWNS else []
            if any(one.place == place for one in (*called, *([named] if named else []))):
                return True
        return False


def _men() -> frozenset[str]:
    return (
        cues.words("actors", "forces", "words")
        | cues.words("actors", "types", "movement")
        | cues.words("belligerents", "generic", "words")
        | cues.words("states", "presence", "troops")
    )


def _beside(town: Token) -> bool:
    """ "West of X": somewhere else."""
    of, relation = town.doc[max(town.i - 1, 0)], town.doc[max(town.i - 2, 0)]
    return low(of) == "of" and low(relation) in cues.words("places", "beside", "relations")
