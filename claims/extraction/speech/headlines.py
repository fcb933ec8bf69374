"""Speakers without a verb, as headlines have them: "Army: X holds", "X TAKEN – ARMY", "X has
fallen: officials"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent, Mention
from claims.extraction.actors.nouns import NounReader
from claims.extraction.speech.events import Speech
from claims.extraction.text.grammar import FINITE, low
from claims.extraction.text.tokens import Span, Token

_DASHES = frozenset({"-", "–", "—", "--", "|"})
_LINKS = frozenset({"of", "for", "the", "and", "'s", "’s", "&"})
_AFTER = frozenset({"on", "in", "at", "from", "late", "early", "to"})  # "Army in X on Friday: …"
_ENDS = frozenset({".", "!", "?", "…"})
_FAR = 12  # words that may stand before the colon
_BARE = 6  # and behind the dash


class HeadlineReader:
    """Reads the bare speakers of one paragraph's sentences."""

    def __init__(self, nouns: NounReader) -> None:
        self.nouns = nouns
        self.view = nouns.view

    def read(self, sent: Span) -> list[Speech]:
        """The speaker that stands before a colon, or behind a dash or colon, if any."""
        return self._before_colon(sent) or self._behind(sent)

    def _before_colon(self, sent: Span) -> list[Speech]:
        """ "Kyiv: our troops hold X", at the beginning of a sentence."""
        for token in sent[1:_FAR]:
            if token.tag_ in FINITE:
                return []
            if token.text == ":" and token.i != self.view.topic_end:
                words = [t for t in sent if t.i < token.i and not t.is_punct]
                agent = self._agent(words)
                if agent is None:
                    return []
                return [Speech(token.i, sent.start, token.i + 1, agent, "asserts", "forward")]
        return []

    def _behind(self, sent: Span) -> list[Speech]:
        """ "X TAKEN – ARMY", at the end of a sentence."""
        sign = next((t for t in reversed(sent) if t.text in _DASHES or t.text == ":"), None)
        if sign is None or sign.i - sent.start < 2:
            return []
        after = [t for t in sent if t.i > sign.i and not t.is_punct]
        agent = self._agent(after) if 0 < len(after) <= _BARE else None
        if agent is None:
            return []
        return [Speech(sign.i, sign.i, after[-1].i + 1, agent, "asserts", "backward")]

    def before_speaker(self, sent: Span, events: Sequence[Speech]) -> list[Speech]:
        """ "No retreat from X: army denies rumours": what stands before the colon is said too, in
        a line that is no sentence."""
        if sent[-1].text in _ENDS:
            return []
        for event in events:
            sign = sent.doc[event.start - 1] if event.start > sent.start + 1 else None
            if sign is not None and sign.text == ":" and event.agent is not None and not event.noun:
                if any(t.tag_ in FINITE for t in sent if t.i < sign.i):
                    return []
                return [Speech(sign.i, sign.i, sign.i + 1, event.agent, "asserts", "backward")]
        return []

    def _agent(self, words: Sequence[Token]) -> Agent | None:
        """Whoever bare words mean, where all of them belong to a speaker: "army", "Norlandic
        officials", "Mayor of X", "RSF statement on Friday"."""
        bare = list(itertools.takewhile(lambda t: low(t) not in _AFTER, words))
        if not bare or not all(self.speaks(t, bare) for t in bare):
            return None
        if len(bare) == 1 and (mention := self.view.mention(bare[0])) and _is_organisation(mention):
            return Agent(mention.text, kind_hint="organisation")
        agent = self.nouns.resolver.phrase(self.nouns.words(bare), claimant=True)
        return agent if agent is not None and self._known(agent) else None

    def speaks(self, token: Token, beside: Sequence[Token] = ()) -> bool:
        """Whether a word can belong to a bare speaker."""
        mention = self.view.mention(token)
        if mention is None:
            return low(token) in _LINKS | _speaking_words()
        office = any(low(t) in _offices() for t in beside)
        return mention.agent is not None or _is_organisation(mention) or office

    def _known(self, agent: Agent) -> bool:
        """Whether it is more than a capitalised word ("Update: …")."""
        if agent.actor is not None or agent.kind_hint is not None:
            return True
        return self.nouns.resolver.sides.of(agent) is not None


def _is_organisation(mention: Mention) -> bool:
    """Whether a name that nobody knows ends as organisations' names do."""
    if mention.kind != "person" or mention.agent is not None or " " not in mention.text:
        return False
    ends = cues.words("actors", "called", "words") | cues.words("actors", "organisations", "words")
    return mention.text.lower().split()[-1] in ends


@lru_cache(maxsize=1)
def _offices() -> frozenset[str]:
    rows = cues.words("actors", "regions", "mayor") | cues.words("actors", "regions", "governor")
    return frozenset(word for row in rows for word in row.split()) | cues.words(
        "actors", "roles", "words"
    )


@lru_cache(maxsize=1)
def _speaking_words() -> frozenset[str]:
    """The words of institutions, roles, types of sides, residents, and what they issue."""
    rows: Sequence[dict[str, list[str]]] = cues.table("actors")["institution"]
    institutions = {word for row in rows for words in row["words"] for word in words.split()}
    types = cues.words("actors", "types", "movement") | cues.words("actors", "types", "state")
    people = cues.words("actors", "people", "words") | _offices()
    issued = cues.words("speech", "messages", "nouns") | cues.words("speech", "bare", "words")
    return (
        frozenset(institutions)
        | types
        | people
        | issued
        | frozenset(cues.table("actors")["anaphora"])
    )
