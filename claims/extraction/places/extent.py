"""Whether a statement is about a part of a town, in which words, and which part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction import cues
from claims.extraction.records import Extent
from claims.extraction.text.tokens import Token
from claims.extraction.text.view import View
from claims.extraction.text.words import tells


@dataclass(frozen=True, slots=True)
class Part:
    """The extent of a statement: `words` as written and `label`, both empty for the whole."""

    extent: Extent = "whole"
    words: str = ""
    label: str = ""


def of_district(name: str) -> Part:
    """The extent of a statement about a district that the gazetteer knows."""
    return Part("part", name, name)


def read(text: str, view: View, around: Sequence[Token], town: Token, district: str) -> Part:
    """The extent that the words of a noun phrase around a town tell."""
    if district:
        return of_district(district)
    named = view.mention(town) is not None
    tokens = sorted(
        (t for t in around if (t.i != town.i or not named) and not _apart(t, town)),
        key=lambda t: t.i,
    )
    if not tokens:
        return Part()
    span = [*tokens, town]
    first, last = min(span, key=lambda t: t.i), max(span, key=lambda t: t.i)
    written = text[view.start(first) : view.end(last)]
    return in_words(written, text[view.start(town) : view.end(town)] if named else "")


def _apart(token: Token, town: Token) -> bool:
    """Whether a mark parts a word after a town from it: "X, 70 km to the south"."""
    return any(t.text in (",", "(", "–", "—", ";", ":") for t in token.doc[town.i + 1 : token.i])


def in_words(written: str, town: str = "") -> Part:
    """The extent told by a stretch of text, e.g. "the eastern part of Bakhmut"."""
    lowered = written.lower()
    if any(tells(lowered, phrase) for phrase in cues.words("parts", "whole", "phrases")):
        return Part()
    outside = lowered.replace(town.lower(), " ") if town else lowered
    words = set(re.findall(r"[\w-]+", outside))
    label = _label(outside, words)
    nouns = words & cues.words("parts", "nouns", "words")
    strong = nouns - cues.words("parts", "nouns", "weak")
    in_direction = bool(re.search(r"\b(?:north|south|east|west)[\w-]*(?: side)? of\b", lowered))
    beside = bool(town) and any(
        f"{form} {town.lower()}" in lowered
        for forms in cues.table("parts")["directions"].values()
        for form in forms
        if "ern" in form
    )
    share = bool(re.search(r"\b(?:half|thirds?|quarters?|percent) of\b", lowered))
    if (
        strong
        or share
        or beside
        or (nouns and label)
        or label in ("most", "centre", "outskirts")
        or in_direction
    ):
        return Part("part", written.strip(), label)
    return Part()


def _label(text: str, words: set[str]) -> str:
    for label in ("centre", "outskirts"):
        if words & cues.words("parts", "labels", label):
            return label if not (d := _direction(words)) or label == "centre" else d
    if direction := _direction(words):
        return direction
    for phrase in cues.words("parts", "labels", "most"):
        if tells(text, phrase):
            return "most"
    if match := re.search(r"([\w' -]+?) (?:district|neighbourhood|neighborhood|quarter)\b", text):
        return match.group(1).strip().removeprefix("the ").title()
    return ""


def _direction(words: set[str]) -> str:
    for label, forms in cues.table("parts")["directions"].items():
        if words & set(forms):
            return str(label)
    return ""
