"""Claims that stand no more, for those who ask for what changed since a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.api.changes import ReasonSerializer, TownOrConflict
from claims.asking import LATEST_SECOND, RFC_3339
from claims.feed import deleted, numbered, told_deleted
from claims.models import Change, Claim


class Instant(serializers.DateTimeField):
    """RFC 3339, with its offset."""

    default_error_messages = {"invalid": "not a time by RFC 3339 (2023-01-11T18:00:00Z)."}

    def to_internal_value(self, value: Any) -> datetime:
        if not RFC_3339.fullmatch(str(value)):
            self.fail("invalid")
        moment: datetime = super().to_internal_value(value)
        return moment


class DeletedParameters(TownOrConflict):
    updated_from = Instant(required=False, help_text="Since this time, included (RFC 3339).")
    updated_to = Instant(required=False, help_text="Until this time, included (RFC 3339).")
    timestamp = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LATEST_SECOND,
        help_text="Since this second, included (Unix).",
    )

    @classmethod
    def chosen(cls, request: Request) -> QuerySet[Change]:
        given = cls.of(request)
        since = [given["updated_from"]] if "updated_from" in given else []
        if "timestamp" in given:
            since.append(datetime.fromtimestamp(given["timestamp"], UTC))
        return deleted(
            first=max(since, default=None),
            last=given.get("updated_to"),
            within=cls.within(given),
        )


class DeletedSerializer(serializers.Serializer):
    """A claim that belongs in no copy of those that stand, or of what is asked for."""

    id = serializers.UUIDField()
    deleted_at = serializers.DateTimeField(help_text="When it last changed.")
    deleted_timestamp = serializers.IntegerField(help_text="The same in Unix seconds.")
    state = serializers.ChoiceField(
        choices=Claim.State.values, allow_null=True, help_text="As it is now; null: it is gone."
    )
    reason = ReasonSerializer(help_text="Why it last changed.")


class DeletedViewSet(GenericViewSet):
    queryset = Change.objects.none()
    serializer_class = DeletedSerializer
    ordering = ("number", "id")

    @extend_schema(
        operation_id="claims_deleted_list",
        summary="Claims that stand no more, the earliest first",
        description="Rejected, unverifiable, superseded, or gone: ids to take out of a copy. With "
        "a town or a conflict also those that are about another one now.",
        parameters=[DeletedParameters],
    )
    def list(self, request: Request) -> Response:
        numbered()
        page = self.paginate_queryset(DeletedParameters.chosen(request)) or []
        return self.get_paginated_response(told_deleted(page))
