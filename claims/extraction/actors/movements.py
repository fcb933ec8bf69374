"""Armed movements that a text introduces: their names, and the short ones that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.mentions import Mention

_CAP = r"[A-ZÀ-ÖØ-Þ][\w-]{0,60}(?:['’](?!s\b)\w{1,60}){0,3}(?:['’]s)?"
_ACRONYM = r"[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*"
_BRACKET = re.compile(rf"\s*\([^()A-Z]{{0,60}}({_ACRONYM})\b[^()]{{0,60}}\)")
_CALLED = re.compile(rf",? (?:or|also known as|known (?:\w+ ){{0,6}}(?:as|acronym)) ({_ACRONYM})\b")


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as a text names it. `spans`: where; `unnamed`: only called "the rebels"."""

    name: str
    names: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()
    unnamed: bool = False

    def count(self, text: str) -> int:
        """How often the text names it."""
        return sum(len(re.findall(rf"\b{re.escape(name)}\b", text)) for name in self.names) or 1


class MovementReader:
    """Finds a text's movements by the words of their names and by what stands beside them."""

    def __init__(self) -> None:
        heads = _either("armed", "civil")
        listed = rf"(?:(?:,| and|, and)(?: the)? {_CAP}){{0,7}}"
        tail = rf"(?: (?:for|of)(?: the)? {_CAP}(?: {_CAP}){{0,7}}{listed})"
        self._titled = re.compile(
            rf"\b(?P<before>(?:{_CAP} ){{0,7}})(?P<head>{heads})\b"
            rf"(?P<after>{tail}{{0,3}}(?: in {_CAP})?)"
        )
        name = rf"{_CAP}(?: {_CAP}){{0,3}}"
        group = rf"(?:{_either('described')}) (?:{_either('groups')})"
        self._described = re.compile(
            rf"\b(?i:{group}),? (?:the )?(?P<a>{name})"
            rf"|\b(?P<b>{name}),? (?:\({_ACRONYM}\),? )?(?:a|an|the)(?: [\w-]+){{0,3}}? {group}\b"
        )
        described, people = _either("described"), _either("people")
        self._armed_after = re.compile(
            rf"(?:['’]s)? (?:{people}|commanders?)\b"
            rf"|, (?:an?|the)(?: [\w-]+){{0,3}}? (?:{described})\b"
        )
        self._armed_before = re.compile(
            rf"\b(?:(?:{people}) (?:of|from)|(?:{described})(?: \w+)?(?: of)?) (?:the )?$"
        )
        people = _either("people", "troops")
        self._peopled = re.compile(rf"\b(?P<name>{_CAP}(?: {_CAP}){{0,2}}) (?P<noun>{people})\b")

    def read(self, text: str, known: Sequence[Mention]) -> list[Movement]:
        """The movements that are not among the names known already."""
        names: dict[str, list[tuple[int, int]]] = {}
        short: dict[str, str] = {}
        for start, end in (*self._titles(text, known), *self._introduced(text, known)):
            name = text[start:end]
            if any(s <= start < e for spans in names.values() for s, e in spans):
                continue
            names.setdefault(name, []).append((start, end))
            match = _BRACKET.match(text, end) or _CALLED.match(text, end)
            if match is not None:
                short.setdefault(match[1], name)
        return [
            Movement(name, (name, *_short(name, names, short, text)), tuple(spans))
            for name, spans in names.items()
            if name not in short
        ]

    def _titles(self, text: str, known: Sequence[Mention]) -> Iterator[tuple[int, int]]:
        """Names with "Front", "Army" and the like in them."""
        for match in self._titled.finditer(text):
            start = _after_openers(text, match.start(), match.start("head"), known)
            if start == match.start("head") and not match["after"]:
                continue
            end = match.end()
            if not _is_known(start, end, known) and self._is_movement(text, start, end, known):
                yield start, end

    def _is_movement(self, text: str, start: int, end: int, known: Sequence[Mention]) -> bool:
        words = set(re.findall(r"[\w-]+(?:['’]s)?", text[start:end].lower().replace("’", "'")))
        named = [m for m in known if start <= m.start < end]
        own = cues.words("belligerents", "movements", "own")
        if named and not words & own:
            return False  # "the Chadian National Army"
        heads = {word.lower() for word in cues.words("belligerents", "movements", "armed")}
        general = cues.words("belligerents", "movements", "general")
        rest = words - heads - general - {w for m in named for w in m.text.lower().split()}
        if words & heads:
            return bool(rest or (named and words & own - heads - general))
        return bool(rest) and self._is_armed(text, start, end)

    def _is_armed(self, text: str, start: int, end: int) -> bool:
        """Whether the text says that what may be a party or a club takes up arms."""
        bracket = _BRACKET.match(text, end)
        before = text[max(0, start - 40) : start]
        return bool(
            self._armed_after.match(text, bracket.end() if bracket else end)
            or self._armed_before.search(before)
        )

    def _introduced(self, text: str, known: Sequence[Mention]) -> Iterator[tuple[int, int]]:
        """Names without such a word: "the rebel group X", "X fighters"."""
        for match in self._described.finditer(text):
            span = match.span("a") if match["a"] else match.span("b")
            start = _after_openers(text, *span, known)
            if start < span[1] and not _is_known(start, span[1], known):
                yield start, span[1]
        for match in self._peopled.finditer(text):
            start = _after_openers(text, *match.span("name"), known)
            end = match.end("name")
            if start == end or _is_known(start, end, known):
                continue
            name = text[start:end]
            if self._is_adjective(text, start, name):
                continue
            alone = re.search(
                rf"\b{re.escape(name)}\b(?! (?:{_either('people', 'troops')})\b)", text
            )
            yield start, end if alone else match.end()

    def _is_adjective(self, text: str, start: int, name: str) -> bool:
        """ "Rebel fighters", at a sentence's beginning."""
        if name.lower() in cues.words("belligerents", "movements", "adjectives"):
            return True
        begins = not text[:start].rstrip(" “\"'‘") or text[:start].rstrip(" “\"'‘")[-1] in ".!?:\n"
        if not begins or name.isupper():
            return False
        return not re.search(rf"\w[,;]? (?:the )?{re.escape(name)}\b", text)


@lru_cache(maxsize=16)
def alternatives(*path: str) -> str:
    """A word list of the table as a pattern's alternatives, the longest first."""
    node = cues.table("belligerents")
    for key in path:
        node = node[key]
    words = node["words"] if isinstance(node, dict) else node
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _either(*lists: str) -> str:
    return "|".join(alternatives("movements", one) for one in lists)


def _after_openers(text: str, start: int, end: int, known: Sequence[Mention]) -> int:
    """Where a name begins, after "The", "On Monday the" and "Chad's"."""
    openers = cues.words("belligerents", "movements", "openers")
    for match in re.finditer(r"\S+\s*", text[start:end]):
        word = match.group().strip()
        owner = word.endswith(("'s", "’s")) and word.lower().replace("’", "'") != "people's"
        if word.lower() not in openers and not owner:
            return start + match.start()
    return end


def _is_known(start: int, end: int, known: Sequence[Mention]) -> bool:
    """Whether names that packs or tables know fill all of a stretch, or reach out of it."""
    inside = [m for m in known if m.start < end and start < m.end]
    covered = sum(min(end, m.end) - max(start, m.start) for m in inside)
    part = any(m.start < start or m.end > end for m in inside)
    packs = any(m.agent and m.agent.actor and m.agent.actor.kind != "state" for m in inside)
    return part or packs or covered >= end - start


def _short(
    name: str, names: dict[str, list[tuple[int, int]]], short: dict[str, str], text: str
) -> Iterator[str]:
    """The names by which the text goes on to call it: its acronym, and "the Front"."""
    yield from (acronym for acronym, full in short.items() if full == name)
    heads = cues.words("belligerents", "movements", "armed") | cues.words(
        "belligerents", "movements", "civil"
    )
    for head in sorted(heads & set(name.split())):
        alone = re.search(rf"\b[Tt]he {head}\b(?! (?:of|for)\b)", text)
        if alone and sum(head in other.split() for other in names) == 1 and name != head:
            yield head
