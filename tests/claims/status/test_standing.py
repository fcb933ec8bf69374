"""Whose word stands, since when, and what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.status.records import Settings
from claims.status.rule_sets import V1
from tests.claims.status.tables import lines, status, story


def test_an_actors_latest_words_of_a_kind_replace_its_earlier_ones() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-05 BlueArmy withdrew blue
    """) == ["03-01 claimed blue", "03-05 unknown"]


def test_combat_does_not_replace_control_nor_control_combat() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-02 BlueArmy fighting
        03-03 BlueArmy holds blue
    """) == ["03-01 claimed blue", "03-02 fought-over, holder blue"]


def test_a_word_on_a_part_does_not_replace_one_on_the_whole() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-02 BlueArmy withdrew blue part=north
    """) == ["03-01 claimed blue"]


def test_all_that_an_actor_says_on_one_day_stands() -> None:
    town = status("""
        03-01 BlueArmy holds blue
        03-02 RedArmy advancing red
        03-02 RedArmy fighting
    """)
    assert lines(town.bands) == ["03-01 claimed blue", "03-02 fought-over, holder blue"]
    assert town.bands[1].deciding == ("1", "2", "3")


def test_a_later_report_of_an_old_claim_does_not_outrun_its_answer() -> None:
    table = """
        03-01 RedArmy captured red
        03-03 BlueArmy denies captured red
    """
    retold = table + "03-09 RedMilitia captured red event=03-02"
    repeated = table + "03-09 RedMilitia captured red"
    contested = ["03-01 claimed red", "03-03 contested"]
    assert story(table) == story(retold) == story(repeated) == contested


def test_an_answer_must_be_said_since_the_runs_first_day() -> None:
    assert story("""
        03-01 BlueArmy denies captured red
        03-05 RedArmy captured red
    """) == ["03-01 unknown", "03-05 claimed red"]
    assert story("""
        03-01 BlueArmy denies captured red
        03-05 RedArmy captured red
        03-06 BlueArmy denies captured red
    """) == ["03-01 unknown", "03-05 claimed red", "03-06 contested"]


def test_a_run_broken_by_its_side_begins_anew() -> None:
    assert story("""
        03-01 RedMilitia captured red
        03-02 BlueArmy denies captured red
        03-04 RedMilitia withdrew red
        03-08 RedMilitia captured red
    """) == ["03-01 claimed red", "03-02 contested", "03-04 unknown", "03-08 claimed red"]


def test_a_fresh_capture_ends_earlier_controls_of_others_and_words_on_parts() -> None:
    town = status("""
        03-01 BlueArmy holds blue
        03-01 Observer holds blue
        03-02 BlueArmy fighting part=north
        03-02 BlueArmy holds blue part=north
        03-05 RedArmy captured red
    """)
    assert lines(town.bands) == [
        "03-01 claimed blue",
        "03-02 fought-over, holder blue",
        "03-05 claimed red",
    ]
    assert lines(town.parts["north"]) == ["03-02 fought-over, holder blue", "03-05 unknown"]


def test_words_of_the_captures_own_day_stay() -> None:
    assert story("""
        03-05 BlueArmy holds blue
        03-05 RedArmy captured red
    """) == ["03-05 contested"]


def test_a_capture_is_not_fresh_while_anybody_says_that_the_side_controls() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-03 Observer holds red
        03-05 RedArmy captured red
    """) == ["03-01 claimed blue", "03-03 contested"]


def test_a_capture_of_a_part_is_not_a_fresh_capture() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-05 RedArmy captured red part=north
    """) == ["03-01 claimed blue", "03-05 fought-over, holder blue"]


@pytest.mark.parametrize(
    ("gap", "last"),
    [("2030-08-27", "fought-over, holder blue"), ("2030-08-28", "claimed blue")],
)
def test_combat_not_repeated_for_180_days_ends_at_the_next_claim(gap: str, last: str) -> None:
    # 180 days after 1 March is 28 August.
    town = status(f"""
        03-01 BlueArmy holds blue
        03-01 RedArmy advancing red
        {gap} BlueArmy holds blue
    """)
    assert town.bands[-1].text() == last


def test_it_ends_at_a_claim_and_not_by_itself() -> None:
    town = status("""
        03-01 BlueArmy holds blue
        03-01 RedArmy advancing red
    """)
    assert lines(town.bands) == ["03-01 fought-over, holder blue"]
    assert town.bands[0].end is None


def test_a_claim_that_decides_nothing_ends_nothing() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-01 RedArmy advancing red
        12-01 Observer unconfirmed captured red
    """) == ["03-01 fought-over, holder blue"]


def test_any_actor_of_the_side_repeats_a_word_for_it() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-01 RedArmy advancing red
        07-01 RedMilitia advancing red
        09-15 BlueArmy holds blue
    """) == ["03-01 fought-over, holder blue"]
    assert story("""
        03-01 BlueArmy holds blue
        03-01 RedArmy advancing red
        07-01 Observer advancing red
        09-15 Monitor holds blue
        2031-01-15 Monitor holds blue
    """) == ["03-01 fought-over, holder blue", "2031-01-15 claimed blue"]


def test_not_ends_likewise_and_controls_does_not() -> None:
    assert story("""
        03-01 RedArmy captured red
        03-02 BlueArmy denies captured red
        2031-03-01 RedArmy holds red
    """) == ["03-01 claimed red", "03-02 contested", "2031-03-01 claimed red"]
    assert story("""
        03-01 RedArmy captured red
        2033-03-01 BlueArmy denies captured red
    """) == ["03-01 claimed red", "2033-03-01 contested"]


def test_how_long_a_word_stands_is_a_setting() -> None:
    assert story(
        """
        03-01 BlueArmy holds blue
        03-01 RedArmy advancing red
        03-11 BlueArmy holds blue
    """,
        rules=replace(V1, settings=Settings(repeat_within=10)),
    ) == ["03-01 fought-over, holder blue", "03-11 claimed blue"]


def test_publishers_are_one_actor() -> None:
    assert story("""
        03-01 Gazette captured red
        03-04 Herald holds blue
        03-05 - captured red
    """) == ["03-01 claimed red", "03-04 claimed blue", "03-05 claimed red"]


def test_publishers_control_words_count_only_where_no_other_actor_has_one() -> None:
    assert story("""
        03-01 Gazette captured red
        03-03 BlueArmy holds blue
    """) == ["03-01 claimed red", "03-03 claimed blue"]


def test_a_publishers_word_is_no_answer() -> None:
    assert story("""
        03-01 RedArmy captured red
        03-02 Gazette denies captured red
        03-03 Gazette fighting
        03-04 Gazette holds blue
        03-05 Gazette advancing red
    """) == ["03-01 claimed red"]


def test_a_publishers_word_is_no_fresh_capture_and_hinders_none() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-02 Gazette captured red
        03-03 BlueArmy fighting
        03-05 RedArmy captured red
    """) == ["03-01 claimed blue", "03-03 fought-over, holder blue", "03-05 claimed red"]


def test_publishers_combat_counts_only_without_a_capture() -> None:
    assert story("""
        03-01 BlueArmy holds blue
        03-02 Gazette fighting
    """) == ["03-01 claimed blue", "03-02 fought-over, holder blue"]
    assert story("""
        03-01 BlueArmy captured blue
        03-02 Gazette advancing red
    """) == ["03-01 claimed blue"]


def test_copies_of_one_text_do_not_repeat_its_words() -> None:
    town = status("""
        03-01 RedArmy holds red family=wire document=a
        03-04 RedArmy holds red family=wire document=b
    """)
    assert town.bands[-1].last_word_on == town.bands[0].start
