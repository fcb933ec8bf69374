"""Which date belongs to what: to the saying, or to what is said."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction.speech.events import Speech
from claims.extraction.statements.frames import Found
from claims.extraction.text.grammar import FINITE, ancestors, is_verb
from claims.extraction.text.layout import Paragraph
from claims.extraction.text.view import View
from claims.extraction.times.dates import DateHit, DateReader


def heading(text: str, block: Paragraph, reader: DateReader) -> DateHit | None:
    """The day of a paragraph that is nothing but a date ("Sunday, 17 May"), as in timelines."""
    words = text[block.start : block.end].strip().rstrip(":.")
    if len(words) > 40:
        return None
    hits = reader.read(text, block.start, block.end)
    days = [hit for hit in hits if hit.kind in ("full", "weekday")]
    if not days:
        return None
    left = words
    for hit in hits:
        left = left.replace(text[hit.start : hit.end], "")
    if left.strip(" ,–—-:"):
        return None
    return next((hit for hit in days if hit.kind == "full"), days[0])


def _token_at(view: View, hit: DateHit) -> int | None:
    return next((n for n, (s, e) in enumerate(view.spans) if s <= hit.start < e), None)


def said(
    event: Speech, dates: Sequence[DateHit], view: View, events: Sequence[Speech]
) -> DateHit | None:
    """The date of a saying: in its own clause, or before it at the sentence's beginning."""
    best: DateHit | None = None
    for hit in dates:
        at = _token_at(view, hit)
        if at is None or view.quote[at] >= 0 != (view.quote[event.at] >= 0):
            continue
        if _belongs(event, at, view, events):
            best = hit if best is None or hit.kind in ("full", "weekday") else best
    return best


def _belongs(event: Speech, at: int, view: View, events: Sequence[Speech]) -> bool:
    doc = view.doc
    others = [e for e in events if e is not event and not e.noun]
    if view.quote[at] >= 0:
        return False
    if at > event.at:
        if any(event.at < e.start <= at for e in others):
            return False
        between = doc[event.at + 1 : at]
        if event.reach == "backward":
            return True
        if event.reach == "both":
            return not any(t.tag_ in FINITE or t.text == "," for t in between)
        return not any(t.tag_ in FINITE or t.lower_ == "that" or t.text == "," for t in between)
    if at < event.start:
        first = doc[at].sent.start
        if event.reach == "backward" or any(at < e.start < event.start for e in others):
            return False
        between = doc[at + 1 : event.start]
        return at - first <= 5 and not any(is_verb(t) and t.tag_ in FINITE for t in between)
    return True


def about(
    found: Found,
    dates: Sequence[DateHit],
    view: View,
    events: Sequence[Speech],
    event: Speech | None,
) -> DateHit | None:
    """The date that a statement is about: the one that hangs on its words."""
    taken = {hit.start for e in events if (hit := said(e, dates, view, events)) is not None}
    trigger = found.trigger
    best: tuple[int, DateHit] | None = None
    for hit in dates:
        at = _token_at(view, hit)
        if at is None or hit.start in taken or hit.kind in ("thisweek", "vague", "that"):
            continue
        if event is not None and event.reach == "forward" and at < event.at:
            continue
        token = view.doc[at]
        if _separated(trigger.i, at, view, events):
            continue
        hangs = any(head.i == trigger.i for head in ancestors(token))
        distance = abs(at - trigger.i) - (10 if hangs else 0)
        if best is None or distance < best[0]:
            best = (distance, hit)
    return best[1] if best is not None and best[0] <= 14 else None


def _separated(trigger: int, at: int, view: View, events: Sequence[Speech]) -> bool:
    """Whether another clause stands between a statement and a date."""
    low, high = sorted((trigger, at))
    between = view.doc[low + 1 : high]
    if any(t.text in (";", ":") for t in between):
        return True
    if any(low < e.start <= high and not e.noun for e in events):
        return True
    finite = [t for t in between if t.tag_ in FINITE]
    commas = [t for t in between if t.text == ","]
    return bool(finite) and (bool(commas) or at > trigger)
