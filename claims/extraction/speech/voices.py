"""Whose voice a stretch of an article is in: quotations, and paragraphs that are somebody's own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction import cues
from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.sides import Sides
from claims.extraction.sentences import Sentence
from claims.extraction.speech.attribution import Attributor
from claims.extraction.speech.events import Speech, covers, finer
from claims.extraction.text.grammar import BE, FINITE, SUBJECTS, is_noun, low
from claims.extraction.text.tokens import Span, Token
from claims.extraction.text.view import View
from claims.extraction.times.dates import DateHit

_SHORT = 14  # words of a sentence that does no more than name the speaker of the one before


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and when it was said. `agent` None: the publisher."""

    agent: Agent | None
    said: DateHit | None = None


class Voices:
    """Tells who makes a statement, from the speech events and quotations read so far.

    Where an article gives somebody's full text, the paragraphs at hand are theirs
    (`discourse.document`).
    """

    def __init__(self, sides: Sides, discourse: Discourse) -> None:
        self.sides = sides
        self.discourse = discourse
        self._quoted: dict[int, Voice] = {}

    def of(self, sentence: Sentence, token: Token, event: Speech | None) -> Voice:
        """Whose statement a token carries; `event` is the speech event that covers it."""
        if event is not None:
            event = finer(event, token, sentence.events, self.sides)
            return Voice(event.agent, sentence.said[event.at])
        return self._quoted.get(sentence.view.quote[token.i], Voice(self.discourse.document))

    def begin_paragraph(self, text: str, view: View) -> None:
        """Notice the end of somebody's full text."""
        if self.discourse.document is not None and _ends_full_text(text, view):
            self.discourse.document = None
        self._note_owners(view)

    def begin_sentence(self) -> None:
        if self.discourse.document is not None:
            self.discourse.speaker = self.discourse.document

    def hear(self, span: Span, view: View, events: Sequence[Speech]) -> None:
        """Note who "we" and "the enemy" are spoken by in a sentence."""
        speaking = self._speaking(span, view, events)
        if speaking is not None:
            self.discourse.speaker = speaking

    def _speaking(self, span: Span, view: View, events: Sequence[Speech]) -> Agent | None:
        for event in events:
            if event.agent is not None and not event.noun:
                return event.agent
        for token in span:
            if (voice := self._quoted.get(view.quote[token.i])) is not None:
                return voice.agent
        return None

    # --- quotations -------------------------------------------------------------------------

    def note_quotations(self, sentence: Sentence, before: Sequence[Sentence]) -> None:
        """Note who speaks the quotations of a sentence; `before`: the paragraph's sentences
        up to it."""
        view = sentence.view
        numbers = dict.fromkeys(q for t in sentence.span if (q := view.quote[t.i]) >= 0)
        for number in numbers:
            outside = [
                e
                for e in sentence.events
                if not e.noun and view.quote[e.at] != number and e.stance != "unconfirmed"
            ]
            inside = [t for t in sentence.span if view.quote[t.i] == number]
            reaching = [e for e in outside if covers(e, inside[0]) or covers(e, inside[-1])]
            chosen = reaching[-1:] or outside[-1:]
            if chosen:
                event = chosen[0]
                self._quoted[number] = Voice(event.agent, sentence.said[event.at])
            elif number not in self._quoted and (last := self._opener(sentence, number, before)):
                self._quoted[number] = last

    def _note_owners(self, view: View) -> None:
        """Give quotations to whom the sentence behind them names: "The words are X's", "So said
        X"."""
        for sent, after in itertools.pairwise(view.doc.sents):
            number = view.quote[sent[0].i]
            if number < 0 or len(after) > 20 or any(view.quote[t.i] >= 0 for t in after):
                continue
            told = {low(t) for t in after[:5]}
            if sent.start == 0 or view.quote[sent[0].i - 1] == number:
                self._note_owner_behind(number, sent, after, view)
            quoted = cues.inflected("speech", "accounts", "quotations")
            pointed = low(after[0]) == "with" and told & {"those", "these", "this", "that"}
            named = told & quoted and (told & BE or pointed)
            if not (low(after[0]) in ("so", "thus") or named):
                continue
            mentions = [m for t in after if (m := view.mention(t)) is not None]
            agent = next((m.agent for m in mentions if m.agent is not None), None)
            if agent is not None:
                self._quoted[number] = Voice(agent)

    def note_behind(self, sentences: Sequence[Sentence], attributor: Attributor) -> None:
        """Give what a sentence states to whom the next one names as its speaker: "Also lost: X.
        So the ministry on Friday."""
        for sentence, after in itertools.pairwise(sentences):
            if any(not e.noun for e in sentence.events) or len(after.span) > _SHORT:
                continue
            first = after.span[0]
            if low(first) not in ("so", "thus") or any(t.tag_ == "MD" for t in after.span):
                continue
            told = next((e for e in after.events if e.agent is not None), None)
            agent = told.agent if told is not None else None
            said = after.said[told.at] if told is not None else next(iter(after.dates), None)
            if told is None and not any(t.tag_ in FINITE for t in after.span):
                noun = next((t for t in after.span if is_noun(t)), None)
                agent = attributor.nouns.speaker(noun) if noun is not None else None
            if agent is None:
                continue
            end = sentence.span.end
            sentence.events.append(Speech(end - 1, end, end, agent, "asserts", "backward"))
            sentence.said[end - 1] = said

    def _note_owner_behind(self, number: int, sent: Span, after: Span, view: View) -> None:
        """'"…" X spoke on the square.', at the beginning of a paragraph."""
        if any(view.quote[t.i] != number for t in sent if not t.is_punct):
            return
        for token in after[:4]:
            mention = view.mention(token)
            if mention is not None and mention.kind == "person" and mention.agent is not None:
                self._quoted[number] = Voice(mention.agent)
                return

    def _opener(self, sentence: Sentence, number: int, before: Sequence[Sentence]) -> Voice | None:
        """Who speaks a quotation that no verb gives to anybody: the person who acts in its
        sentence, else whoever spoke or acted last."""
        whole = any(t.tag_ in FINITE for t in sentence.span if sentence.view.quote[t.i] == number)
        acting = self._acting(sentence) if whole else None
        return Voice(acting) if acting is not None else self._last(before)

    def _acting(self, sentence: Sentence) -> Agent | None:
        """The person who is a sentence's subject, outside of quotations."""
        for token in sentence.span:
            mention = sentence.view.mention(token)
            if mention is None or token.dep_ not in (*SUBJECTS, "nmod:poss"):
                continue
            if sentence.view.quote[token.i] < 0 and mention.kind in ("person", "actor"):
                return mention.agent
        return None

    def _last(self, before: Sequence[Sentence]) -> Voice | None:
        """The speaker of the last quotation of the paragraph, or whoever spoke or acted last in
        it."""
        for sentence in reversed(before):
            for token in reversed(list(sentence.span)):
                if (voice := self._quoted.get(sentence.view.quote[token.i])) is not None:
                    return voice
            for event in reversed(sentence.events):
                if event.agent is not None:
                    return Voice(event.agent, sentence.said[event.at])
            if (acting := self._acting(sentence)) is not None:
                return Voice(acting)
        if self._quoted:
            return self._quoted[max(self._quoted)]
        return Voice(self.discourse.speaker) if self.discourse.speaker is not None else None

    # --- full texts -------------------------------------------------------------------------

    def note_full_text(self, sentence: Sentence, attributor: Attributor) -> None:
        """Notice that the paragraphs that follow are somebody's own text."""
        verbs = cues.inflected("speech", "full_text", "verbs")
        told = {low(token) for token in sentence.span}
        if not (
            told & cues.words("speech", "full_text", "words")
            and told & cues.words("speech", "full_text", "nouns")
        ):
            return
        for token in sentence.span:
            if low(token) in verbs:
                head = attributor.speakers.head(token)
                agent = attributor.nouns.of_noun(head, claimant=True) if head is not None else None
                if agent is not None and self.sides.of(agent):
                    self.discourse.document = agent
                    return


def _ends_full_text(text: str, view: View) -> bool:
    beginning = text[view.block.start : view.block.start + 40].lower().lstrip()
    return any(beginning.startswith(end) for end in cues.words("speech", "full_text", "ends"))
