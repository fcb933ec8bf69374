"""Webhooks: added, looked at and replayed by programs. What they are sent: docs/webhooks.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.access.roles import require_somewhere
from claims.api.permissions import exporting
from claims.models import Delivery, Webhook
from claims.webhooks import managing
from sources.targets import MAX_LENGTH


class Strict(serializers.Serializer):
    """Takes no field that it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(data.keys() - self.fields.keys())):
            raise serializers.ValidationError({str(name): ["no such field."] for name in unknown})
        return super().to_internal_value(data)


class NewWebhookSerializer(Strict):
    name = serializers.CharField(max_length=100, help_text="For people, to tell it from others.")
    url = serializers.CharField(
        max_length=MAX_LENGTH, help_text="Where to POST: https, in the public internet."
    )
    what = serializers.ListField(
        child=serializers.ChoiceField(choices=Webhook.What.values),
        min_length=1,
        help_text="Changes of claims, of statuses, or both.",
    )
    query = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=2000,
        help_text="Filters as in an address, e.g. `conflict=ukraine&state=verified`.",
    )


class WebhookSerializer(serializers.ModelSerializer):
    what = serializers.ListField(child=serializers.ChoiceField(choices=Webhook.What.values))
    url = serializers.CharField()
    query = serializers.CharField(help_text="The filters; towns and actors by id.")
    change = serializers.IntegerField(
        help_text="The last number of the feed that was looked at for it."
    )
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing could be delivered."
    )
    disabled_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing is sent; null: it is on."
    )
    disabled_because = serializers.CharField(help_text="Why it is off; empty: it is on.")

    class Meta:
        model = Webhook
        fields = [
            *("id", "name", "url", "what", "query", "created_at", "change", "failing_since"),
            *("disabled_at", "disabled_because"),
        ]


class AddedWebhookSerializer(WebhookSerializer):
    """A webhook with its secret, which is told this one time."""

    secret = serializers.CharField(help_text="`whsec_…`: what is sent is signed with it.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class DeliverySerializer(serializers.ModelSerializer):
    """A change that a webhook is told of, and how far that is."""

    change = serializers.IntegerField(allow_null=True, help_text="The feed's number; null: a test.")
    state = serializers.ChoiceField(choices=Delivery.State.values)
    status = serializers.IntegerField(
        allow_null=True, help_text="The HTTP status of the last answer, where there was one."
    )
    error = serializers.SerializerMethodField(help_text="What went wrong last; empty: nothing.")
    body = serializers.CharField(help_text="The JSON that is sent, as text.")
    delivered_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Delivery
        fields = [
            *("id", "change", "state", "attempts", "status", "error", "body", "created_at"),
            "delivered_at",
        ]

    @extend_schema_field(serializers.CharField())
    def get_error(self, delivery: Delivery) -> str:
        return delivery.error % delivery.error_values if delivery.error else ""


class ReplaySerializer(Strict):
    """One delivery, or all that failed for good since a day."""

    delivery = serializers.UUIDField(required=False, help_text="The delivery's id.")
    since = serializers.DateField(required=False, help_text="The first day (UTC) of their making.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either `delivery` or `since`.")
        return attrs


class ReplayedSerializer(serializers.Serializer):
    replayed = serializers.IntegerField(help_text="How many are sent once more.")


class OfWebhooks(GenericViewSet):
    """One's own; administrators see all."""

    permission_classes = [exporting()]
    ordering: tuple[str, ...] = ("-created_at", "-id")

    def _webhook(self) -> Webhook:
        return get_object_or_404(managing.webhooks_of(self.request.user), pk=self.kwargs["id"])

    def _user(self) -> User:
        return require_somewhere(self.request.user, "export")


class WebhookViewSet(OfWebhooks):
    serializer_class = WebhookSerializer
    queryset = Webhook.objects.none()

    @extend_schema(summary="Your webhooks, the latest first")
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(managing.webhooks_of(request.user))
        return self.get_paginated_response(WebhookSerializer(page, many=True).data)

    @extend_schema(
        summary="Add a webhook",
        description="It is told of what changes from now on; the feed has what was before. The "
        "answer alone has the secret.",
        request=NewWebhookSerializer,
        responses={201: AddedWebhookSerializer},
    )
    def create(self, request: Request) -> Response:
        sent = NewWebhookSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            webhook = managing.add(by=self._user(), **sent.validated_data)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return Response(AddedWebhookSerializer(webhook).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="A webhook")
    def retrieve(self, request: Request, id: UUID) -> Response:
        return Response(WebhookSerializer(self._webhook()).data)

    @extend_schema(summary="Delete a webhook, with its deliveries", responses={204: None})
    def destroy(self, request: Request, id: UUID) -> Response:
        managing.remove(webhook=self._webhook(), by=self._user())
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeliveryViewSet(OfWebhooks):
    serializer_class = DeliverySerializer
    queryset = Delivery.objects.none()
    ordering = ("-id",)

    @extend_schema(summary="A webhook's deliveries of the last 30 days, the latest first")
    def list(self, request: Request, id: UUID) -> Response:
        page = self.paginate_queryset(self._webhook().deliveries.all())
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)

    @extend_schema(
        summary="Send deliveries once more",
        description="With the ids that they had.",
        request=ReplaySerializer,
        responses=ReplayedSerializer,
    )
    def replay(self, request: Request, id: UUID) -> Response:
        webhook, user = self._webhook(), self._user()
        sent = ReplaySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            count = self._replayed(webhook, user, sent.validated_data)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return Response({"replayed": count})

    def _replayed(self, webhook: Webhook, user: User, asked: dict[str, Any]) -> int:
        if "since" in asked:
            return managing.replay_failed(webhook=webhook, since=asked["since"], by=user)
        rows = webhook.deliveries.select_related("webhook")
        managing.replay(delivery=get_object_or_404(rows, pk=asked["delivery"]), by=user)
        return 1
