"""Parameters that lists have in common: which fields, in which order, and within which box."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request

from claims.api.errors import InvalidParameters
from claims.api.parameters import AsKnown, Day, Flag, Moment
from claims.api.parameters import DocumentParameters as PlainDocumentParameters
from claims.api.parameters import TownParameters as PlainTownParameters
from claims.api.problems import Fault
from claims.where_and_when import Box, Span, read_box, read_span
from entities.models import Place
from sources.models import Document

Sorts = Mapping[str, tuple[str, ...]]  # by the word in the address, columns; the id comes last
NO_FIELD = "There is no such field."
NO_SORT = "There is no such value."
FIELDS = OpenApiParameter(
    "fields",
    {"type": "array", "items": {"type": "string"}},
    explode=False,
    description="The fields to answer with, separated by commas; all, where it is not given.",
)


CLAIM_SORTS: Sorts = {
    "id": (),  # ids ascend in time
    "asserted_on": ("asserted_on",),
    "published": ("document__published",),
    "town": ("place__name",),
    "confidence": ("confidence",),
    "state": ("state",),
}
TOWN_SORTS: Sorts = {"name": ("name",), "population": ("population",), "id": ()}
DOCUMENT_SORTS: Sorts = {"id": (), "published": ("published",)}
NAME_SORTS: Sorts = {"name": ("name",), "id": ()}


class BoxField(serializers.CharField):
    """west,south,east,north in degrees; west is greater than east over the antimeridian."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return read_box(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class MaybeFlag(Flag):
    """true or false; nothing where it is not given."""

    default_empty_html = empty  # not false, as of a form's box that is not ticked


class SpanField(serializers.CharField):
    """A day or a time, or two with a slash between them, open where two dots stand."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return read_span(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None


def described_sorts(sorts: Sorts, default: str) -> OpenApiParameter:
    return OpenApiParameter(
        "sort",
        OpenApiTypes.STR,
        enum=_words(sorts),
        default=default,
        description="What the list is sorted by, with a minus the other way round. Rows that are "
        "alike in it are sorted by id, the same way.",
    )


def ordering(request: Request, sorts: Sorts, default: str) -> tuple[str, ...]:
    """The columns of the order that is asked for. Raises InvalidParameters."""
    word = request.query_params.get("sort", default)
    if word not in _words(sorts):
        raise InvalidParameters([Fault("sort", NO_SORT, _words(sorts))])
    columns = (*sorts[word.removeprefix("-")], "id")
    turned = "-" if word.startswith("-") else ""
    return tuple(f"{turned}{column}" for column in dict.fromkeys(columns))


def _words(sorts: Sorts) -> tuple[str, ...]:
    return tuple(word for name in sorts for word in (name, f"-{name}"))


def asked_of(fields: Collection[str], request: Request) -> set[str] | None:
    """Those of `fields` that the address asks for; None where it asks for all. Raises
    InvalidParameters, which names them."""
    given = request.query_params.getlist("fields")
    if not given:
        return None
    asked = {name.strip() for value in given for name in value.split(",")}
    if unknown := sorted(asked - set(fields)):
        raise InvalidParameters(
            [Fault("fields", f"{NO_FIELD} “{unknown[0][:100]}”", tuple(fields))]
        )
    return asked


def keep_asked(fields: Any, request: Request) -> None:
    """Drop those of a serializer's `fields` that the address does not ask for. Raises as
    `asked_of`."""
    asked = asked_of(fields, request)
    if asked is not None:
        for name in set(fields) - asked:
            fields.pop(name)


def describe_fields(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Drf-spectacular's hook: operations that take `fields` say which there are, and that they
    answer with records that hold some of them."""
    schemas = result["components"]["schemas"]
    for methods in result["paths"].values():
        operation = methods.get("get", {})
        asked = [one for one in operation.get("parameters", ()) if one["name"] == "fields"]
        if not asked:
            continue
        content = operation["responses"]["200"]["content"]["application/json"]
        whole = content["schema"]
        page = schemas[_name(whole)]
        if paged := "results" in page["properties"]:
            name = _name(page["properties"]["results"]["items"])
        else:
            name = _name(whole)
        asked[0]["schema"]["items"]["enum"] = list(schemas[name]["properties"])
        some = {"$ref": f"#/components/schemas/{_some_of(name, schemas)}"}
        if paged:
            some_page = deepcopy(page)
            some_page["properties"]["results"]["items"] = some
            some = some_page
        content["schema"] = {"anyOf": [whole, some]}
    return result


def _some_of(name: str, schemas: dict[str, Any]) -> str:
    """The component of the same record without fields that it must have."""
    part = f"SomeOf{name}"
    if part not in schemas:
        schemas[part] = {key: told for key, told in schemas[name].items() if key != "required"}
        schemas[part]["description"] = f"The fields of {name} that were asked for."
    return part


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


class TownParameters(PlainTownParameters):
    at = Day(required=False, help_text="A day: the status that each town had then.")
    known_on = Day(
        required=False,
        help_text="Leave out what was published after this day, in the publisher's own offset.",
    )
    as_of = Moment(
        required=False,
        help_text="Take the rows and decisions that this system had recorded by then. A time, or "
        "a day, to its end (UTC).",
    )
    country = serializers.CharField(
        required=False, max_length=2, help_text="ISO 3166-1: two letters."
    )
    bbox = BoxField(
        required=False,
        help_text="A box in degrees, west,south,east,north, that the coordinates are in.",
    )

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        given = super().of(request)
        for name in ("known_on", "as_of"):
            if "status" in given and given.get(name):
                raise InvalidParameters([Fault("status", f"cannot be given with {name}.")])
        return given

    @staticmethod
    def choose(
        rows: QuerySet[Place],
        *,
        country: str = "",
        bbox: Box | None = None,
        at: date | None = None,
        known_on: date | None = None,
        as_of: datetime | None = None,
        **given: Any,
    ) -> QuerySet[Place]:
        """The times say how the rows were made, and choose none."""
        if country:
            rows = rows.filter(country__iexact=country)
        if bbox:
            rows = rows.filter(bbox.within())
        return PlainTownParameters.choose(rows, **given)


class StatusParameters(AsKnown):
    at = Day(required=False, help_text="The status on this day alone.")


class DocumentParameters(PlainDocumentParameters):
    datetime = SpanField(
        required=False,
        help_text="When it was published: a day or a time (UTC), or an interval of them, open "
        "where two dots stand (2023-01-10/2023-01-12, ../2023-01-12).",
    )
    provenance = serializers.ChoiceField(choices=Document.Provenance.values, required=False)

    @staticmethod
    def choose(
        rows: QuerySet[Document],
        *,
        datetime: Span | None = None,
        provenance: str = "",
        **given: Any,
    ) -> QuerySet[Document]:
        if datetime:
            rows = rows.filter(datetime.of_time("published"))
        if provenance:
            rows = rows.filter(provenance=provenance)
        return PlainDocumentParameters.choose(rows, **given)
