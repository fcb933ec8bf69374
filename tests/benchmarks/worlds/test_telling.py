"""Statements in news language, and the characters that carry them."""

from __future__ import annotations

from benchmarks.worlds.telling import Passage, read_marks


def test_marks_of_a_template_become_passages() -> None:
    text, passages = read_marks("So it was: [men <took> X] and [left].")
    assert text == "So it was: men took X and left."
    assert passages == (Passage(11, 21, "took"), Passage(26, 30, ""))
