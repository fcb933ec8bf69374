"""Cue lexicons: the tables in `cues/`, read once, checked, and indexed by inflected form."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from claims.extraction.records import Predicate
from claims.extraction.text.words import forms

FOLDER = Path(__file__).with_name("cues")
WordKind = Literal["verb", "noun", "adjective"]


class CueError(ValueError):
    """A cue table that breaks its own rules; says which file and entry."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One construction that tells a predicate; the fields are explained in predicates.toml."""

    predicate: Predicate
    word: WordKind
    lemmas: tuple[str, ...]
    place: frozenset[str]
    subject: str
    companions: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    strict_object: bool = False


@lru_cache(maxsize=16)
def table(name: str) -> dict[str, Any]:
    """The TOML table `cues/<name>.toml`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def all_forms(lemmas: Iterable[str]) -> frozenset[str]:
    """Every inflected form of the lemmas."""
    return frozenset(form for lemma in lemmas for form in forms(lemma))


def parse_frame(number: int, row: Mapping[str, Any]) -> Frame:
    """The frame of one table row; raises CueError, naming the row, where it is wrong."""
    where = f"predicates.toml, frame {number}"
    if row["predicate"] not in get_args(Predicate):
        raise CueError(f"{where}: unknown predicate {row['predicate']!r}")
    if row["word"] not in get_args(WordKind):
        raise CueError(f"{where}: unknown kind of word {row['word']!r}")
    for key in ("lemmas", "place", "companions", "particles", "near"):
        for word in row.get(key, ()):
            if word != word.strip() or not word or word != word.lower():
                raise CueError(f"{where}: {key} has {word!r}")
    return Frame(
        predicate=row["predicate"],
        word=row["word"],
        lemmas=tuple(row["lemmas"]),
        place=frozenset(row["place"]),
        subject=row["subject"],
        companions=all_forms(row.get("companions", ())),
        particles=frozenset(row.get("particles", ())),
        near=frozenset(row.get("near", ())),
        strict_object=row.get("strict_object", False),
    )


@lru_cache(maxsize=1)
def frames() -> Mapping[str, tuple[Frame, ...]]:
    """Frames by each inflected form of their lemmas."""
    found: dict[str, list[Frame]] = {}
    for number, row in enumerate(table("predicates")["frame"], 1):
        frame = parse_frame(number, row)
        for lemma in frame.lemmas:
            for form in forms(lemma):
                if frame not in found.setdefault(form, []):
                    found[form].append(frame)
    return {form: tuple(rows) for form, rows in found.items()}


@lru_cache(maxsize=1)
def verb_forms() -> frozenset[str]:
    """Every form of the frames' verbs."""
    return frozenset(
        form for form, rows in frames().items() if any(frame.word == "verb" for frame in rows)
    )


@lru_cache(maxsize=64)
def words(name: str, *path: str) -> frozenset[str]:
    """The word list at `path` of a table, as written ("places", "nouns", "town")."""
    node: Any = table(name)
    for key in path:
        node = node[key]
    return frozenset(node)


@lru_cache(maxsize=64)
def inflected(name: str, *path: str) -> frozenset[str]:
    """The word list at `path` with every inflected form."""
    return all_forms(words(name, *path))


@lru_cache(maxsize=1)
def speech_verbs() -> frozenset[str]:
    """Every form of the verbs that say or deny something."""
    return inflected("speech", "says", "verbs") | inflected("speech", "denies", "verbs")
