"""The small map beside a town's name."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, When

from claims.drawing.locator import FAR, NEAR, Locator, Spot, box, locate
from claims.models import Claim
from entities.models import Place

MOST = 14  # places round a town: more would not be read
FEW = 3  # with fewer nearby, the map shows more of the country


def locator(place: Place) -> Locator | None:
    """The towns round `place`: those that have claims, then the biggest. None where it is not
    known where the place lies. One query."""
    here = _spot(place)
    if here is None:
        return None
    others = (
        Place.objects.filter(_box(here, FAR))
        .exclude(pk=place.pk)
        .annotate(
            near=Case(When(_box(here, NEAR), then=True), default=False),
            claimed=Exists(Claim.objects.live().filter(place=OuterRef("pk"))),
        )
        .order_by("-near", "-claimed", "-population", "name")[:MOST]
    )
    near = [other for other in others if other.near]
    across = NEAR if len(near) >= FEW else FAR
    shown = near if across == NEAR else others
    spots = (_spot(other, linked=other.claimed) for other in shown)
    return locate(here, [spot for spot in spots if spot], across)


def _box(centre: Spot, km_across: float) -> Q:
    latitudes, longitudes = box(centre.latitude, centre.longitude, km_across)
    return Q(latitude__range=latitudes, longitude__range=longitudes)


def _spot(place: Place, *, linked: bool = False) -> Spot | None:
    if place.latitude is None or place.longitude is None:
        return None
    url = place.get_absolute_url() if linked else ""
    return Spot(place.name, place.latitude, place.longitude, url)
