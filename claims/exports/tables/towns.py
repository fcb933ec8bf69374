"""What the tables of towns share: which towns and days are asked for, and the columns that name a
town."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from claims.asking import ClaimsForm, choose
from claims.exports.columns import Asked, Column
from claims.models import Claim
from entities.countries import countries
from entities.models import Place


class TownsForm(ClaimsForm):
    """The filter says which claims, and these which towns; `from` and `to` are days of the
    table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["order"]
        like = self.fields["asserted_from"]
        for name, help_text in (
            ("from", _("First day of the table.")),
            ("to", _("Last day of the table.")),
        ):
            assert isinstance(like, forms.DateField)  # noqa: S101 - what it is declared as
            self.fields[name] = forms.DateField(
                required=False,
                input_formats=like.input_formats,
                help_text=help_text,
                error_messages=like.error_messages,
                validators=like.validators,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("from"), given.get("to")
        if first and last and last < first:
            self.add_error("to", _("The range must not end before it starts."))
        return given


def claims_of(asked: Asked) -> QuerySet[Claim]:
    """The claims that the filter is about, in no order."""
    return choose(Claim.objects.all(), asked).order_by()


def towns_of(asked: Asked) -> QuerySet[Place]:
    """The towns that these claims are about, by name."""
    claims = claims_of(asked).filter(place=OuterRef("pk"))
    return Place.objects.filter(Exists(claims)).order_by("name", "id")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return max((self.last - self.first).days + 1, 0)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)


def span_of(asked: Asked) -> Span | None:
    """The days that are asked for; where they are not, from the first to the last on which
    something was said. None: nothing was."""
    said = claims_of(asked).aggregate(first=Min("asserted_on"), last=Max("asserted_on"))
    first, last = asked.get("from", said["first"]), asked.get("to", said["last"])
    return Span(first, last) if first and last else None


@lru_cache(maxsize=1024)
def code_of(side: str) -> str:
    """A side's code in the panel: its country's (ISO 3166-1 alpha-2: UA, RU), else its own key in
    capitals (SAF, RSF)."""
    return _codes().get(side, side.upper())


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {slugify(country.name): country.code for country in countries()}


def town_columns(place: Callable[[Any], Place]) -> tuple[Column, ...]:
    """The columns that say which town a row is about."""

    def conflict(item: Any) -> str | None:
        found = place(item).conflict
        return found.slug if found else None

    return (
        Column("town", "word", "The town's usual English name.", lambda item: place(item).name),
        Column("town_id", "id", "The town's id here.", lambda item: place(item).id, "UUID"),
        Column(
            *("country", "word", "The country it lies in.", lambda item: place(item).country),
            "ISO 3166-1 alpha-2",
        ),
        Column(
            *("admin1", "word", "The first-level region it lies in."),
            lambda item: place(item).admin1,
        ),
        Column("conflict", "word", "The conflict it lies in, if any.", conflict),
        Column(
            *("latitude", "number", "The town's.", lambda item: place(item).latitude),
            "degrees, WGS 84",
        ),
        Column(
            *("longitude", "number", "The town's.", lambda item: place(item).longitude),
            "degrees, WGS 84",
        ),
    )
