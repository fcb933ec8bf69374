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


def east(name: str, pixels: float, *, south: float = 0) -> Spot:
    """A spot so many pixels from one in the empty north-east of the map."""
    return Spot(name, 48.1 - south / 4 / 111.2, 38.1 + pixels / 4 / 111.2 / 0.669)


def test_a_name_that_would_cover_another_goes_left() -> None:
    others = locate(CENTRE, [east("First", 0), east("Second", 0, south=10)]).others
    assert [(point.named, point.left) for point in others] == [(True, False), (True, True)]


def test_a_name_that_would_cover_dots_on_both_sides_is_left_out() -> None:
    others = locate(CENTRE, [east("A", -12), east("Between", 0), east("C", 12)]).others
    assert [point.named for point in others] == [True, False, True]


def test_a_name_at_the_right_edge_stands_to_the_left() -> None:
    (point,) = locate(CENTRE, [Spot("Far Eastern Town", 48.1, 38.38)]).others
    assert (point.left, point.named) == (True, True)
