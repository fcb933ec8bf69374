"""From a statement and whose it is to a draft claim: its days, extent, evidence, confidence."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from claims.extraction import confidence, evidence
from claims.extraction.drafts import Draft
from claims.extraction.places import extent
from claims.extraction.records import Stance
from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech
from claims.extraction.speech.voices import Voice
from claims.extraction.statements.frames import Found
from claims.extraction.times.days import Days


class Drafter:
    """Makes the draft claims of one article."""

    def __init__(self, text: str, days: Days) -> None:
        self.text = text
        self.days = days

    def statement(
        self, sentence: Sentence, found: Found, voice: Voice, stance: Stance, event: Speech | None
    ) -> Draft:
        """What a sentence states; `event` is the speech event that reports it."""
        asserted, precision = self.days.asserted(voice)
        told = stance == "asserts"
        start, end = evidence.span(sentence, found.trigger, self.text)
        located = found.located
        return Draft(
            place=located.place,
            part=extent.read(self.text, sentence.view, located.around, located.token, located.part),
            predicate=found.predicate,
            subject=found.subject,
            claimant=voice.agent,
            stance=stance,
            asserted_on=asserted,
            asserted_precision=precision,
            event=self.days.event(sentence, found, voice, event) if told else None,
            start=start,
            end=end,
            cue=found.cue,
            signs=confidence.of_statement(sentence, found, voice, stance, event),
            sentence=sentence.number,
        )

    def answer(
        self, sentence: Sentence, draft: Draft, voice: Voice, stance: Stance, cue: str
    ) -> Draft:
        """What a sentence answers to an earlier draft; it has no event day of its own."""
        asserted, precision = self.days.asserted(voice)
        first = cue.lower().split()[0]
        at = next((t for t in sentence.span if t.lower_ == first), sentence.span[0])
        start, end = evidence.span(sentence, at, self.text)
        return replace(
            draft,
            claimant=voice.agent,
            stance=stance,
            asserted_on=asserted,
            asserted_precision=precision,
            event=None,
            start=start,
            end=end,
            cue=cue,
            signs=(draft.signs - _OF_SPEAKERS) | _answering(voice, stance),
            sentence=sentence.number,
        )


# What changes where somebody else answers.
_OF_SPEAKERS = frozenset(
    {"publisher", "unknown speaker", "speaker elsewhere", "speaker after", "report"}
    | set(get_args(Stance))
)


def _answering(voice: Voice, stance: Stance) -> set[str]:
    told = {
        "answer": True,
        stance: stance in confidence.SIGNS,
        "publisher": voice.agent is None,
        "unknown speaker": voice.agent is not None and voice.agent.actor is None,
    }
    return {sign for sign, is_so in told.items() if is_so}
