"""How sure a reading is: the share of claims read on the same signs that are right.

A sign is something about how a claim was read: a noun told it, its subject was found elsewhere,
nobody knows its town. What each weighs is measured on the coded articles
(`training.confidence`) and stands in `cues/confidence.toml`, as the weights of a logistic
regression.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from claims.extraction import cues
from claims.extraction.records import Stance
from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech
from claims.extraction.speech.voices import Voice
from claims.extraction.statements.frames import Found

_LONG = 32  # words of a sentence that is read less surely

# Every sign, with its meaning; `training.confidence` weighs them.
SIGNS = {
    "denies": "a denial",
    "unconfirmed": "a non-confirmation",
    "holds": "the predicate is holds",
    "advancing": "the predicate is advancing",
    "encircled": "the predicate is encircled",
    "fighting": "the predicate is fighting",
    "withdrew": "the predicate is withdrew",
    "part": "of a part of the town",
    "noun": "told by a noun",
    "town elsewhere": "the town is named in another sentence",
    "unknown town": "a town that no gazetteer knows",
    "namesakes": "several towns have the name",
    "no subject": "nothing says who did it",
    "subject elsewhere": "who did it is found outside the statement",
    "publisher": "the publisher's own word",
    "speaker elsewhere": "who says it is found in another sentence",
    "unknown speaker": "a claimant that no pack knows",
    "report": "told by the noun of a report",
    "speaker after": "the statement stands before its speaker",
    "several speakers": "one of several speakers in its sentence",
    "several towns": "one of several towns in its sentence",
    "long sentence": f"a sentence of more than {_LONG} words",
    "answer": "an answer to what was said before",
    "against its side": "in the other side's favour",
    "repeated": "told by several passages",
}


@dataclass(frozen=True, slots=True)
class _Weights:
    base: float
    of: dict[str, float]


def of_statement(
    sentence: Sentence, found: Found, voice: Voice, stance: Stance, event: Speech | None
) -> frozenset[str]:
    """The signs on which a statement was read."""
    place, claimant = found.located.place, voice.agent
    told = {
        "noun": found.noun,
        "town elsewhere": not found.located.token_names,
        "unknown town": place.key is None,
        "namesakes": place.ambiguous,
        "no subject": found.subject is None and found.predicate != "fighting",
        "publisher": claimant is None,
        "speaker elsewhere": claimant is not None and event is None,
        "unknown speaker": claimant is not None and claimant.actor is None,
        "report": event is not None and event.noun,
        "speaker after": event is not None and event.at > found.trigger.i,
        "several speakers": len(sentence.events) > 1,
        "several towns": _towns(sentence) > 1,
        "long sentence": len(sentence.span) > _LONG,
    }
    return frozenset({sign for sign, is_so in told.items() if is_so} | _named(stance, found))


def _named(stance: Stance, found: Found) -> set[str]:
    return {name for name in (stance, found.predicate) if name in SIGNS}


def _towns(sentence: Sentence) -> int:
    view = sentence.view
    mentions = (view.mention(token) for token in sentence.span)
    return len({m.text for m in mentions if m is not None and m.kind == "place"})


def of_signs(signs: Iterable[str]) -> float:
    """The confidence of a claim read on these signs, from 0 to 1. Raises KeyError on a sign
    that has no weight."""
    weights = _weights()
    total = weights.base + sum(weights.of[sign] for sign in signs)
    return round(1 / (1 + math.exp(-total)), 2)


def _weights() -> _Weights:
    rows = cues.table("confidence")
    return _Weights(rows["base"], rows["weights"])
