"""How far two readers agree: published examples, figures worked out by hand, and the edges."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from claims.review.agreement import (
    Interval,
    Kappa,
    Pair,
    f1,
    f1_of_fields,
    f1_of_saying_so,
    kappa,
    share_interval,
)


def pairs(*rows: Sequence[int]) -> list[Pair]:
    """The pairs that a table counts: a row per outcome of the first reader."""
    return [
        (str(i), str(j))
        for i, row in enumerate(rows)
        for j, count in enumerate(row)
        for _ in range(count)
    ]


def of(found: Kappa | None) -> Kappa:
    assert found is not None
    return found


def told(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return round(interval.low, 4), round(interval.high, 4)


class TestKappa:
    def test_the_example_of_cohen_1960(self) -> None:
        """Table 1 of the paper: 200 diagnoses; 0.492."""
        found = of(kappa(pairs((88, 14, 18), (10, 40, 10), (2, 6, 12))))
        assert (found.pairs, found.observed) == (200, 0.7)
        assert found.expected == pytest.approx(0.41)
        assert found.value == pytest.approx(0.29 / 0.59)
        assert round(found.value or 0, 3) == 0.492

    def test_the_example_of_kavanagh_2009(self) -> None:
        """Kavanagh and others, BMC Cancer 9 (2009), 1, table 2: 18 tumours, kappa 0.906 with a
        standard error of 0.092 that does not suppose a kappa of 0."""
        found = of(kappa(pairs((7, 1, 0), (0, 8, 0), (0, 0, 2))))
        assert found.value == pytest.approx(0.90625)
        assert round(found.error or 0, 3) == 0.092
        assert found.interval is None  # fewer than thirty pairs

    def test_the_example_of_landis_and_koch(self) -> None:
        """118 slides read by two pathologists, as in A. Agresti, Categorical Data Analysis (2nd
        edition, 2002), 10.5: kappa 0.493, standard error 0.057, 0.38 to 0.60."""
        table = (22, 2, 2, 0), (5, 7, 14, 0), (0, 2, 36, 0), (0, 1, 17, 10)
        found = of(kappa(pairs(*table)))
        assert (round(found.value or 0, 3), round(found.error or 0, 3)) == (0.493, 0.057)
        assert told(found.interval) == (0.3818, 0.6042)

    def test_who_is_called_first_does_not_matter(self) -> None:
        there = of(kappa(pairs((22, 2, 2), (5, 7, 14), (0, 2, 36))))
        back = of(kappa([(b, a) for a, b in pairs((22, 2, 2), (5, 7, 14), (0, 2, 36))]))
        assert there.value == pytest.approx(back.value)
        assert there.error == pytest.approx(back.error)

    def test_by_hand(self) -> None:
        """Seven of ten alike; by chance 0.6 x 0.5 + 0.4 x 0.5 = 0.5; so 0.2 of 0.5."""
        found = of(kappa(pairs((4, 2), (1, 3))))
        assert found.value == pytest.approx(0.4)

    def test_without_pairs_there_is_none(self) -> None:
        assert kappa([]) is None

    def test_where_both_always_say_the_same_it_cannot_be_told(self) -> None:
        assert kappa([("accept", "accept")] * 49) == Kappa(49, 1.0, 1.0, None, None)

    def test_where_one_always_says_the_same_it_is_nought(self) -> None:
        found = of(kappa(pairs((30, 10), (0, 0))))
        assert (found.observed, found.expected, found.value) == (0.75, 0.75, 0.0)
        assert found.interval is None

    def test_full_agreement_is_one_and_full_disagreement_minus_one(self) -> None:
        assert of(kappa(pairs((20, 0), (0, 20)))).value == 1
        assert of(kappa(pairs((20, 0), (0, 20)))).interval is None
        assert of(kappa(pairs((0, 20), (20, 0)))).value == -1

    def test_an_interval_ends_at_one(self) -> None:
        found = of(kappa(pairs((30, 1), (0, 30))))
        assert told(found.interval) == (0.9035, 1.0)


class TestF1:
    def test_by_hand(self) -> None:
        """Precision 6/8 and recall 6/9 either way round: 12/17."""
        assert f1(6, 2, 3) == f1(6, 3, 2) == pytest.approx(12 / 17)

    def test_where_nobody_marked_anything_it_cannot_be_told(self) -> None:
        assert f1(0, 0, 0) is None
        assert f1_of_saying_so([("reject", "unverifiable")]) is None
        assert f1_of_fields([], []) is None

    def test_of_saying_so_takes_accepted_and_corrected_alike(self) -> None:
        """Both say so twice, only the first once, only the second once; one is left out."""
        given = [
            ("accept", "correct"),
            ("correct", "correct"),
            ("accept", "reject"),
            ("unverifiable", "accept"),
            ("reject", "reject"),
        ]
        assert f1_of_saying_so(given) == pytest.approx(4 / 6)

    def test_of_fields_wants_the_same_value_in_the_same_claim(self) -> None:
        first = [("1", "predicate", "holds"), ("1", "speaker", "X"), ("2", "predicate", "holds")]
        second = [("1", "predicate", "holds"), ("1", "speaker", "Y"), ("3", "predicate", "holds")]
        assert f1_of_fields(first, second) == pytest.approx(2 / 6)


class TestShares:
    @pytest.mark.parametrize(
        ("some", "all", "low", "high"),
        [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_the_examples_of_newcombe(self, some: int, all: int, low: float, high: float) -> None:
        """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872: the score method without
        correction for continuity."""
        assert told(share_interval(some, all)) == (low, high)

    def test_of_none_at_all_there_is_none(self) -> None:
        assert share_interval(0, 0) is None
