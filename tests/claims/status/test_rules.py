"""The five rules, on made-up towns."""

from __future__ import annotations

import pytest

from tests.claims.status.tables import day, lines, status, story

CAPTURE = "03-01 RedArmy captured red\n"
LOST = "03-01 RedArmy captured red\n03-02 BlueArmy withdrew blue\n"


# Rule 1: controlled


@pytest.mark.parametrize(
    "concession",
    [
        "BlueArmy withdrew blue",
        "BlueArmy captured red",
        "BlueArmy holds red",
        "BlueArmy withdrew blue speaker=Ana_Mirel",
    ],
)
def test_an_official_word_against_its_own_interest_concedes(concession: str) -> None:
    town = status(f"{CAPTURE}03-02 {concession}")
    assert lines(town.bands) == ["03-01 claimed red", "03-02 controlled red"]
    assert (town.bands[1].rule, town.bands[1].sides) == (1, ("red",))
    assert town.bands[1].deciding == ("1", "2")


@pytest.mark.parametrize(
    "no_concession",
    [
        "BlueMayor withdrew blue",
        "BlueMayor captured red",
        "BlueArmy withdrew blue speaker=a_senior_officer",
        "BlueArmy withdrew blue part=north",
        "Observer captured red",
        "Gazette captured red",
        "RedArmy holds red",
    ],
)
def test_nobody_else_concedes_and_no_other_words(no_concession: str) -> None:
    assert story(f"{CAPTURE}03-02 {no_concession}") == ["03-01 claimed red"]


def test_to_say_that_the_enemy_holds_what_it_did_not_take_concedes_nothing() -> None:
    assert story("03-01 RedArmy holds red\n03-02 BlueArmy holds red") == ["03-01 claimed red"]


@pytest.mark.parametrize(
    ("words", "status_text"),
    [
        (("withdrew blue", "holds blue"), "contested"),
        (("withdrew blue", "denies withdrew blue"), "contested"),
        (("captured red", "denies captured red"), "contested"),
        (("captured red", "withdrew red"), "contested"),
        (("withdrew blue", "denies captured red"), "controlled red"),
    ],
)
def test_not_if_the_same_actor_says_the_opposite_that_day(
    words: tuple[str, str], status_text: str
) -> None:
    said = "".join(f"03-02 BlueArmy {word}\n" for word in words)
    assert story(CAPTURE + said) == ["03-01 claimed red", f"03-02 {status_text}"]


def test_another_actors_opposite_leaves_the_concession_and_its_side_divided() -> None:
    town = status(LOST + "03-02 BlueMayor holds blue")
    assert lines(town.bands) == ["03-01 claimed red", "03-02 controlled red"]
    assert town.divided_on(day("03-02")) == ("blue",)


def test_it_waits_until_one_side_is_said_to_control() -> None:
    assert story("""
        03-02 BlueArmy withdrew blue
        03-04 Gazette captured red
    """) == ["03-02 unknown", "03-04 controlled red"]


def test_the_side_itself_may_name_the_taker() -> None:
    assert story("03-02 BlueArmy captured red") == ["03-02 controlled red"]


def test_not_while_two_are_said_to_control() -> None:
    assert story("""
        03-02 BlueArmy withdrew blue
        03-04 RedArmy holds red
        03-04 GreenArmy holds green
    """) == ["03-02 unknown", "03-04 contested"]


def test_what_was_conceded_to_one_is_not_anothers() -> None:
    assert story("""
        03-02 BlueArmy captured red
        03-02 GreenArmy captured green
        03-04 Gazette holds green
    """) == ["03-02 contested"]


def test_it_ends_the_sides_earlier_words() -> None:
    assert story("""
        03-01 RedArmy captured red
        03-01 BlueMayor denies captured red
        03-02 BlueArmy withdrew blue
        03-09 RedArmy advancing green
    """) == ["03-01 contested", "03-02 controlled red", "03-09 fought-over, holder red"]


def test_two_sides_concessions_on_one_day_count_as_none() -> None:
    assert story("""
        03-01 RedArmy captured red
        03-02 BlueArmy withdrew blue
        03-02 RedMinistry withdrew red
    """) == ["03-01 claimed red"]


@pytest.mark.parametrize(
    ("words", "status_text"),
    [
        ("GreenArmy captured green", "claimed green"),
        ("BlueArmy captured blue", "claimed blue"),
        ("RedArmy withdrew red", "unknown"),
        ("BlueArmy advancing blue", "fought-over, holder red"),
        ("RedArmy advancing blue", "fought-over, holder red"),
        ("BlueMayor captured blue part=north", "contested"),
    ],
)
def test_it_ends(words: str, status_text: str) -> None:
    expected = ["03-01 claimed red", "03-02 controlled red", f"03-08 {status_text}"]
    assert story(f"{LOST}03-08 {words}") == expected


@pytest.mark.parametrize(
    "words",
    [
        "BlueArmy denies captured red",
        "BlueMayor holds blue",
        "BlueArmy fighting",
        "RedArmy advancing red",
        "Gazette advancing blue",
        "RedMilitia withdrew red",
        "Observer denies captured red",
    ],
)
def test_it_does_not_end(words: str) -> None:
    assert story(f"{LOST}03-08 {words}") == ["03-01 claimed red", "03-02 controlled red"]


def test_attacks_of_its_own_day_do_not_end_it() -> None:
    assert story(f"{LOST}03-02 BlueMayor advancing blue")[-1] == "03-02 controlled red"


def test_once_ended_it_comes_back_only_by_a_new_one() -> None:
    attacked = LOST + "03-08 BlueArmy advancing blue\n"
    assert story(attacked + "03-09 RedArmy holds red")[-1] == "03-08 fought-over, holder red"
    assert story(attacked + "03-09 BlueArmy withdrew blue")[-1] == "03-09 controlled red"


def test_an_attack_by_a_third_before_anybody_took_it_ends_it() -> None:
    assert story("""
        03-02 BlueArmy withdrew blue
        03-03 GreenArmy advancing green
        03-04 RedArmy captured red
    """) == ["03-02 unknown", "03-03 fought-over", "03-04 claimed red"]
    assert story("""
        03-02 BlueArmy withdrew blue
        03-03 RedArmy advancing red
        03-04 RedArmy captured red
    """) == ["03-02 unknown", "03-03 fought-over", "03-04 controlled red"]


# Rule 2: contested


@pytest.mark.parametrize(
    "answer",
    [
        "BlueMayor holds blue",
        "BlueArmy denies captured red",
        "BlueArmy denies holds red",
        "Observer denies captured red",
        "Observer withdrew red",
        "Observer holds blue",
        "Observer advancing red",
        "BlueArmy encircled red",
        "BlueArmy fighting",
        "Observer fighting",
        "BlueArmy fighting part=north",
        "BlueArmy holds blue part=north",
        "BlueArmy holds blue part=",
        "BlueArmy holds blue part=most",
        "Observer captured red part=north",
    ],
)
def test_a_capture_is_answered(answer: str) -> None:
    town = status(f"{CAPTURE}03-02 {answer}")
    assert lines(town.bands) == ["03-01 claimed red", "03-02 contested"]
    assert (town.bands[1].rule, town.bands[1].deciding) == (2, ("1", "2"))


@pytest.mark.parametrize(
    "no_answer",
    [
        "RedMilitia denies captured red",
        "RedMilitia advancing red",
        "RedMilitia fighting",
        "Observer unconfirmed captured red",
        "Observer holds red part=north",
        "BlueArmy withdrew blue part=north",
        "BlueArmy denies captured red part=north",
        "Observer denies holds blue",
    ],
)
def test_a_capture_is_not_answered(no_answer: str) -> None:
    assert story(f"{CAPTURE}03-02 {no_answer}") == ["03-01 claimed red"]


def test_combat_said_by_the_claimed_side_does_not_answer_a_third_party() -> None:
    assert story("03-01 Observer captured red\n03-02 RedArmy fighting") == ["03-01 claimed red"]
    assert story("03-01 Observer captured red\n03-02 RedArmy advancing red") == [
        "03-01 claimed red"
    ]
    assert story("03-01 Observer captured red\n03-02 RedArmy withdrew red") == [
        "03-01 claimed red",
        "03-02 contested",
    ]


@pytest.mark.parametrize("words", ["fighting", "holds red part=north"])
def test_a_mere_holds_is_not_answered_by_fighting_or_a_part(words: str) -> None:
    assert "contested" not in " ".join(story(f"03-01 BlueArmy holds blue\n03-02 RedArmy {words}"))


def test_a_mere_holds_is_answered_by_a_third_who_says_that_its_side_attacks() -> None:
    assert story("03-01 RedArmy holds red\n03-02 Observer encircled red") == [
        "03-01 claimed red",
        "03-02 contested",
    ]


def test_fighting_no_longer_answers_once_others_attack() -> None:
    table = CAPTURE + "03-02 BlueArmy fighting\n"
    assert story(table + "03-05 BlueMinistry advancing blue") == [
        "03-01 claimed red",
        "03-02 contested",
        "03-05 fought-over, holder red",
    ]
    # On the capture's own day, an attack has not come after it.
    same_day = "03-01 BlueMinistry advancing blue\n"
    assert story(CAPTURE + same_day + "03-02 BlueArmy fighting") == [
        "03-01 claimed red",
        "03-02 contested",
    ]


def test_contested_names_all_sides_that_speak_or_are_spoken_of() -> None:
    town = status("""
        03-01 Observer captured red
        03-02 GreenArmy denies captured red
        03-03 Monitor holds blue
    """)
    assert [band.sides for band in town.bands] == [("red",), ("blue", "green", "red")]


# Rule 3: fought-over


@pytest.mark.parametrize(
    "combat",
    [
        "RedArmy advancing red",
        "RedArmy encircled red",
        "BlueArmy fighting",
        "Observer fighting",
        "Gazette fighting",
        "RedArmy fighting part=north",
        "RedArmy captured red part=north",
    ],
)
def test_combat_for_a_town_that_is_held(combat: str) -> None:
    town = status(f"03-01 BlueArmy holds blue\n03-02 {combat}")
    assert lines(town.bands) == ["03-01 claimed blue", "03-02 fought-over, holder blue"]
    assert (town.bands[1].rule, town.bands[1].holder) == (3, "blue")
    assert town.bands[1].deciding == ("1", "2")


def test_combat_for_a_town_that_nobody_holds() -> None:
    town = status("03-01 Gazette fighting")
    assert lines(town.bands) == ["03-01 fought-over"]
    assert (town.bands[0].holder, town.bands[0].sides) == (None, ())


def test_against_a_capture_only_later_attacks_of_others() -> None:
    assert story("03-01 BlueArmy advancing blue\n" + CAPTURE) == ["03-01 claimed red"]
    assert story(CAPTURE + "03-02 RedArmy advancing red") == ["03-01 claimed red"]
    assert story(CAPTURE + "03-02 BlueArmy advancing blue") == [
        "03-01 claimed red",
        "03-02 fought-over, holder red",
    ]


# Rules 4 and 5: claimed, unknown


def test_claimed_by_capture_or_by_its_own_word() -> None:
    town = status("03-01 RedArmy holds red\n03-04 RedArmy captured red\n03-06 RedMilitia holds red")
    assert [(band.text(), band.rule, band.by_own_word) for band in town.bands] == [
        ("claimed red", 4, True),
        ("claimed red", 4, False),
    ]


def test_of_one_sides_two_claims_the_latest_is_shown() -> None:
    assert story("03-01 BlueMayor captured red\n03-04 BlueArmy holds blue") == [
        "03-01 claimed red",
        "03-04 claimed blue",
    ]


def test_unknown_shows_who_left_and_who_has_not() -> None:
    town = status("03-01 RedMilitia withdrew red\n03-02 Observer denies captured blue")
    (band,) = town.bands
    assert (band.text(), band.rule, band.sides) == ("unknown", 5, ())
    assert band.deciding == ("1", "2")


# Parts and divided sides


def test_parts_with_equal_labels_have_a_status_by_the_same_rules() -> None:
    town = status("""
        03-01 BlueArmy holds blue part=north
        03-02 RedArmy captured red part=north
        03-03 BlueArmy withdrew blue part=north
        03-03 RedArmy captured red part=centre
        03-04 Observer holds red part=most
        03-04 Observer holds red part=
    """)
    assert {label: lines(bands) for label, bands in town.parts.items()} == {
        "centre": ["03-03 claimed red"],
        "north": ["03-01 claimed blue", "03-02 claimed red", "03-03 controlled red"],
    }


def test_conceding_the_whole_ends_the_sides_words_on_parts() -> None:
    town = status(CAPTURE + "03-02 BlueArmy holds blue part=north\n03-03 BlueArmy withdrew blue")
    assert lines(town.parts["north"]) == ["03-02 claimed blue", "03-03 unknown"]


@pytest.mark.parametrize(
    "words",
    ["denies captured red", "withdrew red", "holds blue", "fighting", "advancing red"],
)
def test_actors_of_one_side_that_differ_leave_it_divided(words: str) -> None:
    town = status(f"03-01 RedMinistry captured red\n03-02 RedMilitia {words}")
    assert town.divided_on(day("03-01")) == ()
    assert town.divided_on(day("03-02")) == ("red",)
    assert town.bands[-1].divided == ("red",)


def test_a_side_is_divided_until_its_actors_agree() -> None:
    town = status("""
        03-01 RedMilitia captured red
        03-02 RedMinistry fighting
        03-05 RedMinistry captured red
    """)
    (division,) = town.divisions
    assert (division.side, division.start, division.end) == ("red", day("03-02"), day("03-05"))
    assert lines(town.bands) == ["03-01 claimed red"]


@pytest.mark.parametrize(
    "table",
    [
        "03-01 BlueArmy holds blue\n03-01 BlueMayor fighting",
        "03-01 BlueArmy holds blue\n03-02 BlueMayor advancing blue",
        "03-01 RedArmy captured red\n03-01 RedArmy fighting",
        "03-01 BlueMayor withdrew blue\n03-05 BlueArmy captured blue",
        "03-01 Observer captured red\n03-02 Monitor denies captured red",
        LOST + "03-02 RedMilitia fighting",
    ],
)
def test_a_side_is_not_divided(table: str) -> None:
    assert status(table).divisions == ()


def test_an_older_departure_and_a_mere_holds_differ() -> None:
    table = "03-01 BlueMayor withdrew blue\n03-05 BlueArmy holds blue"
    assert status(table).divided_on(day("03-05")) == ("blue",)
