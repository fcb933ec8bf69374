"""Who a statement is about: its subject, agent, owner or recipient."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.cues import Frame
from claims.extraction.places import apart
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.statements.frames import companion
from claims.extraction.text.grammar import (
    FINITE,
    HAVE,
    NOMINAL,
    SUBJECTS,
    case_of,
    child,
    following,
    is_noun,
    is_passive,
    low,
    subject,
)
from claims.extraction.text.tokens import Token
from claims.extraction.text.words import PAST

_FLAGS = cues.all_forms(("flag", "banner", "tricolour", "tricolor", "ensign"))


class SubjectFinder:
    """Finds who holds, takes or leaves the town of a frame."""

    def __init__(self, finder: PlaceFinder, nouns: NounReader) -> None:
        self.finder = finder
        self.nouns = nouns

    def subject_of(self, token: Token, frame: Frame) -> Agent | None:
        if frame.subject == "none":
            return None
        mate = companion(token, frame) if frame.companions else None
        if frame.subject in ("to", "to!") and frame.word == "noun":
            return self._recipient(token, frozenset({"to"}))
        if frame.subject == "flag" or (mate is not None and low(mate) in _FLAGS):
            flag = mate or token
            if (owner := self.owner_words(flag, [])) is not None or frame.subject == "flag":
                return owner
        if frame.subject == "rule" and mate is not None:
            claim = (
                mate.head if low(mate.head) in cues.inflected("speech", "says", "nouns") else mate
            )
            return self._owner(mate) or self._owner(claim) or self.owner_words(mate, [])
        if frame.subject == "whom":
            return self._expelled(token)
        if frame.subject == "with":
            return self._recipient(token, frozenset({"with"}))
        if frame.subject == "owner" or frame.word == "noun":
            return self._owner(token)
        if frame.subject in ("to", "to!"):
            return self._recipient(token)
        if frame.subject == "object":
            obj = child(token, "obj", "iobj", "nsubj:pass")
            if is_passive(token) and obj is None:
                obj = subject(token)
            return self.nouns.of_noun(obj) if obj is not None else None
        if (keeper := self._keeper(token)) is not None:
            return self.of(keeper)
        if self.passive_companion(token, frame):
            return self.by(token) or (self._rival_of(mate) if mate is not None else None)
        if is_passive(token) and "object" in frame.place:
            return self.by(token) or (
                self._enemy_of(subject(token)) if frame.predicate == "encircled" else None
            )
        told = token.tag_ != "NN" or low(token) in PAST
        head = subject(token) if told else token.doc[token.i - 1]
        found = self.of(head) if head is not None else None
        if found is None and frame.predicate == "holds" and mate is not None:
            return self._rival_of(mate)  # "its defenders repelled a rebel attack"
        return found

    def passive_companion(self, token: Token, frame: Frame) -> bool:
        mate = companion(token, frame) if frame.companions else None
        return mate is not None and (is_passive(token) or mate.i < token.i)

    def _expelled(self, noun: Token) -> Agent | None:
        """Whose expulsion it is: "the ouster of X"."""
        of = (c for c in noun.children if c.dep_ == "nmod" and case_of(c) == "of")
        return next((agent for c in of if (agent := self.nouns.of_noun(c)) is not None), None)

    def _keeper(self, participle: Token) -> Token | None:
        """Who keeps a town so: "X has Y surrounded"."""
        if participle.tag_ not in ("VBN", "VBD", "JJ") or participle.i < participle.sent.start + 3:
            return None
        nouns = 0
        for i in range(participle.i - 1, max(participle.sent.start, participle.i - 6), -1):
            word = participle.doc[i]
            if low(word) in HAVE or low(word) in ("keep", "keeps", "kept", "keeping"):
                return child(word, *SUBJECTS) or subject(word) if nouns else None
            if word.tag_ not in NOMINAL and word.tag_ != "PRP":
                return None
            nouns += is_noun(word)
        return None

    def _rival_of(self, attack: Token) -> Agent | None:
        """Who has repelled "the rebels' attack": the enemy of those whose it is."""
        return self._rival(self._owner(attack))

    def _enemy_of(self, men: Token | None) -> Agent | None:
        """Who has surrounded "the soldiers in X": the enemy of those whose men they are."""
        if men is None or low(apart.men(men)) not in cues.words("actors", "forces", "words"):
            return None
        return self._rival(self.of(apart.men(men)))

    def _rival(self, agent: Agent | None) -> Agent | None:
        """The one enemy of somebody's side."""
        sides = self.nouns.resolver.sides
        side = sides.of(agent)
        rivals = sides.opponents(side) if side else []
        return sides.representative(rivals[0]) if len(rivals) == 1 else None

    def winner(self, token: Token, loser: Agent | None) -> Agent | None:
        """Who drove the loser out of a town, where that is told."""
        if is_passive(token) or is_noun(token):
            found = self.by(token)
        else:
            head = subject(token)
            found = self.of(head) if head is not None and head.tag_ != "PRP" else None
        sides = self.nouns.resolver.sides
        side = sides.of(found)
        return found if side is not None and side != sides.of(loser) else None

    def of(self, head: Token) -> Agent | None:
        located = self.finder.named(head)
        mention = self.finder.view.mention(head)
        if located is not None and (mention is None or mention.agent is None):
            return None
        if low(head) in ("we", "us"):
            return self.nouns.discourse.speaker
        return self.nouns.of_noun(head)

    def owner(self, noun: Token) -> Agent | None:
        """Who "ours", "theirs" or "the government's" means."""
        if low(noun) == "ours":
            return self.nouns.discourse.speaker
        if low(noun) == "theirs":
            self.nouns.discourse.at = self.finder.view.start(noun)
            return self.nouns.pronoun("they")
        return self.of(noun)

    def by(self, token: Token) -> Agent | None:
        """The agent that `by` names after a word."""
        for c in token.children:
            if c.dep_ in ("obl:agent", "obl") and case_of(c) == "by" and c.i > token.i:
                return self.nouns.of_noun(c)
        for t in following(token, 6):
            if low(t) == "by":
                noun = next((n for n in following(t, 6) if is_noun(n)), None)
                return self.nouns.of_noun(noun) if noun is not None else None
            if t.tag_ in FINITE or t.text == ",":
                break
        return None

    def _owner(self, token: Token) -> Agent | None:
        owner = child(token, "nmod:poss")
        if owner is not None and self.finder.named(owner) is None and low(owner) != "its":
            return self.nouns.of_noun(owner)
        if (agent := self.by(token)) is not None:
            return agent
        kinds = cues.words("actors", "types", "movement") | cues.words("actors", "types", "state")
        for c in token.lefts:
            mention = self.finder.view.mention(c)
            if mention is not None and mention.agent is not None:
                return mention.agent
            if mention is None and low(c) in kinds:
                return self.nouns.of_noun(c)
        return self._doer(token)

    def _doer(self, noun: Token) -> Agent | None:
        """Whose doing a noun is that a light verb makes one: "made their exit from X"; or whose
        men `of` names: "the withdrawal of its troops from X"."""
        for c in noun.children:
            if c.dep_ == "nmod" and case_of(c) == "of" and self._is_force(c):
                return self.nouns.of_noun(c)
        verb = noun.head
        light = cues.inflected("states", "light", "verbs")
        if noun.dep_ != "obj" or low(verb) not in light or is_passive(verb):
            return None
        head = subject(verb)
        return self.of(head) if head is not None else None

    def _is_force(self, noun: Token) -> bool:
        forces = cues.words("actors", "forces", "words")
        mention = self.finder.view.mention(noun)
        named = mention is not None and mention.agent is not None and not mention.places
        return low(noun) in forces or named

    def _recipient(
        self, token: Token, prepositions: frozenset[str] = frozenset({"to", "into", "under", "in"})
    ) -> Agent | None:
        """ "fell to X", "fell into X's hands", "has fallen to their hands"."""
        for t in following(token, 8):
            if low(t) in prepositions:
                noun = next((n for n in following(t, 7) if is_noun(n) and n.tag_ != "PRP$"), None)
                verb = next(following(t, 1), None)
                if noun is None or (verb is not None and verb.tag_ == "VB"):
                    return None
                words = list(following(t, noun.i - t.i))
                return self.holder(noun, words)
            if t.tag_ in FINITE:
                break
        return None

    def holder(self, noun: Token, words: Sequence[Token]) -> Agent | None:
        """Who holds: the owner of "hands", what follows its `of`, or the noun itself."""
        states = cues.inflected("states", "state_nouns")
        head = noun
        while head.dep_ in ("compound", "nmod:poss", "amod") and head.head.i > head.i:
            head = head.head
        if low(head) in states or low(noun) in states:
            return self.owner_words(head if low(head) in states else noun, words)
        return self.nouns.of_noun(head)

    def owner_words(self, noun: Token, words: Sequence[Token]) -> Agent | None:
        for t in [*words, *noun.lefts]:
            word = low(t)
            if word in ("our", "my"):
                return self.nouns.discourse.speaker
            if word == "your":
                return self.nouns.discourse.speaker
            if word in ("their", "its", "his", "her"):
                self.nouns.reach(t)
                return self.nouns.pronoun(word)
        rest = list(following(noun, 7))
        if rest and low(rest[0]) == "of":
            target = next((t for t in rest[1:] if is_noun(t)), None)
            while (
                target is not None
                and target.dep_ in ("compound", "nmod:poss", "amod")
                and (target.head.i > target.i)
            ):
                target = target.head
            if target is not None:
                if any(low(t) in ("our", "your") for t in rest[1:3]):
                    return self.nouns.discourse.speaker
                return self.nouns.of_noun(target)
        owner = child(noun, "nmod:poss", "compound")
        if owner is not None:
            return self.nouns.of_noun(owner)
        for c in noun.lefts:
            mention = self.finder.view.mention(c)
            if mention is not None and mention.agent is not None:
                return mention.agent
        return self.nouns.resolver.phrase(self.nouns.words([t for t in words if t != noun]))
