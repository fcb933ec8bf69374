"""A town's status over time, as the API answers it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import get_args

from django.utils import timezone
from rest_framework import serializers

from claims.api.serializers import STATUS_HELP, ClaimSerializer, TownRefSerializer
from claims.records import Record, band_record, utc
from claims.status.records import Freshness, Interval, Status
from claims.timeline import kept_bands, timeline
from entities.models import Place


class StatusFields(serializers.Serializer):
    """What every record of a status says: on a timeline as in the feed (`claims.records`)."""

    # "from" is no name in Python.
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": serializers.DateField(help_text="Its first day."),
            "to": serializers.DateField(
                allow_null=True, help_text="Its last day; null: up to now."
            ),
            **super().get_fields(),
        }

    status = serializers.CharField(help_text=STATUS_HELP)
    kind = serializers.ChoiceField(choices=get_args(Status))
    sides = serializers.ListField(
        child=serializers.CharField(), help_text="Who holds or claims it, or contest it."
    )
    holder = serializers.CharField(allow_null=True)
    divided = serializers.ListField(
        child=serializers.CharField(), help_text="Sides whose actors differed in that time."
    )
    by_own_word = serializers.BooleanField(
        help_text="Held by its own word: claimed without a capture."
    )
    rule = serializers.IntegerField()
    version = serializers.CharField(help_text="Of the rules.")
    deciding = serializers.ListField(
        child=serializers.UUIDField(), help_text="Ids of the claims that brought it about."
    )
    last_word_on = serializers.DateField(
        allow_null=True,
        help_text="When the deciding word was last said; null where the status does not age.",
    )


class BandSerializer(StatusFields):
    """A status over some days; freshness is that of the last day, or of today (or of the day
    that is asked about) where it has not ended. Answered as `claims.records.band_record`."""

    freshness = serializers.ChoiceField(choices=get_args(Freshness), allow_null=True)


class PartSerializer(serializers.Serializer):
    """A part of a town that has a status of its own."""

    label = serializers.CharField()  # type: ignore[assignment]  # hides nothing: see `parent`
    bands = BandSerializer(many=True)


class KnownStatusSerializer(serializers.Serializer):
    """A town's status over time, as known on a day (null: with all that is known now), by what
    this system had recorded as of a time (null: by now). Answered as `status_record`."""

    town = TownRefSerializer()
    known_on = serializers.DateField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    include_pending = serializers.BooleanField()
    bands = BandSerializer(many=True)
    parts = PartSerializer(many=True)


class StatusSerializer(KnownStatusSerializer):
    """A town's status over time, as known on a day (null: with all that is known now), by what
    this system had recorded as of a time (null: by now); on one day alone where `at` says so."""

    at = serializers.DateField(
        allow_null=True, help_text="The day whose status alone this is; null: all days."
    )


class TimelineSerializer(KnownStatusSerializer):
    """A town's status over time, and a page of its claims."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ClaimSerializer(many=True)


def status_record(
    place: Place,
    *,
    site: str,
    include_pending: bool = False,
    known_on: date | None = None,
    as_of: datetime | None = None,
    at: date | None = None,
) -> Record:
    """`at` leaves the bands in force on that day alone, as fresh as they were then."""
    today = timezone.localdate()
    days = [today, known_on, as_of and timezone.localdate(as_of)]
    last = at or min(day for day in days if day)
    town, parts = _bands(place, include_pending, known_on, as_of)
    bands = {"": _told(town, last, at)} | {label: _told(parts[label], last, at) for label in parts}
    whole = bands.pop("")
    return {
        "town": {
            "id": str(place.pk),
            "name": place.name,
            "url": f"{site}{place.get_absolute_url()}",
        },
        "known_on": known_on and known_on.isoformat(),
        "as_of": as_of and utc(as_of),
        "include_pending": include_pending,
        "bands": whole,
        "parts": [{"label": label, "bands": told} for label, told in bands.items() if told],
    }


def _told(bands: Iterable[Interval], last: date, at: date | None) -> list[Record]:
    return [band_record(band, today=last) for band in bands if at is None or band.covers(at)]


def _bands(
    place: Place, include_pending: bool, known_on: date | None, as_of: datetime | None
) -> tuple[list[Interval], dict[str, list[Interval]]]:
    """The town's, and its parts' by label: as they are kept, unless they are asked for as at
    another time, or a change waits to be derived."""
    kept = kept_bands(place, [include_pending]) if known_on is None and as_of is None else None
    if kept is not None:
        parts = {label: bands for (_, label), bands in sorted(kept.items()) if label}
        return kept.get((include_pending, ""), []), parts
    told = timeline(place, known_on=known_on, as_of=as_of)
    status = told.status(include_pending=include_pending)
    return list(status.bands), {label: list(bands) for label, bands in status.parts.items()}
