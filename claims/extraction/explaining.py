"""An article's reading told sentence by sentence, so that an error is traced to its rule."""

from __future__ import annotations

from collections.abc import Iterator

from claims.extraction.reading import Reader
from claims.extraction.records import Suggestion
from claims.extraction.sentences import Sentence
from claims.extraction.suggesting import suggestions

_WIDTH = 110  # characters of a sentence that are shown


def explained(reader: Reader) -> Iterator[str]:
    """Lines about an article that was read: of each sentence who speaks, what fired, what
    was left out, by which words, and which names nothing knows."""
    conflict = reader.sides.conflict
    unknown = suggestions(reader)
    yield f"conflict: {conflict.key if conflict else 'none that is known'}"
    for sentence in reader.sentences:
        text = reader.article.text[sentence.start : sentence.end]
        yield f"[{sentence.number}] {_shortened(text)}"
        yield from (f"    {line}" for line in _lines(sentence, reader))
        here = (one for one in unknown if one.start == sentence.start)
        yield from (f"    suggested  {in_words(one)}" for one in here)


def in_words(one: Suggestion) -> str:
    """A suggested name with what it was taken for."""
    of = f" for {one.of}" if one.of else ""
    return f"{one.name!r}: an unknown {one.taken_for}{of}"


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
