"""Weigh the signs of confidence on the coded articles.

`make confidence`, or `python -m training.confidence [--write]`: a logistic regression of whether a
claim is right in position on the signs that it was read on. The half that rules were written
with is read better than what nobody has seen; a term of its own takes that up, and is left out of
what is written, so that confidence is that of an unseen article. `--write` puts the weights into
`claims/extraction/cues/confidence.toml`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.extraction import cues
from claims.extraction.confidence import SIGNS
from claims.extraction.model import load_model
from claims.extraction.pipeline import Extractor
from entities.packs import lexicon_from_packs
from training.accuracy import Names, Reading, measure
from training.articles import HALVES

TABLE = cues.FOLDER / "confidence.toml"
PENALTY = 2.0  # on squared weights: a sign seen in few claims stays near 0
FOLDS = 10
_SEEN = "tuning"

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Extracted claims: `signs` has a row a claim and a column a sign, the first column 1 and
    the last whether its article is of the half that rules were written with; `right` 1 or 0."""

    signs: Matrix
    right: Matrix
    documents: Sequence[str]


def sample(coded: Sequence[Reading], extracted: Sequence[Reading]) -> Sample:
    gold = {(r.document, r.position) for r in coded}
    rows = [
        [1.0, *(float(sign in r.signs) for sign in SIGNS), float(r.document.startswith(_SEEN))]
        for r in extracted
    ]
    right = [float((r.document, r.position) in gold) for r in extracted]
    return Sample(np.array(rows), np.array(right), [r.document for r in extracted])


def fitted(signs: Matrix, right: Matrix) -> Matrix:
    """The weights of a logistic regression, the first unpenalised: Newton's method."""
    weights = np.zeros(signs.shape[1])
    penalty = np.full(signs.shape[1], PENALTY)
    penalty[0] = 0.0
    for _ in range(50):
        chance = probability(signs, weights)
        slope = signs.T @ (right - chance) - penalty * weights
        bend = (signs * (chance * (1 - chance))[:, None]).T @ signs + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            return weights
    raise RuntimeError("the weights did not settle")


def probability(signs: Matrix, weights: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-signs @ weights)), dtype=np.float64)


def foretold(data: Sample) -> Matrix:
    """The confidence that each claim gets from weights fitted without its article's fold."""
    names = sorted(set(data.documents))
    fold = np.array([names.index(name) % FOLDS for name in data.documents])
    found = np.zeros(len(data.right))
    for number in range(FOLDS):
        here = fold == number
        if here.any():
            weights = fitted(data.signs[~here], data.right[~here])
            found[here] = probability(data.signs[here], weights)
    return found


def written(weights: Matrix) -> Iterator[str]:
    """The lines of the table."""
    yield "# What each sign of confidence weighs: a logistic regression on the coded articles."
    yield "# Written by `make confidence` (training/confidence.py); not to be edited."
    yield ""
    yield f"base = {weights[0]:.2f}"
    yield ""
    yield "[weights]"
    for sign, weight in zip(SIGNS, weights[1:-1], strict=True):
        yield f'"{sign}" = {weight:.2f}'


def main() -> None:
    parser = argparse.ArgumentParser(description="Weigh the signs of confidence.")
    parser.add_argument("--write", action="store_true", help="write the table of weights")
    arguments = parser.parse_args()
    lexicon = lexicon_from_packs()
    extractor, names = Extractor(load_model(), lexicon), Names(lexicon)
    measured = [measure(half, extractor, names) for half in HALVES]
    data = sample(
        [r for coded, _ in measured for r in coded],
        [r for _, extracted in measured for r in extracted],
    )
    weights = fitted(data.signs, data.right)
    text = "\n".join(written(weights)) + "\n"
    sys.stdout.write(text)
    error = np.mean((foretold(data) - data.right) ** 2)
    sys.stdout.write(
        f"# {len(data.right)} claims, {data.right.mean():.2f} right; Brier score {error:.3f},"
        f" of the plain share {np.var(data.right):.3f}\n"
    )
    if arguments.write:
        Path(TABLE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
