"""Which of GeoNames' spellings of a place to keep, and which is the usual English one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from entities.folding import fold
from entities.gazetteer.romanise import (
    is_russian,
    is_ukrainian,
    russian_to_english,
    ukrainian_to_bgn,
    ukrainian_to_english,
)

SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC")
# GeoNames' Latin letters that English writes otherwise.
_ROMANISATIONS = (ukrainian_to_bgn, ukrainian_to_english)
_PLAIN = str.maketrans({"ə": "a", "Ə": "A", "ı": "i", "ł": "l", "Ł": "L"})


def spellings(country: str, name: str, alternates: Sequence[str]) -> tuple[str, ...]:
    """The usual English name of GeoNames' place `name`, then all its spellings worth keeping,
    in Latin, Cyrillic and Arabic letters."""
    others = [other for other in alternates if is_usable(other)]
    return distinct(
        [usual_name(country, name, others), name, *others, *_romanised(country, others)]
    )


def usual_name(country: str, name: str, alternates: Sequence[str]) -> str:
    """The English spelling of today: in Ukraine the romanisation of 2010 of the Cyrillic form
    that `name` itself romanises, elsewhere `name` without scholarly signs."""
    if country != "UA":
        return _plain(name)
    candidates = [
        (max(_alike(romanise(other), name) for romanise in _ROMANISATIONS), other)
        for other in alternates
        if _script(other) == "CYRILLIC" and is_ukrainian(other)
    ]
    if candidates and max(candidates)[0] >= 0.9:
        return ukrainian_to_english(max(candidates)[1])
    return _plain(name).replace("yi", "i").replace("yy", "yi")


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def is_usable(name: str) -> bool:
    """Whether an alternate name is one that people write: long enough, no list, no airport
    code ("GOM"), no machine transliteration (they have no capital), in a script we read."""
    if len(fold(name).replace(" ", "")) < 3 or any(sign in name for sign in "|,،()"):
        return False
    script = _script(name)
    if script == "LATIN":
        return name[0].isupper() and not name.isupper()
    return script in SCRIPTS


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The first of all names of one folded key, in Latin and in other letters."""
    kept: dict[tuple[str, bool], str] = {}
    for name in (" ".join(name.split()) for name in names):
        kept.setdefault((fold(name), _script(name) == "LATIN"), name)
    return tuple(name for (key, _), name in kept.items() if key)


def _romanised(country: str, alternates: Sequence[str]) -> list[str]:
    """Both romanisations of Ukrainian towns' names: papers write "Avdeyevka" too."""
    if country not in ("UA", "RU"):
        return []
    cyrillic = [other for other in alternates if _script(other) == "CYRILLIC"]
    return [
        *(ukrainian_to_english(other) for other in cyrillic if is_ukrainian(other)),
        *(russian_to_english(other) for other in cyrillic if is_russian(other)),
    ]


def _script(name: str) -> str:
    """The script of all its letters, or "" where they are mixed or there are none."""
    scripts = {
        unicodedata.name(letter, "?").split()[0]
        for letter in name
        if letter.isalpha() and unicodedata.category(letter) != "Lm"
    }
    return scripts.pop() if len(scripts) == 1 else ""


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(
        letter for letter in bare if not unicodedata.combining(letter) and letter not in "'’‘`ʼʻ"
    )
