"""Passages of a text in a later text: found by their words, never put on other ones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.anchoring import anchored

TAKEN = "Russia says that it took Soledar."
DENIED = "Kyiv denies it."


def where(before: str, after: str, *quotes: str) -> list[str | None]:
    """What stands in `after` where each quote's first occurrence in `before` went."""
    spans = [(before.index(quote), before.index(quote) + len(quote)) for quote in quotes]
    found = anchored(before, after, spans)
    return [after[slice(*found[span])] if span in found else None for span in spans]


def test_words_that_moved_are_found_where_they_stand_now() -> None:
    before, after = f"{TAKEN} {DENIED}", f"Updated.\n\n{DENIED}\n{TAKEN}"
    assert where(before, after, TAKEN, DENIED) == [TAKEN, DENIED]
    start = after.index(TAKEN)
    assert anchored(before, after, [(0, len(TAKEN))]) == {
        (0, len(TAKEN)): (start, start + len(TAKEN))
    }


@pytest.mark.parametrize(
    "now",
    [
        "Russia says that it took Bakhmut.",
        "Russia says that it took Soledar?",
        "Russia says that it took Soledar’s mine.",
        "Russia says it took Soledar.",
        "russia says that it took soledar.",
        "",
    ],
)
def test_other_words_are_not_the_passage(now: str) -> None:
    assert where(TAKEN, now, TAKEN) == [None]


def test_white_space_and_the_shape_of_marks_make_no_other_words() -> None:
    before = "“It’s ours” – he said."
    after = '"It\'s  ours"\n— he said.'
    assert where(before, after, before) == [after]


def test_words_that_stand_twice_go_where_what_is_around_them_is_alike() -> None:
    before = "Monday: Soledar fell. Nobody knew. Friday: Soledar fell. All knew."
    after = "Friday: Soledar fell. All knew. Monday: Soledar fell. Nobody knew."
    quote = "Soledar fell."
    first, second = before.index(quote), before.rindex(quote)
    spans = [(first, first + len(quote)), (second, second + len(quote))]
    found = anchored(before, after, spans)
    assert found[spans[0]][0] == after.rindex(quote)
    assert found[spans[1]][0] == after.index(quote)


def test_two_passages_do_not_become_one() -> None:
    before = "Monday: Soledar fell. Nobody knew. Friday: Soledar fell. All knew."
    after = "Friday: Soledar fell. All knew."
    quote = "Soledar fell."
    first, second = before.index(quote), before.rindex(quote)
    spans = [(first, first + len(quote)), (second, second + len(quote))]
    start = after.index(quote)
    assert anchored(before, after, spans) == {spans[1]: (start, start + len(quote))}
    # Nor does the one that is not asked for leave its place to the other.
    assert anchored(before, after, spans[:1]) == {}


def test_a_span_that_cuts_a_word_is_not_guessed_at() -> None:
    before = "Soledarians fled."
    assert anchored(before, before, [(0, 7)]) == {}
    assert anchored(before, before, [(3, 17)]) == {}
    assert anchored(before, before, [(12, 12)]) == {}


def test_a_text_that_repeats_itself_without_end_is_anchored_in_time() -> None:
    before = "Soledar fell. " * 20_000
    spans = [(at * 14, at * 14 + 13) for at in range(0, 20_000, 7)]
    began = time.perf_counter()
    assert anchored(before, before, spans) == {span: span for span in spans}
    assert time.perf_counter() - began < 30


@given(
    before=st.lists(st.sampled_from(["Soledar", "fell", ".", "“ours”", "it's"]), max_size=30),
    after=st.lists(st.sampled_from(["Soledar", "fell", ".", '"ours"', "it’s"]), max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 150), st.integers(0, 150)), max_size=6),
)
def test_never_other_words_and_never_twice_the_same_place(
    before: list[str], after: list[str], spans: list[tuple[int, int]]
) -> None:
    one, other = " ".join(before), "\n".join(after)
    found = anchored(one, other, [span for span in spans if span[0] <= span[1]])

    def plain(text: str) -> list[str]:
        return text.replace("’", "'").replace("“", '"').replace("”", '"').split()

    for (start, end), (first, last) in found.items():
        assert plain(one[start:end]) == plain(other[first:last])
