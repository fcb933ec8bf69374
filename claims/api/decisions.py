"""The decisions on a claim: what they were, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as Refused
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.access.roles import may, require
from claims.api import problems
from claims.api.describing import ProblemSerializer
from claims.api.permissions import taking
from claims.api.related import ClaimDetailSerializer
from claims.derive import for_status
from claims.models import Claim, Decision
from claims.review.deciding import decide_on
from claims.review.decisions import CORRECTABLE, TRANSITIONS, Outdated
from claims.review.queue import Held
from entities.models import Actor, Place

LONGEST_REASON = 500  # characters


@extend_schema_field(OpenApiTypes.STR)
class Named(serializers.Field):
    """A row by its id or by one of its `keys`; no name is guessed."""

    default_error_messages = {"unknown": "Nothing has the id or key “{name}”."}

    def __init__(self, model: type[Model], *keys: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model, self.keys = model, keys

    def to_internal_value(self, data: Any) -> Model:
        name = str(data)
        try:
            wanted: dict[str, Any] = {"pk": UUID(name)}
        except ValueError:
            wanted = {}
        rows = self.model._default_manager
        lookups = [wanted] if wanted else [{key: name} for key in self.keys]
        for lookup in lookups:
            if row := rows.filter(**lookup).first():
                return row
        self.fail("unknown", name=name[:100])
        raise AssertionError  # `fail` raises

    def to_representation(self, value: Model) -> str:
        return str(value.pk)


class ValuesSerializer(serializers.ModelSerializer):
    """The fields that a correction changes; those left out stay as they are."""

    town = Named(
        Place,
        "short_id",
        "key",
        source="place",
        required=False,
        help_text="A town's id, short id or key.",
    )
    claimant = Named(
        Actor,
        "slug",
        required=False,
        allow_null=True,
        help_text="An actor's id or short name; null: the publisher itself.",
    )
    subject = Named(
        Actor,
        "slug",
        required=False,
        allow_null=True,
        help_text="An actor's id or short name, or null.",
    )

    class Meta:
        model = Claim
        fields = [
            "town",
            "claimant",
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
        ]
        extra_kwargs = {name: {"required": False} for name in fields}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(data.keys() - self.fields.keys())):
            told = {str(name): ["There is no such field."] for name in unknown}
            raise serializers.ValidationError(told)
        return super().to_internal_value(data)


class DecideSerializer(serializers.Serializer):
    """A decision to be taken."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in TRANSITIONS])
    version = serializers.IntegerField(
        min_value=1, help_text="The claim's version that was read: another is refused."
    )
    because = serializers.ChoiceField(
        choices=Decision.Because.values,
        required=False,
        allow_blank=True,
        default="",
        help_text="Why it is rejected.",
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_REASON
    )
    values = ValuesSerializer(
        required=False, help_text="Of a correction: what the fields should hold."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == Decision.Kind.CORRECT and not attrs.get("values"):
            raise serializers.ValidationError({"values": "A correction says what it changes."})
        if attrs["kind"] != Decision.Kind.CORRECT and attrs.get("values"):
            raise serializers.ValidationError({"values": "Only a correction changes fields."})
        if attrs["because"] and attrs["kind"] != Decision.Kind.REJECT:
            raise serializers.ValidationError({"because": "Only a rejection has such a reason."})
        return attrs


class DecisionSerializer(serializers.ModelSerializer):
    """A decision that was taken. Who and why are told to those who may question it: `by`,
    `because` and `reason` are null for others."""

    by = serializers.SerializerMethodField()
    because = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    changes = serializers.JSONField(
        help_text="Field → what it held before and after, as the database has it."
    )
    version = serializers.IntegerField(
        allow_null=True, help_text="The claim's after it; null where it left the claim as it was."
    )

    class Meta:
        model = Decision
        fields = ["id", "kind", "reading", "because", "reason", "changes", "version", "by", "at"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_by(self, decision: Decision) -> str | None:
        return decision.by.get_username() if self.context["told"] else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_because(self, decision: Decision) -> str | None:
        return decision.because if self.context["told"] else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_reason(self, decision: Decision) -> str | None:
        return decision.reason if self.context["told"] else None


class OutdatedSerializer(ProblemSerializer):
    """Somebody has changed the claim since it was read, or is reading it: what was sent, and
    the claim as it is now, with its version."""

    yours = serializers.JSONField()
    now = ClaimDetailSerializer()


class ClaimDecisionViewSet(GenericViewSet):
    permission_classes = [taking("decide")]
    serializer_class = DecisionSerializer
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Decision]:
        return Decision.objects.filter(claim=self.kwargs["id"]).select_related("by")

    @extend_schema(summary="The decisions on a claim, the latest first")
    def list(self, request: Request, id: UUID) -> Response:
        claim = self._claim()
        page = self.paginate_queryset(self.get_queryset())
        told = may(request.user, "question", claim.place.conflict_id)
        context = {**self.get_serializer_context(), "told": told}
        rows = DecisionSerializer(page, many=True, context=context)
        return self.get_paginated_response(rows.data)

    @extend_schema(
        summary="Decide on a claim",
        description="By an editor of its conflict, as whichever reading it awaits. 400 says by "
        "field what is wrong; 409, with the claim as it now is, that it is not as it was read.",
        request=DecideSerializer,
        responses={
            201: DecisionSerializer,
            (409, problems.CONTENT_TYPE): OutdatedSerializer,
        },
    )
    def create(self, request: Request, id: UUID) -> HttpResponse:
        claim = self._claim()
        user = require(request.user, "decide", claim.place.conflict_id)
        sent = DecideSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            decision = decide_on(claim=claim, by=user, **sent.validated_data)
        except (Outdated, Held) as error:
            return self._outdated(request, error)
        except Refused as error:
            raise serializers.ValidationError(_by_field(error)) from None
        context = {**self.get_serializer_context(), "told": True}
        shown = DecisionSerializer(decision, context=context)
        return Response(shown.data, status=status.HTTP_201_CREATED)

    def _claim(self) -> Claim:
        rows = Claim.objects.select_related("place", "queued")
        return get_object_or_404(rows, pk=self.kwargs["id"])

    def _outdated(self, request: Request, error: Refused) -> HttpResponse:
        now = for_status().prefetch_related("evidence").get(pk=self.kwargs["id"])
        content = problems.problem(
            status.HTTP_409_CONFLICT,
            error.messages[0],
            kind=problems.OUTDATED,
            yours=request.data,
            now=ClaimDetailSerializer(now, context=self.get_serializer_context()).data,
        )
        return problems.answer(content)


def _by_field(error: Refused) -> dict[str, list[str]]:
    """By the names of what was sent; what no field is to blame for, by `kind`."""
    if not hasattr(error, "error_dict"):
        return {"kind": error.messages}
    names = {name: f"values.{name}" for name in CORRECTABLE}
    names |= {"place": "values.town", NON_FIELD_ERRORS: "values"}
    return {names.get(name, name): told for name, told in error.message_dict.items()}
