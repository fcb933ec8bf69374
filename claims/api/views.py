"""The API's lists and rows. Each request takes a constant number of queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api import filters, parameters
from claims.api import serializers as shown
from claims.api.intake import BringMixin
from claims.api.kept_answers import kept_answer
from claims.api.permissions import taking
from claims.api.record import (
    DenialsSerializer,
    GainsSerializer,
    RecordParameters,
    RecordSerializer,
    TrackedStatementSerializer,
)
from claims.api.related import ClaimDetailSerializer
from claims.api.rows import Rows
from claims.api.status import StatusSerializer, TimelineSerializer, status_record
from claims.api.towns import tell_then, towns_at
from claims.derive import for_status
from claims.models import Claim, ExtractionRun
from claims.pages.speakers import record as record_of
from claims.pages.speakers import tracked
from claims.recorded import recorded
from claims.records import claim_records, claim_rows, claim_rows_of
from claims.timeline import known, published_by, towns, with_status
from claims.towns_then import known_towns
from entities.models import Actor, Place
from sources.models import Document


@extend_schema_view(
    list=extend_schema(
        summary="Towns that somebody claims something about",
        description="`at` is a day (today by default); `known_on` and `as_of` derive the statuses "
        "anew from what was known or recorded then, and cannot be chosen by `status`.",
        parameters=[
            filters.TownParameters,
            filters.FIELDS,
            filters.described_sorts(filters.TOWN_SORTS, "name"),
        ],
    ),
    retrieve=extend_schema(
        summary="A town and its present status, with all its names", parameters=[filters.FIELDS]
    ),
)
class TownViewSet(Rows):
    parameters_class = filters.TownParameters
    serializer_class = shown.TownDetailSerializer
    list_serializer_class = shown.TownSerializer
    sorts, sort = filters.TOWN_SORTS, "name"

    @kept_answer
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Place]:
        if self.action != "list":
            return with_status(Place.objects.all()).prefetch_related("names")
        given = self.parameters_class.of(self.request)
        if given.get("known_on") or given.get("as_of"):
            return known_towns(known_on=given.get("known_on"), as_of=given.get("as_of"))
        if "at" in given:
            return towns_at(given["at"], include_pending=given["include_pending"])
        return towns(include_pending=given["include_pending"])

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        if self.action == "list" and page:
            given = self.parameters_class.of(self.request)
            if given.get("known_on") or given.get("as_of"):
                tell_then(page, **given)
        return page

    @extend_schema(
        summary="A town's status over time, or on a day",
        parameters=[filters.StatusParameters],
        responses=StatusSerializer,
    )
    @action(detail=True)
    @kept_answer
    def status(self, request: Request, pk: str) -> Response:
        given = filters.StatusParameters.of(request)
        told = status_record(self._place(pk), site=shown.site_of(request), **given)
        at = given.get("at")
        return Response({**told, "at": at and at.isoformat()})

    @extend_schema(
        summary="A town's status over time, and its claims in the order of their days",
        parameters=[parameters.AsKnown, parameters.Paging],
        responses=TimelineSerializer,
    )
    @action(detail=True, ordering=("asserted_on", "id"))
    @kept_answer
    def timeline(self, request: Request, pk: str) -> Response:
        given = parameters.AsKnown.of(request)
        place, site = self._place(pk), shown.site_of(request)
        page = self.paginate_queryset(claim_rows(_claims_of(place, **given)))
        answer = self.get_paginated_response(list(claim_records(page, site=site)))
        answer.data = {**status_record(place, site=site, **given), **answer.data}
        return answer

    def _place(self, pk: str) -> Place:
        return get_object_or_404(Place.objects.all(), pk=pk)


def _claims_of(
    place: Place,
    *,
    include_pending: bool,
    known_on: date | None = None,
    as_of: datetime | None = None,
) -> QuerySet[Any]:
    """Those that count, or the rows of their history as of a time."""
    if as_of is None:
        return known(place, known_on=known_on).counting(include_pending=include_pending)
    then = recorded(place, as_of=as_of, include_pending=include_pending)
    return published_by(then, known_on)


@extend_schema_view(
    list=extend_schema(
        summary="Claims, the newest first",
        parameters=[
            *parameters.ClaimParameters.described(),
            filters.FIELDS,
            filters.described_sorts(filters.CLAIM_SORTS, "-id"),
        ],
    ),
    retrieve=extend_schema(
        summary="A claim in any state, with its relations to others", parameters=[filters.FIELDS]
    ),
)
class ClaimViewSet(Rows):
    parameters_class = parameters.ClaimParameters
    serializer_class = ClaimDetailSerializer
    list_serializer_class = shown.ClaimSerializer
    sorts, sort = filters.CLAIM_SORTS, "-id"

    @kept_answer
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Records are what is shown: to make a serializer, field by field, takes longer than to
        leave out what is not asked for."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        names = filters.asked_of(shown.ClaimSerializer.Meta.fields, request)
        if names is not None:
            page = [{name: value for name, value in row.items() if name in names} for row in page]
        return self.get_paginated_response(page)

    def get_queryset(self) -> QuerySet[Any]:
        if self.action == "list":
            return Claim.objects.all()
        return for_status().select_related("queued")

    def paginate_queryset(self, queryset: Any) -> Any:
        """Records, rather than rows. Those of a page are chosen before they are read: to plan one
        statement for both took nine times as long as to run it."""
        columns = dict.fromkeys(["id", *(name.removeprefix("-") for name in self.ordering)])
        page = super().paginate_queryset(queryset.values(*columns)) or []
        rows = claim_rows_of([row["id"] for row in page])
        return list(claim_records(rows, site=shown.site_of(self.request)))


@extend_schema_view(
    list=extend_schema(
        summary="Documents, the newest here first",
        parameters=[
            filters.DocumentParameters,
            filters.FIELDS,
            filters.described_sorts(filters.DOCUMENT_SORTS, "-id"),
        ],
    ),
    retrieve=extend_schema(
        summary="A document, with its text where that may be given on",
        description="Of other texts there are title, link, hash and the passages that carry "
        "claims, whoever asks.",
        parameters=[filters.FIELDS],
    ),
)
class DocumentViewSet(BringMixin, Rows):
    permission_classes = [taking("bring_in")]
    parameters_class = filters.DocumentParameters
    serializer_class = shown.DocumentDetailSerializer
    list_serializer_class = shown.DocumentSerializer
    sorts, sort = filters.DOCUMENT_SORTS, "-id"

    def get_queryset(self) -> QuerySet[Document]:
        runs = ExtractionRun.objects.filter(document=OuterRef("pk")).order_by("-id")
        live = Q(claims__state__in=[*Claim.VERIFIED, Claim.State.PENDING])
        documents = Document.objects.select_related("publisher").annotate(
            live_claims=Count("claims", filter=live),
            extraction=Coalesce(Subquery(runs.values("state")[:1]), Value("waiting")),
            own_hash=Coalesce("exact_family__text_hash", "family__text_hash"),
        )
        return documents.defer("text") if self.action == "list" else documents


@extend_schema_view(
    list=extend_schema(
        summary="Actors, by name",
        parameters=[
            parameters.ActorParameters,
            filters.FIELDS,
            filters.described_sorts(filters.NAME_SORTS, "name"),
        ],
    ),
    retrieve=extend_schema(summary="An actor", parameters=[filters.FIELDS]),
)
class ActorViewSet(Rows):
    parameters_class = parameters.ActorParameters
    serializer_class = shown.ActorSerializer
    sorts, sort = filters.NAME_SORTS, "name"

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
    """Any other address of the API, whatever is wanted of it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
