"""Rows as the API shows them, in the codebook's terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from claims.models import Claim, Evidence, ExtractionRun, StatusInterval
from claims.records import Record, claim_records
from claims.status.records import Interval, status_text
from claims.timeline import Town
from entities.models import Actor, Allegiance, Conflict, Place, Side
from entities.models import Speaker as SpeakerRow
from sources.models import Document, Publisher

UNKNOWN = status_text("unknown", ())
STATUS_HELP = "In words: `contested`, `controlled russia`, `fought-over, holder ukraine` …"


def site_of(request: Request) -> str:
    """What addresses of this site's pages begin with, as the request was sent to it."""
    return request.build_absolute_uri("/")[:-1]


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
    conflict: serializers.Field = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
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


def _present_text(now: Sequence[StatusInterval | Interval]) -> str:
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


class PublisherSerializer(serializers.ModelSerializer):
    class Meta:
        model = Publisher
        fields = ["id", "name", "homepage", "licence", "texts_may_be_given_on"]


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
    source_url = serializers.CharField(
        source="url", help_text="Where the publisher has it; may be empty."
    )
    family = serializers.UUIDField(
        source="family_id",
        help_text="The same for copies of one text by several publishers, word for word or nearly.",
    )
    extraction = serializers.ChoiceField(
        choices=ExtractionRun.State.values,
        help_text="How far the latest reading of the text for claims is.",
    )
    live_claims = serializers.IntegerField(help_text="Claims verified or pending.")
    published_utc = serializers.DateTimeField(source="published")
    text_hash = serializers.CharField(
        source="own_hash", help_text="SHA-256 of the text, each run of white space a space."
    )

    text_sha256 = serializers.CharField(help_text="SHA-256 of the text in UTF-8, as it is kept.")
    article = serializers.UUIDField(
        source="article_id",
        allow_null=True,
        help_text="The same for all texts that stood at one address; null for a text without.",
    )
    version = serializers.IntegerField(help_text="Which of its article's texts it is, from 1.")
    replaced_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when another text has been seen at its address; null: it is there now.",
    )
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was taken down: title, text and quotations are gone."
    )

    class Meta(DocumentRefSerializer.Meta):
        fields = [
            *DocumentRefSerializer.Meta.fields,
            "published_utc",
            *("published_from", "published_confidence", "author"),
            "source_url",
            "text_hash",
            *("text_sha256", "article", "version", "replaced_at", "withdrawn_at"),
            "conflict_slug",
            "provenance",
            "family",
            "ingested_at",
            "extraction",
            "live_claims",
        ]


class QuotationSerializer(serializers.ModelSerializer):
    """A passage of the text that carries a live claim."""

    claim = serializers.UUIDField(source="claim_id")

    class Meta:
        model = Evidence
        fields = ["claim", "start", "end", "quote", "cue"]


class DocumentDetailSerializer(DocumentSerializer):
    text = serializers.SerializerMethodField(
        help_text="Null unless the publisher's licence lets texts be given on, or the text was "
        "retold for this project; and where it was withdrawn. The link, the hash and the "
        "quotations stand for it."
    )
    quotations = serializers.SerializerMethodField()

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "text", "quotations"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_text(self, document: Document) -> str | None:
        if document.withdrawn_at is not None:
            return None
        return document.text if may_be_given_on(document) else None

    @extend_schema_field(QuotationSerializer(many=True))
    def get_quotations(self, document: Document) -> list[dict[str, Any]]:
        live = [*Claim.VERIFIED, Claim.State.PENDING]
        rows = Evidence.objects.filter(claim__document=document, claim__state__in=live)
        return list(QuotationSerializer(rows.order_by("start", "end", "claim"), many=True).data)


def may_be_given_on(document: Document) -> bool:
    """Whether the text may leave this system. Those who work here read it in the pages: what the
    API answers is copied on, whoever asks."""
    return (
        document.publisher.texts_may_be_given_on
        or document.provenance == Document.Provenance.RETOLD
    )


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


class ClaimTownSerializer(TownRefSerializer):
    class Meta(TownRefSerializer.Meta):
        fields = [
            *TownRefSerializer.Meta.fields,
            *("country", "admin1", "geonameid", "latitude", "longitude"),
        ]


class SourceSerializer(DocumentRefSerializer):
    published_utc = serializers.DateTimeField()
    source_url = serializers.CharField(help_text="Where the publisher has it; may be empty.")
    family = serializers.UUIDField(help_text="The same for copies of one text, or nearly.")
    text_hash = serializers.CharField(
        help_text="SHA-256 of the text, each run of white space a space."
    )
    version = serializers.IntegerField(help_text="Which of its article's texts it is, from 1.")
    replaced_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when another text has been seen at its address; null: it is there now.",
    )
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was taken down: title and quotations are empty."
    )

    class Meta(DocumentRefSerializer.Meta):
        fields = [
            *DocumentRefSerializer.Meta.fields,
            *("published_utc", "source_url", "provenance", "family", "text_hash"),
            *("version", "replaced_at", "withdrawn_at"),
        ]


class ClaimSerializer(serializers.ModelSerializer):
    """One claim. `claimant` null: the publisher's own statement."""

    # What it describes is made by `claims.records`: serializers take ten times its queries.
    url = Page()
    label = serializers.CharField()  # type: ignore[assignment]  # hides nothing: see `parent`
    conflict = serializers.CharField(
        allow_null=True, help_text="The short name of the conflict that the town is in."
    )
    town = ClaimTownSerializer(source="place")
    document = SourceSerializer()
    claimant = ActorRefSerializer(allow_null=True)
    side = serializers.CharField(
        allow_null=True, help_text="The claimant's side in the town's conflict on the day."
    )
    subject = ActorRefSerializer(allow_null=True)
    evidence = EvidenceSerializer(many=True)
    version = serializers.IntegerField(
        read_only=True, help_text="Counted up with every change: who decides says what was read."
    )
    duplicate_of = serializers.UUIDField(
        allow_null=True, help_text="The claim that says the same; this one is rejected for it."
    )
    replaces = serializers.UUIDField(
        allow_null=True, help_text="The earlier claim that an extraction found in its place."
    )
    updated_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When its latest change came into the feed; null: it is not in it yet.",
    )

    class Meta:
        model = Claim
        fields = [
            *("id", "url", "label", "state", "conflict", "town", "place_ambiguous", "claimant"),
            *("side", "speaker", "stance", "predicate", "subject", "extent", "part_words"),
            *("part_label", "asserted_on", "asserted_precision", "event_date", "event_precision"),
            *("document", "evidence", "confidence", "origin", "extractor_version"),
            *("no_longer_found", "duplicate_of", "replaces", "version", "created_at"),
            "updated_at",
        ]

    def to_representation(self, instance: Claim | Record) -> Record:
        """Of a record of `claims.records`, the fields that are asked for; a row is read anew."""
        if isinstance(instance, Claim):
            rows = Claim.objects.filter(pk=instance.pk)
            (instance,) = claim_records(rows, site=site_of(self.context["request"]))
        return {name: value for name, value in instance.items() if name in self._asked}

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The fields, as they are once the first row is shown."""
        return frozenset(self.fields)


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
        slug_field="slug", read_only=True, allow_null=True
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
