"""Whether a statement is about a part of a town, in which words, and which part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction import cues
from claims.extraction.records import Extent
from claims.extraction.text.grammar import low
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
    between = token.doc[town.i + 1 : token.i]
    return any(t.text in _MARKS or low(t) in _LOCATING for t in between)


_MARKS = frozenset({",", "(", "–", "—", ";", ":"})
# "X on the eastern bank of the river": where the town lies.
_LOCATING = frozenset({"on", "near", "along", "by", "at", "beside", "across", "with"})


def in_words(written: str, town: str = "") -> Part:
    """The extent told by a stretch of text, e.g. "the eastern part of Bakhmut"."""
    lowered = written.lower()
    outside = lowered.replace(town.lower(), " ") if town else lowered
    outside = _POSSESSIVE.sub(" ", outside)
    share = _share(outside)
    wholes = cues.words("parts", "whole", "phrases")
    if not share and any(tells(lowered, phrase) for phrase in wholes):
        return Part()
    words = set(re.findall(r"[\w-]+", outside))
    label = share or _label(outside, words)
    nouns = words & cues.words("parts", "nouns", "words")
    strong = nouns - cues.words("parts", "nouns", "weak")
    named = any(tells(outside, phrase) for phrase in cues.words("parts", "nouns", "named"))
    limited = strong or named or (nouns and label) or label in ("most", "centre", "outskirts")
    if limited or _SHARE.search(lowered) or _in_direction(lowered, town.lower()):
        return Part("part", written.strip(), label)
    return Part()


_POSSESSIVE = re.compile(r"(?<!\w)['’]s\b")
_SHARE = re.compile(
    r"\b(?:half|thirds?|quarters?|fifths?|tenths?|per ?cent|%) of\b|\d ?(?:%|per ?cent\b)"
)
_NUMBER = re.compile(r"\b(\d{1,3})(?:\.\d+)? ?(?:%|per ?cent\b)")
_LARGE = re.compile(
    r"\b(?:more than|over|at least|well over) (?:a |one )?half\b|\b(?:two|three|four|nine)[ -]"
    r"(?:thirds|quarters|fifths|tenths)\b|\bthe (?:greater|larger|bigger|best) part\b"
    r"|\b(?:nearly|almost|virtually|practically) (?:all|the (?:whole|entire))\b|\ball but\b"
)


def _share(text: str) -> str:
    """ "most" where a text tells that it is more than half."""
    number = _NUMBER.search(text)
    most = _LARGE.search(text) or (number is not None and 50 < int(number.group(1)) < 100)
    return "most" if most else ""


def _in_direction(lowered: str, town: str) -> bool:
    """ "the east of X", "northern X"."""
    if re.search(r"\b(?:north|south|east|west)[\w-]*(?: side)? of\b", lowered):
        return True
    forms = (f for forms in cues.table("parts")["directions"].values() for f in forms)
    return bool(town) and any("ern" in form and f"{form} {town}" in lowered for form in forms)


def _label(text: str, words: set[str]) -> str:
    directions = _directions(words)
    for label in ("centre", "outskirts"):
        if words & cues.words("parts", "labels", label):
            return label if len(directions) != 1 or label == "centre" else directions[0]
    if directions:
        return directions[0] if len(directions) == 1 else ""
    for phrase in cues.words("parts", "labels", "most"):
        if tells(text, phrase):
            return "most"
    if match := _DISTRICT.search(text):
        return match.group(1).strip().removeprefix("the ").title()
    return ""


_DISTRICT = re.compile(
    r"((?:[\w’'-]+ ){0,3}[\w’'-]+) (?:district|neighbourhood|neighborhood|quarter|suburb)\b"
)


def _directions(words: set[str]) -> list[str]:
    table = cues.table("parts")["directions"]
    return [str(label) for label, forms in table.items() if words & set(forms)]
