"""An article's reading told sentence by sentence, so that an error is traced to its rule."""

from __future__ import annotations

from collections.abc import Iterator

from claims.extraction.reading import Reader
from claims.extraction.sentences import Sentence

_WIDTH = 110  # characters of a sentence that are shown


def explained(reader: Reader) -> Iterator[str]:
    """Lines about an article that was read: of each sentence who speaks, what fired, and what
    was left out, by which words."""
    conflict = reader.sides.conflict
    yield f"conflict: {conflict.key if conflict else 'none that is known'}"
    for sentence in reader.sentences:
        text = reader.article.text[sentence.start : sentence.end]
        yield f"[{sentence.number}] {_shortened(text)}"
        yield from (f"    {line}" for line in _lines(sentence, reader))


def _lines(sentence: Sentence, reader: Reader) -> Iterator[str]:
    for event in sentence.events:
        who = event.agent.name if event.agent else "the publisher"
        said = sentence.said[event.at]
        day = f" on {said.day} ({said.precision})" if said else ""
        nothing = ", says nothing" if event.silent else ""
        word = sentence.span.doc[event.at].text
        yield f"speech     {word!r}: {who} {event.stance}, {event.reach}{day}{nothing}"
    for hit in sentence.dates:
        words = reader.article.text[hit.start : hit.end]
        since = "since " if hit.since else ""
        yield f"date       {words!r}: {since}{hit.day} ({hit.precision})"
    for step in reader.trace.of(sentence.number):
        yield f"{step.outcome:<10} {step.word!r}: {step.because}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
