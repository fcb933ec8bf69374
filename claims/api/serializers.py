"""Rows as the API shows them, in the codebook's terms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, get_args

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.derive import side_of
from claims.models import Claim, Evidence, ExtractionRun, StatusInterval
from claims.status.records import Freshness, Interval, Status, freshness, status_text
from claims.timeline import Timeline, Town
from entities.models import Actor, Allegiance, Conflict, Place, Side
from entities.models import Speaker as SpeakerRow
from sources.models import Document, Publisher

UNKNOWN = status_text("unknown", ())
STATUS_HELP = "In words: `contested`, `controlled russia`, `fought-over, holder ukraine` …"


class Page(serializers.CharField):
    """The absolute address of a row's page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="get_absolute_url", read_only=True, **kwargs)

    def to_representation(self, value: str) -> str:
        return self.context["request"].build_absolute_uri(value)


class LocalTime(serializers.DateTimeField):
    """A time in the offset that it carries."""

    def enforce_timezone(self, value: datetime) -> datetime:
        return value


class SideSerializer(serializers.ModelSerializer):
    class Meta:
        model = Side
        fields = ["key", "name", "colour"]


class ConflictSerializer(serializers.ModelSerializer):
    sides = SideSerializer(many=True)

    class Meta:
        model = Conflict
        fields = ["slug", "name", "sides"]


class TownSerializer(serializers.ModelSerializer):
    """A town and its present status. `status` counts verified claims alone unless
    `include_pending` is given; `status_with_pending` always counts pending ones as well."""

    url = Page()
    status = serializers.SerializerMethodField(help_text=STATUS_HELP)
    status_with_pending = serializers.SerializerMethodField(help_text=STATUS_HELP)
    since = serializers.DateField(
        source="status_since", allow_null=True, help_text="The status's first day."
    )
    conflict: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    live_claims = serializers.IntegerField(help_text="Claims verified or pending.")
    pending_claims = serializers.IntegerField()
    latest_on = serializers.DateField(
        allow_null=True, help_text="The last day on which something was said about it."
    )

    class Meta:
        model = Place
        fields = [
            "id",
            "name",
            "url",
            "status",
            "status_with_pending",
            "since",
            "conflict",
            "country",
            "admin1",
            "latitude",
            "longitude",
            "population",
            "provisional",
            "live_claims",
            "pending_claims",
            "latest_on",
        ]

    def get_status(self, place: Town) -> str:
        return _present_text(place.now)

    def get_status_with_pending(self, place: Town) -> str:
        return _present_text(place.now_with_pending)


def _present_text(now: list[StatusInterval]) -> str:
    """The status of a town without an interval that lasts to this day is unknown."""
    return status_text(now[0].status, tuple(now[0].sides)) if now else UNKNOWN


class TownDetailSerializer(TownSerializer):
    names: serializers.Field = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True
    )
    conflict = ConflictSerializer(allow_null=True)
    status_url = serializers.SerializerMethodField()
    timeline_url = serializers.SerializerMethodField()

    class Meta(TownSerializer.Meta):
        fields = [*TownSerializer.Meta.fields, "names", "geonameid", "status_url", "timeline_url"]

    @extend_schema_field(serializers.URLField)
    def get_status_url(self, place: Place) -> str:
        return self._address("api:town-status", place)

    @extend_schema_field(serializers.URLField)
    def get_timeline_url(self, place: Place) -> str:
        return self._address("api:town-timeline", place)

    def _address(self, name: str, place: Place) -> str:
        return self.context["request"].build_absolute_uri(reverse(name, args=[place.id]))


class TownRefSerializer(serializers.ModelSerializer):
    url = Page()

    class Meta:
        model = Place
        fields = ["id", "name", "url"]


class BandSerializer(serializers.Serializer):
    """A status over some days. `from` and `to` are its first and last days (`to` null: up to
    now); freshness is that of the last day, or of today where it has not ended."""

    # "from" is no name in Python.
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": serializers.DateField(source="start"),
            "to": serializers.SerializerMethodField(method_name="last_day"),
            **super().get_fields(),
        }

    status = serializers.CharField(source="text", help_text=STATUS_HELP)
    kind = serializers.ChoiceField(choices=get_args(Status), source="status")
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
    freshness = serializers.SerializerMethodField()
    last_word_on = serializers.SerializerMethodField(
        help_text="When the deciding word was last said; null where the status does not age."
    )

    @extend_schema_field(serializers.DateField(allow_null=True))
    def last_day(self, band: Interval) -> date | None:
        return band.end and band.end - timedelta(days=1)

    @extend_schema_field(serializers.ChoiceField(choices=get_args(Freshness), allow_null=True))
    def get_freshness(self, band: Interval) -> Freshness | None:
        return freshness(band, self._day(band))

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_last_word_on(self, band: Interval) -> date | None:
        return band.last_word_by(self._day(band))

    def _day(self, band: Interval) -> date:
        """The day for which freshness is told: for a town as known on a day or as of a time,
        the earlier of them."""
        last = self.last_day(band)
        today: date = self.context["today"]
        return today if last is None else min(today, last)


class PartSerializer(serializers.Serializer):
    """A part of a town that has a status of its own."""

    label = serializers.CharField()  # type: ignore[assignment]  # hides nothing: see `parent`
    bands = BandSerializer(many=True)


class StatusSerializer(serializers.Serializer):
    """A town's status over time, as known on a day (null: with all that is known now), by what
    this system had recorded as of a time (null: by now)."""

    town = TownRefSerializer(source="place")
    known_on = serializers.DateField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    include_pending = serializers.SerializerMethodField()
    bands = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()

    def get_include_pending(self, _: Timeline) -> bool:
        return self.context["include_pending"]

    @extend_schema_field(BandSerializer(many=True))
    def get_bands(self, timeline: Timeline) -> list[dict[str, Any]]:
        status = timeline.status(include_pending=self.context["include_pending"])
        context = self._context_of(timeline)
        return [BandSerializer(band, context=context).data for band in status.bands]

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, timeline: Timeline) -> list[dict[str, Any]]:
        status = timeline.status(include_pending=self.context["include_pending"])
        parts = [{"label": label, "bands": bands} for label, bands in status.parts.items()]
        context = self._context_of(timeline)
        return [PartSerializer(part, context=context).data for part in parts]

    def _context_of(self, timeline: Timeline) -> dict[str, Any]:
        return {**self.context, "today": timeline.last_day(timezone.localdate())}


class PublisherSerializer(serializers.ModelSerializer):
    class Meta:
        model = Publisher
        fields = ["id", "name", "homepage"]


class DocumentRefSerializer(serializers.ModelSerializer):
    url = Page()
    publisher: serializers.Field = serializers.SlugRelatedField(slug_field="name", read_only=True)
    published = LocalTime(
        source="published_local",
        help_text="In the offset that the publisher gave.",
    )

    class Meta:
        model = Document
        fields = ["id", "title", "publisher", "published", "url"]


class DocumentSerializer(DocumentRefSerializer):
    publisher = PublisherSerializer()
    source_url = serializers.URLField(source="url", help_text="Where the publisher has it.")
    family = serializers.UUIDField(
        source="family_id",
        help_text="The same for copies of one text by several publishers, word for word or nearly.",
    )
    extraction = serializers.ChoiceField(
        choices=ExtractionRun.State.values,
        help_text="How far the latest reading of the text for claims is.",
    )
    live_claims = serializers.IntegerField(help_text="Claims verified or pending.")

    class Meta(DocumentRefSerializer.Meta):
        fields = [
            *DocumentRefSerializer.Meta.fields,
            "source_url",
            "conflict_slug",
            "provenance",
            "family",
            "ingested_at",
            "extraction",
            "live_claims",
        ]


class DocumentDetailSerializer(DocumentSerializer):
    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "text"]


class ActorRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Actor
        fields = ["id", "slug", "name", "kind"]


class EvidenceSerializer(serializers.ModelSerializer):
    """Characters `[start, end)` of the document's text, and the words in them that told the
    predicate."""

    class Meta:
        model = Evidence
        fields = ["start", "end", "quote", "cue"]


class ClaimSerializer(serializers.ModelSerializer):
    """One claim. `claimant` null: the publisher's own statement."""

    url = Page()
    label = serializers.CharField()  # type: ignore[assignment]  # hides nothing: see `parent`
    town = TownRefSerializer(source="place")
    document = DocumentRefSerializer()
    claimant = ActorRefSerializer(allow_null=True)
    side = serializers.SerializerMethodField(
        help_text="The claimant's side in the town's conflict on the day."
    )
    subject = ActorRefSerializer(allow_null=True)
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Claim
        fields = [
            "id",
            "url",
            "label",
            "state",
            "town",
            "place_ambiguous",
            "claimant",
            "side",
            "speaker",
            "stance",
            "predicate",
            "subject",
            "extent",
            "part_words",
            "part_label",
            "asserted_on",
            "asserted_precision",
            "event_date",
            "event_precision",
            "document",
            "evidence",
            "confidence",
            "origin",
            "extractor_version",
            "no_longer_found",
            "created_at",
        ]

    def get_side(self, claim: Claim) -> str | None:
        return side_of(claim.claimant, claim.place, claim.asserted_on)


class AllegianceSerializer(serializers.ModelSerializer):
    conflict = serializers.CharField(source="side.conflict.slug")
    side = serializers.CharField(source="side.key")

    class Meta:
        model = Allegiance
        fields = ["conflict", "side", "since", "until"]


class SpeakerSerializer(serializers.ModelSerializer):
    class Meta:
        model = SpeakerRow
        fields = ["names", "role", "since", "until"]


class ActorSerializer(serializers.ModelSerializer):
    # DRF takes declared fields off the class, so they hide none of its own attributes.
    parent: serializers.Field = serializers.SlugRelatedField(  # type: ignore[assignment]
        slug_field="slug", read_only=True
    )
    names: serializers.Field = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True
    )
    allegiances = AllegianceSerializer(many=True)
    speakers = SpeakerSerializer(many=True)

    class Meta:
        model = Actor
        fields = [
            *ActorRefSerializer.Meta.fields,
            "official",
            "provisional",
            "parent",
            "names",
            "allegiances",
            "speakers",
        ]


class TimelineSerializer(StatusSerializer):
    """A town's status over time, and a page of its claims."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ClaimSerializer(many=True)
