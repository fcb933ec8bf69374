"""Towns that stand apart from the word that tells of them: "in X the two sides fight", "the
garrison of X held out", "…in X, captured by the army in May"."""

from __future__ import annotations

from itertools import pairwise

from claims.extraction import cues
from claims.extraction.cues import Frame
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.text.grammar import (
    BE,
    FINITE,
    HAVE,
    SUBJECTS,
    TIMES,
    case_of,
    child,
    conjuncts,
    following,
    left_aux,
    low,
    phrase,
    subject,
)
from claims.extraction.text.tokens import Token

_COMPASS = frozenset({"north", "south", "east", "west", "rest"})


def in_front(finder: PlaceFinder, token: Token, prepositions: frozenset[str]) -> list[Located]:
    """ "In X the two sides fight house to house"."""
    first = token.doc[token.sent.start]
    if low(first) not in prepositions or first.i == token.i:
        return []
    town = next((t for t in following(first, 4) if finder.named(t) is not None), None)
    if town is None or any(t.tag_ in FINITE for t in token.doc[first.i : town.i]):
        return []
    between = token.doc[town.i + 1 : token.i]
    told = any(t.tag_ in FINITE and t != token.head for t in between)
    return [] if told else finder.right_of(first)


def described(finder: PlaceFinder, token: Token, frame: Frame) -> list[Located]:
    """ "…in X, captured by the army in May": the town right before a comma and a participle,
    whatever the parse hangs it on; also "lost in March and retaken in May"."""
    if "object" not in frame.place or token.tag_ != "VBN" or not _is_reduced(token):
        return []
    comma = token.doc[token.i - 1] if token.i > token.sent.start + 1 else None
    if comma is not None and comma.text == ",":
        one = finder.named(token.doc[comma.i - 1])
        return [one] if one is not None else []
    model = token.head
    if token.dep_ != "conj" or model.tag_ != "VBN" or model.i > token.i:
        return []
    if model.dep_ == "acl":
        return finder.in_phrase(model.head, unknown=True)
    return described(finder, model, frame)


def _is_reduced(participle: Token) -> bool:
    """Whether a participle stands without an auxiliary, before "by", a time or a place."""
    if child(participle, "aux", "aux:pass", *SUBJECTS) is not None:
        return False
    after = next(following(participle, 1), None)
    return after is not None and (after.tag_ in ("IN", "RB", "JJ", "DT") or low(after) in TIMES)


def forces(finder: PlaceFinder, verb: Token) -> list[Located]:
    """ "The garrison of X held out", "the troops in X surrendered"."""
    head = subject(verb)
    if head is None or low(head) not in cues.words("actors", "forces", "words"):
        return []
    for c in verb.children:
        if c.dep_ == "obj" or (
            case_of(c) in ("to", "into", "from", "for", "towards") and finder.named(c) is not None
        ):
            return []
    found: list[Located] = []
    for c in head.children:
        if c.dep_ == "nmod" and c.i > head.i and case_of(c) in ("of", "in", "at", "inside"):
            found += finder.in_phrase(c)
    return found


def side(finder: PlaceFinder, obj: Token | None) -> list[Located]:
    """ "Has the east", of the town that was just spoken of."""
    if obj is None or low(obj) not in _COMPASS or len(conjuncts(obj)) > 1:
        return []
    words = tuple(phrase(obj))
    place = finder.last_place(obj)
    if place is None or not any(low(t) == "the" for t in words):
        return []
    near = finder.discourse.towns.is_near(place, finder.view.start(obj))
    return [Located(place, obj, words)] if near else []


def attempted(finder: PlaceFinder, attempt: Token) -> list[Located]:
    """ "An attempt by rebels to storm X"."""
    after = list(following(attempt, 8))
    for to, verb in pairwise(after):
        if low(to) == "to" and verb.tag_ == "VB":
            last = next((t for t in following(verb, 2) if low(t) not in _THROUGH), None)
            into = last is not None and low(last) in ("into", "in", "towards", "on")
            return finder.right_of(last if into and last is not None else verb)
    return []


def before_apposition(finder: PlaceFinder, verb: Token, head: Token) -> Located | None:
    """The town that opens a sentence, where its verb's subject seems to be within what describes
    it: "X, their last foothold south of Y, fell"."""
    first = verb.doc[verb.sent.start]
    one = finder.named(first)
    if one is None or head.i <= first.i:
        return None
    commas = [t.i for t in verb.doc[first.i : verb.i] if t.text == ","]
    return one if len(commas) == 2 and commas[0] < head.i < commas[1] == verb.i - 1 else None


def stays_so(finder: PlaceFinder, adjective: Token, frame: Frame) -> list[Located]:
    """ "X remains contested", where a parser makes no subject of the town."""
    if frame.word != "adjective":
        return []
    stays = cues.inflected("states", "stays", "verbs")
    joined = False
    i = adjective.i - 1
    while i > adjective.sent.start and low(adjective.doc[i]) in stays | _MEANWHILE:
        joined = joined or low(adjective.doc[i]) in stays
        i -= 1
    one = finder.named(adjective.doc[i]) if joined else None
    return [one] if one is not None else []


def goes_on_in(finder: PlaceFinder, noun: Token) -> list[Located]:
    """ "Clashes between the two resumed in X", "clashes resumed on Friday … in X": the town of a
    fight that is said to go on, wherever the parse hangs it."""
    going = cues.words("states", "going_on", "words")
    goes = False
    for token in following(noun, 16):
        if token.text in (",", ";", ":") or token.tag_ == "MD":
            return []
        tells = token.tag_ in FINITE and low(token) not in BE and low(token) not in HAVE
        if tells and (goes or low(token) not in going):
            return []
        goes = goes or low(token) in going
        if goes and low(token) in _INSIDE and (found := finder.right_of(token, reach=8)):
            return found
    return []


_THROUGH = frozenset({"through", "way"})
_INSIDE = frozenset({"in", "inside", "around", "for", "near", "at"})
_MEANWHILE = frozenset(
    {"heavily", "still", "fiercely", "bitterly", "hotly", "currently", "largely"}
)


def men(head: Token) -> Token:
    """The men of "hundreds of soldiers", else the word itself."""
    of = (c for c in head.children if c.dep_ == "nmod" and case_of(c) == "of")
    forces = cues.words("actors", "forces", "words")
    return head if low(head) in forces else next((c for c in of if low(c) in forces), head)


def before_verb(finder: PlaceFinder, verb: Token) -> list[Located]:
    """ "X and Y, two smaller towns nearby, were retaken": the towns before the commas."""
    first = verb.sent.start
    i = min([verb.i, *(t.i for t in left_aux(verb))]) - 1
    if i <= first or verb.doc[i].text != ",":
        return []
    i -= 1
    while i > first and verb.doc[i].text != "," and verb.doc[i].tag_ not in FINITE:
        i -= 1
    found: list[Located] = []
    while i > first and verb.doc[i].text in (",", "and"):
        one = finder.named(verb.doc[i - 1])
        if one is None:
            break
        found.insert(0, one)
        i -= 2
    return found
