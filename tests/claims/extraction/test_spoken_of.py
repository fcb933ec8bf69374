"""Which of the towns spoken of "the town", "the village" or "the capital" means."""

from __future__ import annotations

from claims.extraction.places.capitals import capital_of
from claims.extraction.places.spoken import TownsSpokenOf
from claims.extraction.records import PlaceRef
from entities.lexicon import Actor, Conflict, Place

LOWMERE, VARNHOLM, VELM = PlaceRef("Lowmere"), PlaceRef("Varnholm"), PlaceRef("Velm")


def spoken(*named: tuple[int, PlaceRef]) -> TownsSpokenOf:
    """Sentences begin at 0, 100, 200 …"""
    towns = TownsSpokenOf(list(range(0, 1000, 100)))
    for at, place in named:
        towns.see(at, place)
    return towns


def test_the_last_one_of_the_sentence_is_meant() -> None:
    assert spoken((110, LOWMERE), (120, VARNHOLM)).last(150) == VARNHOLM


def test_a_town_spoken_of_more_outweighs_one_named_later() -> None:
    towns = spoken((10, VARNHOLM), (20, VARNHOLM), (30, VARNHOLM), (40, LOWMERE))
    assert towns.last(150) == VARNHOLM
    assert towns.last(150, latest=True) == LOWMERE


def test_a_village_is_no_city() -> None:
    towns = spoken((10, LOWMERE), (20, VARNHOLM))
    towns.sizes.update({"Lowmere": 900, "Varnholm": 90_000})
    assert towns.last(50, "village") == LOWMERE
    assert towns.last(50, "city") == VARNHOLM
    assert towns.last(50, "town") == VARNHOLM


def test_what_the_text_calls_a_town_comes_before_its_size() -> None:
    towns = spoken((10, LOWMERE), (20, VARNHOLM))
    towns.sizes.update({"Lowmere": 900, "Varnholm": 90_000})
    towns.called["Lowmere"].add("city")
    towns.called["Varnholm"].add("town")
    assert towns.last(150, "city") == LOWMERE


def test_a_landmark_is_meant_only_where_no_other_town_is_named() -> None:
    towns = spoken()
    towns.see_landmark(10, VARNHOLM)
    assert towns.last(150) == VARNHOLM
    towns.see(5, LOWMERE)
    assert towns.last(150) == LOWMERE


def test_nothing_is_meant_before_a_town_is_named() -> None:
    assert spoken((300, LOWMERE)).last(150) is None


def test_several_towns_are_those_named_together() -> None:
    towns = spoken((10, LOWMERE), (20, VARNHOLM), (110, VELM))
    assert towns.together(50) == [LOWMERE, VARNHOLM]
    assert towns.together(150, 3) == [LOWMERE, VARNHOLM, VELM]
    assert towns.together(150, 2) == []
    assert towns.together(550) == []


def test_a_question_is_answered_in_the_next_sentence() -> None:
    towns = spoken()
    towns.asked.append((110, VELM))
    assert towns.asked_before(220) == [VELM]
    assert towns.asked_before(320) == []


def _place(name: str, country: str, population: int) -> Place:
    return Place(name.lower(), name, (name,), country, population=population)


def test_the_capital_is_the_state_s_own() -> None:
    kabul, herat = _place("Kabul", "AF", 9), _place("Herat", "AF", 5)
    war = Conflict("war", "War", (), (), (herat, kabul))
    assert capital_of(war, [herat, herat]) == kabul


def test_of_two_states_capitals_the_one_spoken_of_is_meant() -> None:
    kabul, norhaven = _place("Kabul", "AF", 9), _place("Norhaven", "XN", 3)
    state = Actor("n", "Norland", "state", ("Norland",), metonyms=("Norhaven",))
    war = Conflict("war", "War", (), (state,), (kabul, norhaven))
    assert capital_of(war, [norhaven]) == norhaven
    assert capital_of(war, []) is None
    assert capital_of(Conflict("none", "", (), (), ()), []) is None
