"""A small map of where a town lies: the towns round it, by their coordinates alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

WIDTH, HEIGHT = 240.0, 160.0  # pixels
NEAR, FAR = 60.0, 400.0  # kilometres across: the far map is for towns with few around them
KM_PER_DEGREE = 111.2  # of latitude
DOT = 2.5  # half a dot's width
LETTER, LINE = 5.8, 12.0  # about the size of a small letter
Room = tuple[float, float, float, float]  # left, top, right, bottom
SCALE_ROOM: Room = (0.0, HEIGHT - 30, 60.0, HEIGHT)  # the corner of the scale


@dataclass(frozen=True, slots=True)
class Spot:
    """A place by its name, latitude and longitude, in degrees; `url` "" where it has no page
    worth a visit."""

    name: str
    latitude: float
    longitude: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A spot on the map, in pixels from the top left. `left`: its name stands to its left;
    `named`: there is room for the name."""

    spot: Spot
    x: float
    y: float
    left: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Locator:
    """`bar` is the length in pixels of the scale, which stands for `bar_km`."""

    centre: Point
    others: tuple[Point, ...]
    bar: float
    bar_km: int


def box(
    latitude: float, longitude: float, km_across: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The latitudes and longitudes between which places are on the map of a town there."""
    high = km_across * HEIGHT / WIDTH / KM_PER_DEGREE / 2
    wide = km_across / _km_per_longitude(latitude) / 2
    return (latitude - high, latitude + high), (longitude - wide, longitude + wide)


def locate(centre: Spot, others: Iterable[Spot], km_across: float = NEAR) -> Locator:
    """The map round `centre`. Of `others`, the first come first where names want room."""
    scale = WIDTH / km_across
    spots = [centre, *others]
    places = [_place(spot, centre, scale) for spot in spots]
    taken = [SCALE_ROOM]
    middle, *points = (
        _point(spot, place, taken, [_dot(*other) for other in places if other != place])
        for spot, place in zip(spots, places, strict=True)
    )
    bar_km = 10 if km_across <= NEAR else 50
    return Locator(
        middle,
        tuple(point for point in points if 0 < point.x < WIDTH and 0 < point.y < HEIGHT),
        bar_km * scale,
        bar_km,
    )


def _place(spot: Spot, centre: Spot, scale: float) -> tuple[float, float]:
    """Where `spot` lies, at `scale` pixels for a kilometre."""
    east = (spot.longitude - centre.longitude) * _km_per_longitude(centre.latitude)
    south = (centre.latitude - spot.latitude) * KM_PER_DEGREE
    return round(WIDTH / 2 + east * scale, 1), round(HEIGHT / 2 + south * scale, 1)


def _dot(x: float, y: float) -> Room:
    return x - DOT, y - DOT, x + DOT, y + DOT


def _point(spot: Spot, place: tuple[float, float], taken: list[Room], dots: list[Room]) -> Point:
    """`spot` with its name where that covers neither names nor `dots`; the room that the name
    takes is added to `taken`."""
    x, y = place
    length = len(spot.name) * LETTER + 6
    for left in (False, True):
        begin = x - length if left else x
        room = (begin, y - LINE / 2, begin + length, y + LINE / 2)
        inside = begin >= 0 and begin + length <= WIDTH and LINE / 2 < y < HEIGHT - LINE * 1.5
        if inside and not any(_overlap(room, other) for other in (*taken, *dots)):
            taken.append(room)
            return Point(spot, x, y, left, True)
    return Point(spot, x, y, False, False)


def _km_per_longitude(latitude: float) -> float:
    """Kilometres in a degree of longitude; never nothing, not even at the poles."""
    return KM_PER_DEGREE * max(cos(radians(latitude)), 0.01)


def _overlap(one: Room, other: Room) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
