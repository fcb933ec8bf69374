"""What became of an actor's statements, as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from claims.api.parameters import Flag, Paging
from claims.api.serializers import ActorRefSerializer, TownRefSerializer
from claims.models import TrackedStatement
from claims.status.track_record import OUTCOMES


class RecordParameters(Paging):
    conflict = serializers.SlugField(required=False, help_text="A conflict's short name.")
    include_pending = Flag(
        default=False, help_text="Count claims that no editor has verified yet as well."
    )


class TrackedStatementSerializer(serializers.ModelSerializer):
    """What an actor said of a whole town, once however often it was repeated, and what became
    of it. `kind` of a denial: that the actor's own side lost the town."""

    town = TownRefSerializer(source="place")
    side = serializers.CharField(help_text="Who is said, or of a denial not, to have the town.")
    first = serializers.DateField(help_text="The day on which it was first said.")
    last = serializers.DateField(help_text="The day on which it was last said.")
    claims = serializers.ListField(
        child=serializers.UUIDField(), help_text="Ids of the claims that carry it, by day."
    )
    outcome = serializers.ChoiceField(
        choices=OUTCOMES,
        help_text="A denial is conceded where its own side concedes the town.",
    )
    answers = serializers.ListField(
        child=serializers.UUIDField(), help_text="Ids of the claims that made the outcome."
    )
    lag = serializers.IntegerField(
        allow_null=True, help_text="Days from the first saying to a later concession."
    )

    class Meta:
        model = TrackedStatement
        fields = [
            *("kind", "town", "side", "first", "last", "claims"),
            *("outcome", "answers", "answered_on", "lag"),
        ]


class GainsSerializer(serializers.Serializer):
    """Captures and holds that an actor claimed, as statements, by what became of them."""

    total = serializers.IntegerField(source="numbers.gains")
    conceded = serializers.IntegerField(source="numbers.gains-conceded")
    contradicted = serializers.IntegerField(source="numbers.gains-contradicted")
    unanswered = serializers.IntegerField(source="numbers.gains-unanswered")
    already_conceded = serializers.IntegerField(source="numbers.gains-already-conceded")
    median_lag = serializers.FloatField(
        source="lag", allow_null=True, help_text="Days from claim to concession."
    )


class DenialsSerializer(serializers.Serializer):
    """An actor's denials of its own side's losses, by what became of them."""

    total = serializers.IntegerField(source="numbers.denials")
    conceded = serializers.IntegerField(source="numbers.denials-conceded")
    unanswered = serializers.IntegerField(source="numbers.denials-unanswered")
    already_conceded = serializers.IntegerField(source="numbers.denials-already-conceded")


class RecordSerializer(serializers.Serializer):
    """What became of an actor's statements, and a page of these, the latest first."""

    actor = ActorRefSerializer()
    include_pending = serializers.BooleanField()
    gains = GainsSerializer(source="record")
    denials = DenialsSerializer(source="record")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = TrackedStatementSerializer(many=True)
