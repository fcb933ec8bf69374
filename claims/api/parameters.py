"""The query parameters of each list: typed, strict, and what they leave of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from claims.api.errors import InvalidParameters
from claims.api.pagination import MOST_A_PAGE
from claims.api.problems import EMPTY, Fault
from claims.asking import WORDS, ClaimsForm, InstantField
from claims.asking import choose as choose_claims
from claims.models import Claim
from claims.recorded import end_of
from claims.status.records import Status
from claims.timeline import named
from entities.folding import fold
from entities.lexicon import ActorKind
from entities.models import Actor, ActorName, Allegiance, Place
from sources.models import Document

NOT_ONE_OF = "There is no such value."


def midnight_after(day: date) -> datetime:
    """The end of a day in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


class Day(serializers.DateField):
    """YYYY-MM-DD."""

    default_error_messages = {"invalid": "not a day (YYYY-MM-DD)."}

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        # The last day of the calendar has no midnight after it.
        if day == date.max:
            self.fail("invalid")
        return day


class Moment(serializers.DateTimeField):
    """A time (ISO 8601; UTC where it names no offset), or a day, which stands for its end."""

    default_error_messages = {"invalid": "not a day (YYYY-MM-DD) or a time (ISO 8601)."}

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return end_of(date.fromisoformat(value))
        except ValueError:
            moment: datetime = super().to_internal_value(value)
            return moment


class Flag(serializers.BooleanField):
    """true or false."""

    default_error_messages = {"invalid": "must be true or false."}


class Parameters(serializers.Serializer):
    """A view's query parameters. Those that its operation does not describe are refused before
    (`claims.api.middleware`), so a view may read several of these. A list's have
    `choose(rows, **values)`, which returns what they leave of the rows."""

    choose: ClassVar[Callable[..., QuerySet]]

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """The values of those given. Raises InvalidParameters, which names the valid ones."""
        given = cls(data=request.query_params)
        if not given.is_valid():
            raise InvalidParameters([given._fault(name) for name in given.errors])
        if empty := [name for name in request.query_params if given._must_not_be_empty(name)]:
            raise InvalidParameters([Fault(name, EMPTY) for name in empty])
        return given.validated_data

    def _must_not_be_empty(self, name: str) -> bool:
        """Whether it is, and may not: forms take that for a field that is left out."""
        field = self.fields.get(name)
        given = self.initial_data.get(name) == ""
        return field is not None and given and not getattr(field, "allow_blank", False)

    def _fault(self, name: str) -> Fault:
        told = self.errors[name]
        codes = {one.code for one in told}
        if codes & {"invalid_choice", "not_a_list"} or not codes:
            field = self.fields[name]
            choices = getattr(getattr(field, "child", field), "choices", {})
            return Fault(name, NOT_ONE_OF, tuple(map(str, choices)))
        return Fault(name, " ".join(str(one) for one in told))


class Paging(Parameters):
    """What `Cursor` takes: named here for the answers that hold a page among other things."""

    cursor = serializers.CharField(required=False, help_text="As the next page's address has it.")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_A_PAGE, help_text="Results a page."
    )


class AsKnown(Parameters):
    known_on = Day(
        required=False,
        help_text="Leave out what was published after this day, in the publisher's own offset.",
    )
    as_of = Moment(
        required=False,
        help_text="Take the rows and decisions that this system had recorded by then: what it "
        "said at that time. A time, or a day, to its end (UTC).",
    )
    include_pending = Flag(
        default=False, help_text="Count claims that no editor has verified yet as well."
    )


class TownParameters(Parameters):
    search = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Beginning of a name in any spelling and script.",
    )
    conflict = serializers.SlugField(required=False, help_text="A conflict's short name.")
    status = serializers.ChoiceField(choices=get_args(Status), required=False)
    include_pending = Flag(
        default=False, help_text="Let `status` count claims that are not verified yet as well."
    )

    @staticmethod
    def choose(
        rows: QuerySet[Place],
        *,
        search: str = "",
        conflict: str = "",
        status: str = "",
        include_pending: bool = False,
    ) -> QuerySet[Place]:
        """`include_pending` says how the rows' `status_now` was made, and chooses none."""
        if search:
            rows = named(rows, search)
        if conflict:
            rows = rows.filter(conflict__slug=conflict)
        if status:
            undecided = Q(status_now__isnull=True) if status == "unknown" else Q()
            rows = rows.filter(
                Q(status_now=status) | undecided if undecided else Q(status_now=status)
            )
        return rows


class ClaimParameters(Parameters):
    """The parameters that pages and exports share (`claims.asking`), without an order: pages of
    this list are counted on from the newest."""

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        given = request.query_params
        form = ClaimsForm(given, only=given.keys() - {"order"})
        if not form.is_valid():
            raise InvalidParameters(form_faults(form))
        return form.asked

    @staticmethod
    def choose(rows: QuerySet[Claim], **given: Any) -> QuerySet[Claim]:
        return choose_claims(rows, given)

    @staticmethod
    def described() -> list[OpenApiParameter]:
        fields = ClaimsForm.base_fields
        return form_parameters({name: fields[name] for name in fields if name != "order"})


def form_parameters(fields: Mapping[str, forms.Field]) -> list[OpenApiParameter]:
    """A form's fields as parameters of an operation."""
    return [_described(name, field) for name, field in fields.items()]


def form_faults(form: forms.Form) -> list[Fault]:
    """What a form says is wrong, by parameter, with the words that its choices have."""
    return [_form_fault(form, name, told) for name, told in form.errors.as_data().items()]


def _form_fault(form: forms.Form, name: str, told: list[ValidationError]) -> Fault:
    field = form.fields.get(name)
    choices = getattr(field, "choices", ())
    if choices and any(one.code == "invalid_choice" for one in told):
        if isinstance(field, forms.TypedChoiceField):
            return Fault(name, "must be true or false.", ("true", "false"))
        return Fault(name, NOT_ONE_OF, tuple(str(value) for value, _ in choices))
    return Fault(name, " ".join(message for one in told for message in one.messages))


def _described(name: str, field: forms.Field) -> OpenApiParameter:
    help_text = str(field.help_text)
    if isinstance(field, forms.TypedChoiceField):
        return OpenApiParameter(name, OpenApiTypes.BOOL, description=help_text)
    if isinstance(field, forms.FloatField):
        share = {"type": "number", "minimum": field.min_value, "maximum": field.max_value}
        return OpenApiParameter(name, share, description=help_text)
    if isinstance(field, forms.MultipleChoiceField):
        return OpenApiParameter(name, str, enum=WORDS[name], many=True, description=help_text)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        words = [str(word) for word, _ in choices]
        return OpenApiParameter(name, str, enum=words, description=help_text)
    if isinstance(field, forms.IntegerField):
        whole = {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
        return OpenApiParameter(name, whole, description=help_text)
    kinds = {
        forms.DateField: OpenApiTypes.DATE,
        forms.UUIDField: OpenApiTypes.UUID,
        InstantField: OpenApiTypes.DATETIME,
    }
    kind = kinds.get(type(field), OpenApiTypes.STR)
    return OpenApiParameter(name, kind, description=help_text)


class DocumentParameters(Parameters):
    publisher = serializers.CharField(required=False, help_text="A publisher's name.")
    conflict = serializers.SlugField(required=False, help_text="A conflict's short name.")
    published_from = Day(required=False, help_text="First day of publication (UTC).")
    published_to = Day(required=False, help_text="Last day of publication (UTC).")

    @staticmethod
    def choose(
        rows: QuerySet[Document],
        *,
        publisher: str = "",
        conflict: str = "",
        published_from: date | None = None,
        published_to: date | None = None,
    ) -> QuerySet[Document]:
        if publisher:
            rows = rows.filter(publisher__name__iexact=publisher)
        if conflict:
            rows = rows.filter(conflict_slug=conflict)
        if published_from:
            rows = rows.filter(published__gte=datetime.combine(published_from, time(), UTC))
        if published_to:
            rows = rows.filter(published__lt=midnight_after(published_to))
        return rows


class ActorParameters(Parameters):
    search = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Beginning of a name in any spelling and script.",
    )
    kind = serializers.ChoiceField(choices=get_args(ActorKind), required=False)
    conflict = serializers.SlugField(required=False, help_text="A conflict it has a side in.")
    side = serializers.SlugField(required=False, help_text="A side that it is or was on.")

    @staticmethod
    def choose(
        rows: QuerySet[Actor],
        *,
        search: str = "",
        kind: str = "",
        conflict: str = "",
        side: str = "",
    ) -> QuerySet[Actor]:
        if search:
            names = ActorName.objects.filter(actor=OuterRef("pk"), folded__startswith=fold(search))
            rows = rows.filter(Exists(names))
        if kind:
            rows = rows.filter(kind=kind)
        if conflict or side:
            allegiances = Allegiance.objects.filter(actor=OuterRef("pk"))
            if conflict:
                allegiances = allegiances.filter(side__conflict__slug=conflict)
            if side:
                allegiances = allegiances.filter(side__key=side)
            rows = rows.filter(Exists(allegiances))
        return rows
