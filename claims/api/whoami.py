"""Who asks: for programs to check their key, its end and their limits, before work or after."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.access.roles import Role
from claims.api.permissions import Oneself
from claims.api.throttling import WINDOW, Free, limit_of
from claims.models import ApiKey


class HeldRoleSerializer(serializers.Serializer):
    """A role that the user has."""

    conflict = serializers.CharField(
        allow_null=True, help_text="A conflict's short name; null: in all of them."
    )
    role = serializers.ChoiceField(choices=Role.values)


class KeySerializer(serializers.ModelSerializer):
    """The key that the request came with."""

    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=ApiKey.Scope.values),
        help_text="What it is for, as far as its user's roles reach.",
    )
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="From then on it opens nothing; null: it does not expire."
    )

    class Meta:
        model = ApiKey
        fields = ("prefix", "name", "scopes", "created_at", "expires_at")
        extra_kwargs = {"prefix": {"help_text": "What the key begins with."}}


class LimitsSerializer(serializers.Serializer):
    """How many requests are answered, as the RateLimit header fields say it."""

    policy = serializers.ChoiceField(
        choices=("key", "user", "address"), help_text="By what requests are counted."
    )
    limit = serializers.IntegerField(help_text="Requests a window.")
    window = serializers.IntegerField(help_text="Its length in seconds.")
    remaining = serializers.IntegerField(help_text="Requests that are left in it.")
    reset = serializers.IntegerField(help_text="Seconds until it ends.")


class WhoAmISerializer(serializers.Serializer):
    user = serializers.CharField(allow_null=True, help_text="The user's name; null: nobody.")
    roles = HeldRoleSerializer(many=True)
    key = KeySerializer(allow_null=True)
    limits = LimitsSerializer(allow_null=True, help_text="null where nothing is counted just now.")


class WhoAmI(APIView):
    permission_classes = [Oneself]
    throttle_classes = [Free]

    @extend_schema(
        summary="Who asks, with which key, and how many requests are left",
        description="Whatever the key is for, and without counting against its limit.",
        responses=WhoAmISerializer,
    )
    def get(self, request: Request) -> Response:
        key = request.auth if isinstance(request.auth, ApiKey) else None
        limit = limit_of(request)
        told: dict[str, Any] = {
            "user": request.user.get_username() or None,
            "roles": _roles(request),
            "key": key,
            "limits": limit
            and {
                "policy": limit.policy,
                "limit": limit.limit,
                "window": WINDOW,
                "remaining": limit.remaining,
                "reset": limit.reset,
            },
        }
        return Response(WhoAmISerializer(told).data)


def _roles(request: Request) -> list[dict[str, str | None]]:
    if not request.user.is_authenticated:
        return []
    if request.user.is_superuser:
        return [{"conflict": None, "role": Role.ADMINISTRATOR.value}]
    held = request.user.memberships.order_by("conflict__slug")
    rows = held.values_list("conflict__slug", "role")
    return [{"conflict": slug, "role": role} for slug, role in rows]
