"""Which texts say nothing that an earlier one does not say."""

from __future__ import annotations

import pytest

from benchmarks.families import measure, precision_and_recall
from benchmarks.texts import pairs
from sources.copies import MOST_KEPT, Text, is_copy

TEXT = (
    "Army holds Verkhivka after a night of fighting\n\n"
    "A spokesman said on Tuesday that assault units had been driven back from the railway"
    " station in Verkhivka. Residents hid in their cellars through the night, and power was cut"
    " in the eastern streets.\n\n"
    "“Our men know this town and they will keep it,” he said. Snow hampered the use of armour,"
    " and both sides relied on artillery. The road to Lipniak was still open in the morning, two"
    " drivers told reporters there."
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Verkhivka", "Verchivka"),
        ("armour", "armor"),
        ("“", '"'),
        ("Army holds Verkhivka after a night of fighting", "Night of shelling ends in snow"),
        (TEXT[-96:], ""),
        ("Residents hid in their cellars through the night, and power", "Power"),
        ("two drivers told reporters there.", "two drivers told reporters. Editing by the desk"),
        ("Army holds", "LIPNIAK, Jan 11 (Example Wire) - Army holds"),
    ],
)
def test_what_is_a_copy(old: str, new: str) -> None:
    assert old in TEXT
    assert is_copy(Text(TEXT.replace(old, new)), Text(TEXT))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("had been driven", "had not been driven"),
        ("Verkhivka", "Zelenopil"),
        ("two drivers", "12 drivers"),
        ("told reporters there.", "told reporters there. The army denied it."),
        ("artillery. The", "artillery. By noon the flag was gone from the council. The"),
        ("Army holds", "The ministry says that the whole town is in its hands now. Army holds"),
        ("fighting\n\n", "fighting\n\nThe ministry says that the whole town is its own now. "),
    ],
)
def test_what_is_none(old: str, new: str) -> None:
    assert old in TEXT
    assert not is_copy(Text(TEXT.replace(old, new)), Text(TEXT))


def test_a_denial_that_is_gone_makes_another_text() -> None:
    denied = TEXT.replace("had been driven", "had not been driven")
    assert not is_copy(Text(TEXT), Text(denied))


def test_the_whole_repeats_no_cut_text() -> None:
    cut = TEXT.rpartition(" Snow hampered")[0]
    assert is_copy(Text(cut), Text(TEXT))
    assert not is_copy(Text(TEXT), Text(cut))


def test_white_space_case_and_punctuation_make_no_other_text() -> None:
    assert is_copy(Text(TEXT.upper().replace(" ", "\n").replace(",", ";")), Text(TEXT))


def test_a_copy_has_most_of_its_texts_sample_and_a_bound() -> None:
    sample = set(Text(TEXT).sample())
    cut = set(Text(TEXT.rpartition(" Snow hampered")[0]).sample())
    assert cut
    assert cut <= sample
    assert all(-(2**63) <= value < 2**63 for value in sample)
    many = Text(" ".join(f"word{number}" for number in range(20_000)))
    assert len(many.sample()) == MOST_KEPT
    assert Text("Too few words to tell.").sample() == []


def test_copies_are_told_as_well_as_they_were() -> None:
    """On a set that the limits were not set on (see benchmarks/families.py for a larger one)."""
    precision, recall = precision_and_recall(measure(pairs(seed=7, articles=12)))
    assert precision >= 0.99
    assert recall >= 0.95
