"""Which characters of a sentence carry a statement: enough of its clauses to be read by
themselves, and no more of what others say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech
from claims.extraction.text.grammar import FINITE, SUBJECTS, child, following, is_verb, low
from claims.extraction.text.tokens import Token

_SHARE = 0.25  # of its sentence that a passage has at least
_SHORT = 12  # tokens of a sentence that is not cut
_OPENING, _CLOSING = frozenset('"“«„'), frozenset('"”»')
_PRONOUNS = frozenset({"which", "who", "where", "whose"})
_CONNECTIVES = _PRONOUNS | {"after", "while", "when", "although", "though", "because", "as",
                            "before", "since", "until"}  # fmt: skip
_JOINS = frozenset({"and", "but", "or", "that", ",", ";", "–", "—"})


def span(sentence: Sentence, token: Token, text: str) -> tuple[int, int]:
    """The characters that carry what a token states, with the quotation marks beside them: its
    clause, and as many more as make a fair part of the sentence."""
    start, end = _stretch(sentence, token)
    clauses = list(itertools.pairwise([*_cuts(sentence, start, end), end]))
    high = next(n for n, (first, after) in enumerate(clauses) if first <= token.i < after)
    subject = child(token, *SUBJECTS)
    begins = token.i if subject is None else max(start, min(subject.i, token.i))
    low_ = next(n for n, (first, after) in enumerate(clauses) if first <= begins < after)
    wanted = (end - start) * _SHARE if end - start > _SHORT else end - start
    while clauses[high][1] - clauses[low_][0] < wanted:
        left = clauses[low_ - 1] if low_ else None
        right = clauses[high + 1] if high + 1 < len(clauses) else None
        if right is None or (left is not None and _size(left) <= _size(right)):
            low_ -= 1
        else:
            high += 1
    while low_ and _describes(sentence, clauses[low_][0]):
        low_ -= 1
    return _trimmed(sentence, clauses[low_][0], clauses[high][1], text)


def _describes(sentence: Sentence, first: int) -> bool:
    """Whether a clause that begins here says nothing without the noun before it."""
    opening = [low(t) for t in sentence.view.doc[first : first + 2]]
    return opening[0] in _PRONOUNS or (opening[0] in _JOINS and opening[-1] in _PRONOUNS)


def _size(clause: tuple[int, int]) -> int:
    return clause[1] - clause[0]


def _stretch(sentence: Sentence, token: Token) -> tuple[int, int]:
    """The tokens around one between semicolons."""
    doc, whole = token.doc, sentence.span
    stops = [t.i for t in whole if t.text == ";"]
    start = max((stop + 1 for stop in stops if stop < token.i), default=whole.start)
    end = min((stop + 1 for stop in stops if stop >= token.i), default=whole.end)
    told = any(t.tag_ in FINITE for t in doc[start:end])
    return (start, end) if told else (whole.start, whole.end)


def _cuts(sentence: Sentence, start: int, end: int) -> Iterator[int]:
    """Where clauses begin between two tokens."""
    speaking = {_begins(e, sentence) for e in sentence.events if not e.noun}
    yield start
    for token in sentence.view.doc[start + 1 : end]:
        if token.i in speaking or _is_joint(token):
            yield token.i


def _begins(event: Speech, sentence: Sentence) -> int:
    """Where a saying begins; one that shares its subject with the verb before, at itself."""
    shared = any(e is not event and event.start <= e.at < event.at for e in sentence.events)
    return event.at if shared else event.start


def _is_joint(token: Token) -> bool:
    """Whether a clause begins here: "…, which", "…, leaving", "and that", ", and they went"."""
    before = token.doc[token.i - 1]
    word = low(token)
    if word in ("and", "but", "or"):
        after = list(following(token, 8))
        if after and low(after[0]) == "that":
            return True
        return before.text == "," and any(t.tag_ in FINITE or is_verb(t) for t in after)
    if before.text != ",":
        return False
    return word in _CONNECTIVES or token.tag_ == "VBG"


def _trimmed(sentence: Sentence, first: int, after: int, text: str) -> tuple[int, int]:
    """The characters of some tokens, without what joins them to others, with their quotation
    marks."""
    view, doc = sentence.view, sentence.view.doc
    while first + 1 < after and first > sentence.span.start and low(doc[first]) in _JOINS:
        first += 1
    while after - 1 > first and after < sentence.span.end and low(doc[after - 1]) in _JOINS:
        after -= 1
    start, end = view.spans[first][0], view.spans[after - 1][1]
    if text[start - 1 : start] in _OPENING and start > 0:
        start -= 1
    if text[end : end + 1] in _CLOSING and end < len(text):
        end += 1
    return start, end
