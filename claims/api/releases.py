"""Releases and their files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from claims.api.export_jobs import RANGE, sent_as
from claims.api.exporting import ByEnding
from claims.api.files import Kept, answer_with
from claims.exports.writing import FORMATS
from claims.models import Release, ReleaseFile

TYPES = {
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    **{name: format.media_type for name, format in FORMATS.items()},
}
# Larger numbers are of no release, and of no column either.
NUMBER = OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)
MOST = 2**31 - 1


class ReleaseFileSerializer(serializers.ModelSerializer):
    """A file of a release."""

    url = serializers.SerializerMethodField(help_text="Where it is fetched; takes Range.")
    rows = serializers.IntegerField(allow_null=True, help_text="Where it is of a table.")

    class Meta:
        model = ReleaseFile
        fields = ("name", "url", "size", "sha256", "rows")

    def get_url(self, file: ReleaseFile) -> str:
        arguments: list[Any] = [file.release_id, file.name]
        return reverse("api:release-file", args=arguments, request=self.context["request"])


class ReleaseSerializer(serializers.ModelSerializer):
    """A numbered snapshot of all tables that never changes."""

    url = serializers.SerializerMethodField(help_text="Its page.")
    change = serializers.IntegerField(
        help_text="The last number of the feed of changes that is in it: who keeps a copy current "
        "goes on from there."
    )
    published_at = serializers.DateTimeField()
    files = ReleaseFileSerializer(many=True)

    class Meta:
        model = Release
        fields = (
            *("number", "url", "title", "notes", "published_at", "change", "citation", "licence"),
            "files",
        )

    def get_url(self, release: Release) -> str:
        return reverse("release", args=[release.number], request=self.context["request"])


class ReleaseViewSet(GenericViewSet):
    serializer_class = ReleaseSerializer
    queryset = Release.objects.filter(state=Release.State.PUBLISHED).prefetch_related("files")
    ordering = "-pk"

    @extend_schema(summary="Releases, the latest first")
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="A release with its files", parameters=[NUMBER])
    def retrieve(self, request: Request, number: int) -> Response:
        release = get_object_or_404(self.get_queryset(), pk=min(number, MOST))
        return Response(self.get_serializer(release).data)


class ReleaseFileViewSet(GenericViewSet):
    content_negotiation_class = ByEnding

    def get_queryset(self) -> QuerySet[ReleaseFile]:
        files = ReleaseFile.objects.filter(release__state=Release.State.PUBLISHED)
        return files.select_related("release")

    @extend_schema(
        operation_id="releases_file",
        summary="A file of a release, whole or from where a fetch was cut off",
        parameters=[
            NUMBER,
            OpenApiParameter("name", str, OpenApiParameter.PATH),
            *RANGE,
        ],
        responses=sent_as(*TYPES.values()),
    )
    def fetch(self, request: Request, number: int, name: str) -> HttpResponseBase:
        rows = self.get_queryset().filter(release=min(number, MOST), name=name)
        file = get_object_or_404(rows)
        kept = Kept(
            path=str(file.file.name),
            name=f"release-{number}-{name}",
            content_type=TYPES[name.rpartition(".")[2]],
            size=file.size,
            sha256=file.sha256,
            modified=file.release.published_at or file.release.at,
        )
        return answer_with(request._request, kept)
