"""Which date belongs to what: to the saying, or to what is said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from operator import itemgetter

from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech
from claims.extraction.statements.frames import Found
from claims.extraction.text.grammar import FINITE, HAVE, ancestors, is_noun, is_verb, left_aux, low
from claims.extraction.text.tokens import Span, Token
from claims.extraction.text.view import View
from claims.extraction.times.dates import DateHit

_AHEAD = frozenset({"will", "'ll", "’ll", "would", "'d", "’d", "shall", "may", "might"})
# Before an infinitive, they put it into the future.
_PLANS = frozenset(
    {"is", "are", "was", "were", "due", "set", "plans", "planned", "plan", "planning", "ordered",
     "agreed", "promised", "vowed", "pledged", "expected", "scheduled", "intends", "decided"}
)  # fmt: skip
_MADE = frozenset({"made", "issued", "published", "posted", "released", "given", "aired", "read"})
_COARSE = {"day": 0, "week": 1, "month": 1, "year": 3}  # tokens by which they count as further
_NEAR = 14  # tokens between a statement and its date


# --- tense ------------------------------------------------------------------------------------


def ahead(view: View, span: Span) -> Callable[[int], bool]:
    """Tells of a character of a sentence whether its clause is about what is to come."""

    def is_ahead(at: int) -> bool:
        token = next((t for t in span if view.end(t) > at), None)
        if token is None:
            return False
        for before in reversed(view.doc[span.start : token.i]):
            if before.tag_ in FINITE:
                return low(before) in _AHEAD
            planned = low(before) == "to" and before.i > span.start
            if planned and low(view.doc[before.i - 1]) in _PLANS:
                return True
        after = next((t for t in view.doc[token.i : span.end] if t.tag_ in FINITE), None)
        return after is not None and low(after) in _AHEAD

    return is_ahead


# --- the day of a saying ----------------------------------------------------------------------


def said(event: Speech, sentence: Sentence) -> DateHit | None:
    """The date of a saying: in its own clause, or before it at the sentence's beginning."""
    best: DateHit | None = None
    for hit in sentence.dates:
        at = _token_at(sentence.view, hit)
        if at is None or hit.since or hit.bound or sentence.view.quote[at] >= 0:
            continue
        if _belongs(event, hit, at, sentence):
            best = hit if best is None or hit.kind == "calendar" else best
    return best


def _token_at(view: View, hit: DateHit) -> int | None:
    n = bisect_right(view.spans, hit.start, key=itemgetter(0)) - 1
    return n if n >= 0 and hit.start < view.spans[n][1] else None


def _belongs(event: Speech, hit: DateHit, at: int, sentence: Sentence) -> bool:
    doc = sentence.view.doc
    others = [e for e in sentence.events if e is not event and not e.noun]
    if hit.kind == "offset":
        return at < event.start and not _stops(doc[at + 1 : event.start])
    if _joined(doc[event.at], at):
        return True
    if at > event.at:
        between = list(doc[event.at + 1 : at])
        if any(event.at < e.start <= at for e in others) or any(t.text == ";" for t in between):
            return False
        if event.reach != "backward" and any(low(t) == "that" for t in between):
            return False
        if is_noun(doc[event.at]):  # "its answer came on Friday"
            between = [t for t in between if low(t) not in _HAPPENS | _MADE]
        elif any(t.text == "," and low(doc[t.i + 1]) in _MADE for t in between):
            return False
        if _finite(between):
            return False
        states = any(event.at < one.trigger.i < at for one in sentence.found)
        return event.reach == "backward" or not states or _beside(between)
    if at < event.start:
        if event.reach == "backward" or any(at < e.start < event.start for e in others):
            return False
        first = _clause_start(doc[event.start])
        if event.start == event.at and doc[event.start - 1].text == "," and at - first > 3:
            return False  # "… taken in May, says the army"
        states = any(first <= one.trigger.i < event.start for one in sentence.found)
        return at >= first and not states and not _finite(doc[first : event.start])
    return not _finite(doc[event.start : at])


def _joined(verb: Token, at: int) -> bool:
    """Whether a date stands with a verb that the reporting one goes on from: "posted a film on
    Friday and said"."""
    first = verb.head
    return (
        verb.dep_ == "conj"
        and is_verb(first)
        and first.i < at < verb.i
        and not any(t.tag_ in FINITE or t.text == "," for t in verb.doc[first.i + 1 : verb.i])
    )


def _finite(tokens: Iterable[Token]) -> bool:
    return any(t.tag_ in FINITE for t in tokens)


def _clause_start(token: Token) -> int:
    """Where the clause of a token begins: after a semicolon or colon, else with its sentence."""
    for i in range(token.i - 1, token.sent.start, -1):
        if token.doc[i].text in (";", ":"):
            return i + 1
    return int(token.sent.start)


def _beside(between: Sequence[Token]) -> bool:
    """Whether a date stands beside a reporting word: no comma parts them, but the one that
    opens a parenthesis (", on Friday,") or a participle (", made on Friday")."""
    commas = [n for n, t in enumerate(between) if t.text == ","]
    if not commas:
        return True
    rest = between[commas[0] + 1 :]
    return len(commas) == 1 and (
        all(t.tag_ in ("IN", "DT", "RB", "JJ") for t in rest) or low(rest[0]) in _MADE
    )


def _stops(between: Iterable[Token]) -> bool:
    """Whether a clause begins or ends among some tokens."""
    tokens = list(between)
    return _finite(tokens) or any(t.text in (",", ";", ":") for t in tokens)


def announced(event: Speech, sentence: Sentence) -> DateHit | None:
    """The day before a colon that introduces what is said: "The answer came on Friday: …"."""
    doc = sentence.view.doc
    colon = next((t.i for t in doc[sentence.span.start : event.at] if t.text == ":"), None)
    if colon is None or any(one.trigger.i < colon for one in sentence.found):
        return None
    for hit in sentence.dates:
        at = _token_at(sentence.view, hit)
        if at is not None and at < colon and not hit.since and not hit.bound:
            return hit
    return None


def scene(dates: Sequence[DateHit], span: Span, view: View) -> DateHit | None:
    """The day that a sentence sets for those that follow: "On Saturday it was different"."""
    for hit in dates:
        at = _token_at(view, hit)
        if at is not None and at - span.start <= 3 and hit.precision == "day" and not hit.since:
            return hit
    return None


# --- the day of what is said ------------------------------------------------------------------


def about(found: Found, sentence: Sentence, event: Speech | None) -> DateHit | None:
    """The date that a statement is about: the one that hangs on its words, and is not that of a
    saying. `event` is the speech event that reports the statement."""
    taken = {hit.start for hit in sentence.said.values() if hit is not None}
    trigger, view = found.trigger, sentence.view
    best: tuple[int, DateHit] | None = None
    for hit in sentence.dates:
        at = _token_at(view, hit)
        if at is None or hit.start in taken or hit.kind == "vague" or hit.bound:
            continue
        if event is not None and event.reach == "forward" and at < event.at:
            continue
        if hit.kind == "offset":
            if at < trigger.i and not _offset_ends(view.doc[at + 1 : trigger.i]):
                return hit
            continue
        if _separated(found, at, sentence):
            continue
        over = ancestors(view.doc[at])
        hangs = any(head.i == trigger.i for head in takewhile(lambda t: not _rules(t, found), over))
        distance = abs(at - trigger.i) - (10 if hangs else 0) + _COARSE[hit.precision]
        if at - sentence.span.start <= 3:  # "On Tuesday, after weeks of …, the army left"
            distance = min(distance, _NEAR)
        if best is None or distance < best[0]:
            best = (distance, hit)
    return best[1] if best is not None and best[0] <= _NEAR else None


def _rules(token: Token, found: Found) -> bool:
    """Whether a verb other than the statement's has what hangs on it for its own."""
    return is_verb(token) and token.i != found.trigger.i and not found.noun


def _offset_ends(between: Iterable[Token]) -> bool:
    """Whether the clause of "a day after" is over: at a comma, or with a verb of its own."""
    return any(t.text in (",", ";", ":") or (is_verb(t) and t.dep_ not in _AUX) for t in between)


def as_said(hit: DateHit, said_on: DateHit | None, today: date, *, quoted: bool) -> DateHit:
    """A day that is told as the speaker counts it: in a quotation, "yesterday" is the day before
    it was said; and "overnight" is no later than that."""
    if said_on is None or said_on.precision != "day" or hit.kind != "counted":
        return hit
    if not quoted and hit.day <= said_on.day:
        return hit
    return replace(hit, day=hit.day + (said_on.day - today))


_AUX = ("aux", "aux:pass", "cop")


def _separated(found: Found, at: int, sentence: Sentence) -> bool:
    """Whether another clause stands between a statement and a date."""
    trigger, doc = found.trigger, sentence.view.doc
    first, last = sorted((trigger.i, at))
    between = doc[first + 1 : last]
    if any(first < e.start <= last and not e.noun for e in sentence.events):
        return True
    texts = [low(t) for t in between]
    if at < trigger.i and (texts[:1] == ["when"] or texts[:2] == [",", "when"]):
        return ";" in texts or ("," in texts[1:] and _finite(between))
    if ";" in texts and _opens_all(found, at, sentence):
        return False
    if ";" in texts or ":" in texts:
        return True
    finite = [t for t in between if t.tag_ in FINITE and t.head.i != trigger.i]
    if at < trigger.i:
        ruling = next((t for t in ancestors(doc[at]) if is_verb(t) or t.i == trigger.i), trigger)
        if ruling.i < at:
            return True  # "those who fled last week left the town"
        return bool(finite) and "," in texts
    if any(t.text == "," and doc[t.i + 1].tag_ == "CC" for t in between):
        return True  # "…, and in August the others left"
    gerund = any(t.tag_ == "VBG" and doc[t.i - 1].tag_ == "IN" for t in between)
    return gerund or any(not (found.noun and low(t) in _HAPPENS) for t in finite)


def _opens_all(found: Found, at: int, sentence: Sentence) -> bool:
    """Whether a date at a sentence's beginning is that of a clause behind a semicolon too: one in
    the past, with no date of its own, of which nobody else speaks."""
    doc, trigger = sentence.view.doc, found.trigger
    opens = not _finite(doc[sentence.span.start : at]) and at < trigger.i and not sentence.events
    others = [hit for hit in sentence.dates if sentence.view.start(doc[at]) < hit.start]
    had = any(low(t) in HAVE for t in left_aux(trigger))
    return opens and trigger.tag_ == "VBD" and not had and not others


# Verbs that tell of an event named by a noun when it was: "the withdrawal was over on Friday".
_HAPPENS = frozenset({"was", "were", "is", "came", "followed", "happened", "took", "began", "ended",
                      "occurred"})  # fmt: skip
