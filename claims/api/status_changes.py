"""Changes of towns' statuses, as the API shows them."""

from __future__ import annotations

from datetime import date
from typing import get_args

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.api.kept_answers import kept_answer
from claims.api.parameters import Day, Flag, Parameters
from claims.api.serializers import STATUS_HELP, Page, TownRefSerializer
from claims.changes import Change, changes, told
from claims.models import Claim, StatusInterval
from claims.pages.wording import HasStatus
from claims.status.records import Status, status_text


class StatusChangeParameters(Parameters):
    changed_from = Day(required=False, help_text="First day of a change.")
    changed_to = Day(required=False, help_text="Last day of a change.")
    conflict = serializers.SlugField(required=False, help_text="A conflict's short name.")
    status = serializers.ChoiceField(
        choices=get_args(Status), required=False, help_text="What the status became."
    )
    include_pending = Flag(
        default=False, help_text="Count claims that no editor has verified yet as well."
    )

    @staticmethod
    def choose(
        changed_from: date | None = None,
        changed_to: date | None = None,
        conflict: str = "",
        status: str = "",
        include_pending: bool = False,
    ) -> QuerySet[StatusInterval]:
        return changes(
            first=changed_from,
            last=changed_to,
            conflict=conflict,
            status=status,
            include_pending=include_pending,
        )


class DecidingSerializer(serializers.ModelSerializer):
    """A claim that brought a change about."""

    url = Page()
    label = serializers.CharField()  # type: ignore[assignment]  # hides nothing: see `parent`

    class Meta:
        model = Claim
        fields = ["id", "url", "label", "state", "asserted_on", "asserted_precision"]


class StatusChangeSerializer(serializers.Serializer):
    """A town's status became another on a day. `from` null: it is the town's first."""

    # "from" is no name in Python.
    def get_fields(self) -> dict[str, serializers.Field]:
        words = serializers.SerializerMethodField(method_name="before", help_text=STATUS_HELP)
        return {"from": words, **super().get_fields()}

    to = serializers.SerializerMethodField(help_text=STATUS_HELP)
    town = TownRefSerializer(source="place")
    on = serializers.DateField()
    kind = serializers.ChoiceField(choices=get_args(Status), source="interval.status")
    sides = serializers.ListField(
        child=serializers.CharField(),
        source="interval.sides",
        help_text="Who holds or claims it, or contest it.",
    )
    rule = serializers.IntegerField(source="interval.rule")
    version = serializers.CharField(source="interval.version", help_text="Of the rules.")
    deciding = DecidingSerializer(many=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def before(self, change: Change) -> str | None:
        return _text(change.before) if change.before else None

    def get_to(self, change: Change) -> str:
        return _text(change.interval)


def _text(interval: HasStatus) -> str:
    return status_text(interval.status, tuple(interval.sides))


class StatusChangeViewSet(GenericViewSet):
    serializer_class = StatusChangeSerializer
    queryset = StatusInterval.objects.none()  # the schema reads the row's kind off it
    ordering = ("-start", "place__name", "id")

    @extend_schema(
        summary="Changes of status, the latest first", parameters=[StatusChangeParameters]
    )
    @kept_answer
    def list(self, request: Request) -> Response:
        found = StatusChangeParameters.choose(**StatusChangeParameters.of(request))
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(self.get_serializer(told(page), many=True).data)
