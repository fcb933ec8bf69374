"""Answers to what was said before: "rejected the claim", "this is not true", "could not be
verified", and what becomes of reports that are called baseless."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from spacy.tokens import Span, Token

from claims.extraction import cues
from claims.extraction.drafts import Draft
from claims.extraction.frames import Found
from claims.extraction.grammar import case_of, following, is_noun, low
from claims.extraction.mentions import Agent
from claims.extraction.speech import Speech

if TYPE_CHECKING:
    from claims.extraction.reading import Reader, Sentence

_MEDIA = frozenset({"in", "on", "to", "during", "via", "by"})
_REACH = 15  # sentences back to which an answer can refer


def judgement(sent: Span) -> str:
    """The words by which a sentence calls something untrue, or ""."""
    text = f" {sent.text.lower()} "
    for phrase in sorted(cues.words("speech", "denies", "judgements"), key=len, reverse=True):
        if re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text):
            return phrase
    return ""


def decided(found: Found, cue: str) -> bool:
    """A withdrawal that its side has decided or ordered counts as one."""
    if found.predicate != "withdrew":
        return False
    decisions = ("decided", "ordered", "agreed", "order", "decision")
    before = found.trigger.doc[max(found.trigger.sent.start, found.trigger.i - 6) : found.trigger.i]
    return cue in decisions or (cue == "to" and any(low(t) in decisions for t in before))


def report_noun(trigger: Token, events: Sequence[Speech]) -> Token | None:
    """The noun of a nameless report that a statement hangs on ("rumours that X fell")."""
    nouns = cues.inflected("speech", "says", "nouns")
    owned = {event.at for event in events if event.noun}
    said = {event.at for event in events if not event.noun}
    for i in range(trigger.i - 1, max(trigger.sent.start, trigger.i - 12) - 1, -1):
        token = trigger.doc[i]
        if i in said or token.text == ";":
            return None
        if low(token) == "that" and low(token.doc[i - 1]) in ("and", "but"):
            return None
        if low(token) in nouns and token.tag_.startswith("NN"):
            spoken = any(i - 6 <= at < i for at in said)  # "said in a statement that …"
            if i in owned or (spoken and case_of(token) in _MEDIA):
                return None
            after = [low(t) for t in following(token, 8)]
            return token if any(w in ("that", "of", "about") for w in after) else None
    return None


def answers(
    reader: Reader, sentence: Sentence, own: Sequence[Draft], denial: str
) -> Iterator[Draft]:
    """What a sentence denies or leaves unconfirmed of what was said before it."""
    covered = {draft.stance for draft in own}
    done = False
    for event in sentence.events:
        if event.noun or event.stance == "asserts" or event.stance in covered:
            continue
        if event.stance == "unconfirmed" and "asserts" in covered and event.reach == "backward":
            continue
        if not _points_back(event, sentence):
            continue
        target = _named_side(reader, sentence, event)
        for draft in _earlier(reader, sentence, event.agent, target):
            done = True
            said = sentence.said[event.at]
            yield _answer(reader, sentence, draft, event.agent, event.stance, said, event)
    if denial and not done and "denies" not in covered:
        yield from _judged(reader, sentence)
    yield from _distanced(reader, sentence)


def _judged(reader: Reader, sentence: Sentence) -> Iterator[Draft]:
    """ "He is lying", "this is not true", "called that pure fantasy"."""
    speech = [e for e in sentence.events if not e.noun]
    event = speech[-1] if speech else None
    token = sentence.span[0]
    agent, said = reader.claimant(sentence, token, event)
    if agent is None or reader.sides.of(agent) is None:
        return
    for draft in _earlier(reader, sentence, agent, None):
        yield _answer(reader, sentence, draft, agent, "denies", said, event)


def _distanced(reader: Reader, sentence: Sentence) -> Iterator[Draft]:
    """ "backed away from the statement": no confirmation of what an ally said."""
    text = sentence.span.text.lower()
    if not any(phrase in text for phrase in cues.words("speech", "unconfirmed", "phrases")):
        return
    head = next((t for t in sentence.span if is_noun(t)), None)
    if head is None:
        return
    agent = next(
        (
            m.agent
            for t in sentence.span
            if (m := sentence.view.mention(t)) is not None and m.agent is not None
        ),
        None,
    )
    if agent is None or not any(
        w in text for w in ("statement", "claim", "announcement", "report")
    ):
        return
    for draft in reversed(reader.drafts):
        if (
            draft.stance == "asserts"
            and draft.predicate == "captured"
            and (not agent.same(draft.claimant))
        ):
            yield _answer(reader, sentence, draft, agent, "unconfirmed", None, None)
            return


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
    after = next(following(pronoun, 1), None)
    ends = after is None or after.is_punct or after.tag_ in ("IN", "RB", "CC")
    return pronoun.i == event.at + 1 and ends


def _named_side(reader: Reader, sentence: Sentence, event: Speech) -> str | None:
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
                return reader.sides.of(mention.agent)
            agent = reader.resolver.phrase([(low(word), mention)])
            if low(word) in ("his", "her", "its", "their"):
                agent = next(
                    (
                        a
                        for a in reader.discourse.recent()
                        if not a.same(event.agent) and reader.sides.of(a)
                    ),
                    None,
                )
            if agent is not None and reader.sides.of(agent):
                return reader.sides.of(agent)
    return None


def _earlier(
    reader: Reader, sentence: Sentence, agent: Agent | None, target: str | None
) -> Iterator[Draft]:
    """The assertions that an answer answers: those of the side named, else the last one made
    by another side (or, to a third party, by any)."""
    side = reader.sides.of(agent)
    towns: set[tuple[str, str]] = set()
    drafts = list(reversed(reader.drafts))
    if target is not None and not _plural(sentence):
        main = Counter(place.name for _, place in reader.discourse.towns)
        drafts.sort(key=lambda d: -main[d.place.name])
    for draft in drafts:
        if target is None and sentence.number - draft.sentence > _REACH:
            return
        if draft.stance != "asserts" or draft.predicate == "fighting":
            continue
        claimed = reader.sides.of(draft.claimant)
        if claimed is None or claimed == side or (target is not None and claimed != target):
            continue
        key = (draft.place.name, draft.predicate)
        if any(town == draft.place.name for town, _ in towns):
            continue
        towns.add(key)
        yield draft
        if target is None or not _plural(sentence):
            return


def _plural(sentence: Sentence) -> bool:
    """Whether several claims are answered ("the rebels' claims")."""
    nouns = cues.inflected("speech", "says", "nouns")
    return any(low(t) in nouns and t.tag_ in ("NNS", "NNPS") for t in sentence.span)


def _answer(
    reader: Reader,
    sentence: Sentence,
    draft: Draft,
    agent: Agent | None,
    stance: str,
    said: object,
    event: Speech | None,
) -> Draft:
    asserted, precision = reader.asserted(said, agent)  # type: ignore[arg-type]
    return replace(
        draft,
        claimant=agent,
        stance=stance,  # type: ignore[arg-type]
        asserted_on=asserted,
        asserted_precision=precision,  # type: ignore[arg-type]
        event=None,
        start=sentence.start,
        end=sentence.end,
        cue=sentence.span.doc[event.at].text if event is not None else judgement(sentence.span),
        confidence=0.6,
        sentence=sentence.number,
    )
