"""The feed of changes: every change of a claim or a status, in the order of commits, once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.api.errors import InvalidParameters
from claims.api.pagination import MOST_A_PAGE, PAGE
from claims.api.parameters import Parameters
from claims.api.problems import Fault
from claims.api.serializers import ClaimSerializer
from claims.api.status import StatusFields
from claims.asking import ClaimsForm
from claims.feed import Within, changes_after, cursor_after, number_of, numbered, told
from claims.feed.reasons import KINDS
from claims.models import Change, Decision

LATEST = "latest"
_LONGEST_CURSOR = 40  # characters


class TownOrConflict(Parameters):
    conflict = serializers.SlugField(
        required=False, help_text="A conflict's short name: changes in its towns."
    )
    town = serializers.CharField(
        required=False, max_length=200, help_text="A town's id, short id, key or name."
    )

    @classmethod
    def within(cls, given: dict[str, Any]) -> Within:
        """Raises InvalidParameters for a town that is not there."""
        names = {name: given[name] for name in ("town", "conflict") if given.get(name)}
        form = ClaimsForm(names)
        if not form.is_valid():
            raise InvalidParameters(
                [Fault(name, " ".join(map(str, told))) for name, told in form.errors.items()]
            )
        town = form.cleaned_data["town"]
        return Within(
            what=given.get("what", ""),
            towns=None if town is None else town.ids,
            conflict=form.cleaned_data["conflict"],
        )


class FeedParameters(TownOrConflict):
    cursor = serializers.CharField(
        required=False,
        max_length=_LONGEST_CURSOR,
        help_text="`next` of the page before: the feed goes on there. A cursor holds for ever, "
        "with any other parameters. Without one the feed begins with its first change; with "
        "`latest` it goes on after its last.",
    )
    page_size = serializers.IntegerField(
        default=PAGE, min_value=1, max_value=MOST_A_PAGE, help_text="Changes a page."
    )
    what = serializers.ChoiceField(
        choices=Change.What.values, required=False, help_text="Changes of claims or of statuses."
    )


class ReasonSerializer(serializers.Serializer):
    """Why a claim changed. Nobody's name is told, nor what editors wrote."""

    kind = serializers.ChoiceField(choices=tuple(KINDS))
    because = serializers.ChoiceField(
        choices=Decision.Because.values,
        allow_null=True,
        help_text="Of a rejection: why, in a word. Null where it is told in words alone.",
    )
    text = serializers.CharField(help_text="The same in words.")
    reading = serializers.ChoiceField(
        choices=Decision.Reading.values,
        allow_null=True,
        help_text="Of a decision: whose, the first reader's, a second's, or an adjudicator's.",
    )
    extractor_version = serializers.CharField(
        allow_null=True, help_text="Where extraction changed it: by which version."
    )
    duplicate_of = serializers.UUIDField(
        allow_null=True, help_text="The claim that stands in the place of a duplicate."
    )


class ToldClaimSerializer(ClaimSerializer):
    """A claim as it was after a change. Names, sides, passages and the document are as now."""

    counts = serializers.BooleanField(
        help_text="Whether it belongs in a copy of those that stand, and of what the feed is "
        "narrowed to. If not, take it out of such a copy."
    )

    class Meta(ClaimSerializer.Meta):
        fields = [*ClaimSerializer.Meta.fields, "counts"]


class IntervalSerializer(StatusFields):
    """A town's status over some days: which it is is told by `town`, `include_pending`, `part`
    and `from` together. Answered as `claims.records.interval_record`."""

    town = serializers.UUIDField(help_text="The town's id.")
    include_pending = serializers.BooleanField(
        help_text="Whether claims that no editor has verified yet were counted."
    )
    part = serializers.CharField(
        allow_blank=True, help_text="The part of the town; empty: the town's own status."
    )


class ChangeSerializer(serializers.Serializer):
    """A change of a claim (with `claim_id`, `reason` and `claim`) or of a status (with `status`
    and `before`)."""

    number = serializers.IntegerField(help_text="Its place in the feed: without gaps, from 1.")
    at = serializers.DateTimeField(
        help_text="When it got its place, after it was committed. Never less than the time of the "
        "change before."
    )
    timestamp = serializers.IntegerField(help_text="The same in Unix seconds, rounded down.")
    what = serializers.ChoiceField(choices=Change.What.values)
    action = serializers.ChoiceField(choices=Change.Action.values)
    claim_id = serializers.UUIDField(required=False)
    reason = ReasonSerializer(required=False)
    claim = ToldClaimSerializer(
        required=False, allow_null=True, help_text="As it was after the change; null: it is gone."
    )
    status = IntervalSerializer(
        required=False, help_text="The interval after the change; of one that is removed, its last."
    )
    before = IntervalSerializer(
        required=False, allow_null=True, help_text="The interval before it, where it changed."
    )


class FeedSerializer(serializers.Serializer):
    next = serializers.CharField(
        help_text="The cursor for the next request, now or at any later time."
    )
    more = serializers.BooleanField(help_text="Whether there are more changes already.")
    results = ChangeSerializer(many=True)


class ChangeViewSet(GenericViewSet):
    queryset = Change.objects.none()
    serializer_class = FeedSerializer
    pagination_class = None

    @extend_schema(
        operation_id="changes_list",
        summary="Every change of a claim or a status, in the order of commits",
        description="For copies that stay current: ask with `next` of the page before, and again "
        "later with that of the last page. Each change is told once; none that is committed late "
        "is skipped.",
        parameters=[FeedParameters],
        responses=forced_singular_serializer(FeedSerializer),
    )
    def list(self, request: Request) -> Response:
        given = FeedParameters.of(request)
        within = FeedParameters.within(given)
        last = numbered()
        after = _after(given.get("cursor"), last)
        size = given["page_size"]
        found = changes_after(after, size + 1, within)
        page, more = found[:size], len(found) > size
        reached = page[-1].number or 0 if page else after
        if not more:
            # What the filters leave out need not be gone through again.
            reached = max(reached, last)
        site = request.build_absolute_uri("/").rstrip("/")
        answer = {
            "next": cursor_after(reached),
            "more": more,
            "results": told(page, site=site, within=within),
        }
        return Response(answer)


def _after(cursor: str | None, last: int) -> int:
    if cursor is None:
        return 0
    if cursor == LATEST:
        return last
    try:
        number = number_of(cursor)
    except ValueError:
        raise _refused("not one that the feed has given out.") from None
    if number > last:
        raise _refused(
            "of a later state than this server has: it was restored from a backup. Begin anew, "
            "without a cursor."
        )
    return number


def _refused(why: str) -> InvalidParameters:
    return InvalidParameters([Fault("cursor", why)])
