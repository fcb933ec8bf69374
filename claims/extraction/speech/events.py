"""Speech events: who says what of a sentence's words, and how far each reaches."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.sides import Sides
from claims.extraction.records import Stance
from claims.extraction.text.grammar import ancestors, case_of, following, low
from claims.extraction.text.tokens import Token

Reach = Literal["forward", "backward", "both"]

_MEDIA = frozenset({"in", "on", "to", "during", "via", "by"})


@dataclass(slots=True)
class Speech:
    """One reporting of what somebody says.

    Token numbers: `at` the reporting word, `start` where its clause begins (its subject),
    `end` where what it governs forward begins. `agent` None: the publisher. `stance`: how the
    agent stands to the content.
    """

    at: int
    start: int
    end: int
    agent: Agent | None
    stance: Stance
    reach: Reach
    noun: bool = False
    sentence: int = 0
    spoken: bool = True  # by somebody, if only the publisher's reporter
    silent: bool = False  # says nothing ("did not say"): covers what follows, codes nothing
    inner: bool = False  # whom another speaker quotes: "X said, citing Y"
    first: int = -1  # the leftmost token that it covers backward, in "the capture of which X said"
    others: tuple[Agent, ...] = ()  # who says the same with the agent


def covers(event: Speech, token: Token) -> bool:
    """Whether a speech event of the token's sentence reaches the token; a verb that both reports
    and states ("listed X as taken") reaches itself."""
    if token.i == event.at:
        return not event.noun
    if token.i >= event.end:
        if event.reach == "backward":
            return False
        return not _left_behind(event, token)
    if token.i >= event.start or event.reach == "forward" or token.i < event.first:
        return False
    return not any(t.text == ";" for t in token.doc[token.i : event.start])


def _left_behind(event: Speech, token: Token) -> bool:
    """Whether the sentence has gone on to a clause outside of what was said."""
    doc = token.doc
    for i in range(event.end, token.i):
        if doc[i].text == ";":
            return True
    chain = [token, *ancestors(token)]
    for low_token, high in itertools.pairwise(chain):
        if high.i != event.at:
            continue
        outside = {"but", "while", "although", "though", "as"}
        if low(high) in cues.inflected("speech", "says", "lists"):
            outside.discard("as")  # "listed X as taken"
        words = {low(c) for c in low_token.lefts}
        marked = bool(words & outside) and "that" not in words
        return (
            low_token.dep_ in ("conj", "advcl", "parataxis") and marked and low_token.i > event.at
        )
    return any(head.i != event.at and event.at > head.i and token.i == head.i for head in chain[:1])


def speaker_of(token: Token, events: Sequence[Speech]) -> Speech | None:
    """The innermost speech event that covers a token."""
    quoted = [e for e in events if e.inner and covers(e, token)]
    if quoted:
        return quoted[-1]
    forward = [e for e in events if e.at <= token.i and covers(e, token)]
    if forward:
        return max(forward, key=lambda e: e.at)
    backward = [e for e in events if e.at > token.i and covers(e, token)]
    return min(backward, key=lambda e: e.at, default=None)


def finer(event: Speech, token: Token, events: Sequence[Speech], sides: Sides) -> Speech:
    """The event by which a state's finer actor says the same: "Norland says …, its army
    announced"."""
    agent = event.agent
    if agent is None or agent.actor is None or agent.actor.kind != "state" or event.noun:
        return event
    for other in events:
        one = other.agent
        if other is event or other.noun or one is None or other.stance != event.stance:
            continue
        known = one.actor is None or one.actor.kind not in ("state", "government")
        if known and sides.of(one) == sides.of(agent) and covers(other, token):
            return other
    return event


def report_noun(trigger: Token, events: Sequence[Speech], *, untrue: bool = False) -> Token | None:
    """The noun of a nameless report that a statement hangs on ("rumours that X fell"); `untrue`:
    the sentence says that something is, which is also said of information."""
    nouns = cues.inflected("speech", "says", "nouns")
    if untrue:
        nouns |= cues.inflected("speech", "says", "hearsay")
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
            if any(event.at < i < event.end for event in events if not event.noun):
                return None  # "sent word that …"
            if i in owned or (spoken and case_of(token) in _MEDIA):
                return None
            after = [low(t) for t in following(token, 8)]
            return token if any(w in ("that", "of", "about") for w in after) else None
    return None
