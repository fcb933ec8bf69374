"""How sure a reading is: from the signs that it was read on."""

from __future__ import annotations

import pytest

from claims.extraction import confidence, cues


def test_every_sign_has_a_weight() -> None:
    assert set(cues.table("confidence")["weights"]) == set(confidence.SIGNS)


def test_a_reading_without_signs_is_as_sure_as_the_base() -> None:
    base = cues.table("confidence")["base"]

    assert confidence.of_signs([]) == pytest.approx(1 / (1 + 2.718281828**-base), abs=0.005)


def test_nobody_who_did_it_makes_a_reading_less_sure() -> None:
    assert confidence.of_signs(["no subject"]) < confidence.of_signs([])


def test_a_sign_without_a_weight_is_an_error() -> None:
    with pytest.raises(KeyError):
        confidence.of_signs(["weather"])
