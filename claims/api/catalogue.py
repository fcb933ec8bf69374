"""What claims are about and who carries them: conflicts, sides, places and publishers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from claims.api.filters import (
    FIELDS,
    NAME_SORTS,
    TOWN_SORTS,
    BoxField,
    MaybeFlag,
    Sorts,
    described_sorts,
)
from claims.api.parameters import Parameters
from claims.api.rows import Rows
from claims.api.serializers import Page, PublisherSerializer, SideSerializer
from claims.models import Claim
from claims.timeline import named
from claims.where_and_when import Box
from entities.models import Conflict, Place, Side
from sources.models import Publisher

SIDE_SORTS: Sorts = {"conflict": ("conflict__slug", "order"), "key": ("key",), "id": ()}


class NoParameters(Parameters):
    @staticmethod
    def choose(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows


class SideParameters(Parameters):
    conflict = serializers.SlugField(required=False, help_text="A conflict's short name.")

    @staticmethod
    def choose(rows: QuerySet[Side], *, conflict: str = "") -> QuerySet[Side]:
        return rows.filter(conflict__slug=conflict) if conflict else rows


class PublisherParameters(Parameters):
    search = serializers.CharField(required=False, help_text="A part of its name.")
    texts_may_be_given_on = MaybeFlag(
        required=False, help_text="Whether its licence lets its texts be given on."
    )

    @staticmethod
    def choose(
        rows: QuerySet[Publisher], *, search: str = "", texts_may_be_given_on: bool | None = None
    ) -> QuerySet[Publisher]:
        if search:
            rows = rows.filter(name__icontains=search)
        if texts_may_be_given_on is not None:
            rows = rows.filter(texts_may_be_given_on=texts_may_be_given_on)
        return rows


class PlaceParameters(Parameters):
    search = serializers.CharField(
        required=False, help_text="Beginning of a name in any spelling and script."
    )
    conflict = serializers.SlugField(required=False, help_text="A conflict's short name.")
    country = serializers.CharField(
        required=False, max_length=2, help_text="ISO 3166-1: two letters."
    )
    geonameid = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Its id in GeoNames."
    )
    provisional = MaybeFlag(
        required=False, help_text="Whether it was met in a text, and no gazetteer knows it."
    )
    claimed = MaybeFlag(required=False, help_text="Whether somebody claims something about it.")
    bbox = BoxField(
        required=False,
        help_text="A box in degrees, west,south,east,north, that the coordinates are in.",
    )

    @staticmethod
    def choose(
        rows: QuerySet[Place],
        *,
        search: str = "",
        conflict: str = "",
        country: str = "",
        claimed: bool | None = None,
        bbox: Box | None = None,
        **plain: Any,
    ) -> QuerySet[Place]:
        if search:
            rows = named(rows, search)
        if conflict:
            rows = rows.filter(conflict__slug=conflict)
        if country:
            rows = rows.filter(country=country.upper())
        if claimed is not None:
            there = Exists(Claim.objects.live().filter(place=OuterRef("pk")))
            rows = rows.filter(there if claimed else ~there)
        if bbox:
            rows = rows.filter(bbox.within())
        return rows.filter(**plain)


class WholeSideSerializer(SideSerializer):
    """A side of a conflict; `order` is its place among the others."""

    conflict: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta(SideSerializer.Meta):
        fields = ["id", "conflict", *SideSerializer.Meta.fields, "order"]


class WholeConflictSerializer(serializers.ModelSerializer):
    """A conflict with its sides. `regions` are ISO 3166-1 codes of countries, or of their first
    divisions (`RU.41`): whose towns are in it by default."""

    sides = SideSerializer(many=True)

    class Meta:
        model = Conflict
        fields = ["id", "slug", "name", "regions", "sides"]


class PlaceSerializer(serializers.ModelSerializer):
    """A populated place, whether somebody claims it or not."""

    url = Page()
    conflict: serializers.Field = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    names: serializers.Field = serializers.SlugRelatedField(
        slug_field="name", many=True, read_only=True
    )

    class Meta:
        model = Place
        fields = [
            *("id", "short_id", "name", "names", "url", "geonameid", "country", "admin1"),
            *("latitude", "longitude", "population", "conflict", "provisional"),
        ]


class WholePublisherSerializer(PublisherSerializer):
    """A publisher. Its texts are given on only where its licence lets them be."""

    documents = serializers.IntegerField(source="number", help_text="How many documents are here.")

    class Meta(PublisherSerializer.Meta):
        fields = [*PublisherSerializer.Meta.fields, "documents"]


@extend_schema_view(
    list=extend_schema(
        summary="Conflicts, with their sides",
        parameters=[FIELDS, described_sorts(NAME_SORTS, "name")],
    ),
    retrieve=extend_schema(summary="A conflict, by its short name", parameters=[FIELDS]),
)
class ConflictViewSet(Rows):
    queryset = Conflict.objects.prefetch_related("sides")
    lookup_field = "slug"
    parameters_class = NoParameters
    serializer_class = WholeConflictSerializer
    sorts, sort = NAME_SORTS, "name"


@extend_schema_view(
    list=extend_schema(
        summary="Sides of conflicts",
        parameters=[SideParameters, FIELDS, described_sorts(SIDE_SORTS, "conflict")],
    ),
    retrieve=extend_schema(summary="A side", parameters=[FIELDS]),
)
class SideViewSet(Rows):
    queryset = Side.objects.select_related("conflict")
    parameters_class = SideParameters
    serializer_class = WholeSideSerializer
    sorts, sort = SIDE_SORTS, "conflict"


@extend_schema_view(
    list=extend_schema(
        summary="All places that are known, claimed or not",
        parameters=[PlaceParameters, FIELDS, described_sorts(TOWN_SORTS, "name")],
    ),
    retrieve=extend_schema(summary="A place", parameters=[FIELDS]),
)
class PlaceViewSet(Rows):
    queryset = Place.objects.select_related("conflict").prefetch_related("names")
    parameters_class = PlaceParameters
    serializer_class = PlaceSerializer
    sorts, sort = TOWN_SORTS, "name"


@extend_schema_view(
    list=extend_schema(
        summary="Publishers, by name",
        parameters=[PublisherParameters, FIELDS, described_sorts(NAME_SORTS, "name")],
    ),
    retrieve=extend_schema(summary="A publisher", parameters=[FIELDS]),
)
class PublisherViewSet(Rows):
    queryset = Publisher.objects.annotate(number=Count("documents"))
    parameters_class = PublisherParameters
    serializer_class = WholePublisherSerializer
    sorts, sort = NAME_SORTS, "name"
