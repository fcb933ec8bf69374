"""What a match of words with a frame is, and the frame's companions."""

from __future__ import annotations

from dataclasses import dataclass

from claims.extraction.actors.mentions import Agent
from claims.extraction.cues import Frame
from claims.extraction.places.finder import Located
from claims.extraction.records import Predicate
from claims.extraction.text.grammar import (
    FINITE,
    SUBJECTS,
    child,
    following,
    is_passive,
    low,
)
from claims.extraction.text.tokens import Token


@dataclass(frozen=True, slots=True)
class Found:
    """A statement about one town. `trigger` carries it, `cue` is what fired; `subject` None:
    the words do not say who; `noun`: told by a noun, so presupposed."""

    trigger: Token
    predicate: Predicate
    located: Located
    subject: Agent | None
    cue: str
    noun: bool = False


def companion(token: Token, frame: Frame) -> Token | None:
    """The fixed companion of a frame's word ("control" of "took control"), before or after it."""
    for t in following(token, 7):
        if low(t) in frame.companions:
            return t
        if t.tag_ in FINITE or low(t) in (",", ";", "but"):
            break
    own = child(token, *SUBJECTS)
    if own is not None and own.i < token.i and low(own) in frame.companions:
        return own
    if is_passive(token) or token.tag_ in ("VBN", "VBD", "VB"):
        for i in range(token.i - 1, max(token.sent.start, token.i - 10) - 1, -1):
            if low(token.doc[i]) in frame.companions:
                return token.doc[i]
    return None
