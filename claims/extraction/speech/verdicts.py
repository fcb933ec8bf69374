"""What a sentence says of a report's truth by other words than a verb of denying: "it is untrue
that", "no confirmation of", "nothing of the sort", "the report is unconfirmed"."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from claims.extraction import cues
from claims.extraction.records import Stance
from claims.extraction.text.grammar import BE, child, following, low, subject, subject_before
from claims.extraction.text.tokens import Span, Token
from claims.extraction.text.view import View
from claims.extraction.text.words import forms

_AS = BE | {"as", "be", "remain", "remains", "remained", "seems", "nothing", "pure", "sheer"}
_SHORT = 6  # words of a sentence or a quotation that is nothing but a judgement
_SAYING = frozenset({"say", "speak", "claim", "suggest", "assert", "talk", "conclude", "report"})
_JUDGES = cues.all_forms(("call", "describe", "dismiss", "reject", "brand", "label", "term", "deem",
                          "denounce", "deride", "consider", "prove", "accuse"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement on a report. `at`: its word; `begins`: where the statement that it judges
    begins, if that follows in its sentence; `judge`: the noun whose verdict it is, None: whoever
    speaks there; `points_back`: it judges what was said before."""

    at: Token
    stance: Stance
    begins: int | None
    judge: Token | None
    points_back: bool

    def covers(self, token: Token) -> bool:
        """Whether it judges the statement that a word of its sentence carries."""
        if self.begins is None or token.i < self.begins:
            return False
        between = token.doc[self.begins : token.i]
        goes_on = any(
            low(one) == "and" and low(other) == "that" for one, other in pairwise(between)
        )
        return not goes_on and not any(t.text == ";" or low(t) == "but" for t in between)


def find(sent: Span, view: View) -> list[Verdict]:
    """The verdicts of a sentence, in order."""
    return [*_judgements(sent, view), *_scorn(sent), *_doubts(sent)]


def covering(token: Token, verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict on the statement that a word carries."""
    return next((one for one in verdicts if one.covers(token)), None)


def denial(verdicts: Sequence[Verdict]) -> str:
    """The words by which a sentence calls something untrue, or ""."""
    return next((one.at.text for one in verdicts if one.stance == "denies"), "")


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Judgements by their last word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in cues.words("speech", "denies", "judgements"):
        words = tuple(phrase.split())
        found.setdefault(words[-1], []).append(words)
    return {last: tuple(sorted(rows, key=len, reverse=True)) for last, rows in found.items()}


def _judgements(sent: Span, view: View) -> Iterator[Verdict]:
    """ "Untrue", "a lie", "no truth in"."""
    for token in sent:
        words = next((w for w in _phrases().get(low(token), ()) if _ends_with(token, w)), None)
        if words is None or (len(words) == 1 and not _is_judgement(token, view)):
            continue
        begins = _clause_after(token)
        yield Verdict(token, "denies", begins, _caller(token), begins is None)


def _scorn(sent: Span) -> Iterator[Verdict]:
    """ "Hit back at claims that", "poured scorn on reports of"."""
    reports = cues.inflected("speech", "anaphora", "nouns")
    for token in sent:
        for words in _scorning().get(low(token), ()):
            rest = list(following(token, len(words) + 4))
            if tuple(low(t) for t in rest[: len(words)]) != words:
                continue
            if any(low(t) in reports for t in rest[len(words) :]):
                begins = rest[len(words)].i
                yield Verdict(token, "denies", begins, subject_before(token), True)
                break


@lru_cache(maxsize=1)
def _scorning() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The words that follow, by each form of the verb."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in cues.words("speech", "denies", "scorn"):
        verb, *rest = phrase.split()
        for form in forms(verb):
            found.setdefault(form, []).append(tuple(rest))
    return {form: tuple(rows) for form, rows in found.items()}


def _ends_with(token: Token, words: tuple[str, ...]) -> bool:
    first = token.i - len(words) + 1
    return first >= token.sent.start and words == tuple(
        low(t) for t in token.doc[first : token.i + 1]
    )


def _is_judgement(token: Token, view: View) -> bool:
    """Whether a word like "false" judges here, and is not itself denied."""
    before = [low(t) for t in token.doc[max(token.sent.start, token.i - 7) : token.i]]
    negation = cues.words("modality", "negation", "words")
    if negation & set(before[-3:]):
        return False
    reports = cues.inflected("speech", "says", "nouns")
    if any(low(t) in reports for t in following(token, 2)) or child(token, "cop") is not None:
        return True
    if any(w in _AS or w in _JUDGES for w in before):
        return True
    quote = view.quote[token.i]
    around = [t for t in token.sent if view.quote[t.i] == quote and not t.is_punct]
    return len(around) <= _SHORT and (quote >= 0 or len(around) <= _SHORT)


def _caller(token: Token) -> Token | None:
    """Who calls something untrue: "the army called the report untrue"."""
    before = reversed(token.doc[max(token.sent.start, token.i - 7) : token.i])
    verb = next((t for t in before if low(t) in _JUDGES), None)
    return subject(verb) if verb is not None else None


def _clause_after(token: Token) -> int | None:
    """Where the statement begins that a judgement is about: "untrue that …", "wrong to speak
    of …", "lying about …"."""
    if low(token) == "of":
        return token.i + 1
    for number, after in enumerate(following(token, 4)):
        word = low(after)
        if word in ("and", "but"):
            return None
        if word in ("that", "about", "when"):
            return after.i + 1
        if word == "to" and number == 0:
            verb = next(following(after, 1), None)
            return verb.i + 1 if verb is not None and low(verb) in _SAYING else None
        if number > 1 or after.is_punct:
            return None
    return None


# --- doubt -------------------------------------------------------------------------------------


def _doubts(sent: Span) -> Iterator[Verdict]:
    """ "No confirmation of", "had seen no evidence that", "the report is unconfirmed"."""
    nouns = cues.words("speech", "unconfirmed", "nouns")
    adjectives = cues.words("speech", "unconfirmed", "adjectives")
    for token in sent:
        word = low(token)
        if word in nouns and _is_lacking(token) and not _is_awaited(token):
            begins = _complement(token)
            back = begins is None or _is_anaphoric(token)
            yield Verdict(token, "unconfirmed", begins, _holder(token), back)
        elif word in adjectives and _is_predicate(token):
            yield Verdict(token, "unconfirmed", None, None, True)


def _is_lacking(noun: Token) -> bool:
    lacking = cues.words("speech", "unconfirmed", "lacking")
    before = noun.doc[max(noun.sent.start, noun.i - 4) : noun.i]
    after = list(following(noun, 6))
    end = next((n for n, t in enumerate(after) if t.is_punct or low(t) == "that"), len(after))
    return any(low(t) in lacking for t in [*before, *after[:end]])


def _is_awaited(noun: Token) -> bool:
    """ "No confirmation from the army": its silence, and nobody's doubt."""
    rest = [low(t) for t in following(noun, 3)]
    independent = {"independent", "other", "official", "any"}
    return rest[:1] in (["from"], ["by"]) and not independent & set(rest)


def _is_anaphoric(noun: Token) -> bool:
    """ "No confirmation of the claim", "of what the army said"."""
    nouns = cues.inflected("speech", "anaphora", "nouns")
    rest = itertools.takewhile(lambda t: not t.is_punct, following(noun, 6))
    return any(low(t) in nouns and low(t) != "that" for t in rest)


def _complement(noun: Token) -> int | None:
    after = next(following(noun, 1), None)
    if after is not None and low(after) == "to":
        after = next(following(after, 1), None)
    if after is not None and low(after) in cues.inflected("speech", "unconfirmed", "supports"):
        return after.i + 1  # "evidence confirming X's claim", "to suggest that"
    return after.i + 1 if after is not None and low(after) in ("that", "of", "for") else None


def _holder(noun: Token) -> Token | None:
    """Who has or has seen no confirmation; None where there simply is none."""
    verb = noun.head
    if noun.dep_ != "obj" or not verb.tag_.startswith("VB"):
        before = noun.doc[max(noun.sent.start, noun.i - 4) : noun.i]
        seen = (t for t in reversed(before) if low(t) in _seeing())
        return next((subject(t) for t in seen), None)
    return subject(verb)


@lru_cache(maxsize=1)
def _seeing() -> frozenset[str]:
    return cues.all_forms(cues.words("speech", "unconfirmed", "seeing"))


def _is_predicate(adjective: Token) -> bool:
    if child(adjective, "cop") is not None:
        return True
    before = adjective.doc[max(adjective.sent.start, adjective.i - 3) : adjective.i]
    return any(low(t) in _AS for t in before)
