"""What the extractions of a document by one version have changed, taken together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Changes = dict[str, list[Any]]  # word → ids of claims; of "replaced", pairs of them
# Two that take each other back, in this order.
OPPOSITE = {
    ("added", "superseded"),
    ("superseded", "found_again"),
    ("found_again", "superseded"),
    ("found_again", "no_longer_found"),
    ("no_longer_found", "found_again"),
}
WORDS = (
    *("added", "superseded", "found_again", "no_longer_found", "renamed", "replaced"),
    *("moved", "reopened"),
)


def together(earlier: Mapping[str, list[Any]], later: Mapping[str, list[Any]]) -> Changes:
    """One extraction's changes after another's: what the later took back is no change, what it
    changed again stands once."""
    found = {word: list(ids) for word, ids in earlier.items()}
    for word in WORDS:
        for id_ in later.get(word, ()):
            _add(found, word, id_)
    back = later.get("found_again", ())
    found["replaced"] = [pair for pair in found.get("replaced", ()) if pair[0] not in back]
    return {word: ids for word, ids in found.items() if ids}


def _add(found: Changes, word: str, id_: Any) -> None:
    for before, after in OPPOSITE:
        if after == word and id_ in found.get(before, ()):
            found[before].remove(id_)
            return
    ids = found.setdefault(word, [])
    if id_ not in ids:
        ids.append(id_)
