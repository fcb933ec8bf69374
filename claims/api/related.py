"""A claim with its relations to others, as the API shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.serializers import ClaimSerializer, Page
from claims.models import Claim
from claims.pages.relations import reason
from claims.records import Record
from claims.relations import live_claims, related_to
from claims.review.policies import awaits
from claims.status.relations import RelationKind
from claims.timeline import sides_of

Direction = Literal["to", "from"]
SecondReading = Literal["awaited", "disputed"]
_SECOND_READING: dict[str, SecondReading] = {"second": "awaited", "adjudication": "disputed"}


@dataclass(frozen=True, slots=True)
class Shown:
    kind: RelationKind
    direction: Direction
    claim: Claim
    days: int
    reason: str


class ClaimRefSerializer(serializers.ModelSerializer):
    url = Page()
    label = serializers.CharField()  # type: ignore[assignment]  # hides nothing: see `parent`

    class Meta:
        model = Claim
        fields = ["id", "url", "label", "state", "asserted_on"]


class RelationSerializer(serializers.Serializer):
    """What a later claim does to an earlier one."""

    kind = serializers.ChoiceField(
        choices=get_args(RelationKind), help_text="What the later claim does to the earlier one."
    )
    direction = serializers.ChoiceField(
        choices=get_args(Direction),
        help_text="`to`: this claim does it to `claim`; `from`: `claim` does it to this one.",
    )
    claim = ClaimRefSerializer(help_text="The other claim.")
    days = serializers.IntegerField(help_text="Between the days on which the two were said.")
    reason = serializers.CharField(help_text="Why it holds, in words.")


class ClaimDetailSerializer(ClaimSerializer):
    """One claim, with its relations to others. `claimant` null: the publisher's own statement."""

    relations = serializers.SerializerMethodField(
        help_text="To earlier claims and from later ones; none of a claim that does not stand."
    )

    second_reading = serializers.SerializerMethodField(
        help_text="`awaited`: a second reader has still to read the decided claim; `disputed`: "
        "two readers disagree, and an adjudicator has still to decide."
    )

    class Meta(ClaimSerializer.Meta):
        fields = [*ClaimSerializer.Meta.fields, "second_reading", "relations"]

    def to_representation(self, instance: Any) -> Record:
        record = super().to_representation(instance)
        if "second_reading" in self.fields:
            record["second_reading"] = self.get_second_reading(instance)
        if "relations" in self.fields:
            record["relations"] = self.get_relations(instance)
        return record

    @extend_schema_field(serializers.ChoiceField(get_args(SecondReading), allow_null=True))
    def get_second_reading(self, claim: Claim) -> SecondReading | None:
        return _SECOND_READING.get(awaits(claim))

    @extend_schema_field(RelationSerializer(many=True))
    def get_relations(self, claim: Claim) -> list[dict[str, Any]]:
        town = live_claims(claim.place)
        sides = sides_of(claim.place, town)
        found = [
            Shown(
                item.relation.kind,
                "to" if item.said == claim else "from",
                item.other(claim),
                item.relation.days,
                reason(item, sides),
            )
            for item in related_to(claim, town)
        ]
        return list(RelationSerializer(found, many=True, context=self.context).data)
