"""Statements whose verb is left out or only points back: "X fell on Monday and Y the next day",
"Y followed on Tuesday", "the same of Y"."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claims.extraction.drafts import Draft
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.places.roles import words_before
from claims.extraction.statements import modality
from claims.extraction.statements.frames import Found
from claims.extraction.text.grammar import FINITE, SUBJECTS, TIMES, child, following, is_verb, low
from claims.extraction.text.tokens import Span, Token

_TIMES = TIMES | {"later", "earlier", "too"}
_ASIDE = frozenset({"in", "on", "to", "near", "by", "with", "further", "farther", "where", "also",
                    "about", "some", "a", "the"})  # fmt: skip


def gapped(sent: Span, found: Sequence[Found], finder: PlaceFinder) -> Iterator[Found]:
    """What a sentence says of further towns with only another time: "and Y the next day"."""
    told = {one.located.token.i for one in found}
    for token in sent:
        one = finder.named(token)
        if one is None or token.i in told or not _is_added(token):
            continue
        model = next((f for f in reversed(found) if _before(f, token)), None)
        if model is None or not _only_time_follows(token):
            continue
        judged = modality.judge(model.trigger, noun=model.noun)
        if not judged.open and not judged.negated:
            yield replace(model, trigger=token, located=one)


def _is_added(town: Token) -> bool:
    """Whether "and" or a comma stands before a town: "and the village of Y"."""
    before = town.doc[town.i - 1] if town.i > town.sent.start else None
    if before is None or low(before) in ("and", ","):
        return before is not None
    words = words_before(town)
    return bool(words) and low(words[0]) in ("and", ",")


def _before(found: Found, town: Token) -> bool:
    """Whether a verb's statement about another town stands left of a town, in its clause."""
    if found.noun or max(found.trigger.i, found.located.token.i) >= town.i:
        return False
    between = town.doc[found.trigger.i + 1 : town.i - 1]
    timed = any(low(t) in _TIMES for t in between)
    return timed and not any(t.tag_ in FINITE or t.text == ";" for t in between)


def _only_time_follows(town: Token) -> bool:
    """Whether a time is all that comes after a town, but for an aside in commas."""
    rest = list(following(town, 14))
    if len(rest) > 1 and rest[0].text == "," and low(rest[1]) in _ASIDE:
        end = next((n for n, t in enumerate(rest[1:], 1) if t.text == ","), len(rest))
        rest = rest[end + 1 :]
    clause = list(itertools.takewhile(lambda t: not t.is_punct and low(t) != "and", rest))
    return (
        0 < len(clause) <= 6
        and not any(t.tag_ in FINITE or t.tag_ in ("VB", "VBN") for t in clause)
        and any(low(t) in _TIMES for t in clause)
        and (clause[0].tag_ in ("IN", "DT", "CD", "RB", "NN") or low(clause[0]) in _TIMES)
    )


def followed(
    sent: Span, finder: PlaceFinder, before: Sequence[Draft]
) -> Iterator[tuple[Located, Token, Draft]]:
    """ "Y followed on Tuesday", "Y had gone too": a town that went the way of those told of."""
    model = before[-1] if before else None
    if model is None or model.predicate not in ("captured", "withdrew"):
        return
    for token in sent:
        if low(token) not in _FOLLOWS or not is_verb(token) or child(token, "obj") is not None:
            continue
        if token.tag_ in ("VBG", "VB") or any(low(t) in ("to", "by") for t in following(token, 1)):
            continue
        head = child(token, *SUBJECTS)
        if head is None:
            continue
        for one in finder.in_phrase(head):
            if one.place != model.place:
                yield one, token, model


_FOLLOWS = frozenset({"followed", "gone"})


def the_same(
    sent: Span, finder: PlaceFinder, before: Sequence[Draft]
) -> Iterator[tuple[Located, Token, Draft]]:
    """ "It said the same of Y": a town, the word that carries it, and what was said before."""
    for token in sent:
        if low(token) != "same" or not before:
            continue
        after = next(following(token, 1), None)
        if after is None or low(after) not in ("of", "about", "for"):
            continue
        for one in finder.right_of(after):
            yield one, token, before[-1]
