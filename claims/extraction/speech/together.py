"""Who speaks together: "residents and a military officer said" is a statement of each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.text.grammar import NOMINAL, following, is_noun, low
from claims.extraction.text.tokens import Token

_FAR = 14  # words over which speakers are listed
_WITHIN = frozenset({"of", "for", "'s", "’s"})  # join the words of one speaker
_SPEAKING = frozenset({"worker", "workers", "analysts", "diplomat", "diplomats", "media", "monitor",
                       "monitors", "agencies", "groups"})  # fmt: skip
_COUNTING = frozenset({"a", "an", "one", "two", "three", "four", "five", "several"})


def speakers(head: Token, nouns: NounReader, *, before: Token | None) -> tuple[Agent, ...]:
    """Who speaks with the one whom a noun names; `before`: the reporting verb, where the
    speakers stand before it."""
    listed = _left_of(before) if before is not None else _right_of(head)
    groups = _groups(listed)
    if len(groups) < 2:
        return ()
    heads = [_head(group) for group in groups]
    agents = [nouns.speaker(one) for one in heads if one is not None and _speaks(one, nouns)]
    first = nouns.speaker(head)
    told = {agent.name: agent for agent in agents if agent is not None}
    if first is None or first.name not in told or len(told) != len(groups):
        return ()
    return tuple(agent for agent in told.values() if agent.name != first.name)


def stand_behind_comma(verb: Token, nouns: NounReader) -> bool:
    """Whether a speaker stands between a comma and a reporting verb: "…, an officer said"."""
    words = _left_of(verb)
    comma = words[0].i - 1 if words else -1
    if comma < verb.sent.start or verb.doc[comma].text != ",":
        return False
    return is_noun(words[-1]) and _speaks(words[-1], nouns)


def _left_of(verb: Token) -> Sequence[Token]:
    """The nominal words before a verb, back to the comma behind which its speakers stand."""
    first = verb.i
    while first > max(verb.sent.start, verb.i - _FAR) and _lists(verb.doc[first - 1]):
        first -= 1
    for i in range(verb.i - 1, first - 1, -1):
        if verb.doc[i].text != ",":
            continue
        counted = [low(verb.doc[n]) in _COUNTING for n in (i + 1, _begin(verb.doc[i]))]
        if not all(counted):  # unlike "a source, a local official and three residents"
            return list(verb.doc[i + 1 : verb.i])
    return list(verb.doc[first : verb.i])


def _begin(comma: Token) -> int:
    """Where the words before a comma begin, behind another comma or what is no noun."""
    i = comma.i
    while i > comma.sent.start and comma.doc[i - 1].tag_ in NOMINAL:
        i -= 1
    return i


def _right_of(head: Token) -> Sequence[Token]:
    """The nominal words from a speaker's first, to where the sentence goes on."""
    first = min(head.left_edge.i, head.i)
    rest = itertools.takewhile(_lists, following(head, _FAR))
    return [*head.doc[first : head.i + 1], *rest]


def _lists(token: Token) -> bool:
    joins = low(token) in _WITHIN or low(token) == "and" or token.text == ","
    return joins or token.tag_ in NOMINAL


def _groups(words: Sequence[Token]) -> list[list[Token]]:
    """The speakers of a list that "and" joins; none where nothing does."""
    if not any(low(t) == "and" for t in words):
        return []
    return list(_split(words))


def _split(words: Sequence[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in words:
        if low(token) == "and" or token.text == ",":
            if group:
                yield group
            group = []
        else:
            group.append(token)
    if group:
        yield group


def _head(group: Sequence[Token]) -> Token | None:
    """The noun of a speaker's words: the last before "of" or "for"."""
    first = list(itertools.takewhile(lambda t: low(t) not in ("of", "for"), group))
    return next((t for t in reversed(first) if is_noun(t)), None)


def _speaks(noun: Token, nouns: NounReader) -> bool:
    """Whether a noun names somebody who can say something."""
    mention = nouns.view.mention(noun)
    if mention is not None:
        return mention.agent is not None
    word = low(noun)
    told = cues.words("actors", "roles", "words") | cues.words("actors", "people", "words")
    return word in told | _SPEAKING or word in _institutions()


def _institutions() -> frozenset[str]:
    """The last words of institutions: "ministry", "government"."""
    rows: Sequence[dict[str, list[str]]] = cues.table("actors")["institution"]
    return frozenset(words.split()[-1] for row in rows for words in row["words"])
