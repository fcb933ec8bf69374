"""The API's lists and rows. Each request takes a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from claims.api import parameters
from claims.api import serializers as shown
from claims.api.intake import BringMixin
from claims.api.permissions import taking
from claims.api.record import (
    DenialsSerializer,
    GainsSerializer,
    RecordParameters,
    RecordSerializer,
    TrackedStatementSerializer,
)
from claims.api.related import ClaimDetailSerializer
from claims.derive import for_status
from claims.models import Claim, ExtractionRun
from claims.pages.speakers import record as record_of
from claims.pages.speakers import tracked
from claims.recorded import as_they_stood, recorded
from claims.timeline import known, published_by, timeline, towns, with_status
from entities.models import Actor, Place
from sources.models import Document


class Rows(ReadOnlyModelViewSet):
    """A list narrowed by its parameters, and its rows by id."""

    parameters_class: type[parameters.Parameters]
    list_serializer_class: type[serializers.BaseSerializer] | None = None

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.action != "list":
            return queryset
        return self.parameters_class.choose(queryset, **self.parameters_class.of(self.request))

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        if self.action == "list" and self.list_serializer_class:
            return self.list_serializer_class
        return super().get_serializer_class()


@extend_schema_view(
    list=extend_schema(
        summary="Towns that somebody claims something about",
        parameters=[parameters.TownParameters],
    ),
    retrieve=extend_schema(summary="A town, with all its names"),
)
class TownViewSet(Rows):
    parameters_class = parameters.TownParameters
    serializer_class = shown.TownDetailSerializer
    list_serializer_class = shown.TownSerializer
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Place]:
        if self.action == "list":
            given = self.parameters_class.of(self.request)
            return towns(include_pending=given["include_pending"])
        return with_status(Place.objects.all()).prefetch_related("names")

    @extend_schema(
        summary="A town's status over time",
        parameters=[parameters.AsKnown],
        responses=shown.StatusSerializer,
    )
    @action(detail=True)
    def status(self, request: Request, pk: str) -> Response:
        place, given = self._asked(request, pk)
        return Response(self._status(place, given))

    @extend_schema(
        summary="A town's status over time, and its claims in the order of their days",
        parameters=[parameters.AsKnown, parameters.Paging],
        responses=shown.TimelineSerializer,
    )
    @action(detail=True, ordering=("asserted_on", "id"))
    def timeline(self, request: Request, pk: str) -> Response:
        place, given = self._asked(request, pk)
        page = self._claims_page(place, **given)
        claims = shown.ClaimSerializer(page, many=True, context=self.get_serializer_context())
        answer = self.get_paginated_response(claims.data)
        answer.data = {**self._status(place, given), **answer.data}
        return answer

    def _claims_page(
        self,
        place: Place,
        *,
        include_pending: bool,
        known_on: date | None = None,
        as_of: datetime | None = None,
    ) -> Sequence[Claim] | None:
        if as_of is None:
            rows = known(place, known_on=known_on).counting(include_pending=include_pending)
            return self.paginate_queryset(rows.prefetch_related("evidence"))
        then = recorded(place, as_of=as_of, include_pending=include_pending)
        return as_they_stood(self.paginate_queryset(published_by(then, known_on)) or ())

    def _asked(self, request: Request, pk: str) -> tuple[Place, dict[str, Any]]:
        given = parameters.AsKnown.of(request)
        return get_object_or_404(Place.objects.all(), pk=pk), given

    def _status(self, place: Place, given: dict[str, Any]) -> dict[str, Any]:
        return shown.StatusSerializer(
            timeline(place, known_on=given.get("known_on"), as_of=given.get("as_of")),
            context={
                **self.get_serializer_context(),
                "include_pending": given["include_pending"],
            },
        ).data


@extend_schema_view(
    list=extend_schema(
        summary="Claims, the newest first", parameters=parameters.ClaimParameters.described()
    ),
    retrieve=extend_schema(summary="A claim in any state, with its relations to others"),
)
class ClaimViewSet(Rows):
    parameters_class = parameters.ClaimParameters
    serializer_class = ClaimDetailSerializer
    list_serializer_class = shown.ClaimSerializer

    def get_queryset(self) -> QuerySet[Claim]:
        rows = for_status().prefetch_related("evidence")
        return rows.select_related("queued") if self.action == "retrieve" else rows


@extend_schema_view(
    list=extend_schema(
        summary="Documents, the newest here first", parameters=[parameters.DocumentParameters]
    ),
    retrieve=extend_schema(summary="A document with its text"),
)
class DocumentViewSet(BringMixin, Rows):
    permission_classes = [taking("bring_in")]
    parameters_class = parameters.DocumentParameters
    serializer_class = shown.DocumentDetailSerializer
    list_serializer_class = shown.DocumentSerializer

    def get_queryset(self) -> QuerySet[Document]:
        runs = ExtractionRun.objects.filter(document=OuterRef("pk")).order_by("-id")
        live = Q(claims__state__in=[*Claim.VERIFIED, Claim.State.PENDING])
        documents = Document.objects.select_related("publisher").annotate(
            live_claims=Count("claims", filter=live),
            extraction=Coalesce(Subquery(runs.values("state")[:1]), Value("waiting")),
        )
        return documents.defer("text") if self.action == "list" else documents


@extend_schema_view(
    list=extend_schema(summary="Actors, by name", parameters=[parameters.ActorParameters]),
    retrieve=extend_schema(summary="An actor"),
)
class ActorViewSet(Rows):
    parameters_class = parameters.ActorParameters
    serializer_class = shown.ActorSerializer
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Actor]:
        return Actor.objects.select_related("parent").prefetch_related(
            "names", "allegiances__side__conflict", "speakers"
        )

    @extend_schema(
        summary="What became of what an actor said about who has which town",
        parameters=[RecordParameters],
        responses=RecordSerializer,
    )
    @action(detail=True, ordering=("-first", "-id"))
    def record(self, request: Request, pk: str) -> Response:
        given = RecordParameters.of(request)
        actor = get_object_or_404(Actor.objects.all(), pk=pk)
        found = tracked(
            actor,
            include_pending=given["include_pending"],
            conflict=given.get("conflict", ""),
        )
        context = self.get_serializer_context()
        page = self.paginate_queryset(found.select_related("place"))
        rows = TrackedStatementSerializer(page, many=True, context=context).data
        told = record_of(found)
        head = {
            "actor": shown.ActorRefSerializer(actor).data,
            "include_pending": given["include_pending"],
            "gains": GainsSerializer(told).data,
            "denials": DenialsSerializer(told).data,
        }
        answer = self.get_paginated_response(rows)
        answer.data = {**head, **answer.data}
        return answer


@extend_schema(exclude=True)
class NothingHere(APIView):
    """Any other address of the API."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound
