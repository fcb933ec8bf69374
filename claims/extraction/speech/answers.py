"""Answers to what was said before: "rejected the claim", "this is not true", "could not be
verified", and what becomes of reports that are called baseless."""

from __future__ import annotations

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
from claims.extraction.records import Stance
from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech, speaker_of
from claims.extraction.speech.verdicts import Verdict
from claims.extraction.speech.voices import Voice, Voices
from claims.extraction.text.grammar import SUBJECTS, child, following, is_noun, low
from claims.extraction.text.tokens import Token

_PRONOUNS = frozenset({"this", "that", "it", "which", "what", "something", "both", "either",
                       "neither", "none", "these", "those", "any"})  # fmt: skip
_SEVERAL = frozenset({"both", "neither", "either", "none", "all", "these", "those"})
_UNDECIDED = frozenset({"or", "nor", "deny", "confirm", "verify", "refute", "denied", "confirmed",
                        "verified", "refuted"})  # fmt: skip
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

    def find(self, sentence: Sentence, drafts: Sequence[Draft], own: int) -> Iterator[Draft]:
        """What a sentence denies or leaves unconfirmed of what was said before it.

        `drafts` are the article's so far, from number `own` on the sentence's.
        """
        covered = {draft.stance for draft in drafts[own:]}
        answers = list(self._answers(sentence, covered))
        done = False
        for stance, voice, cue, target in answers:
            for draft in self._earlier(sentence, drafts, voice.agent, target):
                done = True
                yield self.drafter.answer(sentence, draft, voice, stance, cue)
        if not done and not covered:
            yield from self._echoed(sentence, drafts)
        yield from self._distanced(sentence, drafts)

    def _answers(
        self, sentence: Sentence, covered: set[Stance]
    ) -> Iterator[tuple[Stance, Voice, str, str | None]]:
        """The stance, voice, cue and named side of each answer that a sentence gives; `covered`:
        the stances in which it states something itself."""
        given = set(covered)
        for event in sentence.events:
            if event.noun or event.stance == "asserts" or event.stance in covered:
                continue
            if not _points_back(event, sentence):
                continue
            given.add(event.stance)
            voice = Voice(event.agent, sentence.said[event.at])
            target = self._named_side(sentence, event.at, event.agent)
            yield event.stance, voice, sentence.span.doc[event.at].text, target
        for verdict in sentence.verdicts:
            if verdict.stance in given or not verdict.points_back:
                continue
            voice = self._voice(sentence, verdict)
            if verdict.stance == "denies" and self.sides.of(voice.agent) is None:
                continue  # "he is lying", "this is not true", "called that pure fantasy"
            given.add(verdict.stance)
            target = self._named_side(sentence, verdict.at.i, voice.agent)
            yield verdict.stance, voice, verdict.at.text, target

    def _voice(self, sentence: Sentence, verdict: Verdict) -> Voice:
        """Whose verdict it is: its own judge's, else whoever speaks in the sentence."""
        speech = [e for e in sentence.events if not e.noun]
        event = speaker_of(verdict.at, speech)
        if event is None and verdict.stance == "denies":
            event = speech[-1] if speech else None
        if event is None and verdict.at.i in sentence.judges:
            return Voice(sentence.judges[verdict.at.i])
        voice = self.voices.of(sentence, verdict.at, event)
        if voice.agent is None and event is None and verdict.stance == "denies":
            named = (sentence.view.mention(t) for t in sentence.span)
            agents = (m.agent for m in named if m is not None and m.agent is not None)
            voice = Voice(next((a for a in agents if self.sides.of(a)), None))
        return voice

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
                cue = next(p for p in phrases if p in text)
                yield self.drafter.answer(sentence, draft, Voice(agent), "unconfirmed", cue)
                return

    def _named_side(self, sentence: Sentence, at: int, answers: Agent | None) -> str | None:
        """The side whose claims are named: "the Russian claims could not be verified"."""
        nouns = cues.inflected("speech", "says", "nouns")
        for token in sentence.span:
            if low(token) not in nouns:
                continue
            first = at + 1 if token.i > at else sentence.span.start
            for i in range(token.i - 1, max(first, token.i - 4) - 1, -1):
                word = sentence.span.doc[i]
                if word.tag_.startswith("VB"):
                    break
                mention = sentence.view.mention(word)
                if mention is not None and mention.agent is not None:
                    return self.sides.of(mention.agent)
                agent = self.resolver.phrase([(low(word), mention)])
                if low(word) in ("his", "her", "its", "their"):
                    agent = self._last_other(answers)
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
        """The assertions that an answer answers: the last statement of the side named, else of
        another side (or, to a third party, of any), with all its towns; where several are
        answered, what else was said just before."""
        side = self.sides.of(agent)
        told: set[tuple[str, str]] = set()
        latest = list(reversed(drafts))
        several = _several(sentence)
        if target is not None and not several:
            main = Counter(place.name for _, place in self.discourse.towns.named)
            latest.sort(key=lambda d: -main[d.place.name])
        first: Draft | None = None
        named = {
            p.name for at, p in self.discourse.towns.named if sentence.start <= at < sentence.end
        }
        for draft in latest:
            if named and draft.place.name not in named:
                continue
            if target is None and sentence.number - draft.sentence > _REACH:
                return
            if draft.stance != "asserts" or draft.predicate == "fighting":
                continue
            claimed = self.sides.of(draft.claimant) or ""
            mine = claimed == side if claimed else agent is not None and agent.same(draft.claimant)
            if draft.claimant is None or mine or (target is not None and claimed != target):
                continue
            if first is not None and not (
                _same_statement(first, draft)
                or (several and (target or first.sentence - draft.sentence <= _NEAR))
            ):
                continue
            first = first or draft
            if (draft.place.name, claimed) not in told:
                told.add((draft.place.name, claimed))
                yield draft


def _same_statement(one: Draft, other: Draft) -> bool:
    """Whether two drafts are one statement about two towns."""
    return (one.sentence, one.start, one.predicate, one.cue) == (
        other.sentence,
        other.start,
        other.predicate,
        other.cue,
    )


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
    """Whether the object is "the claim", "this" and the like, or goes without saying."""
    doc = sentence.span.doc
    nouns = cues.inflected("speech", "anaphora", "nouns")
    window = doc[event.at + 1 : min(sentence.span.end, event.at + 9)]
    left = doc[max(sentence.span.start, event.at - 10) : event.at]
    for token in (*window, *left):
        if token.tag_ == "PRP$":
            continue
        if low(token) in nouns and (low(token) not in _PRONOUNS or _stands_alone(token, event)):
            return True
    last = next(following(doc[event.at], 1), None)
    passive = child(doc[event.at], "nsubj:pass", "aux:pass") is not None
    return not passive and (last is None or last.text == ".")


def _stands_alone(pronoun: Token, event: Speech) -> bool:
    """Whether "this" or "it" is what is denied, rather than a word of what is."""
    if pronoun.dep_ in ("nsubj:pass", "obj") and pronoun.head.i == event.at:
        return True  # "that could not be verified", "which the army denied"
    if low(pronoun) in ("which", "something"):
        return pronoun.i < event.at
    if low(pronoun) == "what":
        return pronoun.i > event.at and child(pronoun.head, *SUBJECTS) is not None
    after = next(following(pronoun, 1), None)
    ends = after is None or after.is_punct or after.tag_ in ("IN", "RB", "CC")
    behind = pronoun.doc[event.at + 1 : pronoun.i]
    return pronoun.i > event.at and ends and all(low(t) in _UNDECIDED for t in behind)


def _several(sentence: Sentence) -> bool:
    """Whether several claims are answered ("the rebels' claims", "neither")."""
    nouns = cues.inflected("speech", "says", "nouns")
    return any(
        low(t) in _SEVERAL or (low(t) in nouns and t.tag_ in ("NNS", "NNPS")) for t in sentence.span
    )
