"""The small map beside a town's name."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from claims.drawing.locator import Locator, Spot, box, locate
from claims.models import Claim
from entities.models import Place

MOST = 14  # places round a town: more would not be read


def locator(place: Place) -> Locator | None:
    """The towns round `place`: those that have claims, then the biggest. None where it is not
    known where the place lies. One query."""
    if place.latitude is None or place.longitude is None:
        return None
    latitudes, longitudes = box(place.latitude, place.longitude)
    others = (
        Place.objects.filter(latitude__range=latitudes, longitude__range=longitudes)
        .exclude(pk=place.pk)
        .annotate(claimed=Exists(Claim.objects.live().filter(place=OuterRef("pk"))))
        .order_by("-claimed", "-population", "name")[:MOST]
    )
    return locate(_spot(place), [_spot(other, linked=other.claimed) for other in others])


def _spot(place: Place, *, linked: bool = False) -> Spot:
    url = place.get_absolute_url() if linked else ""
    return Spot(place.name, place.latitude, place.longitude, url)
