"""The names that an article uses as a town's or an actor's and that nothing knows, for editors
to put into the packs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.records import Suggestion, TakenFor

if TYPE_CHECKING:
    from claims.extraction.reading import Reader
    from claims.extraction.sentences import Sentence

_LONGEST = 100  # characters; more are a run of words in capitals


def suggestions(reader: Reader) -> tuple[Suggestion, ...]:
    """Of each unknown name the first use, in the order of the text; a name that is taken for
    several things stands for the first."""
    found: dict[tuple[str, str], Suggestion] = {}
    for one in sorted(_all(reader), key=lambda one: one.start):
        if len(one.name) <= _LONGEST:
            found.setdefault((one.kind, one.name), one)
    return tuple(found.values())


def _all(reader: Reader) -> Iterator[Suggestion]:
    for sentence in reader.sentences:
        finder = PlaceFinder(sentence.view, reader.homonyms, reader.discourse)
        yield from _towns(sentence, finder)
        for event in sentence.events:
            yield from _actor(event.agent, "claimant", sentence, reader)
        for found in sentence.found:
            yield from _actor(found.subject, "subject", sentence, reader)
            if found.located.place.key is None:
                yield _place(found.located.place.name, sentence)


def _towns(sentence: Sentence, finder: PlaceFinder) -> Iterator[Suggestion]:
    for token in sentence.span:
        mention = sentence.view.mention(token)
        if mention is None or mention.places or mention.agent is not None:
            continue
        if (one := finder.named(token)) is not None:
            yield _place(one.place.name, sentence)
    if sentence.span.start == 0:
        for mention in sentence.view.head_places:
            if not mention.places:
                yield _place(mention.text, sentence)


def _place(name: str, sentence: Sentence) -> Suggestion:
    return Suggestion("place", name, sentence.start, sentence.end, "town")


def _actor(
    agent: Agent | None, taken_for: TakenFor, sentence: Sentence, reader: Reader
) -> Iterator[Suggestion]:
    """An actor that no pack knows, and a person whom nobody knows to speak for theirs."""
    if agent is None:
        return
    introduced = reader.sides.introduced or frozenset()
    known = agent.actor is not None and agent.actor.key not in introduced
    if not known and _is_name(agent.name) and agent.kind_hint != "people":
        yield Suggestion("actor", agent.name, sentence.start, sentence.end, taken_for)
    spoken = {name for s in agent.actor.speakers for name in s.names} if agent.actor else set()
    if agent.speaker and agent.speaker != agent.name and agent.speaker not in spoken:
        start, end = sentence.start, sentence.end
        yield Suggestion("actor", agent.speaker, start, end, "speaker", of=agent.name)


def _is_name(name: str) -> bool:
    """Whether it is more than a description ("Western officials") or an office ("Mayor")."""
    words = name.split()
    other = cues.words("actors", "roles", "words") | cues.words("names", "words")
    return words[-1][:1].isupper() and any(word.lower() not in other for word in words)
