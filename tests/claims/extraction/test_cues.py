"""The cue tables: complete, without duplicates and stray spaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from claims.extraction import cues
from claims.extraction.records import Predicate

TABLES = sorted(path.stem for path in cues.FOLDER.glob("*.toml"))


def _lists(node: Any, where: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _lists(value, f"{where}.{key}")
    elif isinstance(node, list) and node and isinstance(node[0], str):
        yield where, node
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _lists(value, f"{where}[{number}]")


@pytest.mark.parametrize("name", TABLES)
def test_lists_are_clean(name: str) -> None:
    faults = {
        where: [w for w, n in Counter(words).items() if n > 1 or w != w.strip() or not w]
        for where, words in _lists(cues.table(name), name)
    }
    assert {where: words for where, words in faults.items() if words} == {}


def test_every_predicate_has_frames() -> None:
    found = {frame.predicate for rows in cues.frames().values() for frame in rows}
    assert found == set(get_args(Predicate))


def test_frames_are_found_by_inflected_forms() -> None:
    assert {frame.predicate for frame in cues.frames()["overran"]} == {"captured"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"predicate": "taken"}, "unknown predicate 'taken'"),
        ({"word": "verbs"}, "unknown kind of word 'verbs'"),
        ({"lemmas": [" seize"]}, "lemmas has ' seize'"),
    ],
)
def test_a_wrong_frame_is_refused(row: dict[str, Any], message: str) -> None:
    good = {
        "predicate": "captured", "word": "verb", "lemmas": ["seize"], "place": ["object"],
        "subject": "subject",
    }  # fmt: skip
    with pytest.raises(cues.CueError, match=message):
        cues.parse_frame(7, {**good, **row})
