"""Verbs that report together with other words: "let it be known that", "made clear that", "as X
sees it"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.text.grammar import FINITE, following, low
from claims.extraction.text.tokens import Token

_ENDS = frozenset({".", ";", "!", "?"})


@lru_cache(maxsize=1)
def _idioms() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The words that may follow, by each inflected form of the verb, the longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in cues.table("speech")["idiom"]:
        phrases = {tuple(words.split()) for words in row["words"]}
        for form in cues.all_forms(row["verbs"]):
            found.setdefault(form, set()).update(phrases)
    return {form: tuple(sorted(rows, key=len, reverse=True)) for form, rows in found.items()}


@lru_cache(maxsize=1)
def verbs() -> frozenset[str]:
    """The forms of the verbs that idioms begin with."""
    return cues.inflected("speech", "as_told", "verbs") | _idioms().keys()


def last_word(verb: Token) -> Token | None:
    """The last word of the idiom of saying that a verb begins, where it begins one."""
    phrases = _idioms().get(low(verb))
    if phrases is not None and (last := _matched(verb, phrases)) is not None and _tells(last):
        return last
    if _as_told(verb):
        return next(following(verb, 1))
    return None


def _matched(verb: Token, phrases: tuple[tuple[str, ...], ...]) -> Token | None:
    rest = [low(t) for t in following(verb, 4)]
    for words in phrases:
        if tuple(rest[: len(words)]) == words:
            return verb.doc[verb.i + len(words)]
    return None


def _tells(last: Token) -> bool:
    """Whether a clause follows ("… on Saturday that"), or the sentence ends with the idiom."""
    rest = list(following(last, 12))
    for number, token in enumerate(rest):
        if low(token) == "that" or token.text == ":":
            return True
        if token.text in _ENDS:
            return number == 0 and last.i - last.sent.start > 6
        if token.tag_ in FINITE or token.text == ",":
            return token.text != "," and low(last) in ("clear", "plain", "known")
    return not rest and last.i - last.sent.start > 6


def _as_told(verb: Token) -> bool:
    """ "As the army sees it"."""
    if low(verb) not in cues.inflected("speech", "as_told", "verbs"):
        return False
    nxt = next(following(verb, 1), None)
    if nxt is None or low(nxt) not in cues.words("speech", "as_told", "words"):
        return False
    for i in range(verb.i - 1, max(verb.sent.start, verb.i - 9) - 1, -1):
        token = verb.doc[i]
        if low(token) == "as":
            return True
        if token.tag_ in FINITE or token.text in _ENDS:
            return False
    return False
