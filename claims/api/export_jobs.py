"""Exports that a worker makes: asked for, watched, fetched, cancelled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError as Unfit
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from claims.access.roles import require_somewhere
from claims.api.describing import ProblemSerializer
from claims.api.exporting import ByEnding
from claims.api.files import Kept, answer_with
from claims.api.permissions import exporting
from claims.api.problems import CONTENT_TYPE
from claims.exports import jobs
from claims.exports.writing import FORMATS, TABLES
from claims.models import Export

LONGEST = 4000  # characters of a filter
RANGE = [
    OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="One range of bytes."),
    OpenApiParameter(
        *("If-Range", str, OpenApiParameter.HEADER),
        description="The ETag of what is there already: the range of the same file, or all of it.",
    ),
    *(
        OpenApiParameter(
            name, str, OpenApiParameter.HEADER, response=[206], description=description
        )
        for name, description in (
            ("ETag", "The SHA-256 of the whole file, in quotation marks."),
            ("Last-Modified", "When the file was finished."),
        )
    ),
]


def sent_as(*types: str) -> dict[Any, Any]:
    """The answers of an address that sends files of these types, for its description."""
    whole = OpenApiResponse(OpenApiTypes.BINARY, description="The file. ETag: its SHA-256.")
    part = OpenApiResponse(OpenApiTypes.BINARY, description="The part that is asked for.")
    plain = [one.partition(";")[0] for one in types]
    return {
        **{(200, one): whole for one in plain},
        **{(206, one): part for one in plain},
        412: OpenApiResponse(description="The file is not the one that If-Match names."),
        416: OpenApiResponse(description="No such bytes: Content-Range says how many there are."),
    }


class TooManyOpen(APIException):
    status_code = status.HTTP_409_CONFLICT


class AskSerializer(serializers.Serializer):
    """What is to be exported."""

    table = serializers.ChoiceField(choices=list(TABLES))
    format = serializers.ChoiceField(choices=list(FORMATS))
    query = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST,
        help_text="The filter, as in the address of the table's small export: "
        "conflict=ukraine&state=verified.",
    )


class ExportSerializer(serializers.ModelSerializer):
    """An export, and how far it is."""

    url = serializers.SerializerMethodField(help_text="Its address: ask it again for progress.")
    file = serializers.SerializerMethodField(
        help_text="Where its file is fetched, once it is done; takes Range."
    )
    table = serializers.ChoiceField(choices=list(TABLES))
    format = serializers.ChoiceField(choices=list(FORMATS))
    by = serializers.CharField(source="by.username")
    error = serializers.SerializerMethodField(help_text="Why it failed, or is tried again.")
    sha256 = serializers.CharField(help_text="Of the file; empty before it is there.")
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="From then on its file is gone."
    )

    class Meta:
        model = Export
        fields = (
            *("id", "url", "table", "format", "query", "by", "at", "state", "rows_done"),
            *("rows_in_all", "file", "size", "sha256", "finished_at", "expires_at", "error"),
        )

    def get_url(self, export: Export) -> str:
        return reverse("api:export", args=[export.pk], request=self.context["request"])

    def get_file(self, export: Export) -> str | None:
        if export.state != Export.State.DONE:
            return None
        return reverse("api:export-file", args=[export.pk], request=self.context["request"])

    def get_error(self, export: Export) -> str:
        with override("en-gb"):
            return export.error_in_words


class ExportViewSet(GenericViewSet):
    """One's own; who manages everything sees all."""

    permission_classes = [exporting()]
    serializer_class = ExportSerializer
    lookup_url_kwarg = "id"
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Export]:
        if getattr(self, "swagger_fake_view", False):
            return Export.objects.none()
        return jobs.seen_by(self.request.user).select_related("by")

    @extend_schema(summary="Your exports, the latest first")
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        summary="Have a file made",
        description="A worker makes it, of how the rows stand at one moment. Location is where "
        "its progress is told, and later where its file is. It is kept for some days.",
        request=AskSerializer,
        responses={
            202: ExportSerializer,
            (409, CONTENT_TYPE): OpenApiResponse(
                ProblemSerializer, description="Too many exports of yours are open already."
            ),
        },
    )
    def create(self, request: Request) -> Response:
        user = require_somewhere(request.user, "export")
        sent = AskSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            with override("en-gb"):
                export = jobs.ask(by=user, **sent.validated_data)
        except Unfit as error:
            if hasattr(error, "error_dict"):
                raise serializers.ValidationError(error.message_dict) from None
            raise TooManyOpen(" ".join(error.messages)) from None
        shown = self.get_serializer(export).data
        return Response(shown, status.HTTP_202_ACCEPTED, headers={"Location": shown["url"]})

    @extend_schema(summary="An export, and how far it is")
    def retrieve(self, request: Request, id: UUID) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Cancel an export, or delete its file",
        responses={204: OpenApiResponse(description="It is gone.")},
    )
    def destroy(self, request: Request, id: UUID) -> Response:
        user = require_somewhere(request.user, "export")
        jobs.remove(export=self.get_object(), by=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportFileViewSet(GenericViewSet):
    permission_classes = [exporting()]
    content_negotiation_class = ByEnding
    queryset = Export.objects.none()  # the schema reads the kind of the id off it
    lookup_url_kwarg = "id"

    @extend_schema(
        operation_id="exports_file",
        summary="An export's file, whole or from where a fetch was cut off",
        parameters=RANGE,
        responses=sent_as(*(one.media_type for one in FORMATS.values())),
    )
    def fetch(self, request: Request, id: UUID) -> HttpResponseBase:
        export = get_object_or_404(jobs.seen_by(request.user), pk=id)
        if export.state == Export.State.EXPIRED:
            raise NotFound("The file has expired: have it made again.")
        if export.state != Export.State.DONE or export.size is None or export.finished_at is None:
            raise NotFound("There is no file yet.")
        kept = Kept(
            path=str(export.file.name),
            name=jobs.filename(export),
            content_type=FORMATS[export.format].media_type,
            size=export.size,
            sha256=export.sha256,
            modified=export.finished_at,
        )
        return answer_with(request._request, kept)
