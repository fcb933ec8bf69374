"""Sides: whose an actor is, of which type, and who stands for them."""

from __future__ import annotations

from datetime import date

from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.sides import Sides
from entities.lexicon import Actor, Allegiance, Conflict, Lexicon, Side

DAY = date(2031, 5, 9)


def test_types_follow_the_namesakes(lexicon: Lexicon) -> None:
    assert Sides(lexicon.conflicts[0], DAY).of_type == {
        "state": ["norland"],
        "movement": ["redmark"],
    }


def test_opponents_and_representatives(lexicon: Lexicon) -> None:
    sides = Sides(lexicon.conflicts[0], DAY)
    assert sides.opponents("norland") == ["redmark"]
    assert sides.representative("redmark").name == "Redmark Front"
    assert sides.representative("norland", "army").name == "Armed Forces of Norland"


def test_a_third_party_is_on_no_side(lexicon: Lexicon) -> None:
    sides = Sides(lexicon.conflicts[0], DAY)
    arland = next(actor for actor in lexicon.common if actor.key == "arland")
    assert sides.of(Agent(arland.name, arland)) is None


def test_a_unit_is_on_its_parent_s_side_and_allegiances_end() -> None:
    parent = Actor(
        "front", "Front", "movement", ("Front",),
        allegiances=(Allegiance("north", until=date(2030, 12, 31)), Allegiance("south")),
    )  # fmt: skip
    unit = Actor("unit", "Unit", "unit", ("Unit",), parent="front")
    two = (Side("north", "North", "#000000"), Side("south", "South", "#ffffff"))
    war = Conflict("war", "War", two, (parent, unit), ())
    assert Sides(war, date(2030, 6, 1)).of(Agent("Unit", unit)) == "north"
    assert Sides(war, DAY).of(Agent("Unit", unit)) == "south"
