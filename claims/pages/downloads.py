"""The ways to take away what a list of claims shows, as files."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from claims.asking import ClaimsForm
from claims.exports.writing import FORMATS


@dataclass(frozen=True, slots=True)
class Download:
    label: str
    href: str


def downloads(form: ClaimsForm, query: QueryDict, rows: int) -> tuple[Download, ...]:
    """An address of each format. More rows than are sent at once have none: see `made`."""
    if rows > settings.EXPORT_ROWS:
        return ()
    asked = understood(form, query)
    return tuple(
        Download(one.title, f"{reverse('api:export-claims', args=[name])}?{asked}".rstrip("?"))
        for name, one in FORMATS.items()
    )


def made(form: ClaimsForm, query: QueryDict) -> str:
    """Where a file of any size is asked for, with what this list asks for."""
    return f"{reverse('exports')}?{understood(form, query)}".rstrip("?")


def understood(form: ClaimsForm, query: QueryDict) -> str:
    """What the list shows, as a filter that says it strictly: without what it left out itself,
    and without its page."""
    kept = [
        (name, value)
        for name, values in query.lists()
        if name in form.fields and name not in form.errors
        for value in _last_or_all(form.fields[name], values)
        if value
    ]
    return urlencode(kept)


def _last_or_all(field: forms.Field, values: list[str]) -> list[str]:
    """What a field takes of its values in an address."""
    return values if isinstance(field, forms.MultipleChoiceField) else values[-1:]
