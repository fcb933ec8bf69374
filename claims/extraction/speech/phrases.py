"""Reporting without a verb: "according to X", "by X's own account", "X's claim that", "X: …",
"… – X"."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.speech.events import Reach, Speech
from claims.extraction.text.grammar import FINITE, case_of, child, following, is_noun, low
from claims.extraction.text.tokens import Span, Token

_DASHES = frozenset({"-", "–", "—", "--", "|"})
_LINKS = frozenset({"of", "for", "the", "and", "'s", "’s"})


class PhraseReader:
    """Reads the reporting phrases of one paragraph."""

    def __init__(self, nouns: NounReader) -> None:
        self.nouns = nouns
        self.view = nouns.view
        self._nouns = cues.inflected("speech", "says", "nouns")
        self._accounts = cues.inflected("speech", "accounts", "nouns")

    def read(self, token: Token) -> Speech | None:
        """The speech event that a word tells by a phrase."""
        return self._according(token) or self._account(token) or self._noun(token)

    def alone(self, sent: Span) -> list[Speech]:
        """The speaker that stands before a colon or behind a dash, in a sentence without any
        other."""
        return self._colon(sent) or self._dash(sent)

    def _according(self, token: Token) -> Speech | None:
        word = low(token)
        if word not in ("according", "citing", "quoting"):
            return None
        rest = list(following(token, 12))
        if word == "according" and not (rest and low(rest[0]) == "to"):
            return None
        head = next((t for t in rest if is_noun(t)), None)
        while (
            head is not None
            and head.dep_ in ("compound", "nmod:poss", "amod")
            and (head.head.i > head.i)
        ):
            head = head.head
        agent = self.nouns.of_noun(head, claimant=True) if head is not None else None
        if head is not None and agent is None and "source" in low(head):
            agent = self.nouns.discourse.speaker
        end = head.i + 1 if head is not None else token.i + 2
        return self._phrase(token, token.i, end, agent)

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
        return None

    def _colon(self, sent: Span) -> list[Speech]:
        """ "Kyiv: our troops hold X", at the beginning of a sentence."""
        for token in sent[1:6]:
            if token.text == ":" and token.i != self.view.topic_end:
                head = token.doc[token.i - 1]
                agent = self.nouns.of_noun(head, claimant=True) if is_noun(head) else None
                if self._known(agent):
                    return [Speech(token.i, sent.start, token.i + 1, agent, "asserts", "forward")]
        return []

    def _dash(self, sent: Span) -> list[Speech]:
        """ "X TAKEN – ARMY", at the end of a sentence."""
        dash = next((t for t in reversed(sent) if t.text in _DASHES), None)
        if dash is None or dash.i - sent.start < 2:
            return []
        after = [t for t in sent if t.i > dash.i and not t.is_punct]
        if not 0 < len(after) <= 6 or not all(self._speaks(t) for t in after):
            return []
        agent = self.nouns.resolver.phrase(self.nouns.words(after), claimant=True)
        if not self._known(agent):
            return []
        return [Speech(dash.i, dash.i, after[-1].i + 1, agent, "asserts", "backward")]

    def _speaks(self, token: Token) -> bool:
        """Whether a word can belong to a bare speaker: "army", "Norlandic officials"."""
        mention = self.view.mention(token)
        if mention is not None:
            return mention.agent is not None
        return low(token) in _LINKS | _speaking_words()

    def _known(self, agent: Agent | None) -> bool:
        """Whether it is more than a capitalised word ("Update: …")."""
        if agent is None:
            return False
        return agent.actor is not None or agent.kind_hint is not None or self._side(agent)

    def _side(self, agent: Agent) -> bool:
        return self.nouns.resolver.sides.of(agent) is not None


def _speaking_words() -> frozenset[str]:
    """The words of institutions, roles, types of sides, and residents."""
    rows: Sequence[dict[str, list[str]]] = cues.table("actors")["institution"]
    institutions = {word for row in rows for words in row["words"] for word in words.split()}
    types = cues.words("actors", "types", "movement") | cues.words("actors", "types", "state")
    people = cues.words("actors", "people", "words") | cues.words("actors", "roles", "words")
    return frozenset(institutions) | types | people | frozenset(cues.table("actors")["anaphora"])
