"""Towns that go without saying: "X: overrun by rebels, retaken in May", "they have it cut off"."""

from __future__ import annotations

from claims.extraction.cues import Frame
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.text.grammar import (
    FINITE,
    HAVE,
    SUBJECTS,
    TIMES,
    child,
    following,
    is_passive,
    low,
)
from claims.extraction.text.tokens import Token

_KEEPS = HAVE | {"keep", "keeps", "kept", "keeping", "with", "leave", "leaves", "leaving"}


def unsaid(finder: PlaceFinder, token: Token, frame: Frame) -> list[Located]:
    """The towns of a frame's word that has none beside it: what somebody "has surrounded", or
    what the paragraph or its fragment of a sentence is about."""
    if frame.word == "verb" and "object" in frame.place and token.tag_ in ("VBN", "VBD", "JJ"):
        found = _resulting(finder, token) or _fragment(finder, token)
        if found or token.tag_ != "VBD":
            return found
    if frame.word == "verb" and "object" in frame.place and token.tag_ in FINITE:
        return _at_head(finder, token)
    if frame.word == "verb" and "subject" in frame.place and token.tag_ in FINITE:
        return _headed(finder, token) if _lacks_subject(finder, token) else []
    if frame.predicate == "fighting" and (frame.word == "noun" or token.tag_ == "VBZ"):
        return _headed(finder, token) if _nothing_between(finder, token) else []
    return []


def _resulting(finder: PlaceFinder, participle: Token) -> list[Located]:
    """ "has X surrounded", "with X cut off"."""
    i = participle.i - 1
    while i > participle.sent.start and participle.doc[i].tag_ == "RB":
        i -= 1
    noun = participle.doc[i]
    head = participle.head
    over = any(low(t) in _KEEPS for t in participle.doc[max(participle.sent.start, i - 5) : i])
    if not over or (head.i != noun.i and noun.head.i not in (head.i, participle.i)):
        return []
    return finder.in_phrase(noun)


def _fragment(finder: PlaceFinder, participle: Token) -> list[Located]:
    """A participle without a subject: "Retaken last August.", "…: lost in May, retaken in June"."""
    own = child(participle, "obj", "xcomp", *SUBJECTS)
    bare = own is None or finder.named(own) is not None or own.head != participle
    auxiliary = any(c.dep_.startswith("aux") and low(c) in HAVE for c in participle.children)
    if not bare or auxiliary or not (is_passive(participle) or _begins(finder, participle)):
        return []
    return _headed(finder, participle)


def _at_head(finder: PlaceFinder, verb: Token) -> list[Located]:
    """A verb without its object, where the paragraph has a town at its head: "X. Rebels entered
    at dawn"."""
    after = next(following(verb, 1), None)
    ends = after is None or after.is_punct or after.tag_ in ("IN", "RB") or low(after) in TIMES
    alone = child(verb, "obj", "ccomp", "xcomp") is None and not is_passive(verb)
    if not (ends and alone and finder.towns.at_head and child(verb, *SUBJECTS) is not None):
        return []
    return _headed(finder, verb)


def _lacks_subject(finder: PlaceFinder, verb: Token) -> bool:
    """Whether a finite verb opens what is told of a head: "X. Remains with the army"."""
    return child(verb, *SUBJECTS) is None and _begins(finder, verb)


def _begins(finder: PlaceFinder, token: Token) -> bool:
    """Whether a word opens its sentence, or follows the head of its paragraph or a comma."""
    before = token.doc[token.i - 1] if token.i > token.sent.start else None
    return before is None or before.i == finder.view.topic_end or low(before) in (",", ";", "and")


def _nothing_between(finder: PlaceFinder, token: Token) -> bool:
    """Whether only words that describe it stand between a noun and its paragraph's head."""
    first = max(finder.view.topic_end + 1, token.sent.start)
    words = token.doc[first : token.i]
    return all(t.tag_ in ("JJ", "NN", "CD", "RB", "VBG", "DT") for t in words)


def _headed(finder: PlaceFinder, token: Token) -> list[Located]:
    """The towns at the paragraph's head, in the title over it, or in a question before."""
    towns = finder.towns
    places = towns.at_head or towns.above or towns.asked_before(finder.view.start(token))
    if token.i <= finder.view.topic_end:
        return []
    return [Located(place, token, (token,)) for place in places]
