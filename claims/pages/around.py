"""The small map beside a town's name."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse

from claims.drawing.locator import FAR, NEAR, Locator, Spot, box, locate
from claims.models import Claim
from claims.statements import Given, Statement
from entities.models import Place

MOST = 14  # places round a town: more would not be read
FEW = 3  # with fewer nearby, the map shows more of the country
_EDGES = ("south", "north", "west", "east")  # of a box


def locator(place: Place) -> Locator | None:
    """The towns round `place`: those that have claims, then the biggest. None where it is not
    known where the place lies. One query."""
    if place.latitude is None or place.longitude is None:
        return None
    here = Spot(place.name, place.latitude, place.longitude)
    others = _OTHERS.rows(place=place.pk, **_box("near", here, NEAR), **_box("far", here, FAR))
    near = [row for row in others if row[-1]]
    across = NEAR if len(near) >= FEW else FAR
    shown = near if across == NEAR else others
    return locate(here, [_spot(*row[:-1]) for row in shown], across)


def _others() -> QuerySet[Place, tuple[object, ...]]:
    return (
        Place.objects.filter(_in_box("far"))
        .exclude(pk=Given("place"))
        .annotate(
            near=Case(When(_in_box("near"), then=True), default=False),
            claimed=Exists(Claim.objects.live().filter(place=OuterRef("pk"))),
        )
        .order_by("-near", "-claimed", "-population", "name")
        .values_list("name", "latitude", "longitude", "slug", "short_id", "claimed", "near")[:MOST]
    )


_OTHERS = Statement(_others)


def _in_box(name: str) -> Q:
    south, north, west, east = (Given(f"{name}_{edge}") for edge in _EDGES)
    return Q(latitude__range=(south, north), longitude__range=(west, east))


def _box(name: str, centre: Spot, km_across: float) -> dict[str, float]:
    """The values of the box of that name."""
    latitudes, longitudes = box(centre.latitude, centre.longitude, km_across)
    edges = (*latitudes, *longitudes)
    return {f"{name}_{edge}": value for edge, value in zip(_EDGES, edges, strict=True)}


def _spot(
    name: str, latitude: float, longitude: float, slug: str, short_id: str, claimed: bool
) -> Spot:
    url = reverse("town", args=[slug, short_id]) if claimed else ""
    return Spot(name, latitude, longitude, url)
