"""Weighing the signs of confidence."""

from __future__ import annotations

import numpy as np
import pytest

from claims.extraction.confidence import SIGNS
from training.accuracy import Reading
from training.confidence import fitted, foretold, probability, sample, written


def reading(document: str, place: str, *signs: str) -> Reading:
    return Reading(document, "no pack", (place,), (place,), "captured", "asserts", 0.5, signs)


def test_the_weights_of_a_sign_come_out_as_its_share_tells() -> None:
    signs = np.array([[1.0, 0.0]] * 4000 + [[1.0, 1.0]] * 4000)
    right = np.array([1.0] * 3200 + [0.0] * 800 + [1.0] * 2000 + [0.0] * 2000)

    chance = probability(np.array([[1.0, 0.0], [1.0, 1.0]]), fitted(signs, right))

    assert chance == pytest.approx([0.8, 0.5], abs=0.005)


def test_a_claim_is_right_where_its_position_is_coded_in_its_document() -> None:
    coded = [reading("aside/a", "X")]
    extracted = [
        reading("aside/a", "X", "noun"),
        reading("aside/a", "Y"),
        reading("tuning/b", "X"),
    ]

    data = sample(coded, extracted)

    noun = 1 + list(SIGNS).index("noun")
    assert data.right.tolist() == [1.0, 0.0, 0.0]
    assert data.signs[:, noun].tolist() == [1.0, 0.0, 0.0]
    assert data.signs[:, -1].tolist() == [0.0, 0.0, 1.0]


def test_confidence_is_foretold_without_the_article_itself() -> None:
    coded = [reading(f"aside/{n}", "X") for n in range(20)]
    extracted = [reading(f"aside/{n}", "X" if n % 2 else "Y") for n in range(20)]

    found = foretold(sample(coded, extracted))

    # Each fold holds two articles with the same outcome, so 18 others are left to learn from.
    assert found == pytest.approx([8 / 18 if n % 2 else 10 / 18 for n in range(20)])


def test_the_table_names_every_sign_and_leaves_out_the_half() -> None:
    lines = list(written(np.arange(len(SIGNS) + 2, dtype=np.float64)))

    assert "base = 0.00" in lines
    assert sum(line.startswith('"') for line in lines) == len(SIGNS)
    assert lines[-1].endswith(f"= {len(SIGNS)}.00")
