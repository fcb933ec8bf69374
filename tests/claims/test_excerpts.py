"""Passages in their context."""

from __future__ import annotations

import pytest

from claims.pages.excerpts import REACH, Excerpt, excerpts


def shown(excerpt: Excerpt) -> str:
    marked = "".join(f"[{s.text}]" if s.keys else s.text for s in excerpt.segments)
    return f"{'…' * excerpt.more_before}{marked}{'…' * excerpt.more_after}"


def of(text: str, *passages: str) -> list[str]:
    spans = [(text.index(words), text.index(words) + len(words)) for words in passages]
    return [shown(excerpt) for excerpt in excerpts(text, spans)]


def test_the_paragraph_is_the_context() -> None:
    assert of("One.\n\nTwo took it here.\n\nThree.", "took it") == ["…Two [took it] here.…"]


def test_passages_of_one_paragraph_share_it() -> None:
    assert of("He took it, and held it.", "held", "took") == ["He [took] it, and [held] it."]


def test_passages_far_apart_stand_apart_in_the_texts_order() -> None:
    text = "It fell.\n" + "filler\n" * 100 + "It was held."
    assert of(text, "held", "fell") == ["It [fell].…", "…It was [held]."]


def test_a_long_paragraph_is_cut_between_words() -> None:
    text = "before " * 200 + "TAKEN" + " after" * 200
    (found,) = of(text, "TAKEN")
    assert found.startswith("…before ")
    assert found.endswith(" after…")
    assert 2 * REACH - 20 < len(found) <= 2 * REACH + len("[TAKEN]……")


@pytest.mark.parametrize("text", ["x" * 2000, "Соледар" * 300])
def test_a_text_without_spaces_is_cut_all_the_same(text: str) -> None:
    (found,) = excerpts(text, [(1000, 1005)])
    assert "".join(s.text for s in found.segments) == text[1000 - REACH : 1005 + REACH]


def test_passages_beyond_the_text_are_left_out() -> None:
    assert of("Short.", "Short") == ["[Short]."]
    assert excerpts("Short.", [(10, 20)]) == ()
    assert [shown(e) for e in excerpts("Short.", [(0, 99)])] == ["[Short.]"]
