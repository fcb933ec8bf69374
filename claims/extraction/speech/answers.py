"""Answers to what was said before: "rejected the claim", "this is not true", "could not be
verified", and what becomes of reports that are called baseless."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claims.extraction import cues
from claims.extraction.actors.agents import AgentResolver
from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.sides import Sides
from claims.extraction.drafting import Drafter
from claims.extraction.drafts import Draft
from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech
from claims.extraction.speech.voices import Voice, Voices
from claims.extraction.text.grammar import following, is_noun, low
from claims.extraction.text.tokens import Span, Token

_UNDECIDED = frozenset({"or", "nor", "deny", "confirm", "verify", "refute"})
_REACH = 15  # sentences back to which an answer can refer
_NEAR = 3  # and to which an echo can


class Answers:
    """Finds what one article's sentences answer to its earlier ones."""

    def __init__(
        self,
        sides: Sides,
        resolver: AgentResolver,
        discourse: Discourse,
        voices: Voices,
        drafter: Drafter,
    ) -> None:
        self.sides = sides
        self.resolver = resolver
        self.discourse = discourse
        self.voices = voices
        self.drafter = drafter

    def find(
        self, sentence: Sentence, drafts: Sequence[Draft], own: int, denial: str
    ) -> Iterator[Draft]:
        """What a sentence denies or leaves unconfirmed of what was said before it.

        `drafts` are the article's so far, from number `own` on the sentence's; `denial` is its
        judgement.
        """
        covered = {draft.stance for draft in drafts[own:]}
        done = False
        for event in sentence.events:
            if event.noun or event.stance == "asserts" or event.stance in covered:
                continue
            if event.stance == "unconfirmed" and "asserts" in covered and event.reach == "backward":
                continue
            if not _points_back(event, sentence):
                continue
            target = self._named_side(sentence, event)
            voice = Voice(event.agent, sentence.said[event.at])
            cue = sentence.span.doc[event.at].text
            for draft in self._earlier(sentence, drafts, event.agent, target):
                done = True
                yield self.drafter.answer(sentence, draft, voice, event.stance, cue)
        if denial and not done and "denies" not in covered:
            yield from self._judged(sentence, drafts, denial)
        if not done and not covered:
            yield from self._echoed(sentence, drafts)
        yield from self._distanced(sentence, drafts)

    def _judged(self, sentence: Sentence, drafts: Sequence[Draft], denial: str) -> Iterator[Draft]:
        """ "He is lying", "this is not true", "called that pure fantasy"."""
        speech = [e for e in sentence.events if not e.noun]
        event = speech[-1] if speech else None
        voice = self.voices.of(sentence, sentence.span[0], event)
        if voice.agent is None or self.sides.of(voice.agent) is None:
            return
        cue = sentence.span.doc[event.at].text if event is not None else denial
        for draft in self._earlier(sentence, drafts, voice.agent, None):
            yield self.drafter.answer(sentence, draft, voice, "denies", cue)

    def _echoed(self, sentence: Sentence, drafts: Sequence[Draft]) -> Iterator[Draft]:
        """ "The army acknowledged as much", "X confirmed this": X says the same."""
        words = cues.inflected("speech", "echoes", "verbs")
        for event in sentence.events:
            token = sentence.span.doc[event.at]
            if event.noun or event.silent or event.stance != "asserts" or low(token) not in words:
                continue
            if event.agent is None or not _echoes(token):
                continue
            last = next((d for d in reversed(drafts) if d.stance == "asserts"), None)
            if last is None or sentence.number - last.sentence > _NEAR:
                return
            if event.agent.same(last.claimant):
                return
            voice = Voice(event.agent, sentence.said[event.at])
            draft = self.drafter.answer(sentence, last, voice, "asserts", token.text)
            yield replace(draft, event=last.event)
            return

    def _distanced(self, sentence: Sentence, drafts: Sequence[Draft]) -> Iterator[Draft]:
        """ "backed away from the statement": no confirmation of what an ally said."""
        text = sentence.span.text.lower()
        phrases = cues.words("speech", "unconfirmed", "phrases")
        if not any(phrase in text for phrase in phrases):
            return
        if not any(is_noun(t) for t in sentence.span):
            return
        mentions = (sentence.view.mention(t) for t in sentence.span)
        agent = next((m.agent for m in mentions if m is not None and m.agent is not None), None)
        answered = any(w in text for w in ("statement", "claim", "announcement", "report"))
        if agent is None or not answered:
            return
        for draft in reversed(drafts):
            told = draft.stance == "asserts" and draft.predicate == "captured"
            if told and not agent.same(draft.claimant):
                cue = judgement(sentence.span)
                yield self.drafter.answer(sentence, draft, Voice(agent), "unconfirmed", cue)
                return

    def _named_side(self, sentence: Sentence, event: Speech) -> str | None:
        """The side whose claims are named: "the Russian claims could not be verified"."""
        nouns = cues.inflected("speech", "says", "nouns")
        for token in sentence.span:
            if low(token) not in nouns:
                continue
            first = event.at + 1 if token.i > event.at else sentence.span.start
            for i in range(max(first, token.i - 4), token.i):
                word = sentence.span.doc[i]
                mention = sentence.view.mention(word)
                if mention is not None and mention.agent is not None:
                    return self.sides.of(mention.agent)
                agent = self.resolver.phrase([(low(word), mention)])
                if low(word) in ("his", "her", "its", "their"):
                    agent = self._last_other(event.agent)
                if agent is not None and self.sides.of(agent):
                    return self.sides.of(agent)
        return None

    def _last_other(self, agent: Agent | None) -> Agent | None:
        """The last actor on a side that was named before, other than the one at hand."""
        others = (a for a in self.discourse.recent() if not a.same(agent) and self.sides.of(a))
        return next(others, None)

    def _earlier(
        self, sentence: Sentence, drafts: Sequence[Draft], agent: Agent | None, target: str | None
    ) -> Iterator[Draft]:
        """The assertions that an answer answers: those of the side named, else the last one
        made by another side (or, to a third party, by any)."""
        side = self.sides.of(agent)
        towns: set[str] = set()
        latest = list(reversed(drafts))
        if target is not None and not _plural(sentence):
            main = Counter(place.name for _, place in self.discourse.towns.named)
            latest.sort(key=lambda d: -main[d.place.name])
        for draft in latest:
            if target is None and sentence.number - draft.sentence > _REACH:
                return
            if draft.stance != "asserts" or draft.predicate == "fighting":
                continue
            claimed = self.sides.of(draft.claimant)
            if claimed is None or claimed == side or (target is not None and claimed != target):
                continue
            if draft.place.name in towns:
                continue
            towns.add(draft.place.name)
            yield draft
            if target is None or not _plural(sentence):
                return


def judgement(sent: Span) -> str:
    """The words by which a sentence calls something untrue, or ""."""
    text = sent.text.lower()
    for phrase in sorted(cues.words("speech", "denies", "judgements"), key=len, reverse=True):
        if phrase in text and re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text):
            return phrase
    return ""


def _echoes(token: Token) -> bool:
    """Whether "this", "so", "as much" or "the report" is all that a verb tells."""
    rest = list(following(token, 4))
    words = [low(t) for t in rest]
    if words[:2] == ["as", "much"]:
        return True
    if not words or words[0] not in ("this", "it", "so", "the", "that"):
        return False
    if words[0] in ("the", "that", "this") and len(words) > 1:
        noun = words[1] in cues.inflected("speech", "says", "nouns") and words[0] != "that"
        ends = 2 if noun else 1
    else:
        ends = 1
    told = ends == 2 or words[0] != "the"
    after = rest[ends] if len(rest) > ends else None
    return told and (after is None or after.is_punct or after.tag_ in ("IN", "RB", "CC", "NNP"))


def _points_back(event: Speech, sentence: Sentence) -> bool:
    """Whether the object is "the claim", "this" and the like."""
    doc = sentence.span.doc
    nouns = cues.inflected("speech", "anaphora", "nouns")
    window = doc[event.at + 1 : min(sentence.span.end, event.at + 9)]
    left = doc[max(sentence.span.start, event.at - 10) : event.at]
    for token in (*window, *left):
        if token.tag_ == "PRP$":
            continue
        pronoun = low(token) in ("this", "that", "it")
        if low(token) in nouns and (not pronoun or _stands_alone(token, event)):
            return True
    return False


def _stands_alone(pronoun: Token, event: Speech) -> bool:
    """Whether "this" or "it" is what is denied, rather than a word of what is."""
    if pronoun.dep_ == "nsubj:pass" and pronoun.head.i == event.at:
        return True  # "that could not be verified"
    after = next(following(pronoun, 1), None)
    ends = after is None or after.is_punct or after.tag_ in ("IN", "RB", "CC")
    behind = pronoun.doc[event.at + 1 : pronoun.i]
    return pronoun.i > event.at and ends and all(low(t) in _UNDECIDED for t in behind)


def _plural(sentence: Sentence) -> bool:
    """Whether several claims are answered ("the rebels' claims")."""
    nouns = cues.inflected("speech", "says", "nouns")
    return any(low(t) in nouns and t.tag_ in ("NNS", "NNPS") for t in sentence.span)
