"""Reporting without a verb: "according to X", "by X's own account", "X's claim that", "X's answer
came: …"."""

from __future__ import annotations

from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.speech import together
from claims.extraction.speech.events import Reach, Speech
from claims.extraction.text.grammar import BE, FINITE, case_of, child, following, is_noun, low
from claims.extraction.text.tokens import Token

_SOURCES = frozenset({"according", "citing", "quoting", "per"})
_FOR = frozenset({"for", "to"})
_INNER = frozenset({"compound", "nmod:poss", "amod"})


class PhraseReader:
    """Reads the reporting phrases of one paragraph."""

    def __init__(self, nouns: NounReader) -> None:
        self.nouns = nouns
        self.view = nouns.view
        self._nouns = cues.inflected("speech", "says", "nouns")
        self._replies = cues.inflected("speech", "messages", "replies")
        self._accounts = cues.inflected("speech", "accounts", "nouns")

    def read(self, token: Token) -> Speech | None:
        """The speech event that a word tells by a phrase."""
        return (
            self._according(token)
            or self._account(token)
            or self._reply(token)
            or self._noun(token)
            or self._for(token)
        )

    def _according(self, token: Token) -> Speech | None:
        word = low(token)
        if word not in _SOURCES:
            return None
        rest = list(following(token, 12))
        if word == "per" and not any(self.view.mention(t) for t in rest[:3]):
            return None  # "per cent"
        if word == "according" and not (rest and low(rest[0]) == "to"):
            return None
        head = next((t for t in rest if is_noun(t)), None)
        while head is not None and head.dep_ in _INNER and (head.head.i > head.i):
            head = head.head
        agent = self.nouns.speaker(head) if head is not None else None
        if head is not None and agent is None and "source" in low(head):
            agent = self.nouns.discourse.speaker
        end = head.i + 1 if head is not None else token.i + 2
        event = self._phrase(token, token.i, end, agent)
        if head is not None and agent is not None:
            event.others = together.speakers(head, self.nouns, before=None)
        event.inner = word in ("citing", "quoting") and agent is not None
        return event

    def _account(self, token: Token) -> Speech | None:
        """ "By the army's own account", "in the words of X", "in X's telling"."""
        if low(token) not in self._accounts or case_of(token) not in ("by", "in", "on"):
            return None
        rest = list(following(token, 8))
        owner = child(token, "nmod:poss")
        if owner is None and rest and low(rest[0]) == "of":
            owner = next((t for t in rest[1:] if is_noun(t)), None)
        if owner is None:
            return None
        agent = self.nouns.of_noun(owner, claimant=True)
        if agent is None:
            return None
        start = min(token.left_edge.i, owner.left_edge.i)
        return self._phrase(token, start, max(token.i, owner.i) + 1, agent)

    def _reply(self, token: Token) -> Speech | None:
        """ "X's answer came at night: …", "the army's line is that …"."""
        if low(token) not in self._replies or not token.tag_.startswith("NN"):
            return None
        told = _told_after(token)
        owner = child(token, "nmod:poss") or self._author(token) if told is not None else None
        if told is None or owner is None or owner.i > told.i:
            return None
        agent = self.nouns.of_noun(owner, claimant=True)
        if agent is None:
            return None
        start = min(token.left_edge.i, owner.left_edge.i)
        return Speech(token.i, start, told.i + 1, agent, "asserts", "forward")

    def _for(self, token: Token) -> Speech | None:
        """ "For X, the fall of Y means …", at the beginning of a sentence."""
        if not token.is_sent_start or low(token) not in _FOR:
            return None
        named = next((t for t in following(token, 3) if self.view.mention(t)), None)
        mention = self.view.mention(named) if named is not None else None
        if named is None or mention is None or mention.kind not in ("person", "actor"):
            return None
        after = next(following(named, 1), None)
        if after is None or (after.text != "," and after.tag_ not in ("DT", "PRP$")):
            return None  # a role between commas is hidden with them
        agent = self.nouns.of_noun(named, claimant=True)
        if agent is None:
            return None
        return Speech(token.i, token.i, named.i + 1, agent, "asserts", "forward")

    def _phrase(self, token: Token, start: int, end: int, agent: Agent | None) -> Speech:
        left = start - token.sent.start > 2
        more = any(t.i >= end and t.tag_ in FINITE for t in token.sent)
        reach: Reach = "both" if left and more else "backward" if left else "forward"
        return Speech(token.i, start, end, agent, "asserts", reach)

    def _noun(self, token: Token) -> Speech | None:
        """ "Russia's claim to have taken X", "claims by Russia of a success in X"."""
        if low(token) not in self._nouns or not token.tag_.startswith("NN"):
            return None
        owner = child(token, "nmod:poss") or self._author(token)
        before = token.doc[token.i - 1] if token.i > token.sent.start else None
        if owner is None and before is not None and (m := self.view.mention(before)) is not None:
            owner = before if m.kind in ("demonym", "actor") else None
        if owner is None:
            return None
        agent = self.nouns.of_noun(owner, claimant=True)
        if agent is None:
            return None
        if owner.i > token.i:
            told = any(low(t) in ("that", "of", "to", "saying") for t in following(owner, 4))
        else:
            told = any(low(t) in ("of", "that", "to") for t in following(token, 5))
        by = any(low(t) == "of" for t in following(token, 5)) and owner.i > token.i
        if not told and not by:
            return None
        return Speech(token.i, token.i, token.i + 1, agent, "asserts", "forward", noun=True)

    def _author(self, token: Token) -> Token | None:
        """Whose a report is: "a claim by X", "a statement from X that"."""
        for c in token.children:
            if c.dep_ in ("nmod", "obl") and case_of(c) in ("by", "from"):
                return c
        nxt = next(following(token, 1), None)
        if nxt is None or low(nxt) not in ("by", "from"):
            return None
        author = next((t for t in following(nxt, 6) if is_noun(t)), None)
        while author is not None and author.head.i > author.i and author.dep_ in _INNER:
            author = author.head
        return author


def _told_after(noun: Token) -> Token | None:
    """The colon, or the "that" behind a verb of being, by which a reply is told."""
    joined = False
    for token in following(noun, 16):
        if token.text == ":":
            return token
        if token.text in (";", ".") or (low(token) in BE and joined):
            return None
        if low(token) == "that" and joined and low(token.doc[token.i - 1]) in BE:
            return token
        joined = joined or low(token) in BE
    return None


@lru_cache(maxsize=1)
def openers() -> frozenset[str]:
    """The words that reporting phrases begin with."""
    nouns = cues.inflected("speech", "says", "nouns") | cues.inflected(
        "speech", "accounts", "nouns"
    )
    return nouns | cues.inflected("speech", "messages", "replies") | _SOURCES | _FOR
