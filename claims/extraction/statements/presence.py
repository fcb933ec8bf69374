"""Where troops are said to be: "our men are still in X", "there are no more soldiers in X", "the
army is back in X", "the rebels returned to X"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.records import Predicate
from claims.extraction.statements.frames import Found
from claims.extraction.statements.subjects import SubjectFinder
from claims.extraction.text.grammar import (
    FINITE,
    NOMINAL,
    following,
    is_noun,
    is_verb,
    low,
    phrase,
    subject,
    subject_before,
)
from claims.extraction.text.tokens import Span, Token

_REACH = 10  # words between "there are" and the town


class PresenceFinder:
    """Finds what the presence or absence of a side's troops says of towns."""

    def __init__(self, finder: PlaceFinder, subjects: SubjectFinder) -> None:
        self.finder = finder
        self.subjects = subjects
        self.sides = subjects.nouns.resolver.sides

    def find(self, sent: Span) -> Iterator[Found]:
        """What the sentence says so, in order."""
        returns = cues.words("states", "presence", "returns")
        for token in sent:
            if low(token) == "in" or (low(token) == "there" and token.tag_ != "EX"):
                yield from self._in(token)
            elif low(token) in returns and token.tag_ in (*FINITE, "VBN"):
                yield from self._returned(token)

    def _in(self, preposition: Token) -> Iterator[Found]:
        """ "Troops are still in X", "no soldiers remain in X", "there are no troops left in X"."""
        verb = self._verb(preposition)
        located = self._towns(preposition) if verb is not None else []
        if verb is None or not located:
            return
        between = list(verb.doc[verb.i + 1 : preposition.i])
        there = _is_existential(verb)
        if there:
            noun = next((t for t in reversed(between) if self._is_troops(t)), None)
        elif all(_is_adverb(t) for t in between):
            noun = subject(verb) or subject_before(verb)
            if noun is not None and noun.dep_ == "conj":
                noun = noun.head  # "the army and its allies"
        else:
            noun = None
        if noun is None or not self._is_troops(noun) or (agent := self.subjects.of(noun)) is None:
            return
        opens = noun.doc[max(noun.sent.start, noun.left_edge.i - 1) : noun.i]  # "not a single"
        words = {low(t) for t in (*opens, *phrase(noun), *between)}
        words |= {low(t) for t in following(located[-1].token, 2)}
        told = self._told(words, verb, agent)
        if told is None:
            return
        negated = bool(words & _NONE) and told != "withdrew"
        trigger = noun if negated and there else preposition
        cue = verb.doc[verb.i : preposition.i + 1].text
        for one in located:
            yield Found(trigger, told, one, agent, cue)

    def _told(self, words: set[str], verb: Token, agent: Agent) -> Predicate | None:
        """What it means that troops are there, or are not."""
        lasting = low(verb) in cues.words("states", "presence", "lasting")
        none = words & _NONE
        if none and (lasting or words & cues.words("states", "presence", "gone")):
            return None if "longer" in words and not _is_existential(verb) else "withdrew"
        if lasting:
            return None  # "remain in X" is a frame
        if "back" in words:
            return "captured"
        if words & cues.words("states", "keep", "words"):
            return "holds"
        past = low(verb) in ("was", "were", "been")
        if past and not none and not _is_reported(verb):
            return None
        return "holds" if self.sides.of(agent) == self.sides.home() else "advancing"

    def _returned(self, verb: Token) -> Iterator[Found]:
        """ "Norlandic troops have returned to X"."""
        head = subject(verb)
        after = list(following(verb, 2))
        to = next((t for t in after if low(t) in ("to", "into")), None)
        if head is None or to is None or not self._is_troops(head):
            return
        if any(low(t) in ("from", "after") for t in following(to, 6)):
            return
        agent = self.subjects.of(head)
        for one in self._towns(to):
            yield Found(verb, "captured", one, agent, f"{verb.text} {to.text}")

    def _verb(self, preposition: Token) -> Token | None:
        """The verb of being or remaining that a preposition belongs to."""
        being = cues.words("states", "presence", "being")
        being |= cues.words("states", "presence", "lasting")
        for i in range(
            preposition.i - 1, max(preposition.sent.start, preposition.i - _REACH) - 1, -1
        ):
            token = preposition.doc[i]
            if low(token) in being:
                return token
            plain = token.tag_ in NOMINAL or _is_adverb(token) or low(token) in ("of", "left")
            if is_verb(token) and low(token) not in ("left", "remaining", "stationed"):
                return None
            if not plain:
                return None
        return None

    def _towns(self, preposition: Token) -> list[Located]:
        """The towns right after a preposition: of "in control of X" none."""
        if low(preposition) == "there":
            return self.finder.anaphor(preposition)
        found = self.finder.right_of(preposition, strict=True)
        if not found:
            return self.finder.bare_part(preposition)
        allowed = cues.words("places", "nouns", "town") | cues.words("parts", "nouns", "words")
        between = preposition.doc[preposition.i + 1 : found[0].token.i]
        nouns = [t for t in between if is_noun(t) and self.finder.named(t) is None]
        return found if all(low(t) in allowed for t in nouns) else []

    def _is_troops(self, noun: Token) -> bool:
        """Whether a noun means a side's armed people, not its officials or things."""
        view, nouns = self.finder.view, self.subjects.nouns
        mention = view.mention(noun)
        if self.finder.named(noun) is not None or not is_noun(noun):
            return False
        armed = cues.words("states", "presence", "troops") | cues.words(
            "actors", "types", "movement"
        )
        actor = mention.agent.actor if mention is not None and mention.agent is not None else None
        force = actor is not None and actor.kind in ("army", "unit", "movement")
        force = force and mention is not None and mention.kind == "actor"
        told = low(noun) in armed or force or nouns.names_force(noun)
        return told and self.sides.of(self.subjects.of(noun)) is not None


def _is_existential(verb: Token) -> bool:
    """ "There are", "there were still"."""
    before: Sequence[Token] = verb.doc[max(verb.sent.start, verb.i - 3) : verb.i]
    return any(low(t) == "there" and t.tag_ == "EX" for t in before)


def _is_adverb(token: Token) -> bool:
    return token.tag_ in ("RB", "RBR") or low(token) in ("no", "longer", "back", "left", "more")


def _is_reported(verb: Token) -> bool:
    """Whether somebody's words stand before a verb: "said its men were in X"."""
    before = verb.doc[verb.sent.start : verb.i]
    return any(low(t) in cues.inflected("speech", "says", "verbs") for t in before)


_NONE = frozenset({"no", "not", "n't", "n’t", "none", "zero", "nobody"})
