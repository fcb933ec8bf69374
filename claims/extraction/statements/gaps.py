"""Statements whose verb is left out: "X fell on Monday and Y the next day", "the same of Y"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Span, Token

from claims.extraction.drafts import Draft
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.statements import modality
from claims.extraction.statements.frames import Found
from claims.extraction.text.grammar import following, is_verb, low

_WHEN = frozenset({"the", "on", "in", "a", "two", "three", "days", "earlier", "later", "last",
                   "this", "yesterday", "overnight", "by"})  # fmt: skip
_TIMES = frozenset({"day", "days", "week", "weeks", "month", "night", "morning", "evening",
                    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
                    "yesterday", "january", "february", "march", "april", "may", "june", "july",
                    "august", "september", "october", "november", "december"})  # fmt: skip


def gapped(sent: Span, found: Sequence[Found], finder: PlaceFinder) -> Iterator[Found]:
    """What a sentence says of further towns with only another time: "and Y the next day"."""
    told = {one.located.token.i for one in found}
    for token in sent:
        one = finder.named(token)
        if one is None or token.i in told or low(sent.doc[token.i - 1]) not in ("and", ","):
            continue
        model = next((f for f in reversed(found) if _before(f, token)), None)
        if model is None or not _only_time_follows(token):
            continue
        judged = modality.judge(model.trigger, noun=model.noun)
        if not judged.open and not judged.negated:
            yield replace(model, trigger=token, located=one)


def _before(found: Found, town: Token) -> bool:
    """Whether a verb's statement about another town stands left of a town, in its clause."""
    if found.noun or max(found.trigger.i, found.located.token.i) >= town.i:
        return False
    between = town.doc[found.trigger.i + 1 : town.i - 1]
    timed = any(low(t) in _TIMES for t in between)
    return timed and not any(is_verb(t) or t.text == ";" for t in between)


def _only_time_follows(town: Token) -> bool:
    rest = []
    for token in following(town, 6):
        if token.is_punct or low(token) == "and":
            break
        rest.append(low(token))
    return bool(rest) and rest[0] in _WHEN and any(word in _TIMES for word in rest)


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
