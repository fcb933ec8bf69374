"""Measure the extraction on the coded articles, and write the figures down.

`make accuracy`, or `python -m training.accuracy [--write]`: position F1 (place, claimant's side,
stance and what the proposition comes to for the place) and strict F1 (place, claimant, stance,
predicate, subject's side, extent, day) by half, conflict, stance and predicate, and how often
claims of each confidence were right. `--write` puts the tables into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.extraction.jsonl import write_day
from claims.extraction.model import load_model
from claims.extraction.pipeline import Extractor
from claims.extraction.records import ExtractedClaim
from entities.folding import fold
from entities.lexicon import Lexicon
from entities.packs import lexicon_from_packs
from training.articles import HALVES, Coded, coded_articles

REPORT = Path(__file__).resolve().parent.parent / "docs" / "accuracy.md"
POSITIONS = {
    "captured": "controls",
    "holds": "controls",
    "fighting": "fought-over",
    "advancing": "fought-over",
    "encircled": "fought-over",
    "withdrew": "left",
}
BINS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)  # of confidence

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim, coded or extracted, in comparable words."""

    document: str
    conflict: str
    position: Key
    strict: Key
    predicate: str
    stance: str
    confidence: float = 1.0
    signs: tuple[str, ...] = ()


@dataclass(slots=True)
class Score:
    matched: int = 0
    coded: int = 0
    extracted: int = 0

    @property
    def precision(self) -> float:
        return self.matched / self.extracted if self.extracted else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.coded if self.coded else 0.0

    @property
    def f1(self) -> float:
        both = self.coded + self.extracted
        return 2 * self.matched / both if both else 0.0


def score(coded: Iterable[Reading], extracted: Iterable[Reading], key: str) -> Score:
    """Sets of `key` ("position" or "strict") per document, over all documents together."""
    gold = {(r.document, getattr(r, key)) for r in coded}
    found = {(r.document, getattr(r, key)) for r in extracted}
    return Score(len(gold & found), len(gold), len(found))


class Names:
    """Brings the spellings of a place together: those of the largest that has the name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._usual: dict[tuple[str, str], str] = {}
        for conflict in lexicon.conflicts:
            for place in sorted(conflict.places, key=lambda place: place.population):
                for name in place.names:
                    self._usual[conflict.key, fold(name)] = fold(place.name)

    def place(self, conflict: str | None, name: str) -> str:
        return self._usual.get((conflict or "", fold(name)), fold(name))


def of_coded(document: str, conflict: str | None, claim: Coded, names: Names) -> Reading:
    return _reading(
        document,
        conflict,
        place=names.place(conflict, claim.place),
        claimant=claim.claimant,
        claimant_side=claim.claimant_side,
        stance=claim.stance,
        predicate=claim.predicate,
        subject_side=claim.subject_side,
        extent=claim.extent,
        day=claim.asserted_on,
    )


def of_extracted(
    document: str, conflict: str | None, claim: ExtractedClaim, names: Names
) -> Reading:
    return _reading(
        document,
        conflict,
        place=names.place(conflict, claim.place.name),
        claimant=claim.claimant.name if claim.claimant else "publisher",
        claimant_side=claim.claimant.side if claim.claimant else None,
        stance=claim.stance,
        predicate=claim.predicate,
        subject_side=claim.subject.side if claim.subject else None,
        extent=claim.extent,
        day=write_day(claim.asserted_on, claim.asserted_precision) or "",
        confidence=claim.confidence,
        signs=claim.signs,
    )


def _reading(
    document: str,
    conflict: str | None,
    *,
    place: str,
    claimant: str,
    claimant_side: str | None,
    stance: str,
    predicate: str,
    subject_side: str | None,
    extent: str,
    day: str,
    confidence: float = 1.0,
    signs: tuple[str, ...] = (),
) -> Reading:
    what = POSITIONS[predicate]
    side = subject_side if what != "fought-over" else None
    return Reading(
        document,
        conflict or "no pack",
        (place, claimant_side, stance, what, side),
        (place, fold(claimant), stance, predicate, subject_side, extent, day),
        predicate,
        stance,
        confidence,
        signs,
    )


def measure(half: str, extractor: Extractor, names: Names) -> tuple[list[Reading], list[Reading]]:
    """What is coded and what is extracted in the articles of a half."""
    articles = list(coded_articles(half))
    coded = [
        of_coded(one.article.id, one.article.conflict, claim, names)
        for one in articles
        for claim in one.claims
    ]
    extracted = [
        of_extracted(extraction.article.id, extraction.article.conflict, claim, names)
        for extraction in extractor.extract(one.article for one in articles)
        for claim in extraction.claims
    ]
    return coded, extracted


def tables(half: str, coded: list[Reading], extracted: list[Reading]) -> Iterator[str]:
    """Lines of Markdown."""
    yield f"## {half.capitalize()}"
    yield ""
    yield "| | claims | position P | R | F1 | strict F1 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield _row("all", coded, extracted)
    groups: tuple[tuple[str, Callable[[Reading], str]], ...] = (
        ("conflict", lambda r: r.conflict),
        ("stance", lambda r: r.stance),
        ("predicate", lambda r: r.predicate),
    )
    for name, of in groups:
        for value in sorted({of(r) for r in coded}):
            yield _row(
                f"{name} {value}",
                [r for r in coded if of(r) == value],
                [r for r in extracted if of(r) == value],
            )
    yield ""


def _row(name: str, coded: list[Reading], extracted: list[Reading]) -> str:
    by_position, by_all = score(coded, extracted, "position"), score(coded, extracted, "strict")
    return (
        f"| {name} | {len(coded)} | {by_position.precision:.2f} | {by_position.recall:.2f}"
        f" | {by_position.f1:.2f} | {by_all.f1:.2f} |"
    )


def reliability(coded: Iterable[Reading], extracted: Iterable[Reading]) -> Iterator[str]:
    """Lines of Markdown: of claims of each confidence, the share that is right in position."""
    gold = {(r.document, r.position) for r in coded}
    right: Counter[tuple[int, str]] = Counter()
    given: dict[tuple[int, str], list[float]] = defaultdict(list)
    for reading in extracted:
        number = max(n for n, low in enumerate(BINS[:-1]) if reading.confidence >= low)
        at = number, reading.document.partition("/")[0]
        given[at].append(reading.confidence)
        right[at] += (reading.document, reading.position) in gold
    columns = " | ".join(f"{half}: claims | given | right" for half in HALVES)
    yield f"| confidence | {columns} |"
    yield "| --- |" + " --- | --- | --- |" * len(HALVES)
    for number, low in enumerate(BINS[:-1]):
        cells = [
            f"{len(here)} | {sum(here) / len(here):.2f} | {right[number, half] / len(here):.2f}"
            if (here := given.get((number, half)))
            else "0 | | "
            for half in HALVES
        ]
        yield f"| {low:.1f} to {min(1.0, BINS[number + 1]):.1f} | {' | '.join(cells)} |"


def report(extractor: Extractor, lexicon: Lexicon) -> Iterator[str]:
    names = Names(lexicon)
    measured = {half: measure(half, extractor, names) for half in HALVES}
    for half, (coded, extracted) in measured.items():
        yield from tables(half, coded, extracted)
    yield "## Confidence"
    yield ""
    yield from reliability(
        [r for coded, _ in measured.values() for r in coded],
        [r for _, extracted in measured.values() for r in extracted],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--write", action="store_true", help="put the tables into the document")
    arguments = parser.parse_args()
    lexicon = lexicon_from_packs()
    text = "\n".join(report(Extractor(load_model(), lexicon), lexicon))
    sys.stdout.write(f"{text}\n")
    if arguments.write:
        before, mark, _ = REPORT.read_text(encoding="utf-8").partition(MARK)
        REPORT.write_text(f"{before}{mark}\n\n{text}\n", encoding="utf-8")


MARK = "<!-- tables: written by training.accuracy -->"

if __name__ == "__main__":
    main()
