"""Whether copies of a text are told from texts that only look alike.

    .venv/bin/python -m benchmarks.families [--seed N] [--articles N] [--json]

Made-up articles, each with copies (which must be found) and look-alikes (which must not), by
kind. Prints for each kind how many pairs the stored shingles offer at all and how many of these
are taken for copies; then precision and recall of all. `ratio` is the share of pairs that are
judged rightly. The limits of `sources.copies` were set on seed 0; other seeds test them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.texts import Pair, pairs
from sources.copies import Text, is_copy

ARTICLES = 300
LOOKED_UP = 64


@dataclass(frozen=True, slots=True)
class Found:
    """Of one kind of pairs: how many there are, were offered, and were taken for copies."""

    kind: str
    copy: bool
    pairs: int
    offered: int
    taken: int

    @property
    def right(self) -> int:
        return self.taken if self.copy else self.pairs - self.taken


def measure(made: Iterator[Pair]) -> list[Found]:
    """How the pairs are judged, by kind; copies first."""
    all_, offered, taken = Counter[tuple[bool, str]](), Counter[str](), Counter[str]()
    for pair in made:
        all_[not pair.copy, pair.kind] += 1
        earlier, later = Text(pair.earlier), Text(pair.later)
        if set(later.sample()[:LOOKED_UP]) & set(earlier.sample()):
            offered[pair.kind] += 1
            taken[pair.kind] += is_copy(later, earlier)
    return [
        Found(kind, not no_copy, number, offered[kind], taken[kind])
        for (no_copy, kind), number in sorted(all_.items())
    ]


def precision_and_recall(found: list[Found]) -> tuple[float, float]:
    true = sum(row.taken for row in found if row.copy)
    false = sum(row.taken for row in found if not row.copy)
    return true / (true + false), true / sum(row.pairs for row in found if row.copy)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--json", action="store_true", help="one record, for programs")
    given = parser.parse_args()
    start = time.perf_counter()
    found = measure(pairs(given.seed, given.articles))
    seconds = time.perf_counter() - start
    precision, recall = precision_and_recall(found)
    number = sum(row.pairs for row in found)
    if given.json:
        record = {
            "seed": given.seed,
            "pairs": number,
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "ratio": round(sum(row.right for row in found) / number, 4),
            "ms_a_pair": round(1000 * seconds / number, 2),
            "kinds": {row.kind: round(row.right / row.pairs, 4) for row in found},
        }
        sys.stdout.write(json.dumps(record) + "\n")
        return
    sys.stdout.write(f"{'':9}{'kind':48}{'pairs':>7}{'offered':>9}{'taken':>7}{'right':>8}\n")
    for row in found:
        side = "copy" if row.copy else "alike"
        share = f"{100 * row.right / row.pairs:.1f} %"
        sys.stdout.write(
            f"{side:9}{row.kind:48}{row.pairs:7}{row.offered:9}{row.taken:7}{share:>8}\n"
        )
    sys.stdout.write(
        f"precision {precision:.4f}, recall {recall:.4f}, {1000 * seconds / number:.2f} ms a pair\n"
    )


if __name__ == "__main__":
    main()
