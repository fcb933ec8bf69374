"""The small map: directions, distances, and names that do not cover each other."""

from __future__ import annotations

import pytest

from claims.drawing.locator import FAR, HEIGHT, NEAR, WIDTH, Spot, box, locate

CENTRE = Spot("Middletown", 48.0, 38.0)


def test_the_town_is_in_the_middle_and_named() -> None:
    found = locate(CENTRE, [])
    assert (found.centre.x, found.centre.y, found.centre.named) == (WIDTH / 2, HEIGHT / 2, True)
    assert (found.bar, found.bar_km) == (40, 10)  # ten of sixty kilometres on 240 pixels
    far = locate(CENTRE, [], FAR)
    assert (far.bar, far.bar_km) == (30, 50)


def test_north_is_up_and_east_is_right() -> None:
    north, east = locate(CENTRE, [Spot("N", 48.1, 38.0), Spot("E", 48.0, 38.2)]).others
    assert (north.x, east.y) == (120, 80)
    assert north.y == pytest.approx(80 - 0.1 * 111.2 * 4, abs=0.1)
    assert east.x == pytest.approx(120 + 0.2 * 111.2 * 0.669 * 4, abs=0.1)


def test_places_beyond_the_edge_are_left_out() -> None:
    (south, north), (west, east) = box(CENTRE.latitude, CENTRE.longitude, NEAR)
    inside = Spot("In", north - 0.01, east - 0.01)
    beyond = [Spot("Up", north + 0.01, 38), Spot("Left", 48, west - 0.01)]
    assert [point.spot.name for point in locate(CENTRE, [*beyond, inside]).others] == ["In"]
    assert (north - south) * 111.2 == pytest.approx(40)


def test_names_that_would_cover_each_other_go_left_or_are_left_out() -> None:
    first, second = Spot("Easterly", 48.05, 38.2), Spot("Easterly Mine", 48.051, 38.2)
    third = Spot("Easterly Halt", 48.049, 38.2)
    named = {
        point.spot.name: point.named for point in locate(CENTRE, [first, second, third]).others
    }
    assert named == {"Easterly": True, "Easterly Mine": True, "Easterly Halt": False}


def test_a_name_at_the_right_edge_stands_to_the_left() -> None:
    (point,) = locate(CENTRE, [Spot("Far Eastern Town", 48.1, 38.38)]).others
    assert (point.left, point.named) == (True, True)
